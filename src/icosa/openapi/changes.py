"""The change feed, its stream, and what a history tells: the same events as the webhooks' (`docs/sync.md`)."""

from __future__ import annotations

from icosa.fields.json_schema import LONG, TEXT, JsonSchema, or_null
from icosa.openapi.components import Names, Schemas, answer, reference
from icosa.openapi.shared import UUID, query_parameter, refusals
from icosa.transport.parameters import MOST_LISTED

MOMENT: JsonSchema = {"type": "string", "format": "date-time"}
FLAG: JsonSchema = {"type": "boolean"}
ACTIONS = ("created", "updated", "deleted", "restored", "destroyed")
FEED, STREAM = "/changes/feed", "/changes/stream"
DEFAULT_LIMIT = 100
MOST_SECONDS = 60
# A tag of their own: that of an object whose plural is `changes` would differ from `Changes` in letter case alone.
TAG: JsonSchema = {
    "name": "Change feed",
    "description": "Every change of every record, in order: for whoever keeps a copy of the data.",
}
CHANGED_OBJECT: JsonSchema = {
    "type": "object",
    "description": "The object whose record an event is about.",
    "properties": {"id": UUID, "nameSingular": dict(TEXT)},
    "required": ["id", "nameSingular"],
}
AFTER: JsonSchema = {**LONG, "minimum": 0, "maximum": 10**18 - 1}
PARAMETERS: dict[str, JsonSchema] = {
    "after": query_parameter(
        "after", "The last sequence worked through; 0 for the beginning. The stream begins now without it.", AFTER
    ),
    "objectsOfChanges": query_parameter(
        "objects", "Only the changes of these objects: names in the singular or plural, joined by commas.", dict(TEXT)
    ),
    "limitOfChanges": query_parameter(
        "limit",
        f"How many changes; more than {MOST_LISTED} count as {MOST_LISTED}.",
        {"type": "integer", "minimum": 0, "maximum": MOST_LISTED, "default": DEFAULT_LIMIT},
    ),
    "wait": query_parameter(
        "wait",
        "Seconds to wait for a change when there is none yet.",
        {"type": "integer", "minimum": 0, "maximum": MOST_SECONDS, "default": 0},
    ),
    "lastEventId": {
        "name": "Last-Event-ID",
        "in": "header",
        "description": "Goes before `after`: where a stream that broke off goes on. Browsers send it by themselves.",
        "schema": AFTER,
    },
}


def change_schemas(schemas: Schemas) -> None:
    """Put in what events are told with, by the feed, by histories and by webhooks."""
    schemas.add("ChangedObject", CHANGED_OBJECT)
    sequence: JsonSchema = {**LONG, "description": "The event's place in the feed."}
    schemas.add("RecordChange", _change("A change of a record.", sequence, {}))
    actor: JsonSchema = {
        "type": ["object", "null"],
        "description": "Who did it: `source`, `name`, and the id of the key, the user or the member.",
        "additionalProperties": True,
    }
    told = {**or_null(LONG), "description": "The event's place in the feed; null for the moment before it has one."}
    schemas.add("RecordHistory", _change("One entry of a record's history.", told, {"actor": actor}))
    feed = {"endSequence": {**LONG, "description": "Go on `after` this."}, "hasNextPage": FLAG}
    _page(schemas, "RecordChange", "changes", feed)
    history = {"endCursor": or_null({**TEXT, "description": "Go on with `starting_after` this."}), "hasNextPage": FLAG}
    _page(schemas, "RecordHistory", "history", history)


def change_paths(ids: Names) -> dict[str, JsonSchema]:
    """Return the feed's paths; `/changes` is no sure one, since an object may have that plural.

    Args:
        ids: gives out operation ids.
    """
    feed = {
        "tags": [TAG["name"]],
        "summary": "Read what has changed",
        "description": "The changes after a sequence, oldest first, as far as your role may read them. Also at "
        "`/changes`, unless an object has that plural.",
        "operationId": ids.claim("readChangeFeed"),
        "parameters": [
            reference(name, "parameters") for name in ("after", "objectsOfChanges", "limitOfChanges", "wait")
        ],
        "responses": {"200": answer("Done", reference("RecordChangeListResponse")), **refusals()},
    }
    stream = {
        "tags": [TAG["name"]],
        "summary": "Hear of changes as they happen",
        "description": "Server-sent events that never end: `id` is the sequence, `event` the name, `data` a "
        "`RecordChange`. A comment comes every 15 seconds when nothing happens.",
        "operationId": ids.claim("streamChangeFeed"),
        "parameters": [reference(name, "parameters") for name in ("after", "objectsOfChanges", "lastEventId")],
        "responses": {
            "200": {"description": "The stream", "content": {"text/event-stream": {"schema": dict(TEXT)}}},
            **refusals(),
        },
    }
    return {FEED: {"get": feed}, STREAM: {"get": stream}}


def _change(description: str, sequence: JsonSchema, more: dict[str, JsonSchema]) -> JsonSchema:
    always: dict[str, JsonSchema] = {
        "sequence": sequence,
        "eventName": {**TEXT, "description": "The object's name and the action, such as `company.updated`."},
        "action": {"type": "string", "enum": list(ACTIONS)},
        "objectMetadata": reference("ChangedObject"),
        "recordId": UUID,
        "eventDate": MOMENT,
        "record": {
            "type": ["object", "null"],
            "description": "The record as it was right after the change, related ones by their ids; null when destroyed.",
            "additionalProperties": True,
        },
        **more,
    }
    sometimes: dict[str, JsonSchema] = {
        "userId": {**UUID, "description": "Present when a person did it."},
        "workspaceMemberId": {**UUID, "description": "Present when a person did it."},
        "apiKeyId": {**UUID, "description": "Present when an API key did it."},
        "updatedFields": {"type": "array", "items": dict(TEXT)},
        "previousRecord": {
            "type": "object",
            "description": "The old values of what changed; of a destroyed record all of them.",
            "additionalProperties": True,
        },
    }
    return {"type": "object", "description": description, "properties": {**always, **sometimes}, "required": [*always]}


def _page(schemas: Schemas, item: str, key: str, page: dict[str, JsonSchema]) -> None:
    rows = {"type": "array", "items": reference(item)}
    data = schemas.add(f"{item}ListResponseData", {"type": "object", "properties": {key: rows}, "required": [key]})
    info = schemas.add(f"{item}PageInfo", {"type": "object", "properties": page, "required": [*page]})
    whole = {"type": "object", "properties": {"data": data, "pageInfo": info}, "required": ["data", "pageInfo"]}
    schemas.add(f"{item}ListResponse", whole)
