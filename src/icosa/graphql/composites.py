"""Output and input types of the composite fields; they are the same in every workspace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from graphql import (
    GraphQLBoolean,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLNonNull,
    GraphQLObjectType,
)

from icosa.fields.composite import CompositeType, Part
from icosa.fields.registry import TYPES
from icosa.fields.spec import FieldSpec
from icosa.graphql.filter_types import enum_filter, filter_type
from icosa.graphql.scalars import ORDER_BY_DIRECTION, SCALARS, make_enum
from icosa.naming import capitalized

ANY_FIELD = FieldSpec("any")
REQUIRED = frozenset({("Actor", "source"), ("Actor", "name")})


@dataclass(frozen=True, slots=True)
class Composite:
    """The types of one composite."""

    output: GraphQLObjectType
    create: GraphQLInputObjectType
    update: GraphQLInputObjectType
    filter: GraphQLInputObjectType
    order_by: GraphQLInputObjectType
    group_by: GraphQLInputObjectType


def _composite(kind: CompositeType) -> Composite:
    name = kind.graphql_name
    enums = {
        part.name: make_enum(f"{name}{capitalized(part.name)}Enum", part.options) for part in kind.parts if part.options
    }

    def value(part: Part) -> GraphQLInputType:
        return enums[part.name] if part.options else SCALARS[part.type.graphql_scalar(ANY_FIELD)]

    def test(part: Part) -> GraphQLInputType:
        if part.options:
            return enum_filter(enums[part.name], part.type)
        return filter_type(part.type, part.type.graphql_scalar(ANY_FIELD))

    def inputs(suffix: str, made: Callable[[Part], GraphQLInputType], parts: list[Part]) -> GraphQLInputObjectType:
        return GraphQLInputObjectType(f"{name}{suffix}", {part.name: GraphQLInputField(made(part)) for part in parts})

    parts = list(kind.parts)
    written = [part for part in parts if part.in_input]
    output = {
        part.name: GraphQLField(
            GraphQLNonNull(enums.get(part.name) or SCALARS[part.type.graphql_scalar(ANY_FIELD)])
            if (name, part.name) in REQUIRED
            else enums.get(part.name) or SCALARS[part.type.graphql_scalar(ANY_FIELD)]
        )
        for part in parts
    }
    return Composite(
        output=GraphQLObjectType(name, output),
        create=inputs("CreateInput", value, written),
        update=inputs("UpdateInput", value, written),
        filter=inputs("FilterInput", test, parts),
        order_by=inputs("OrderByInput", lambda _: ORDER_BY_DIRECTION, parts),
        group_by=inputs("GroupByInput", lambda _: GraphQLBoolean, [part for part in parts if part.type.groupable]),
    )


COMPOSITES: Mapping[str, Composite] = MappingProxyType(
    {each.name: _composite(each) for each in TYPES if isinstance(each, CompositeType)}
)
