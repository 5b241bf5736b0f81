"""Query fields as read plans (`graphql-core.md` sections 2, 5 to 10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from graphql import FieldNode

from icosa.catalog.model import Object
from icosa.errors import BadInput
from icosa.fields.uuids import is_uuid
from icosa.graphql.arguments import (
    read_filter,
    read_order,
    relation_keys,
    whole_number,
)
from icosa.graphql.budget import Budget, Place
from icosa.graphql.documents import Document
from icosa.graphql.roots import Kind, Root
from icosa.graphql.selections import RELATED, RELATED_IN_GROUPS, Selections
from icosa.graphql.variables import Variables
from icosa.plan.dimensions import DimensionReader
from icosa.plan.filters import And, Filter, asked_id
from icosa.plan.groups import GroupBy
from icosa.plan.reads import Edges, Page, Read, ReadOne, Source
from icosa.plan.values import Values
from icosa.records.access import Access
from icosa.records.resemblance import MOST_DUPLICATES, plan_duplicates
from icosa.records.service import ReadPlan

DEFAULT_PAGE = 200
DEFAULT_GROUPS = 50
RECORDS_OF_A_GROUP = 10
DUPLICATES_PARAMETERS = 1


@dataclass(frozen=True, slots=True)
class OfView:
    """What a view filters by, and the values that it has put down so far."""

    condition: Filter | None
    values: Values


@dataclass(frozen=True, slots=True)
class Request:
    """What a root field is planned with.

    Attributes:
        access: the caller's.
        document: holds the fragments.
        variables: of the operation.
        complexity: `COMMON_QUERY_COMPLEXITY_LIMIT`.
    """

    access: Access
    document: Document
    variables: Variables
    complexity: int

    def selections(self, budget: Budget, values: Values, related: int = RELATED) -> Selections:
        """Return the reader of the selections below a root field."""
        return Selections(self.access.view, self.access.full, self.document, self.variables, budget, values, related)


def view_asked(request: Request, root: Root, nodes: Sequence[FieldNode]) -> UUID | None:
    """Return the view whose filters a groupBy adds to its own, None when it names none.

    Raises:
        BadInput: it is no UUID.
    """
    if root.kind is not Kind.GROUP_BY:
        return None
    view_id = request.variables.arguments(nodes[0]).get("viewId")
    if view_id is None:
        return None
    if not is_uuid(view_id):
        raise BadInput("viewId: must be a UUID", "INVALID_QUERY_INPUT")
    return UUID(view_id)


def plan_read(
    request: Request, root: Root, nodes: Sequence[FieldNode], of_view: OfView | None = None
) -> tuple[ReadPlan, Values]:
    """Return the plan of a query field and its values.

    `of_view` is what the view that a groupBy names filters by.

    Raises:
        BadInput: an argument that breaks a rule, a query that is too complex.
        Forbidden: something that the caller may not read.
    """
    arguments = request.variables.arguments(nodes[0])
    match root.kind:
        case Kind.FIND_MANY:
            return _find_many(request, root.owner, nodes, arguments)
        case Kind.FIND_ONE:
            return _find_one(request, root.owner, nodes, arguments)
        case Kind.GROUP_BY:
            return _group_by(request, root.owner, nodes, arguments, of_view)
        case Kind.DUPLICATES:
            return _duplicates(request, root.owner, nodes, arguments)
        case _:
            raise TypeError(root.kind)


def _find_many(
    request: Request, owner: Object, nodes: Sequence[FieldNode], arguments: Mapping[str, Any]
) -> tuple[Read, Values]:
    values = Values()
    selections = request.selections(Budget(request.complexity), values)
    source, page = selections.source_and_page(owner, nodes, arguments, DEFAULT_PAGE)
    return Read(source, page, selections.connection(owner, nodes, Place())), values


def _find_one(
    request: Request, owner: Object, nodes: Sequence[FieldNode], arguments: Mapping[str, Any]
) -> tuple[ReadOne, Values]:
    values = Values()
    condition = read_filter(request.access.view, owner, arguments.get("filter"), values)
    if condition is None:
        raise BadInput("filter: at least one test is required", "INVALID_QUERY_INPUT")
    record = request.selections(Budget(request.complexity), values).record(owner, nodes, Place())
    identifier = asked_id(condition)
    source = Source(owner, condition if identifier is None else None)
    return ReadOne(source, identifier, record), values


def _group_by(
    request: Request,
    owner: Object,
    nodes: Sequence[FieldNode],
    arguments: Mapping[str, Any],
    of_view: OfView | None,
) -> tuple[GroupBy, Values]:
    added, values = (None, Values()) if of_view is None else (of_view.condition, of_view.values)
    budget, view = Budget(request.complexity), request.access.view
    limit = whole_number(arguments, "limit") or 0
    groups = limit if limit > 0 else DEFAULT_GROUPS
    offset = whole_number(arguments, "offsetForRecords") or 0
    if offset < 0:
        raise BadInput("offsetForRecords: must be 0 or more", "INVALID_QUERY_INPUT")
    reader = DimensionReader(view, owner, values)
    dimensions = reader.dimensions(arguments.get("groupBy"))
    ordering = reader.order(arguments.get("orderBy") or [], dimensions)
    records_order = read_order(view, owner, arguments.get("orderByForRecords"))
    budget.spend_keys(relation_keys(records_order))
    condition = read_filter(view, owner, arguments.get("filter"), values)
    if added is not None:
        condition = added if condition is None else And((condition, added))
    selections = request.selections(budget, values, RELATED_IN_GROUPS)
    entries = selections.group(owner, nodes)
    if any(isinstance(part, Edges) for _, part in entries):
        budget.multiply(groups)
    source = Source(owner, condition, records_order)
    return GroupBy(source, dimensions, ordering, groups, entries, RECORDS_OF_A_GROUP, offset), values


def _duplicates(
    request: Request, owner: Object, nodes: Sequence[FieldNode], arguments: Mapping[str, Any]
) -> tuple[ReadPlan, Values]:
    values = Values(DUPLICATES_PARAMETERS)
    selections = request.selections(Budget(request.complexity), values)
    shape = selections.connection(owner, nodes, Place())
    read = Read(Source(owner), Page(MOST_DUPLICATES), shape)
    given = {name: _listed(arguments.get(name)) for name in ("data", "ids")}
    plan, subjects = plan_duplicates(request.access, read, given["data"], given["ids"], prefix="[", suffix="]")
    values[0] = subjects
    return plan, values


def _listed(value: Any) -> Any:
    return value if value is None or isinstance(value, list) else [value]
