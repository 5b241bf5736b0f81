"""Schemas, parameters and error answers that all objects share (`openapi.md` sections 3 and 6)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from icosa.fields.base import ScalarType
from icosa.fields.composite import CompositeType
from icosa.fields.json_schema import JsonSchema
from icosa.fields.registry import TYPES
from icosa.openapi.components import reference
from icosa.transport.parameters import MOST_LISTED

DEFAULT_LIMIT = 60
CURSOR: JsonSchema = {"type": "string", "description": "A page's cursor; opaque, it is only sent back."}
UUID: JsonSchema = {"type": "string", "format": "uuid"}
OR_NULL = ["string", "null"]

PAGE_INFO: JsonSchema = {
    "type": "object",
    "description": "Where a page stands in its list. Both cursors are null on an empty page.",
    "properties": {
        "startCursor": {"type": OR_NULL},
        "endCursor": {"type": OR_NULL},
        "hasNextPage": {"type": "boolean"},
        "hasPreviousPage": {"type": "boolean"},
    },
    "required": ["startCursor", "endCursor", "hasNextPage", "hasPreviousPage"],
}
RECORD_ID: JsonSchema = {
    "type": "object",
    "description": "The id of a deleted record. A soft deletion may tell more of it.",
    "properties": {"id": UUID},
    "required": ["id"],
}
ERROR: JsonSchema = {
    "type": "object",
    "description": "A refusal. `messages` holds one text. The answers to a body that is not JSON and to an unknown path "
    "say it in `message` instead, those of the Metadata API in both.",
    "properties": {
        "statusCode": {"type": "integer"},
        "error": {"type": "string", "description": "The family, such as `BadRequestException`."},
        "messages": {"type": "array", "items": {"type": "string"}},
        "message": {"type": "string"},
        "code": {"type": "string", "description": "The rule, such as `INVALID_CURSOR`, where it has a code."},
        "conflictingRecordId": {**UUID, "description": "The record that holds a unique value already."},
        "conflictingObjectNameSingular": {"type": "string"},
    },
    "required": ["statusCode", "error"],
}
COMPOSITES = tuple(each for each in TYPES if isinstance(each, CompositeType))
NAMED = (
    *(one for each in COMPOSITES for one in each.named),
    *(each.named for each in TYPES if isinstance(each, ScalarType) and each.named is not None),
)


def query_parameter(name: str, description: str, schema: JsonSchema, *, required: bool = False) -> JsonSchema:
    """Return a parameter of the query string."""
    told: JsonSchema = {"name": name, "in": "query", "description": description, "schema": schema}
    return {**told, "required": True} if required else told


ID_PATH: JsonSchema = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "The record's id: a UUID of version 1 to 5.",
    "schema": UUID,
}
STARTING_AFTER = query_parameter(
    "starting_after", "The page after this cursor: `pageInfo.endCursor` of the last one.", CURSOR
)
ENDING_BEFORE = query_parameter(
    "ending_before", "The page before this cursor. Not together with `starting_after`.", CURSOR
)
CORE_PARAMETERS: Mapping[str, JsonSchema] = MappingProxyType(
    {
        "idPath": ID_PATH,
        "startingAfter": STARTING_AFTER,
        "endingBefore": ENDING_BEFORE,
        "filter": {
            **query_parameter(
                "filter",
                "Which records: `field[comparator]:value`, joined by commas, nested in `and(…)`, `or(…)`, `not(…)`. "
                "Parts of a composite field and fields of a related record are named with a dot. Values with commas or "
                "brackets stand in quotes. Deleted records show only when `deletedAt` is named.",
                {"type": "string"},
            ),
            "examples": {
                "since": {"value": 'createdAt[gte]:"2025-01-01"'},
                "part": {"value": 'emails.primaryEmail[eq]:"ada@example.com"'},
                "either": {"value": 'or(name[ilike]:"%acme%",employees[gt]:100)'},
                "related": {"value": 'company.name[startsWith]:"A"'},
            },
        },
        "orderBy": {
            **query_parameter(
                "order_by",
                "Fields, each with `AscNullsFirst` (the default), `AscNullsLast`, `DescNullsFirst` or `DescNullsLast` in "
                "brackets, joined by commas.",
                {"type": "string"},
            ),
            "examples": {
                "one": {"value": "createdAt"},
                "several": {"value": "name.lastName[AscNullsLast],createdAt[DescNullsLast]"},
            },
        },
        "limit": query_parameter(
            "limit",
            f"How many records; more than {MOST_LISTED} count as {MOST_LISTED}.",
            {"type": "integer", "minimum": 0, "maximum": MOST_LISTED, "default": DEFAULT_LIMIT},
        ),
        "depth": query_parameter(
            "depth",
            "1 tells the related records too: at most 60 of each one-to-many relation.",
            {"type": "integer", "minimum": 0, "maximum": 1, "default": 0},
        ),
        "upsert": query_parameter(
            "upsert",
            "Changes the record that has the same id or unique value, if there is one.",
            {"type": "boolean", "default": False},
        ),
        "softDelete": query_parameter(
            "soft_delete",
            "Deletes so that it can be restored; else it is for good.",
            {"type": "boolean", "default": False},
        ),
        "groupBy": {
            **query_parameter(
                "group_by",
                "A JSON list of objects with one key each: a field with `true`, a part of a composite field, a field of "
                "a related record, or a date with `granularity` and `timeZone`.",
                {"type": "string"},
                required=True,
            ),
            "examples": {
                "field": {"value": '[{"stage":true}]'},
                "date": {"value": '[{"createdAt":{"granularity":"MONTH","timeZone":"Europe/Paris"}}]'},
            },
        },
        "aggregate": {
            **query_parameter("aggregate", "A JSON list of what is computed for each group.", {"type": "string"}),
            "examples": {"two": {"value": '["totalCount","countNotEmptyName"]'}},
        },
        "orderByOfGroups": {
            **query_parameter("order_by", "A JSON list: how the groups are sorted.", {"type": "string"}),
            "examples": {"count": {"value": '[{"aggregate":{"totalCount":"DescNullsLast"}}]'}},
        },
        "limitOfGroups": query_parameter(
            "limit",
            f"How many groups; more than {MOST_LISTED} count as {MOST_LISTED}.",
            {"type": "integer", "minimum": 0, "maximum": MOST_LISTED, "default": 50},
        ),
        "viewId": query_parameter("viewId", "Also applies this view's filters. `view_id` is another name of it.", UUID),
        "includeRecordsSample": query_parameter(
            "include_records_sample",
            "Tells up to 10 records of each group.",
            {"type": "boolean", "default": False},
        ),
        "orderByForRecords": query_parameter(
            "order_by_for_records",
            "How the sample's records are sorted, as in `order_by` of lists.",
            {"type": "string"},
        ),
    }
)

_NUMBER: JsonSchema = {"schema": {"type": "integer"}}
_REFUSALS: Mapping[str, tuple[str, JsonSchema]] = MappingProxyType(
    {
        "400": ("What was sent breaks a rule; the message names it.", {}),
        "401": (
            "The token is missing or does not hold; `code` tells why.",
            {"WWW-Authenticate": {"description": "`Bearer`", "schema": {"type": "string"}}},
        ),
        "403": ("The caller is known but lacks the right.", {}),
        "404": ("There is nothing with this id.", {}),
        "413": ("The body is over the server's limit.", {}),
        "429": (
            "A rate limit is used up, where the operator has set one.",
            {
                "Retry-After": {"description": "Seconds to wait.", **_NUMBER},
                "RateLimit-Limit": {"description": "Requests that a window takes.", **_NUMBER},
                "RateLimit-Remaining": {"description": "Requests left in the window.", **_NUMBER},
                "RateLimit-Reset": {"description": "Seconds until the window is full again.", **_NUMBER},
            },
        ),
    }
)


def error_responses() -> JsonSchema:
    """Return the error answers by status, for `components.responses`."""
    content = {"application/json": {"schema": reference("ErrorBody")}}
    return {
        status: {"description": description, **({"headers": headers} if headers else {}), "content": content}
        for status, (description, headers) in _REFUSALS.items()
    }


def refusals(*statuses: str) -> JsonSchema:
    """Return references to error answers, for an operation's `responses`."""
    return {status: reference(status, "responses") for status in sorted({"400", "401", "429", *statuses})}
