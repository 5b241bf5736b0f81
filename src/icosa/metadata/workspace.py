"""Operations on the workspace, the caller and sessions (`metadata.md` section 12, `auth.md` section 6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from icosa.access.feature_flags import KNOWN
from icosa.access.sessions import Issued, Pair
from icosa.access.texts import checked_text
from icosa.errors import BadInput, NotFound
from icosa.fields.email_addresses import normalise_email
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
    host = context.request.header(b"host") or "localhost"
    return given.rstrip("/") if given else f"http://{host}"


def urls(context: Context) -> Told:
    """Return the addresses of the workspace."""
    return {"customUrl": None, "subdomainUrl": base_url(context)}


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
        "inviteHash": row["invite_hash"],
        "allowImpersonation": False,
        "isPublicInviteLinkEnabled": False,
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
        "workspaceUrls": urls(context),
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
    """Change the workspace's name or logo; raises BadInput."""
    changes: dict[str, str] = {}
    if data.get("displayName") is not None:
        changes["display_name"] = checked_text(str(data["displayName"]), "displayName", LONGEST_NAME, "INVALID_INPUT")
    if data.get("logo") is not None:
        changes["logo"] = checked_text(str(data["logo"]), "logo", 2000, "INVALID_INPUT", shortest=0)
    unknown = sorted(set(data) - {"displayName", "logo"})
    if unknown:
        raise BadInput(f"{unknown[0]}: cannot be changed on this server", "INVALID_INPUT")
    for column, value in changes.items():
        await context.services.database.execute(
            f"update core.workspace set {column} = $2, updated_at = now() where id = $1",
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


@OPERATIONS.add("checkUserExists", is_open=True)
async def check_user_exists(context: Context, email: str, **_more: Any) -> Told:
    """Tell whether an address has an account; kept for compatibility and counted like a failed sign-in."""
    address = normalise_email(email)
    exists = await context.services.sessions.is_known(address, context.request.client)
    return {"exists": exists, "availableWorkspacesCount": 1 if exists else 0, "isEmailVerified": exists}


@OPERATIONS.add("getPublicWorkspaceDataByDomain", is_open=True)
async def public_workspace(context: Context, origin: str) -> Told:
    """Tell what a sign-in page shows of the workspace; raises NotFound and BadInput."""
    if urlsplit(origin).scheme not in {"http", "https"}:
        raise BadInput("origin: must be the address of the server", "INVALID_INPUT")
    row = await context.services.database.fetch_row(
        "select * from core.workspace where deleted_at is null order by created_at, id limit 1"
    )
    if row is None:
        raise NotFound("There is no workspace yet", "WORKSPACE_NOT_FOUND")
    providers = {"password": True, "google": False, "microsoft": False, "magicLink": False, "sso": []}
    return {
        "id": str(row["id"]),
        "displayName": row["display_name"],
        "logo": row["logo"],
        "workspaceUrls": urls(context),
        "authProviders": providers,
    }


@OPERATIONS.add("getLoginTokenFromCredentials", is_open=True)
async def login_token(context: Context, email: str, password: str, **_more: Any) -> Told:
    """Return a login token; raises BadInput, Forbidden and RateLimited."""
    issued = await context.services.sessions.login_token(email, password, context.request.client)
    return {"loginToken": told_token(issued)}


@OPERATIONS.add("getAuthTokensFromLoginToken", is_open=True)
async def auth_tokens(context: Context, loginToken: str, **_more: Any) -> Told:  # noqa: N803
    """Return a pair of tokens for a login token; raises Unauthenticated and Forbidden."""
    return {"tokens": told_pair(await context.services.sessions.from_login_token(loginToken))}


@OPERATIONS.add("renewToken", is_open=True)
async def renew_token(context: Context, appToken: str) -> Told:  # noqa: N803
    """Return a new pair for a refresh token; raises BadInput, Unauthenticated and Forbidden."""
    return {"tokens": told_pair(await context.services.sessions.renew(appToken))}


@OPERATIONS.add("signIn", is_open=True)
async def sign_in(context: Context, email: str, password: str, **_more: Any) -> Told:
    """Sign in at once; raises BadInput, Forbidden and RateLimited."""
    sessions = context.services.sessions
    pair, workspace_id = await sessions.sign_in(email, password, context.request.client)
    login = await sessions.login_token(email, password, context.request.client)
    name = await context.services.database.fetch_value(
        "select display_name from core.workspace where id = $1", workspace_id
    )
    workspace = {
        "id": str(workspace_id),
        "displayName": name,
        "loginToken": login.token,
        "workspaceUrls": urls(context),
        "logo": None,
    }
    available = {"availableWorkspacesForSignIn": [workspace], "availableWorkspacesForSignUp": []}
    return {"tokens": told_pair(pair), "availableWorkspaces": available}


def told_token(issued: Issued) -> Told:
    """Return a token with its expiry."""
    return {"token": issued.token, "expiresAt": moment(issued.expires_at)}


def told_pair(pair: Pair) -> Told:
    """Return a pair of tokens."""
    return {"accessOrWorkspaceAgnosticToken": told_token(pair.access), "refreshToken": told_token(pair.refresh)}
