"""Operations on webhooks, over GraphQL and REST (`webhooks.md` section 1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from icosa.errors import BadInput, NotFound
from icosa.fields.uuids import is_uuid
from icosa.metadata.context import Context, Operations
from icosa.metadata.definitions import Told
from icosa.metadata.keys import FLAG
from icosa.metadata.rest_reply import Reply, Route, route
from icosa.modeling.rows import moment
from icosa.transport.parameters import Parameters
from icosa.webhooks.rules import EVERYTHING
from icosa.webhooks.warnings import warnings
from icosa.webhooks.worker import utc_now

OPERATIONS = Operations()
Given = Mapping[str, Any]


def _told(context: Context, row: Mapping[str, Any]) -> Told:
    return {
        "id": str(row["id"]),
        "targetUrl": row["target_url"],
        "operations": list(row["operations"]),
        "description": row["description"],
        "secret": row["secret"],
        "updatedFields": list(row["updated_fields"]),
        "payload": row["payload"],
        "isActive": row["is_active"],
        "inactiveReason": row["inactive_reason"],
        "warnings": warnings(row["target_url"], row["operations"], context.full, context.services.address_rules),
        "applicationId": None,
        "workspaceId": str(row["workspace_id"]),
        "createdAt": moment(row["created_at"]),
        "updatedAt": moment(row["updated_at"]),
        "deletedAt": None,
    }


@OPERATIONS.add("webhooks", flag=FLAG)
async def webhooks(context: Context) -> list[Told]:
    """Return all webhooks, oldest first."""
    return [_told(context, row) for row in await context.services.webhooks.list(context.caller.workspace_id)]


@OPERATIONS.add("webhook", flag=FLAG)
async def webhook(context: Context, id: Any) -> Told | None:
    """Return a webhook, or None."""
    row = await context.services.webhooks.find(context.caller.workspace_id, UUID(str(id)))
    return None if row is None else _told(context, row)


@OPERATIONS.add("createWebhook", flag=FLAG)
async def create_webhook(context: Context, input: Given) -> Told:
    """Make a webhook; raises Invalid."""
    row = await context.services.webhooks.create(context.caller.workspace_id, input, by=context.actor)
    return _told(context, row)


@OPERATIONS.add("updateWebhook", flag=FLAG)
async def update_webhook(context: Context, input: Given) -> Told:
    """Change a webhook; raises NotFound and Invalid."""
    return await _updated(context, str(input["id"]), input["update"])


@OPERATIONS.add("deleteWebhook", flag=FLAG)
async def delete_webhook(context: Context, id: Any) -> Told:
    """Delete a webhook and return it as it was; raises NotFound."""
    row = await context.services.webhooks.delete(context.caller.workspace_id, UUID(str(id)), by=context.actor)
    return _told(context, row)


@OPERATIONS.add("rollWebhookSecret", flag=FLAG)
async def roll_webhook_secret(context: Context, id: Any, keepOldForHours: int | None = None) -> Told:  # noqa: N803
    """Give a webhook a new secret, the old one signing too for some hours; raises NotFound and BadInput."""
    row = await context.services.webhooks.roll_secret(
        context.caller.workspace_id, UUID(str(id)), keepOldForHours or 0, utc_now(), by=context.actor
    )
    return _told(context, row)


async def _updated(context: Context, webhook_id: str, changes: Given) -> Told:
    row = await context.services.webhooks.update(
        context.caller.workspace_id, UUID(webhook_id), changes, by=context.actor
    )
    return _told(context, row)


async def _list(context: Context, _parameters: Parameters, _body: Any) -> Reply:
    return Reply(await webhooks(context))


async def _get(context: Context, _parameters: Parameters, _body: Any, webhook_id: str) -> Reply:
    found = await webhook(context, webhook_id)
    if found is None:
        raise NotFound("There is no webhook with this id", "WEBHOOK_NOT_FOUND")
    return Reply(found)


async def _post(context: Context, _parameters: Parameters, body: Given) -> Reply:
    if body.get("id") is not None and not is_uuid(body["id"]):
        raise BadInput("id: must be a UUID", "INVALID_ID")
    return Reply(await create_webhook(context, {**body, "operations": body.get("operations", EVERYTHING)}), 201)


async def _patch(context: Context, _parameters: Parameters, body: Given, webhook_id: str) -> Reply:
    return Reply(await _updated(context, webhook_id, body))


async def _delete(context: Context, _parameters: Parameters, _body: Any, webhook_id: str) -> Reply:
    await delete_webhook(context, webhook_id)
    return Reply(True)


async def _roll(context: Context, _parameters: Parameters, body: Given, webhook_id: str) -> Reply:
    hours = body.get("keepOldForHours", 0)
    if not isinstance(hours, int) or isinstance(hours, bool):
        raise BadInput("keepOldForHours: must be a whole number")
    return Reply(await roll_webhook_secret(context, webhook_id, hours))


WEBHOOK_ROUTES: tuple[Route, ...] = (
    route("GET", "webhooks", _list, flag=FLAG),
    route("POST", "webhooks", _post, flag=FLAG),
    route("GET", "webhooks/{id}", _get, flag=FLAG),
    route("PATCH", "webhooks/{id}", _patch, flag=FLAG),
    route("DELETE", "webhooks/{id}", _delete, flag=FLAG),
    route("POST", "webhooks/{id}/secret/roll", _roll, flag=FLAG, bare=True),
)
