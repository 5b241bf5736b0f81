"""Scalars and fixed types of the schema (`graphql-core.md` section 3).

They describe the API to clients and check nothing: values are checked by the field types, whose errors name the field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLString,
)

from icosa.fields.buckets import GRANULARITIES, WEEK_STARTS
from icosa.plan.conditions import DIRECTIONS

CUSTOM = {
    "UUID": "The text of a UUID.",
    "DateTime": "A moment as ISO 8601 text; it goes out in UTC with milliseconds.",
    "Date": "A calendar day, yyyy-MM-dd.",
    "BigFloat": "An exact number; it may come in as a number or as its text.",
    "BigInt": "A whole number of any size.",
    "JSON": "Any JSON value.",
    "Position": "A place in the order of records: a number, first or last.",
    "TSVector": "The text that search looks at.",
    "Cursor": "Where an edge stands in its list.",
    "ConnectionCursor": "Where a page starts or ends.",
}
SCALARS: Mapping[str, GraphQLScalarType] = MappingProxyType(
    {
        **{name: GraphQLScalarType(name, description=about) for name, about in CUSTOM.items()},
        "String": GraphQLString,
        "Int": GraphQLInt,
        "Float": GraphQLFloat,
        "Boolean": GraphQLBoolean,
        "ID": GraphQLID,
    }
)


def make_enum(name: str, values: Iterable[str]) -> GraphQLEnumType:
    """Return an enum whose values are their own names."""
    return GraphQLEnumType(name, {value: value for value in values})


ORDER_BY_DIRECTION = make_enum("OrderByDirection", DIRECTIONS)
FILTER_IS = make_enum("FilterIs", ("NULL", "NOT_NULL"))
DATE_GRANULARITY = make_enum("DateGranularityEnum", sorted(GRANULARITIES))
FIRST_DAY_OF_THE_WEEK = make_enum("FirstDayOfTheWeek", WEEK_STARTS)

PAGE_INFO = GraphQLObjectType(
    "PageInfo",
    {
        "startCursor": GraphQLField(SCALARS["ConnectionCursor"]),
        "endCursor": GraphQLField(SCALARS["ConnectionCursor"]),
        "hasNextPage": GraphQLField(GraphQLNonNull(GraphQLBoolean)),
        "hasPreviousPage": GraphQLField(GraphQLNonNull(GraphQLBoolean)),
    },
)
FILE_OBJECT = GraphQLObjectType(
    "FileObject",
    {
        "fileId": GraphQLField(GraphQLNonNull(SCALARS["UUID"])),
        "label": GraphQLField(GraphQLNonNull(GraphQLString)),
        "extension": GraphQLField(GraphQLString),
        "url": GraphQLField(GraphQLString),
    },
)
FILE_ITEM_INPUT = GraphQLInputObjectType(
    "FileItemInput",
    {
        "fileId": GraphQLInputField(GraphQLNonNull(SCALARS["UUID"])),
        "label": GraphQLInputField(GraphQLNonNull(GraphQLString)),
    },
)
GROUP_BY_DATE = GraphQLInputObjectType(
    "GroupByDateGranularityInput",
    {
        "granularity": GraphQLInputField(DATE_GRANULARITY),
        "weekStartDay": GraphQLInputField(FIRST_DAY_OF_THE_WEEK),
        "timeZone": GraphQLInputField(GraphQLString),
    },
)
ORDER_BY_DATE = GraphQLInputObjectType(
    "OrderByDateGranularityInput",
    {"orderBy": GraphQLInputField(ORDER_BY_DIRECTION), "granularity": GraphQLInputField(DATE_GRANULARITY)},
)
