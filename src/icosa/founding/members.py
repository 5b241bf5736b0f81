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
    user_id = await create_user(connection, person, admin=admin)
    return await enter_workspace(connection, full, user_id, role_id, member_id=member_id, more=more)


async def enter_workspace(
    connection: Any,
    full: Catalog,
    user_id: UUID,
    role_id: UUID,
    *,
    member_id: UUID | None = None,
    more: dict[str, Any] | None = None,
) -> UUID:
    """Make a user who is there a member, with a `workspaceMember` record, and return the record's id.

    Args:
        connection: inside a transaction.
        full: the workspace's model.
        user_id: who it is.
        role_id: the member's role.
        member_id: the record's id; a new one when there is none.
        more: further fields of the record.

    Raises:
        BadInput: a member already, or a role that users may not have.
        NotFound: the workspace has no such role.
    """
    user = await connection.fetchrow('select * from core."user" where id = $1 for update', user_id)
    identifier = member_id or uuid4()
    body = {
        "id": str(identifier),
        "name": {"firstName": user["first_name"], "lastName": user["last_name"]},
        "userEmail": user["email"],
        "userId": str(user_id),
        "locale": user["locale"],
        **(more or {}),
    }
    await join_workspace(connection, full.workspace_id, user_id, identifier, role_id)
    await insert_records(connection, system_access(full), full.by_singular["workspaceMember"], [body])
    return identifier
