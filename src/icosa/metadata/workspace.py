"""Operations on the workspace and the caller (`metadata.md` section 12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import orjson

from icosa.access.feature_flags import KNOWN
from icosa.access.texts import checked_text
from icosa.errors import BadInput, NotFound
from icosa.founding.joining import PUBLIC_LINK
from icosa.metadata.context import Context, Operations
from icosa.metadata.definitions import CUSTOM_APPLICATION, Told
from icosa.metadata.roles import MEMBERS, member_row, told_roles
from icosa.modeling.rows import moment

OPERATIONS = Operations()
Given = Mapping[str, Any]
RETENTION_DAYS = 14
LONGEST_NAME = 100


def base_url(context: Context) -> str:
    """Return the address that clients reach the server under."""
    given = context.services.settings.server_url
    return given.rstrip("/") if given else f"http://{context.host}"


def urls(context: Context, row: Any) -> Told:
    """Return the addresses of a workspace: with several on the server each has a host name of its own."""
    base = base_url(context)
    if context.services.settings.is_multiworkspace_enabled and row["subdomain"]:
        parts = urlsplit(context.services.settings.frontend_url or base)
        base = urlunsplit(parts._replace(netloc=f"{row['subdomain']}.{parts.netloc}")).rstrip("/")
    return {"customUrl": None, "subdomainUrl": base}


async def told_workspace(context: Context) -> Told:
    """Return the caller's workspace."""
    database, workspace_id = context.services.database, context.caller.workspace_id
    row = await database.fetch_row("select * from core.workspace where id = $1", workspace_id)
    if row is None:
        raise NotFound("The workspace does not exist", "WORKSPACE_NOT_FOUND")
    members = await database.fetch_value(
        "select count(*) from core.user_workspace where workspace_id = $1 and deleted_at is null", workspace_id
    )
    roles = {role["id"]: role for role in await told_roles(context)}
    return {
        "id": str(row["id"]),
        "displayName": row["display_name"],
        "logo": row["logo"],
        # Who has it can bring people in while the link is on.
        "inviteHash": row["invite_hash"] if context.caller.permissions.has_flag("WORKSPACE_MEMBERS") else None,
        "allowImpersonation": False,
        "isPublicInviteLinkEnabled": orjson.loads(row["settings"]).get(PUBLIC_LINK, False),
        "trashRetentionDays": RETENTION_DAYS,
        "workspaceMembersCount": members,
        "activationStatus": row["activation_status"],
        "metadataVersion": row["metadata_version"],
        "databaseSchema": row["schema_name"],
        "subdomain": row["subdomain"] or "app",
        "customDomain": None,
        "isGoogleAuthEnabled": False,
        "isMicrosoftAuthEnabled": False,
        "isPasswordAuthEnabled": True,
        "defaultRole": roles.get(str(row["default_role_id"])),
        "featureFlags": [{"key": key, "value": key in context.full.flags} for key in KNOWN],
        "workspaceUrls": urls(context, row),
        "workspaceCustomApplicationId": CUSTOM_APPLICATION,
        "workspaceCustomApplication": {"id": CUSTOM_APPLICATION},
        "createdAt": moment(row["created_at"]),
        "updatedAt": moment(row["updated_at"]),
        "deletedAt": moment(row["deleted_at"]),
    }


@OPERATIONS.add("currentWorkspace")
async def current_workspace(context: Context) -> Told:
    """Return the caller's workspace."""
    return await told_workspace(context)


@OPERATIONS.add("updateWorkspace", flag="WORKSPACE", needs_person=True)
async def update_workspace(context: Context, data: Given) -> Told:
    """Change the workspace's name or logo, or whether its public link lets people in; raises BadInput and Forbidden."""
    changes: dict[str, str] = {}
    if data.get("displayName") is not None:
        changes["display_name"] = checked_text(str(data["displayName"]), "displayName", LONGEST_NAME, "INVALID_INPUT")
    if data.get("logo") is not None:
        changes["logo"] = checked_text(str(data["logo"]), "logo", 2000, "INVALID_INPUT", shortest=0)
    public_link = data.get(PUBLIC_LINK)
    if public_link is not None:
        context.caller.require_flag("SECURITY")
        changes["settings"] = orjson.dumps({PUBLIC_LINK: public_link}).decode()
    unknown = sorted(set(data) - {"displayName", "logo", PUBLIC_LINK})
    if unknown:
        raise BadInput(f"{unknown[0]}: cannot be changed on this server", "INVALID_INPUT")
    for column, value in changes.items():
        place = "settings || $2::jsonb" if column == "settings" else "$2"
        await context.services.database.execute(
            f"update core.workspace set {column} = {place}, updated_at = now() where id = $1",
            context.caller.workspace_id,
            value,
        )
    return await told_workspace(context)


@OPERATIONS.add("currentUser", needs_person=True)
async def current_user(context: Context) -> Told:
    """Return the signed-in person."""
    database, caller = context.services.database, context.caller
    row = await database.fetch_row('select * from core."user" where id = $1', caller.user_id)
    if row is None:
        raise NotFound("The user does not exist", "USER_NOT_FOUND")
    workspace = await told_workspace(context)
    roles = {role["id"]: role for role in await told_roles(context)}
    members = [
        {**member_row(each), "roles": [roles[str(each["role_id"])]]}
        for each in await database.fetch_all(MEMBERS, caller.workspace_id)
    ]
    own = next((each for each in members if each["id"] == str(caller.workspace_member_id)), None)
    rights = caller.permissions
    return {
        "id": str(row["id"]),
        "firstName": row["first_name"],
        "lastName": row["last_name"],
        "email": row["email"],
        "locale": row["locale"],
        "canAccessFullAdminPanel": row["can_access_full_admin_panel"],
        "canImpersonate": False,
        "isEmailVerified": row["is_email_verified"],
        "workspaceMember": own,
        "workspaceMembers": members,
        "currentWorkspace": workspace,
        "currentUserWorkspace": {
            "id": str(caller.user_workspace_id),
            "permissionFlags": rights.granted_flags(),
            "objectsPermissions": [
                {
                    "objectMetadataId": str(owner.id),
                    "canReadObjectRecords": rights.on(owner).read,
                    "canUpdateObjectRecords": rights.on(owner).update,
                    "canSoftDeleteObjectRecords": rights.on(owner).soft_delete,
                    "canDestroyObjectRecords": rights.on(owner).destroy,
                }
                for owner in context.full.objects
            ],
        },
        "workspaces": [{"workspace": workspace}],
        "createdAt": moment(row["created_at"]),
    }
