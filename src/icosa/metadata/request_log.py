"""Operations on the request log, over GraphQL and REST (`web-app.md` part 3, "Request log")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from icosa.access.request_log import Wanted
from icosa.errors import BadInput
from icosa.fields.uuids import is_uuid
from icosa.metadata.context import Context, Operations
from icosa.metadata.definitions import Told
from icosa.metadata.keys import FLAG
from icosa.metadata.rest_reply import Reply, Route, route
from icosa.modeling.rows import moment
from icosa.transport.parameters import AFTER, JS_NUMBER, Parameters

OPERATIONS = Operations()
PAGE = 50
MOST_DIGITS = 18


def _told(row: Mapping[str, Any]) -> Told:
    return {
        "id": str(row["id"]),
        "at": moment(row["requested_at"]),
        "method": row["method"],
        "path": row["path"],
        "query": row["query"],
        "operation": row["operation"],
        "status": row["status"],
        "code": row["code"],
        "durationMs": row["duration_ms"],
        "apiKeyId": None if row["api_key_id"] is None else str(row["api_key_id"]),
        "userId": None if row["user_id"] is None else str(row["user_id"]),
        "callerName": row["caller_name"],
        "clientAddress": row["client_address"],
        "requestId": row["request_id"],
        "error": row["error"],
    }


async def _page(context: Context, wanted: Wanted, first: int, after: str | None) -> tuple[list[Told], bool]:
    if after is not None and not (after.isascii() and after.isdigit() and len(after) <= MOST_DIGITS):
        raise BadInput("after: must be the cursor of a request", "INVALID_CURSOR")
    rows, more = await context.services.request_log.page(
        context.caller.workspace_id, wanted, first=first, after=None if after is None else int(after)
    )
    return [_told(row) for row in rows], more


@OPERATIONS.add("requestLog", flag=FLAG)
async def request_log(
    context: Context,
    first: int | None = PAGE,
    after: str | None = None,
    apiKeyId: Any = None,  # noqa: N803
    status: str | None = None,
    path: str | None = None,
) -> Told:
    """Return a page of the last API requests, newest first; raises BadInput."""
    wanted = Wanted(None if apiKeyId is None else UUID(str(apiKeyId)), status, path)
    told, more = await _page(context, wanted, PAGE if first is None else first, after)
    info = {
        "hasNextPage": more,
        "hasPreviousPage": after is not None,
        "startCursor": told[0]["id"] if told else None,
        "endCursor": told[-1]["id"] if told else None,
    }
    return {"size": context.services.request_log.size, "entries": told, "pageInfo": info}


async def _list(context: Context, parameters: Parameters, _body: Any) -> Reply:
    limit = parameters.one("limit") or str(PAGE)
    key = parameters.one("apiKeyId") or None
    if not JS_NUMBER.fullmatch(limit):
        raise BadInput("limit: must be a whole number, 1 or more", "INVALID_LIMIT_QUERY_PARAM")
    if key is not None and not is_uuid(key):
        raise BadInput("apiKeyId: must be a UUID", "INVALID_ID")
    wanted = Wanted(None if key is None else UUID(key), parameters.one("status"), parameters.one("path"))
    told, more = await _page(context, wanted, int(float(limit)), parameters.cursor(AFTER))
    info = {"hasNextPage": more, "endCursor": told[-1]["id"] if told else None}
    return Reply({"data": {"requestLog": told}, "pageInfo": info, "size": context.services.request_log.size})


PARAMETERS = frozenset({"limit", "apiKeyId", "status", "path", *AFTER})
REQUEST_LOG_ROUTES: tuple[Route, ...] = (route("GET", "requestLog", _list, flag=FLAG, parameters=PARAMETERS),)
