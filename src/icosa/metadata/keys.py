"""Operations on API keys (`auth.md` section 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from icosa.access.api_keys import parse_expiry
from icosa.errors import BadInput, NotFound
from icosa.metadata.context import Context, Operations
from icosa.metadata.definitions import Told
from icosa.metadata.roles import told_roles
from icosa.modeling.rows import moment

FLAG = "API_KEYS_AND_WEBHOOKS"
OPERATIONS = Operations()
Given = Mapping[str, Any]


def key_row(row: Any) -> Told:
    """Return a key as REST tells it; its token never."""
    return {
        "id": str(row["id"]),
        "name": row["name"],
        "expiresAt": moment(row["expires_at"]),
        "revokedAt": moment(row["revoked_at"]),
        "lastUsedAt": moment(row["last_used_at"]),
        "lastUsedIp": row["last_used_ip"],
        "createdAt": moment(row["created_at"]),
        "updatedAt": moment(row["updated_at"]),
        "workspaceId": str(row["workspace_id"]),
    }


async def _told(context: Context, rows: list[Any]) -> list[Told]:
    roles = {role["id"]: role for role in await told_roles(context)} if rows else {}
    return [{**key_row(row), "role": roles[str(row["role_id"])]} for row in rows]


@OPERATIONS.add("apiKeys", flag=FLAG)
async def api_keys(context: Context, withRevoked: bool = False) -> list[Told]:  # noqa: N803 - the API's own name
    """Return the keys that are not revoked, and those that are when asked for them."""
    rows = await context.services.api_keys.list(context.caller.workspace_id, with_revoked=bool(withRevoked))
    return await _told(context, list(rows))


@OPERATIONS.add("apiKey", flag=FLAG)
async def api_key(context: Context, input: Given) -> Told | None:
    """Return a key, a revoked one too, or None."""
    row = await context.services.api_keys.find(context.caller.workspace_id, UUID(str(input["id"])))
    return None if row is None else (await _told(context, [row]))[0]


@OPERATIONS.add("createApiKey", flag=FLAG, needs_session=True)
async def create_api_key(context: Context, input: Given) -> Told:
    """Make a key; raises BadInput and NotFound."""
    return (await _told(context, [await key_made(context, input)]))[0]


async def key_made(context: Context, given: Given) -> Any:
    """Make a key and return its row."""
    if given.get("revokedAt") is not None:
        raise BadInput("revokedAt: a key is made to be used", "INVALID_API_KEY_INPUT")
    role_id = given.get("roleId")
    expires = parse_expiry(given.get("expiresAt"))
    role = {"id": UUID(str(role_id)), "label": str(role_id)}
    return await context.services.api_keys.create(
        context.caller.workspace_id, str(given.get("name") or ""), role, expires, by=context.actor
    )


@OPERATIONS.add("generateApiKeyToken", flag=FLAG, needs_session=True)
async def generate_token(context: Context, apiKeyId: Any, expiresAt: str) -> Told:  # noqa: N803
    """Return a token of a key, this once; raises NotFound, BadInput and Forbidden."""
    token = await context.services.api_keys.token(
        context.caller.workspace_id, UUID(str(apiKeyId)), parse_expiry(expiresAt), by=context.actor
    )
    return {"token": token}


@OPERATIONS.add("updateApiKey", flag=FLAG, needs_session=True)
async def update_api_key(context: Context, input: Given) -> Told | None:
    """Change a key; None when there is no such key; raises BadInput."""
    row = await key_changed(context, UUID(str(input["id"])), input)
    return None if row is None else (await _told(context, [row]))[0]


async def key_changed(context: Context, key_id: UUID, given: Given) -> Any:
    """Change a key and return its row, None when there is no such key."""
    expires = None if given.get("expiresAt") is None else parse_expiry(given["expiresAt"])
    # A null un-revokes where the reference is concerned; ours refuses it, which `update` tells from nothing sent.
    revoked = None if "revokedAt" not in given else given["revokedAt"] is not None
    try:
        return await context.services.api_keys.update(
            context.caller.workspace_id,
            key_id,
            name=given.get("name"),
            expires_at=expires,
            revoked=revoked,
            by=context.actor,
        )
    except NotFound:
        return None


@OPERATIONS.add("revokeApiKey", flag=FLAG, needs_session=True)
async def revoke_api_key(context: Context, input: Given) -> Told | None:
    """Revoke a key for good; None when there is no such key."""
    row = await key_revoked(context, UUID(str(input["id"])))
    return None if row is None else (await _told(context, [row]))[0]


async def key_revoked(context: Context, key_id: UUID) -> Any:
    """Revoke a key and return its row, None when there is no such key."""
    try:
        return await context.services.api_keys.revoke(context.caller.workspace_id, key_id, by=context.actor)
    except NotFound:
        return None


@OPERATIONS.add("assignRoleToApiKey", flag="ROLES", needs_session=True)
async def assign_role(context: Context, apiKeyId: Any, roleId: Any) -> bool:  # noqa: N803
    """Give a key another role; raises BadInput and NotFound."""
    role = {"id": UUID(str(roleId)), "label": str(roleId)}
    await context.services.api_keys.assign_role(
        context.caller.workspace_id, UUID(str(apiKeyId)), role, by=context.actor
    )
    return True


@OPERATIONS.add("generatePlaygroundToken", needs_session=True)
async def playground_token(context: Context) -> Told:
    """Return a token for the playground."""
    issued = context.services.sessions.playground_token(context.caller)
    return {"token": issued.token, "expiresAt": moment(issued.expires_at)}
