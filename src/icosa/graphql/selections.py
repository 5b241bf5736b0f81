"""Selection sets as what a plan tells of records and pages (`graphql-core.md` sections 8 and 10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from graphql import DirectiveNode, FieldNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode

from icosa.catalog.model import Catalog, Field, Object
from icosa.errors import BadInput, Forbidden
from icosa.graphql.arguments import read_filter, read_order, read_page, relation_keys
from icosa.graphql.budget import Budget, Place
from icosa.graphql.composites import COMPOSITES
from icosa.graphql.documents import Document
from icosa.graphql.scalars import FILE_OBJECT
from icosa.graphql.variables import MISSING, Variables
from icosa.plan.aggregates import aggregates_of
from icosa.plan.groups import DimensionValues, GroupPart
from icosa.plan.reads import (
    Constant,
    Content,
    EdgeCursor,
    Edges,
    Items,
    JoinId,
    Many,
    One,
    Page,
    PageInfo,
    Parts,
    Read,
    Record,
    Shape,
    ShapePart,
    Source,
    TotalCount,
    Value,
)
from icosa.plan.values import Values

NULL = Constant("null")
RELATED = 60
RELATED_IN_GROUPS = 5
PAGE_INFO = frozenset({"startCursor", "endCursor", "hasNextPage", "hasPreviousPage"})
Selected = dict[str, list[FieldNode]]


class Selections:
    """Reads the selections below one root field.

    Args:
        view: what the caller may see.
        full: the whole model, to tell what is hidden from what does not exist.
        document: holds the fragments.
        variables: of the operation.
        budget: of the root field.
        values: takes the values of nested arguments.
        related: how many records a nested one-to-many relation shows unless told.
    """

    def __init__(
        self,
        view: Catalog,
        full: Catalog,
        document: Document,
        variables: Variables,
        budget: Budget,
        values: Values,
        related: int = RELATED,
    ) -> None:
        self._view = view
        self._full = full
        self._document = document
        self._variables = variables
        self._budget = budget
        self._values = values
        self._related = related

    def record(self, owner: Object, nodes: Sequence[FieldNode], place: Place) -> Record:
        """Return what is told of an object's records.

        Raises:
            BadInput: an argument that breaks a rule, too many relations.
            Forbidden: a field that the caller may not read.
        """
        selected = self.below(nodes)
        shown = {each[0].name.value for each in selected.values()}
        entries = tuple((key, self._field(owner, each, shown, place)) for key, each in selected.items())
        return Record(owner, entries)

    def _field(self, owner: Object, nodes: list[FieldNode], shown: set[str], place: Place) -> Content:
        name = nodes[0].name.value
        if name == "__typename":
            return type_name(owner.type_name)
        joined = owner.field_by_join_column.get(name)
        if joined is not None:
            return JoinId(joined) if joined.name in shown and self._view.target(joined) else Value(joined.leaves[0])
        field = owner.field_by_name.get(name)
        if field is None:
            self._refuse_hidden(owner, name)
            return NULL
        if field.relation is not None:
            return self._relation(owner, field, nodes, place)
        if field.is_composite:
            return self._composite(field, nodes)
        if field.type.holds_files:
            return self._files(field, nodes)
        return Value(field.leaves[0])

    def _files(self, field: Field, nodes: list[FieldNode]) -> Content:
        entries = [(key, each[0].name.value) for key, each in self.below(nodes).items()]
        told = {"__typename": f'"{FILE_OBJECT.name}"'}
        parts = ((key, name if name in FILE_OBJECT.fields else told.get(name, "null")) for key, name in entries)
        return Items(field.leaves[0], tuple(parts))

    def _refuse_hidden(self, owner: Object, name: str) -> None:
        whole = self._full.by_id[owner.id]
        if name in whole.field_by_name or name in whole.field_by_join_column:
            raise Forbidden(f"{name}: your role may not read this field", "PERMISSION_DENIED")

    def _relation(self, owner: Object, field: Field, nodes: list[FieldNode], place: Place) -> Content:
        target = self._view.target(field)
        if target is None or (self._view.inverse(field) is None and field.join_column is None):
            raise Forbidden(f"{field.name}: your role may not read these records", "PERMISSION_DENIED")
        if field.join_column is not None:
            behind = place.to_one()
            self._budget.spend(behind)
            return One(field, self.record(target, nodes, behind))
        arguments = self._variables.arguments(nodes[0])
        source, page = self.source_and_page(target, nodes, arguments, self._related)
        behind = place.to_many(page.limit)
        self._budget.spend(behind)
        return Many(field, Read(source, page, self.connection(target, nodes, behind)))

    def source_and_page(
        self, owner: Object, nodes: Sequence[FieldNode], arguments: Mapping[str, Any], default: int
    ) -> tuple[Source, Page]:
        """Return which records a connection is about and which page of them.

        What the selection does not look at has no place in the statement, and so neither have its values: a connection of
        which only counts are asked has no page, one of which only the type is asked has no filter.

        Raises:
            BadInput: an argument that breaks a rule, even where nothing looks at it.
        """
        names = {each[0].name.value for each in self.below(nodes).values()}
        shown = not names.isdisjoint({"edges", "pageInfo"})
        counted = "totalCount" in names or not names.isdisjoint(aggregates_of(owner))
        order = read_order(self._view, owner, arguments.get("orderBy"))
        self._budget.spend_keys(relation_keys(order))
        wanted = self._values if shown or counted else Values()
        condition = read_filter(self._view, owner, arguments.get("filter"), wanted)
        page = read_page(arguments, order, default, self._values if shown else Values())
        return Source(owner, condition, order if shown else ()), page if shown else Page(page.limit)

    def _composite(self, field: Field, nodes: list[FieldNode]) -> Content:
        leaves = {leaf.path[1]: leaf for leaf in field.leaves}
        entries: list[tuple[str, Value | Constant]] = []
        for key, each in self.below(nodes).items():
            name = each[0].name.value
            if name == "__typename":
                entries.append((key, type_name(COMPOSITES[field.type.name].output.name)))
            else:
                entries.append((key, Value(leaves[name]) if name in leaves else NULL))
        return Parts(tuple(entries))

    def connection(self, owner: Object, nodes: Sequence[FieldNode], place: Place) -> Shape:
        """Return the form of a page of records; see `record`."""
        return Shape(
            tuple((key, self._part(owner, each, place, "Connection")) for key, each in self.below(nodes).items())
        )

    def _part(self, owner: Object, nodes: list[FieldNode], place: Place, suffix: str) -> ShapePart:
        name = nodes[0].name.value
        match name:
            case "__typename":
                return type_name(f"{owner.type_name}{suffix}")
            case "edges":
                return Edges(tuple((key, self._edge(owner, each, place)) for key, each in self.below(nodes).items()))
            case "pageInfo":
                return PageInfo(tuple((key, _page_info(each[0].name.value)) for key, each in self.below(nodes).items()))
            case "totalCount":
                return TotalCount()
            case _:
                return aggregates_of(owner).get(name, NULL)

    def _edge(self, owner: Object, nodes: list[FieldNode], place: Place) -> Record | EdgeCursor | Constant:
        match nodes[0].name.value:
            case "node":
                return self.record(owner, nodes, place)
            case "cursor":
                return EdgeCursor()
            case "__typename":
                return type_name(f"{owner.type_name}Edge")
            case _:
                return NULL

    def group(self, owner: Object, nodes: Sequence[FieldNode]) -> tuple[tuple[str, GroupPart], ...]:
        """Return what is told of each group of records; see `record`."""
        return tuple((key, self._group_part(owner, each)) for key, each in self.below(nodes).items())

    def _group_part(self, owner: Object, nodes: list[FieldNode]) -> GroupPart:
        if nodes[0].name.value == "groupByDimensionValues":
            return DimensionValues()
        part = self._part(owner, nodes, Place(), "GroupByConnection")
        if isinstance(part, Shape):
            raise TypeError(part)
        return part

    def below(self, nodes: Iterable[FieldNode]) -> Selected:
        """Return the fields selected below some nodes by response key, fragments and directives resolved.

        Raises:
            BadInput: a directive whose condition is no boolean.
        """
        selected: Selected = {}
        for node in nodes:
            if node.selection_set is not None:
                self.collect(node.selection_set, selected, set())
        return selected

    def collect(self, chosen: SelectionSetNode, selected: Selected, spread: set[str]) -> None:
        """Add a selection set's fields by response key (GraphQL specification, "CollectFields")."""
        for each in chosen.selections:
            if not self._is_included(each.directives or ()):
                continue
            match each:
                case FieldNode():
                    selected.setdefault((each.alias or each.name).value, []).append(each)
                case InlineFragmentNode():
                    self.collect(each.selection_set, selected, spread)
                case FragmentSpreadNode():
                    name = each.name.value
                    if name not in spread:
                        spread.add(name)
                        self.collect(self._document.fragments[name].selection_set, selected, spread)

    def _is_included(self, directives: Iterable[DirectiveNode]) -> bool:
        for each in directives:
            if each.name.value not in {"skip", "include"}:
                continue
            condition = next((self._variables.value(one.value) for one in each.arguments or ()), MISSING)
            if not isinstance(condition, bool):
                raise BadInput(f"@{each.name.value}: 'if' must be true or false", "INVALID_QUERY_INPUT")
            if condition is (each.name.value == "skip"):
                return False
        return True


def type_name(name: str) -> Constant:
    """Return the content of `__typename`."""
    return Constant(orjson.dumps(name).decode())


def _page_info(name: str) -> str | Constant:
    if name == "__typename":
        return type_name("PageInfo")
    return name if name in PAGE_INFO else NULL
