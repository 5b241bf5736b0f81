"""`found_workspace`: rows, schema, standard model, roles and the first admin, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from icosa.access.roles import ADMIN, seed_roles
from icosa.access.workspaces import Person, create_workspace
from icosa.catalog.model import Catalog
from icosa.errors import BadInput
from icosa.founding.members import add_member
from icosa.modeling.install import install_workspace
from icosa.store.database import Database


@dataclass(frozen=True, slots=True)
class Founded:
    """A new workspace.

    Attributes:
        workspace_id: its id.
        catalog: its model.
        member_id: the record of its first member.
        roles: ids by label.
    """

    workspace_id: UUID
    catalog: Catalog
    member_id: UUID
    roles: dict[str, UUID]


async def found_workspace(
    database: Database,
    name: str,
    person: Person,
    *,
    legacy_fields: bool,
    several: bool,
    workspace_id: UUID | None = None,
) -> Founded:
    """Make a workspace and its first admin.

    Args:
        database: migrated.
        name: what it is called.
        person: its admin.
        legacy_fields: `ICOSA_LEGACY_FIELDS`.
        several: `IS_MULTIWORKSPACE_ENABLED`; without it there can be one workspace only.
        workspace_id: its id; a new one when there is none.

    Raises:
        BadInput: there is a workspace already, or a name, address or password that does not fit.
    """
    async with database.transaction() as connection:
        await connection.execute("lock table core.workspace in exclusive mode")
        if not several and await connection.fetchval("select exists (select from core.workspace)"):
            raise BadInput(
                "There is a workspace already; set IS_MULTIWORKSPACE_ENABLED=true to have several", "SIGNUP_DISABLED"
            )
        made, schema = await create_workspace(connection, name, workspace_id=workspace_id)
        catalog = await install_workspace(connection, made, schema, legacy_fields=legacy_fields)
        roles = await seed_roles(connection, made)
        member_id = await add_member(connection, catalog, person, roles[ADMIN], admin=True)
    return Founded(made, catalog, member_id, roles)
