"""The subscription `onEventSubscription`, as server-sent events in graphql-sse's form (`graphql-core.md` section 14).

Each message says which of the stream's queries an event concerns; what a query wants to hear is set by two mutations
while the stream is open.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from icosa.access.caller import Caller
from icosa.catalog.model import Catalog, Object
from icosa.errors import BadInput, IcosaError
from icosa.events.feed import Feed
from icosa.events.matching import RESERVED, matching_statement, values
from icosa.events.streams import Streams
from icosa.metadata.context import Context, Operations
from icosa.plan.filters import Filter
from icosa.plan.values import Values
from icosa.records.access import Access
from icosa.store.database import Database
from icosa.transport.messages import Request, Response

OPERATIONS = Operations()
KEEP_ALIVE_SECONDS = 30.0
EVENT_STREAM = b"text/event-stream; charset=utf-8"
HEADERS = ((b"cache-control", b"no-cache, no-transform"), (b"x-accel-buffering", b"no"))
DATA_MODEL = "DATA_MODEL"
MODEL_EVENTS = """
    SELECT json_build_object(
        'type', e.action, 'metadataName', e.kind, 'recordId', e.record_id,
        'properties', json_build_object('updatedFields', e.changed, 'before', e.before, 'after', e.after)
    )::text AS text
    FROM {published} p JOIN {event} e USING (sequence)
    WHERE p.position > $1 AND p.position <= $2 AND e.kind IS NOT NULL ORDER BY p.position
"""

ReadFilter = Callable[[Catalog, Object, Any, Values], Filter | None]
Known = Callable[[Request], Any]
Write = Callable[[dict[str, Any]], Any]
Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Watch:
    """What one query of a stream wants to hear.

    Attributes:
        owner: the object, out of the subscriber's view.
        condition: the filter.
        values: the filter's values, behind those of the statement itself.
        fields: those of which one must have changed in an update; empty for any.
    """

    owner: Object
    condition: Filter | None
    values: Values
    fields: list[str]


class Subscriptions:
    """Serves the streams whose connections are with this process.

    Args:
        database: where events are.
        feed: tells of arrivals and positions.
        streams: what each stream wants to hear.
        known: returns a request's caller and its access, or raises Unauthenticated.
        read_filter: reads a GraphQL filter.
        closing: set when the process is about to stop.
    """

    def __init__(
        self,
        database: Database,
        feed: Feed,
        streams: Streams,
        known: Known,
        read_filter: ReadFilter,
        closing: asyncio.Event,
    ) -> None:
        self._database = database
        self._feed = feed
        self.streams = streams
        self._known = known
        self._read_filter = read_filter
        self._closing = closing

    async def answer(self, context: Context, stream_id: str, write: Write) -> Response:
        """Open a stream and return the answer that goes on for as long as it is open.

        Args:
            context: the request.
            stream_id: the stream's id, of the client's choosing.
            write: makes the body of a message out of the subscription's value.

        Raises:
            Forbidden: no person calls, or the stream is taken.
        """
        context.caller.require_session()
        await self.streams.open(stream_id, context.caller)
        top = await self._feed.top(context.caller.workspace_id)
        return Response(200, b"", list(HEADERS), EVENT_STREAM, self._messages(context.request, stream_id, top, write))

    def watch(self, view: Catalog, signature: Any) -> Watch:
        """Return what a query's signature asks for.

        Raises:
            BadInput: it names no object that the caller may read, or its filter breaks a rule.
        """
        if not isinstance(signature, dict):
            raise BadInput("operationSignature: must be an object")
        name = signature.get("objectNameSingular")
        owner = view.by_singular.get(name) if isinstance(name, str) else None
        if owner is None:
            raise BadInput("operationSignature.objectNameSingular: there is no such object")
        variables, fields = signature.get("variables") or {}, signature.get("fields") or []
        if not isinstance(variables, dict) or not isinstance(fields, list):
            raise BadInput("operationSignature: variables must be an object, fields a list")
        if not all(isinstance(each, str) for each in fields):
            raise BadInput("operationSignature.fields: must be names of fields")
        taken = values()
        return Watch(owner, self._read_filter(view, owner, variables.get("filter"), taken), taken, fields)

    async def _messages(self, request: Request, stream_id: str, after: int, write: Write) -> AsyncIterator[bytes]:
        """Yield a message at once, with each news, and every half minute; end when the caller's token no longer holds."""
        try:
            yield _message(await write(_value(stream_id)))
            while not self._closing.is_set():
                try:
                    caller, access = await self._known(request)
                except IcosaError:
                    break
                mark = self._feed.arrivals.mark(caller.workspace_id)
                queries = await self.streams.seen(stream_id)
                if queries is None:
                    break
                top = await self._feed.top(caller.workspace_id)
                if top > after:
                    value = await self._value(stream_id, queries, caller, access, after, top)
                    after = top
                    if value["objectRecordEventsWithQueryIds"] or value["metadataEvents"]:
                        yield _message(await write(value))
                    continue
                if not await self._feed.arrivals.wait_unless(
                    self._closing, caller.workspace_id, mark, KEEP_ALIVE_SECONDS
                ):
                    yield _message(await write(_value(stream_id)))
            yield b"event: complete\ndata: \n\n"
        finally:
            await asyncio.shield(self.streams.close(stream_id))

    async def _value(
        self, stream_id: str, queries: Given, caller: Caller, access: Access, after: int, last: int
    ) -> dict[str, Any]:
        """Return the subscription's value for the events after a position, up to another."""
        found: dict[int, tuple[list[str], str]] = {}
        for query_id, signature in queries.items():
            try:
                watch = self.watch(access.view, signature)
            except BadInput:
                continue
            taken = [after, last, watch.fields, *watch.values[RESERVED:]]
            sql = matching_statement(access, watch.owner, watch.condition)
            for row in await self._database.fetch_all(sql, *taken):
                found.setdefault(row["position"], ([], row["text"]))[0].append(query_id)
        value = _value(stream_id)
        value["objectRecordEventsWithQueryIds"] = [
            {"queryIds": ids, "objectRecordEvent": orjson.loads(text)} for _, (ids, text) in sorted(found.items())
        ]
        if caller.permissions.has_flag(DATA_MODEL):
            sql = MODEL_EVENTS.format(published=access.full.published_table, event=access.full.event_table)
            rows = await self._database.fetch_all(sql, after, last)
            value["metadataEvents"] = [orjson.loads(row["text"]) for row in rows]
        return value


def _value(stream_id: str) -> dict[str, Any]:
    return {"eventStreamId": stream_id, "objectRecordEventsWithQueryIds": [], "metadataEvents": []}


def _message(body: Any) -> bytes:
    return b"event: next\ndata: " + orjson.dumps(body) + b"\n\n"


@OPERATIONS.add("addQueryToEventStream", needs_session=True)
async def add_query(context: Context, input: Given) -> bool:
    """Let a stream hear of a query; false when there is no such stream. Raises BadInput and Forbidden."""
    subscriptions = context.services.subscriptions
    subscriptions.watch(context.view, input["operationSignature"])
    return await subscriptions.streams.add(
        input["eventStreamId"], input["queryId"], input["operationSignature"], context.caller
    )


@OPERATIONS.add("removeQueryFromEventStream", needs_session=True)
async def remove_query(context: Context, input: Given) -> bool:
    """Let a stream hear of a query no more; false when there is no such stream. Raises Forbidden."""
    return await context.services.subscriptions.streams.remove(input["eventStreamId"], input["queryId"], context.caller)
