"""Operations on webhook deliveries, over GraphQL and REST (`webhooks.md` section 5, "Delivery log")."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from icosa.errors import BadInput
from icosa.fields.uuids import is_uuid
from icosa.metadata.context import Context, Operations
from icosa.metadata.definitions import Told
from icosa.metadata.keys import FLAG
from icosa.metadata.rest_reply import Reply, Route, route
from icosa.modeling.rows import moment
from icosa.transport.parameters import AFTER, JS_NUMBER, Parameters
from icosa.webhooks.deliveries import Trial, request_headers

OPERATIONS = Operations()
PAGE = 30
WAITING = frozenset({"queued", "failed"})


def _told(row: Mapping[str, Any]) -> Told:
    attempts = orjson.loads(row["attempts"])
    last = attempts[-1] if attempts else {}
    headers = row["response_headers"]
    return {
        "id": str(row["id"]),
        "webhookId": str(row["webhook_id"]),
        "eventName": row["event_name"],
        "recordId": str(row["record_id"]),
        "sequence": row["position"],
        "state": row["state"],
        "attempt": row["attempt"],
        "nextAttemptAt": moment(row["next_attempt_at"]) if row["state"] in WAITING else None,
        "attempts": [{key: each[key] for key in ("at", "status", "durationMs", "error")} for each in attempts],
        "requestHeaders": request_headers(row["id"], attempts),
        "requestBody": row["request_body"],
        "responseStatus": last.get("status"),
        "responseHeaders": None if headers is None else orjson.loads(headers),
        "responseBody": row["response_body"],
        "durationMs": last.get("durationMs"),
        "error": last.get("error"),
        "createdAt": moment(row["created_at"]),
    }


def _trial(trial: Trial) -> Told:
    outcome = trial.outcome
    return {
        "succeeded": outcome.succeeded,
        "status": outcome.status,
        "error": outcome.error,
        "durationMs": outcome.duration_ms,
        "requestHeaders": dict(trial.headers),
        "requestBody": trial.body,
        "responseHeaders": dict(outcome.headers),
        "responseBody": outcome.body,
    }


async def _page(
    context: Context, webhook_id: str, state: str | None, event_name: str | None, first: int, after: str | None
) -> tuple[list[Told], bool]:
    if after is not None and not is_uuid(after):
        raise BadInput("after: must be the cursor of a delivery", "INVALID_CURSOR")
    rows, more = await context.services.deliveries.page(
        context.full,
        UUID(webhook_id),
        state=state,
        event_name=event_name,
        first=first,
        after=None if after is None else UUID(after),
    )
    return [_told(row) for row in rows], more


@OPERATIONS.add("webhookDeliveries", flag=FLAG)
async def webhook_deliveries(
    context: Context,
    webhookId: Any,  # noqa: N803
    state: str | None = None,
    eventName: str | None = None,  # noqa: N803
    first: int | None = PAGE,
    after: str | None = None,
) -> Told:
    """Return a page of a webhook's deliveries, newest first; raises NotFound and BadInput."""
    told, more = await _page(context, str(webhookId), state, eventName, PAGE if first is None else first, after)
    info = {
        "hasNextPage": more,
        "hasPreviousPage": after is not None,
        "startCursor": told[0]["id"] if told else None,
        "endCursor": told[-1]["id"] if told else None,
    }
    return {"edges": [{"node": each, "cursor": each["id"]} for each in told], "pageInfo": info}


@OPERATIONS.add("webhookDelivery", flag=FLAG)
async def webhook_delivery(context: Context, id: Any) -> Told:
    """Return a delivery; raises NotFound."""
    return _told(await context.services.deliveries.find(context.full, UUID(str(id))))


@OPERATIONS.add("replayWebhookDelivery", flag=FLAG)
async def replay_webhook_delivery(context: Context, id: Any) -> Told:
    """Send a delivery once more; raises NotFound."""
    return _told(await context.services.deliveries.replay(context.full, UUID(str(id)), by=context.actor))


@OPERATIONS.add("replayWebhookDeliveries", flag=FLAG)
async def replay_webhook_deliveries(
    context: Context,
    webhookId: Any,  # noqa: N803
    state: str | None = "dead",
    since: str | None = None,
) -> int:
    """Send a webhook's deliveries of one state once more and return how many; raises NotFound and BadInput."""
    return await context.services.deliveries.replay_many(
        context.full, UUID(str(webhookId)), state or "dead", _moment(since), by=context.actor
    )


@OPERATIONS.add("sendTestWebhook", flag=FLAG)
async def send_test_webhook(
    context: Context,
    id: Any = None,
    targetUrl: str | None = None,  # noqa: N803
    secret: str | None = None,
) -> Told:
    """Send a made-up event and return what became of it; raises NotFound and Invalid."""
    webhook_id = None if id is None else UUID(str(id))
    return _trial(await context.services.deliveries.test(context.full, webhook_id, targetUrl, secret))


def _moment(text: Any) -> dt.datetime | None:
    if text is None:
        return None
    try:
        read = dt.datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise BadInput("since: must be a moment in ISO 8601") from None
    return read if read.tzinfo is not None else read.replace(tzinfo=dt.UTC)


async def _list(context: Context, parameters: Parameters, _body: Any, webhook_id: str) -> Reply:
    limit = parameters.one("limit") or str(PAGE)
    if not JS_NUMBER.fullmatch(limit):
        raise BadInput("limit: must be a whole number, 1 or more", "INVALID_LIMIT_QUERY_PARAM")
    told, more = await _page(
        context,
        webhook_id,
        parameters.one("state"),
        parameters.one("eventName"),
        int(float(limit)),
        parameters.cursor(AFTER),
    )
    info = {"hasNextPage": more, "endCursor": told[-1]["id"] if told else None}
    return Reply({"data": {"webhookDeliveries": told}, "pageInfo": info})


async def _get(context: Context, _parameters: Parameters, _body: Any, _webhook_id: str, delivery_id: str) -> Reply:
    return Reply({"data": {"webhookDelivery": await webhook_delivery(context, delivery_id)}})


async def _replay(context: Context, _parameters: Parameters, _body: Any, _webhook_id: str, delivery_id: str) -> Reply:
    return Reply({"data": {"replayWebhookDelivery": await replay_webhook_delivery(context, delivery_id)}})


async def _replay_many(context: Context, _parameters: Parameters, body: Mapping[str, Any], webhook_id: str) -> Reply:
    state = body.get("state", "dead")
    if not isinstance(state, str):
        raise BadInput("state: must be a text")
    count = await replay_webhook_deliveries(context, webhook_id, state, body.get("since"))
    return Reply({"data": {"replayWebhookDeliveries": count}})


async def _test(context: Context, _parameters: Parameters, _body: Any, webhook_id: str) -> Reply:
    return Reply({"data": {"sendTestWebhook": await send_test_webhook(context, webhook_id)}})


PAGE_PARAMETERS = frozenset({"limit", "state", "eventName", *AFTER})
DELIVERY_ROUTES: tuple[Route, ...] = (
    route("GET", "webhooks/{id}/deliveries", _list, flag=FLAG, parameters=PAGE_PARAMETERS),
    route("POST", "webhooks/{id}/deliveries/replay", _replay_many, flag=FLAG, bare=True),
    route("GET", "webhooks/{id}/deliveries/{id}", _get, flag=FLAG),
    route("POST", "webhooks/{id}/deliveries/{id}/replay", _replay, flag=FLAG, bare=True),
    route("POST", "webhooks/{id}/test", _test, flag=FLAG, bare=True),
)
