"""The fixed core fields beside `search`: what they answer (`graphql-core.md` section 12).

The server has no mail accounts and no calendars, so there is nothing of them that a record's timeline could show: those
fields answer empty pages, for objects that the caller may read. Workflows are records like any other; nothing runs them,
so the fields that would are not in the schema.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from graphql import FieldNode, GraphQLField, GraphQLObjectType, get_named_type

from icosa.errors import BadInput, Forbidden
from icosa.fields.uuids import is_uuid
from icosa.files.uploads import Uploads
from icosa.graphql.core_types import CALENDAR_EVENTS, OBJECTS, TIMELINES
from icosa.graphql.reads import Request
from icosa.graphql.selections import Selections
from icosa.transport.multipart import Upload

LARGEST_PAGE = 50
UPLOAD_RIGHT = "UPLOAD_FILE"
Arguments = Mapping[str, Any]


def answer_query(
    request: Request, name: str, field: GraphQLField, nodes: Sequence[FieldNode], selections: Selections
) -> bytes:
    """Return what a core query field tells.

    Raises:
        BadInput: an argument that breaks a rule.
        Forbidden: the caller may not read records of that object.
    """
    if name not in TIMELINES:
        return b"false"
    arguments = request.variables.arguments(nodes[0])
    _check_timeline(request, name, arguments)
    kind = get_named_type(field.type)
    page: dict[str, Any] = (
        {"totalNumberOfCalendarEvents": 0, "timelineCalendarEvents": []}
        if kind is CALENDAR_EVENTS
        else {"totalNumberOfThreads": 0, "timelineThreads": []}
    )
    return orjson.dumps(_shaped(page, field, nodes, selections))


async def answer_mutation(
    request: Request,
    uploads: Uploads,
    name: str,
    field: GraphQLField,
    nodes: Sequence[FieldNode],
    selections: Selections,
) -> bytes:
    """Do what a core mutation field says and return what it tells.

    Raises:
        BadInput: an argument that breaks a rule.
        NotFound: there is no such field of an object.
        Forbidden: the caller may not.
    """
    if name != "uploadFilesFieldFile":
        return b"true"
    if not request.access.may(UPLOAD_RIGHT):
        raise Forbidden(f"The caller's role lacks the right {UPLOAD_RIGHT}", "PERMISSION_DENIED")
    arguments = request.variables.arguments(nodes[0])
    file = arguments.get("file")
    if not isinstance(file, Upload):
        raise BadInput("file: must be a file of a multipart request", "INVALID_INPUT")
    field_id = arguments.get("fieldMetadataId") or arguments.get("fieldMetadataUniversalIdentifier")
    kept = await uploads.keep(request.access.view, field_id, file.name, file.content)
    return orjson.dumps(_shaped(kept, field, nodes, selections))


def _check_timeline(request: Request, name: str, arguments: Arguments) -> None:
    singular = arguments.get("objectNameSingular")
    identifier = arguments.get("recordId")
    for each in OBJECTS:
        if name.endswith(f"From{each}Id"):
            singular, identifier = each.lower(), arguments.get(f"{each.lower()}Id")
    if singular not in request.access.full.by_singular:
        raise BadInput(f"objectNameSingular: there is no object '{str(singular)[:100]}'", "INVALID_QUERY_INPUT")
    if singular not in request.access.view.by_singular:
        raise Forbidden(f"{name}: your role may not read these records", "PERMISSION_DENIED")
    if not is_uuid(identifier):
        raise BadInput("The record's id must be a UUID", "INVALID_QUERY_INPUT")
    for key, most in (("page", None), ("pageSize", LARGEST_PAGE)):
        value = arguments.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1 or (most is not None and value > most):
            rule = "1 or more" if most is None else f"1 to {most}"
            raise BadInput(f"{key}: must be {rule}", "INVALID_QUERY_INPUT")


def _shaped(value: Mapping[str, Any], field: GraphQLField, nodes: Sequence[FieldNode], selections: Selections) -> Any:
    """Return the selected keys of an answer whose own keys hold no objects."""
    kind = get_named_type(field.type)
    told = {**value, "__typename": kind.name if isinstance(kind, GraphQLObjectType) else None}
    return {key: told.get(each[0].name.value) for key, each in selections.below(nodes).items()}
