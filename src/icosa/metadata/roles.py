"""Operations on roles and rights (`metadata.md` section 12)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Mapping
from typing import Any
from uuid import UUID

from icosa.access.role_editing import COLUMNS, OBJECT_RIGHTS, RoleEditing, RoleRefused
from icosa.errors import Forbidden, NotFound
from icosa.metadata.context import Context, Operations
from icosa.metadata.definitions import Told
from icosa.modeling.problems import Invalid, Problem
from icosa.modeling.rows import moment

FLAG = "ROLES"
OPERATIONS = Operations()
Given = Mapping[str, Any]

KEYS = "select * from core.api_key where workspace_id = $1 and revoked_at is null order by created_at"
FIXED = "ROLE_NOT_EDITABLE"
MEMBERS = """
select m.role_id, m.workspace_member_id as id, u.email, u.first_name, u.last_name, u.locale, m.id as user_workspace_id
from core.user_workspace m join core."user" u on u.id = m.user_id
where m.workspace_id = $1 and m.deleted_at is null order by m.created_at
"""


async def told_roles(context: Context) -> list[Told]:
    """Return the workspace's roles, with who has them and what they allow."""
    database, workspace_id = context.services.database, context.caller.workspace_id
    roles = await database.fetch_all(
        "select * from core.role where workspace_id = $1 order by created_at, label", workspace_id
    )
    members = _by_role(await database.fetch_all(MEMBERS, workspace_id))
    # A role is told to many callers, the names of its keys to those who may see keys or roles.
    has_flag = context.caller.permissions.has_flag
    sees_keys = has_flag(FLAG) or has_flag("API_KEYS_AND_WEBHOOKS")
    keys = _by_role(await database.fetch_all(KEYS, workspace_id) if sees_keys else [])
    rights = {}
    for table in ("permission_flag", "object_permission", "field_permission"):
        rights[table] = _by_role(
            await database.fetch_all(
                f"select p.* from core.{table} p join core.role r on r.id = p.role_id where r.workspace_id = $1",
                workspace_id,
            )
        )
    return [
        {
            "id": str(role["id"]),
            "universalIdentifier": str(role["universal_identifier"]),
            "label": role["label"],
            "description": role["description"],
            "icon": role["icon"],
            "isEditable": role["is_editable"],
            **{key: role[column] for key, column in COLUMNS.items()},
            "workspaceMembers": [member_row(row) for row in members[role["id"]]],
            "agents": [],
            "apiKeys": [
                {
                    "id": str(row["id"]),
                    "name": row["name"],
                    "expiresAt": moment(row["expires_at"]),
                    "revokedAt": moment(row["revoked_at"]),
                }
                for row in keys[role["id"]]
            ],
            "permissionFlags": [_flag(row) for row in rights["permission_flag"][role["id"]]],
            "objectPermissions": [_object(row) for row in rights["object_permission"][role["id"]]],
            "fieldPermissions": [_field(row) for row in rights["field_permission"][role["id"]]],
            "rowLevelPermissionPredicates": [],
            "rowLevelPermissionPredicateGroups": [],
        }
        for role in roles
    ]


def _by_role(rows: list[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row["role_id"]].append(row)
    return found


def member_row(row: Any) -> Told:
    """Return a member in short."""
    return {
        "id": str(row["id"]),
        "name": {"firstName": row["first_name"], "lastName": row["last_name"]},
        "userEmail": row["email"],
        "locale": row["locale"],
        "userWorkspaceId": str(row["user_workspace_id"]),
    }


def _flag(row: Any) -> Told:
    return {"id": str(row["id"]), "roleId": str(row["role_id"]), "flag": row["flag"]}


def _object(row: Any) -> Told:
    return {"objectMetadataId": str(row["object_id"]), **{key: row[column] for key, column in OBJECT_RIGHTS.items()}}


def _field(row: Any) -> Told:
    return {
        "id": str(row["id"]),
        "objectMetadataId": str(row["object_id"]),
        "fieldMetadataId": str(row["field_id"]),
        "roleId": str(row["role_id"]),
        "canReadFieldValue": row["can_read"],
        "canUpdateFieldValue": row["can_update"],
    }


async def told_role(context: Context, role_id: Any) -> Told:
    """Return one role; raises NotFound."""
    for role in await told_roles(context):
        if role["id"] == str(role_id).lower():
            return role
    raise NotFound("There is no role with this id", "ROLE_NOT_FOUND")


def editing(context: Context) -> RoleEditing:
    """Return what changes the caller's workspace's roles."""
    services = context.services
    return RoleEditing(services.database, context.caller.workspace_id, context.actor, services.authenticator.forget)


async def _reported(action: str, kind: str, work: Awaitable[Any]) -> Any:
    """Wait for a change and tell a broken rule as a validation report."""
    try:
        return await work
    except RoleRefused as problem:
        raise Invalid(kind, action, [Problem(problem.code or "INVALID_ROLE_INPUT", problem.message)]) from None


@OPERATIONS.add("getRoles", flag=FLAG)
async def get_roles(context: Context) -> list[Told]:
    """Return all roles."""
    return await told_roles(context)


@OPERATIONS.add("createOneRole", flag=FLAG)
async def create_role(context: Context, createRoleInput: Given) -> Told:  # noqa: N803 - the API's own name
    """Make a role; raises Invalid."""
    return await told_role(context, await _reported("create", "role", editing(context).create(createRoleInput)))


@OPERATIONS.add("updateOneRole", flag=FLAG)
async def update_role(context: Context, updateRoleInput: Given) -> Told:  # noqa: N803
    """Change a role; raises Invalid and NotFound."""
    role_id = UUID(str(updateRoleInput["id"]))
    await _reported("update", "role", editing(context).update(role_id, updateRoleInput["update"]))
    return await told_role(context, role_id)


@OPERATIONS.add("deleteOneRole", flag=FLAG)
async def delete_role(context: Context, roleId: Any) -> str:  # noqa: N803
    """Delete a role and return its id; raises NotFound, Forbidden and BadInput."""
    await editing(context).delete(UUID(str(roleId)))
    return str(roleId)


@OPERATIONS.add("upsertObjectPermissions", flag=FLAG)
async def object_permissions(context: Context, upsertObjectPermissionsInput: Given) -> list[Told]:  # noqa: N803
    """Replace a role's rights by object; raises NotFound, Forbidden and BadInput."""
    given = upsertObjectPermissionsInput
    work = editing(context).set_objects(context.full, UUID(str(given["roleId"])), given["objectPermissions"])
    await _reported("update", "objectPermission", work)
    told: list[Told] = (await told_role(context, given["roleId"]))["objectPermissions"]
    return told


@OPERATIONS.add("upsertFieldPermissions", flag=FLAG)
async def field_permissions(context: Context, upsertFieldPermissionsInput: Given) -> list[Told]:  # noqa: N803
    """Restrict fields; returns the restrictions on the named fields; raises NotFound and BadInput."""
    given = upsertFieldPermissionsInput
    work = editing(context).set_fields(context.full, UUID(str(given["roleId"])), given["fieldPermissions"])
    await _reported("update", "fieldPermission", work)
    named = {str(each["fieldMetadataId"]).lower() for each in given["fieldPermissions"]}
    role = await told_role(context, given["roleId"])
    return [each for each in role["fieldPermissions"] if each["fieldMetadataId"] in named]


@OPERATIONS.add("upsertPermissionFlags", flag=FLAG)
async def permission_flags(context: Context, upsertPermissionFlagsInput: Given) -> list[Told]:  # noqa: N803
    """Replace a role's flags; raises NotFound and BadInput."""
    given = upsertPermissionFlagsInput
    work = editing(context).set_flags(UUID(str(given["roleId"])), given["permissionFlagKeys"])
    await _reported("update", "rolePermissionFlag", work)
    told: list[Told] = (await told_role(context, given["roleId"]))["permissionFlags"]
    return told


@OPERATIONS.add("upsertRowLevelPermissionPredicates", flag=FLAG)
async def row_level_predicates(context: Context, input: Given) -> Told:
    """Refuse: rights by row are no part of this release."""
    del context, input
    raise Forbidden("Rights by row are not available", "PERMISSION_DENIED")


@OPERATIONS.add("updateWorkspaceMemberRole", flag=FLAG, needs_person=True)
async def member_role(context: Context, workspaceMemberId: Any, roleId: Any) -> Told:  # noqa: N803
    """Give a member another role; raises NotFound, Forbidden and BadInput."""
    member_id, role_id = UUID(str(workspaceMemberId)), UUID(str(roleId))
    await editing(context).give_to_member(member_id, role_id, context.caller.workspace_member_id)
    role = await told_role(context, role_id)
    member: Told = next(each for each in role["workspaceMembers"] if each["id"] == str(member_id))
    return {**member, "roles": [role]}
