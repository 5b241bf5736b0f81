"""Input types of the tests in a filter: one for each type of column, with the operators that it takes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLString,
)

from icosa.fields.base import ScalarType
from icosa.fields.registry import TYPES
from icosa.graphql.scalars import FILTER_IS, SCALARS

LISTS = frozenset({"in", "containsAny"})
REFUSED = frozenset({"regex", "iregex"})
TEXTS = REFUSED | frozenset({"like", "ilike", "startsWith", "endsWith", "containsIlike", "search"})
COMPARISONS = ("eq", "neq", "gt", "gte", "lt", "lte", "in", "is")
PATTERNS = ("like", "ilike", "regex", "iregex", "startsWith", "endsWith")
ORDER = (*COMPARISONS, *PATTERNS, "containsAny", "containsIlike", "isEmptyArray", "search")


def _arguments(operators: frozenset[str], value: GraphQLInputType) -> dict[str, GraphQLInputField]:
    made: dict[str, GraphQLInputField] = {}
    for operator in ORDER:
        if operator not in operators:
            continue
        if operator == "is":
            kind: GraphQLInputType = FILTER_IS
        elif operator == "isEmptyArray":
            kind = GraphQLBoolean
        elif operator in LISTS:
            kind = GraphQLList(GraphQLNonNull(value))
        else:
            kind = GraphQLString if operator in TEXTS else value
        made[operator] = GraphQLInputField(kind)
    return made


def _make() -> Mapping[str, GraphQLInputObjectType]:
    made = {}
    for each in TYPES:
        if isinstance(each, ScalarType) and not each.has_options and each.graphql_filter not in made:
            value = SCALARS["Float" if each.graphql_filter == "FloatFilter" else each.graphql_type]
            # The type of a text's tests has two operators that are refused when they are used (section 5).
            operators = each.operators | REFUSED if each.graphql_filter == "StringFilter" else each.operators
            made[each.graphql_filter] = GraphQLInputObjectType(each.graphql_filter, _arguments(operators, value))
    number = next(each for each in TYPES if isinstance(each, ScalarType) and each.graphql_filter == "FloatFilter")
    made["IntFilter"] = GraphQLInputObjectType("IntFilter", _arguments(number.operators, GraphQLInt))
    made["BigIntFilter"] = GraphQLInputObjectType("BigIntFilter", _arguments(number.operators, SCALARS["BigInt"]))
    return MappingProxyType(made)


FILTERS = _make()
WHOLE_NUMBERS = {"Int": "IntFilter", "BigInt": "BigIntFilter"}


def filter_type(kind: ScalarType, scalar: str) -> GraphQLInputObjectType:
    """Return the filter of a column by its type and its GraphQL scalar."""
    return FILTERS[WHOLE_NUMBERS.get(scalar, kind.graphql_filter)]


def enum_filter(enum: GraphQLEnumType, kind: ScalarType) -> GraphQLInputObjectType:
    """Return the filter of a column with options."""
    return GraphQLInputObjectType(f"{enum.name}Filter", _arguments(kind.operators, enum))
