"""The roles of a new workspace (`metadata.md` section 12, `auth.md` section 2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from icosa.errors import NotFound
from icosa.fields.uuids import is_uuid
from icosa.store.database import Database

ADMIN = "Admin"
MEMBER = "Member"
READ_ONLY = "Read only"


@dataclass(frozen=True, slots=True)
class StandardRole:
    """A role as it is made with a workspace."""

    label: str
    description: str
    icon: str
    writes: bool
    settings: bool
    tools: bool
    for_users: bool
    for_keys: bool
    editable: bool = True


STANDARD_ROLES = (
    StandardRole(ADMIN, "All rights", "IconUserCog", True, True, True, for_users=True, for_keys=True, editable=False),
    StandardRole(MEMBER, "All records, no settings", "IconUser", True, False, True, for_users=True, for_keys=False),
    StandardRole(READ_ONLY, "Reads all records", "IconEye", False, False, False, for_users=True, for_keys=True),
)

INSERT = """
insert into core.role (workspace_id, label, description, icon, is_editable, can_update_all_settings,
    can_access_all_tools, can_read_all_object_records, can_update_all_object_records,
    can_soft_delete_all_object_records, can_destroy_all_object_records, can_be_assigned_to_users,
    can_be_assigned_to_agents, can_be_assigned_to_api_keys)
values ($1, $2, $3, $4, $5, $6, $7, true, $8, $8, $8, $9, false, $10)
returning id
"""


async def seed_roles(connection: Any, workspace_id: UUID) -> dict[str, UUID]:
    """Make the standard roles of a new workspace, Member being the default one, and return their ids by label."""
    made: dict[str, UUID] = {}
    for role in STANDARD_ROLES:
        made[role.label] = await connection.fetchval(
            INSERT,
            workspace_id,
            role.label,
            role.description,
            role.icon,
            role.editable,
            role.settings,
            role.tools,
            role.writes,
            role.for_users,
            role.for_keys,
        )
    await connection.execute("update core.workspace set default_role_id = $2 where id = $1", workspace_id, made[MEMBER])
    return made


async def find_role(database: Database, workspace_id: UUID, name: str) -> Any:
    """Return the row of a role, by id or by label; a label in another letter case does when none fits exactly.

    Raises:
        NotFound: there is none.
    """
    rows = await database.fetch_all("select * from core.role where workspace_id = $1 order by label", workspace_id)
    fits: tuple[Callable[[Any], bool], ...] = (
        lambda row: is_uuid(name) and row["id"] == UUID(name),
        lambda row: bool(row["label"] == name),
        lambda row: bool(row["label"].casefold() == name.casefold()),
    )
    for fit in fits:
        for row in rows:
            if fit(row):
                return row
    known = ", ".join(row["label"] for row in rows)
    raise NotFound(f"There is no role '{name}'; there are {known}", "ROLE_NOT_FOUND")
