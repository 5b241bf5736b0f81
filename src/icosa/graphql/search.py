"""The root field `search` as a plan (`graphql-core.md` section 12)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from graphql import FieldNode

from icosa.catalog.model import Catalog, Object
from icosa.errors import BadInput
from icosa.fields.base import Leaf
from icosa.fields.uuids import is_uuid
from icosa.graphql.arguments import read_filter, text, whole_number
from icosa.graphql.budget import Budget
from icosa.graphql.reads import Request
from icosa.graphql.search_types import CONNECTION, EDGE, PAGE_INFO, RECORD
from icosa.graphql.selections import Selections, type_name
from icosa.plan.reads import Constant, Source
from icosa.plan.search import (
    FoundCursor,
    FoundEdges,
    FoundNode,
    FoundPageInfo,
    Search,
    SearchCursor,
    Searched,
    Told,
)
from icosa.plan.values import Values

MOST = 100
FIRST = ("person", "company", "opportunity", "note", "task")
NEVER = frozenset({"message", "calendarEvent"})
FILTERED = frozenset({"id", "createdAt", "updatedAt", "deletedAt", "and", "or", "not"})
CODE = "INVALID_QUERY_INPUT"


def plan_search(request: Request, nodes: Sequence[FieldNode]) -> tuple[Search, Values]:
    """Return the plan of a search and its values.

    Raises:
        BadInput: an argument that breaks a rule.
    """
    arguments = request.variables.arguments(nodes[0])
    values = Values()
    limit = whole_number(arguments, "limit")
    if limit is None or not 0 <= limit <= MOST:
        raise BadInput(f"limit: must be a whole number from 0 to {MOST}", CODE)
    asked = text(arguments, "searchInput") or ""
    if "\x00" in asked:
        raise BadInput("searchInput: must not hold a NUL character", CODE)
    objects = tuple(_searched(request.access.view, arguments, values))
    # A statement over nothing has no use for any value.
    cursor = _cursor(arguments, objects, values) if objects else None
    position = values.add(asked) if asked.strip() and objects else None
    shape = _shape(request.selections(Budget(request.complexity), Values()), nodes)
    return Search(objects, position, limit, cursor, shape), values


def _searched(view: Catalog, arguments: Mapping[str, Any], values: Values) -> Iterator[Searched]:
    included, excluded = (
        _names(arguments, "includedObjectNameSingulars"),
        _names(arguments, "excludedObjectNameSingulars"),
    )
    condition = arguments.get("filter")
    _check_filter(condition)
    for owner in sorted(view.objects, key=_place):
        chosen = owner.name_singular in included if included else owner.is_searchable
        vector = owner.leaf_by_path.get(("searchVector",))
        if not chosen or not owner.is_active or owner.name_singular in {*excluded, *NEVER} or vector is None:
            continue
        source = Source(owner, read_filter(view, owner, condition, values))
        yield Searched(source, _label(owner), _image(owner), vector)


def _place(owner: Object) -> tuple[int, str]:
    name = owner.name_singular
    return (FIRST.index(name) if name in FIRST else len(FIRST), name)


def _label(owner: Object) -> tuple[Leaf, ...]:
    found = next((each for each in owner.fields if each.id == owner.label_identifier_field_id), None)
    if found is None:
        return ()
    return found.leaves if found.type.can_be_label else found.leaves[:1]


def _image(owner: Object) -> Leaf | None:
    found = next((each for each in owner.fields if each.id == owner.image_identifier_field_id), None)
    return found.leaves[0] if found is not None and found.type.tells_image else None


def _names(arguments: Mapping[str, Any], name: str) -> list[str]:
    value = arguments.get(name)
    listed = [value] if isinstance(value, str) else value
    if listed is None:
        return []
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise BadInput(f"{name}: must be a list of object names", CODE)
    return listed


def _check_filter(condition: Any) -> None:
    pending = [condition]
    while pending:
        item = pending.pop()
        if isinstance(item, list):
            pending.extend(item)
        elif isinstance(item, dict):
            for name, inner in item.items():
                if name not in FILTERED:
                    known = ", ".join(sorted(FILTERED))
                    raise BadInput(f"filter.{name}: a search is filtered by {known} only", "INVALID_ARGS_FILTER")
                if name in {"and", "or", "not"}:
                    pending.append(inner)


def _cursor(arguments: Mapping[str, Any], objects: tuple[Searched, ...], values: Values) -> SearchCursor | None:
    sent = text(arguments, "after")
    if not sent:
        return None
    places = {each.source.object.name_singular: place for place, each in enumerate(objects)}
    try:
        document = orjson.loads(base64.b64decode(sent, validate=True))
        ranks, last = document["lastRanks"], document["lastRecordIdsPerObject"]
        (name, identifier), *_ = last.items()
        all_rank, any_rank = float(ranks["tsRankCD"]), float(ranks["tsRank"])
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        raise BadInput("The cursor is not one that this server has made", "INVALID_CURSOR") from None
    if name not in places or not is_uuid(identifier):
        raise BadInput("The cursor was made by a search over other objects", "INVALID_CURSOR")
    return SearchCursor(values.add(all_rank), values.add(any_rank), places[name], values.add(UUID(identifier)))


def _shape(
    selections: Selections, nodes: Sequence[FieldNode]
) -> tuple[tuple[str, FoundEdges | FoundPageInfo | Constant], ...]:
    made: list[tuple[str, FoundEdges | FoundPageInfo | Constant]] = []
    for key, each in selections.below(nodes).items():
        match each[0].name.value:
            case "edges":
                made.append((key, FoundEdges(tuple(_edge(selections, each)))))
            case "pageInfo":
                made.append((key, FoundPageInfo(tuple(_page_info(selections, each)))))
            case name:
                made.append((key, _constant(name, CONNECTION.name)))
    return tuple(made)


def _edge(
    selections: Selections, nodes: Sequence[FieldNode]
) -> Iterator[tuple[str, FoundNode | FoundCursor | Constant]]:
    for key, each in selections.below(nodes).items():
        match each[0].name.value:
            case "node":
                yield key, FoundNode(tuple(_node(selections, each)))
            case "cursor":
                yield key, FoundCursor()
            case name:
                yield key, _constant(name, EDGE.name)


TOLD = {each.value: each for each in Told}


def _node(selections: Selections, nodes: Sequence[FieldNode]) -> Iterator[tuple[str, Told | Constant]]:
    for key, each in selections.below(nodes).items():
        name = each[0].name.value
        yield key, TOLD[name] if name in TOLD else _constant(name, RECORD.name)


def _page_info(selections: Selections, nodes: Sequence[FieldNode]) -> Iterator[tuple[str, str | Constant]]:
    for key, each in selections.below(nodes).items():
        name = each[0].name.value
        yield key, name if name in PAGE_INFO.fields else _constant(name, PAGE_INFO.name)


def _constant(name: str, owner: str) -> Constant:
    return type_name(owner) if name == "__typename" else Constant("null")
