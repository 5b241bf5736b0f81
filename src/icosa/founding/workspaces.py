"""`found_workspace`: rows, schema, standard model, roles and the first admin, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from icosa.access.roles import ADMIN, seed_roles
from icosa.access.workspaces import Person, create_workspace, free_subdomain
from icosa.catalog.model import Catalog
from icosa.errors import Forbidden
from icosa.founding.members import add_member, enter_workspace
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
    person: Person | UUID,
    *,
    legacy_fields: bool,
    several: bool,
    workspace_id: UUID | None = None,
    subdomain: str | None = None,
    is_active: bool = True,
) -> Founded:
    """Make a workspace and its first admin.

    Args:
        database: migrated.
        name: what it is called.
        person: its admin: somebody new, or the id of a user. The founder of the first workspace administers the server.
        legacy_fields: `ICOSA_LEGACY_FIELDS`.
        several: `IS_MULTIWORKSPACE_ENABLED`; without it there can be one workspace only.
        workspace_id: its id; a new one when there is none.
        subdomain: under which it is found; made of its name when there are several and none is given.
        is_active: whether it is ready to be used.

    Raises:
        Forbidden: there is a workspace already.
        BadInput: a name, subdomain, address or password that does not fit.
    """
    async with database.transaction() as connection:
        await connection.execute("lock table core.workspace in exclusive mode")
        is_first = not await connection.fetchval("select exists (select from core.workspace)")
        if not several and not is_first:
            raise Forbidden(
                "There is a workspace already; set IS_MULTIWORKSPACE_ENABLED=true to have several", "SIGNUP_DISABLED"
            )
        if several and subdomain is None:
            subdomain = await free_subdomain(connection, name)
        made, schema = await create_workspace(
            connection, name, workspace_id=workspace_id, subdomain=subdomain, is_active=is_active
        )
        catalog = await install_workspace(connection, made, schema, legacy_fields=legacy_fields)
        roles = await seed_roles(connection, made)
        if isinstance(person, UUID):
            member_id = await enter_workspace(connection, catalog, person, roles[ADMIN])
            if is_first:
                await connection.execute(
                    'update core."user" set can_access_full_admin_panel = true where id = $1', person
                )
        else:
            member_id = await add_member(connection, catalog, person, roles[ADMIN], admin=is_first)
    return Founded(made, catalog, member_id, roles)
