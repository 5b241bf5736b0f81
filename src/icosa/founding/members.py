"""People as members of a workspace: an account, a membership with a role, and a record that others refer to."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from icosa.access.workspaces import Person, create_user, join_workspace
from icosa.catalog.model import Catalog
from icosa.records.access import Access
from icosa.records.documents import Author
from icosa.records.service import insert_records

SYSTEM = Author("SYSTEM", "System")


def system_access(full: Catalog) -> Access:
    """Return the access of the server itself, which may see and write everything."""
    return Access(full, full, SYSTEM, by_person=True, identity={})


async def add_member(
    connection: Any,
    full: Catalog,
    person: Person,
    role_id: UUID,
    *,
    admin: bool = False,
    member_id: UUID | None = None,
    more: dict[str, Any] | None = None,
) -> UUID:
    """Make a user, its `workspaceMember` record and its membership, and return the record's id.

    Args:
        connection: inside a transaction.
        full: the workspace's model.
        person: who it is.
        role_id: the member's role.
        admin: whether the user administers the server too.
        member_id: the record's id; a new one when there is none.
        more: further fields of the record.

    Raises:
        BadInput: an account with that address, a bad password or address.
    """
    identifier = member_id or uuid4()
    user_id = await create_user(connection, person, admin=admin)
    body = {
        "id": str(identifier),
        "name": {"firstName": person.first_name, "lastName": person.last_name},
        "userEmail": person.email.lower(),
        "userId": str(user_id),
        **(more or {}),
    }
    owner = full.by_singular["workspaceMember"]
    await insert_records(connection, system_access(full), owner, [body])
    await join_workspace(connection, full.workspace_id, user_id, identifier, role_id)
    return identifier
