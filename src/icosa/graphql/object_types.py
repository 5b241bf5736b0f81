"""Output and input types of an object's records (`graphql-core.md` section 3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLFloat,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLString,
)
from graphql.type.definition import GraphQLNullableInputType, GraphQLNullableOutputType

from icosa.catalog.model import SYSTEM_FIELDS, Catalog, Field, Object
from icosa.fields.base import Aggregation, ScalarType
from icosa.graphql.composites import COMPOSITES
from icosa.graphql.filter_types import enum_filter, filter_type
from icosa.graphql.scalars import (
    FILE_ITEM_INPUT,
    FILE_OBJECT,
    GROUP_BY_DATE,
    ORDER_BY_DATE,
    ORDER_BY_DIRECTION,
    PAGE_INFO,
    SCALARS,
    make_enum,
)
from icosa.naming import capitalized
from icosa.plan.aggregates import field_aggregates
from icosa.plan.dimensions import GROUPABLE_SYSTEM

T = TypeVar("T")
COUNTS = frozenset(
    {
        Aggregation.COUNT_UNIQUE,
        Aggregation.COUNT_EMPTY,
        Aggregation.COUNT_NOT_EMPTY,
        Aggregation.COUNT_TRUE,
        Aggregation.COUNT_FALSE,
    }
)
InputFields = dict[str, GraphQLInputField]


class ObjectTypes:
    """The types of one view's objects, each made when something first refers to it.

    Args:
        view: what the caller may see.
    """

    def __init__(self, view: Catalog) -> None:
        self._view = view
        self._made: dict[tuple[str, int], object] = {}

    def _once(self, kind: str, subject: Object | Field, make: Callable[[], T]) -> T:
        shape = (kind, id(subject))
        found = self._made.get(shape)
        if found is None:
            # Documents are read by several threads: what the first one has made is what all go on with.
            found = self._made.setdefault(shape, make())
        return found  # type: ignore[return-value]

    def record(self, owner: Object) -> GraphQLObjectType:
        """Return the type of an object's records."""
        return self._once(
            "record",
            owner,
            lambda: GraphQLObjectType(
                owner.type_name, lambda: self._record_fields(owner), description=owner.description or None
            ),
        )

    def _record_fields(self, owner: Object) -> dict[str, GraphQLField]:
        made: dict[str, GraphQLField] = {}
        for each in owner.fields:
            about = each.description or None
            if each.relation is None:
                made[each.name] = GraphQLField(self._output(owner, each), description=about)
                continue
            target = self._view.target(each)
            if each.join_column is not None:
                made[each.join_column] = GraphQLField(SCALARS["ID"], description=about)
            if target is None:
                continue
            if each.join_column is not None:
                made[each.name] = GraphQLField(self.record(target), description=about)
            elif self._view.inverse(each) is not None:
                made[each.name] = GraphQLField(self.connection(target), self.page_arguments(target), description=about)
        return made

    def _output(self, owner: Object, each: Field) -> GraphQLOutputType:
        kind: GraphQLNullableOutputType
        if each.is_composite:
            kind = COMPOSITES[each.type.name].output
        elif each.type.holds_files:
            kind = GraphQLList(FILE_OBJECT)
        else:
            leaf = each.leaves[0]
            kind = self.enum(owner, each) if each.type.has_options or leaf.options else _scalar(each)
            if leaf.type.is_list:
                kind = GraphQLList(kind)
        return kind if each.is_nullable else GraphQLNonNull(kind)

    def enum(self, owner: Object, each: Field) -> GraphQLEnumType:
        """Return the enum of a field with options."""
        name = f"{owner.type_name}{capitalized(each.name)}Enum"
        return self._once(
            "enum",
            each,
            lambda: make_enum(name, each.leaves[0].options),
        )

    def connection(self, owner: Object) -> GraphQLObjectType:
        """Return the type of a page of records."""
        name = f"{owner.type_name}Connection"
        return self._once("connection", owner, lambda: GraphQLObjectType(name, lambda: self._connection_fields(owner)))

    def group(self, owner: Object) -> GraphQLObjectType:
        """Return the type of a group of records."""

        def fields() -> dict[str, GraphQLField]:
            values = {"groupByDimensionValues": GraphQLField(GraphQLNonNull(SCALARS["JSON"]))}
            return {**values, **self._connection_fields(owner)}

        name = f"{owner.type_name}GroupByConnection"
        return self._once("group", owner, lambda: GraphQLObjectType(name, fields))

    def _connection_fields(self, owner: Object) -> dict[str, GraphQLField]:
        return {
            "edges": GraphQLField(GraphQLNonNull(GraphQLList(GraphQLNonNull(self.edge(owner))))),
            "pageInfo": GraphQLField(GraphQLNonNull(PAGE_INFO)),
            "totalCount": GraphQLField(GraphQLInt),
            **self._once("aggregates", owner, lambda: _aggregate_fields(owner)),
        }

    def edge(self, owner: Object) -> GraphQLObjectType:
        """Return the type of a record's place in a page."""

        def fields() -> dict[str, GraphQLField]:
            return {
                "node": GraphQLField(GraphQLNonNull(self.record(owner))),
                "cursor": GraphQLField(GraphQLNonNull(SCALARS["Cursor"])),
            }

        return self._once("edge", owner, lambda: GraphQLObjectType(f"{owner.type_name}Edge", fields))

    def page_arguments(self, owner: Object) -> dict[str, GraphQLArgument]:
        """Return the arguments of a page of records."""
        return self._once(
            "page",
            owner,
            lambda: {
                "first": GraphQLArgument(GraphQLInt),
                "last": GraphQLArgument(GraphQLInt),
                "offset": GraphQLArgument(GraphQLInt),
                "before": GraphQLArgument(GraphQLString),
                "after": GraphQLArgument(GraphQLString),
                "filter": GraphQLArgument(self.filter(owner)),
                "orderBy": GraphQLArgument(GraphQLList(self.order_by(owner))),
            },
        )

    def create(self, owner: Object) -> GraphQLInputObjectType:
        """Return the input of a create."""
        return self._input("CreateInput", owner, lambda: self._write_fields(owner, creating=True))

    def update(self, owner: Object) -> GraphQLInputObjectType:
        """Return the input of an update; everything in it may be left out."""
        return self._input("UpdateInput", owner, lambda: self._write_fields(owner, creating=False))

    def _input(self, suffix: str, owner: Object, fields: Callable[[], InputFields]) -> GraphQLInputObjectType:
        return self._once(suffix, owner, lambda: GraphQLInputObjectType(f"{owner.type_name}{suffix}", fields))

    def _write_fields(self, owner: Object, *, creating: bool) -> InputFields:
        made: InputFields = {}
        for each in owner.fields:
            if each.relation is not None:
                if each.join_column is None:
                    continue
                made[each.join_column] = GraphQLInputField(SCALARS["ID"])
                target = self._view.target(each)
                if target is not None:
                    made[each.name] = GraphQLInputField(self.relation(target))
                continue
            kind = self._written(owner, each, creating=creating)
            required = (
                creating and not each.is_nullable and each.default_value is None and each.name not in SYSTEM_FIELDS
            )
            made[each.name] = GraphQLInputField(
                GraphQLNonNull(kind) if required else kind, description=each.description or None
            )
        return made

    def _written(self, owner: Object, each: Field, *, creating: bool) -> GraphQLNullableInputType:
        if each.is_composite:
            composite = COMPOSITES[each.type.name]
            return composite.create if creating else composite.update
        if each.name == "id":
            return SCALARS["ID"]
        if each.type.holds_files:
            return GraphQLList(FILE_ITEM_INPUT)
        leaf = each.leaves[0]
        kind: GraphQLNullableInputType = (
            self.enum(owner, each) if leaf.options or each.type.has_options else _scalar(each)
        )
        return GraphQLList(kind) if leaf.type.is_list else kind

    def relation(self, target: Object) -> GraphQLInputObjectType:
        """Return the input that connects a record or lets it go."""
        return self._input(
            "RelationInput",
            target,
            lambda: {
                "connect": GraphQLInputField(self.connect(target)),
                "disconnect": GraphQLInputField(GraphQLBoolean),
            },
        )

    def connect(self, target: Object) -> GraphQLInputObjectType:
        """Return the input that names a record to connect."""
        return self._input("ConnectInput", target, lambda: {"where": GraphQLInputField(self.where_unique(target))})

    def where_unique(self, target: Object) -> GraphQLInputObjectType:
        """Return the input that finds one record."""

        def fields() -> InputFields:
            made = {"id": GraphQLInputField(SCALARS["ID"])}
            for unique in target.unique_keys:
                for each in unique.fields:
                    made[each.name] = GraphQLInputField(self._unique_value(target, each))
            return made

        return self._input("WhereUniqueInput", target, fields)

    def _unique_value(self, target: Object, each: Field) -> GraphQLInputType:
        if not each.is_composite:
            return SCALARS["ID"] if each.relation is not None else self._written(target, each, creating=True)
        return self.where_parts(target, each)

    def where_parts(self, target: Object, each: Field) -> GraphQLInputObjectType:
        """Return the input that finds one record by the parts of a unique field."""
        parts = {
            leaf.path[1]: GraphQLInputField(SCALARS[leaf.type.graphql_scalar(each)])
            for leaf in each.type.unique_leaves(each)
        }
        name = f"{target.type_name}{capitalized(each.name)}WhereInput"
        return self._once("where", each, lambda: GraphQLInputObjectType(name, parts))

    def filter(self, owner: Object) -> GraphQLInputObjectType:
        """Return the input of a filter."""

        def fields() -> InputFields:
            made: InputFields = {}
            for each in owner.fields:
                if each.join_column is not None:
                    made[each.join_column] = GraphQLInputField(filter_type(each.leaves[0].type, "UUID"))
                    target = self._view.target(each)
                    if target is not None:
                        made[each.name] = GraphQLInputField(self.filter(target))
                elif each.relation is None:
                    made[each.name] = GraphQLInputField(self._test(owner, each))
            itself = self.filter(owner)
            return {
                **made,
                "and": GraphQLInputField(GraphQLList(itself)),
                "or": GraphQLInputField(GraphQLList(itself)),
                "not": GraphQLInputField(itself),
            }

        return self._input("FilterInput", owner, fields)

    def _test(self, owner: Object, each: Field) -> GraphQLInputObjectType:
        if each.is_composite:
            return COMPOSITES[each.type.name].filter
        leaf = each.leaves[0]
        if leaf.options or each.type.has_options:
            return self.options_filter(owner, each)
        return filter_type(leaf.type, leaf.type.graphql_scalar(each))

    def options_filter(self, owner: Object, each: Field) -> GraphQLInputObjectType:
        """Return the input of a test of a field with options."""
        return self._once("enum filter", each, lambda: enum_filter(self.enum(owner, each), each.leaves[0].type))

    def order_by(self, owner: Object) -> GraphQLInputObjectType:
        """Return the input of an order of records."""

        def fields() -> InputFields:
            made: InputFields = {}
            for each in owner.fields:
                if each.join_column is not None:
                    made[each.join_column] = GraphQLInputField(ORDER_BY_DIRECTION)
                    target = self._view.target(each)
                    if target is not None:
                        made[each.name] = GraphQLInputField(self.order_by(target))
                elif each.relation is None:
                    kind = COMPOSITES[each.type.name].order_by if each.is_composite else ORDER_BY_DIRECTION
                    made[each.name] = GraphQLInputField(kind)
            return made

        return self._input("OrderByInput", owner, fields)

    def group_by(self, owner: Object) -> GraphQLInputObjectType:
        """Return the input of what records are grouped by."""
        return self._input("GroupByInput", owner, lambda: self._grouped(owner, self.group_by, _group_value))

    def order_by_with_group_by(self, owner: Object) -> GraphQLInputObjectType:
        """Return the input of an order of groups."""

        def fields() -> InputFields:
            made = self._grouped(owner, self.order_by_with_group_by, _order_value)
            return {"aggregate": GraphQLInputField(self.order_by_aggregate(owner)), **made}

        return self._input("OrderByWithGroupByInput", owner, fields)

    def order_by_aggregate(self, owner: Object) -> GraphQLInputObjectType:
        """Return the input of an order of groups by what is counted of them."""

        def fields() -> InputFields:
            names = ("totalCount", *(name for each in owner.fields for name in field_aggregates(each)))
            return {name: GraphQLInputField(ORDER_BY_DIRECTION) for name in names}

        return self._input("OrderByWithGroupByAggregateInput", owner, fields)

    def _grouped(
        self,
        owner: Object,
        behind: Callable[[Object], GraphQLInputObjectType],
        value: Callable[[Field], GraphQLInputType],
    ) -> InputFields:
        made: InputFields = {}
        for each in owner.fields:
            if each.join_column is not None:
                made[each.join_column] = GraphQLInputField(value(each))
                target = self._view.target(each)
                if target is not None:
                    made[each.name] = GraphQLInputField(behind(target))
            elif each.relation is None and _is_groupable(each):
                made[each.name] = GraphQLInputField(value(each))
        return made


def _scalar(each: Field) -> GraphQLScalarType:
    kind = each.type
    return SCALARS[kind.graphql_scalar(each)] if isinstance(kind, ScalarType) else SCALARS["JSON"]


def _is_groupable(each: Field) -> bool:
    if each.name in SYSTEM_FIELDS - GROUPABLE_SYSTEM and each.name != "id":
        return False
    return any(leaf.groupable for leaf in each.leaves)


def _group_value(each: Field) -> GraphQLInputType:
    if each.is_composite:
        return COMPOSITES[each.type.name].group_by
    return GROUP_BY_DATE if each.leaves[0].type.is_dated else GraphQLBoolean


def _order_value(each: Field) -> GraphQLInputType:
    if each.is_composite:
        return COMPOSITES[each.type.name].order_by
    return ORDER_BY_DATE if each.leaves[0].type.is_dated else ORDER_BY_DIRECTION


def _aggregate_fields(owner: Object) -> dict[str, GraphQLField]:
    made = {}
    for each in owner.fields:
        for name, aggregate in field_aggregates(each).items():
            if aggregate.operation in COUNTS:
                kind = GraphQLInt
            elif each.leaves[0].type.is_dated and aggregate.operation in {Aggregation.MIN, Aggregation.MAX}:
                kind = SCALARS["DateTime"]
            else:
                kind = GraphQLFloat
            made[name] = GraphQLField(kind)
    return made
