"""People as members of a workspace: an account, a membership with a role, and a record that others refer to."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from icosa.access.workspaces import Person, create_user, join_workspace, leave_workspace
from icosa.catalog.model import Catalog
from icosa.plan.writes import Removal
from icosa.records.access import Access
from icosa.records.by_server import insert_records, remove_record
from icosa.records.documents import Author

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

    Who was a member before gets the old record back, so that what was assigned to it is theirs again.

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
    owner = full.by_singular["workspaceMember"]
    before: UUID | None = await connection.fetchval(
        f"select r.id from core.user_workspace m join {owner.sql_name} r on r.id = m.workspace_member_id "
        "where m.user_id = $1 and m.workspace_id = $2 and m.deleted_at is not null",
        user_id,
        full.workspace_id,
    )
    identifier = before or member_id or uuid4()
    await join_workspace(connection, full.workspace_id, user_id, identifier, role_id)
    if before is not None:
        await remove_record(connection, system_access(full), owner, before, Removal.RESTORE)
        return identifier
    body = {
        "id": str(identifier),
        "name": {"firstName": user["first_name"], "lastName": user["last_name"]},
        "userEmail": user["email"],
        "userId": str(user_id),
        "locale": user["locale"],
        **(more or {}),
    }
    await insert_records(connection, system_access(full), owner, [body])
    return identifier


async def remove_member(connection: Any, full: Catalog, member_id: UUID) -> UUID:
    """End a membership: the record is deleted, so that it can come back, and no token of it holds; return the user's id.

    Args:
        connection: inside a transaction.
        full: the workspace's model.
        member_id: the id of the `workspaceMember` record.

    Raises:
        NotFound: there is no such member.
        Forbidden: the last one who may administer the workspace stays.
    """
    user_id = await leave_workspace(connection, full.workspace_id, member_id)
    owner = full.by_singular["workspaceMember"]
    await remove_record(connection, system_access(full), owner, member_id, Removal.DELETE)
    return user_id
