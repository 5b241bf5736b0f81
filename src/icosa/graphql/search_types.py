"""The root field `search` and its types (`graphql-core.md` section 12)."""

from __future__ import annotations

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLField,
    GraphQLFloat,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLString,
)

from icosa.graphql.filter_types import FILTERS
from icosa.graphql.scalars import SCALARS


def _filter_fields() -> dict[str, GraphQLInputField]:
    return {
        "id": GraphQLInputField(FILTERS["UUIDFilter"]),
        "createdAt": GraphQLInputField(FILTERS["DateTimeFilter"]),
        "updatedAt": GraphQLInputField(FILTERS["DateTimeFilter"]),
        "deletedAt": GraphQLInputField(FILTERS["DateTimeFilter"]),
        "and": GraphQLInputField(GraphQLList(GraphQLNonNull(FILTER))),
        "or": GraphQLInputField(GraphQLList(GraphQLNonNull(FILTER))),
        "not": GraphQLInputField(FILTER),
    }


FILTER = GraphQLInputObjectType("ObjectRecordFilterInput", _filter_fields)
RECORD = GraphQLObjectType(
    "SearchRecord",
    {
        "recordId": GraphQLField(GraphQLNonNull(SCALARS["UUID"])),
        "objectNameSingular": GraphQLField(GraphQLNonNull(GraphQLString)),
        "objectLabelSingular": GraphQLField(GraphQLNonNull(GraphQLString)),
        "label": GraphQLField(GraphQLNonNull(GraphQLString)),
        "imageUrl": GraphQLField(GraphQLString),
        "tsRankCD": GraphQLField(GraphQLNonNull(GraphQLFloat)),
        "tsRank": GraphQLField(GraphQLNonNull(GraphQLFloat)),
    },
)
EDGE = GraphQLObjectType(
    "SearchResultEdge",
    {"node": GraphQLField(GraphQLNonNull(RECORD)), "cursor": GraphQLField(GraphQLNonNull(GraphQLString))},
)
PAGE_INFO = GraphQLObjectType(
    "SearchResultPageInfo",
    {"endCursor": GraphQLField(GraphQLString), "hasNextPage": GraphQLField(GraphQLNonNull(GraphQLBoolean))},
)
CONNECTION = GraphQLObjectType(
    "SearchResultConnection",
    {
        "edges": GraphQLField(GraphQLNonNull(GraphQLList(GraphQLNonNull(EDGE)))),
        "pageInfo": GraphQLField(GraphQLNonNull(PAGE_INFO)),
    },
)
NAMES = GraphQLArgument(GraphQLList(GraphQLNonNull(GraphQLString)))
SEARCH = GraphQLField(
    GraphQLNonNull(CONNECTION),
    {
        "searchInput": GraphQLArgument(GraphQLNonNull(GraphQLString)),
        "limit": GraphQLArgument(GraphQLNonNull(GraphQLInt)),
        "after": GraphQLArgument(GraphQLString),
        "includedObjectNameSingulars": NAMES,
        "excludedObjectNameSingulars": NAMES,
        "filter": GraphQLArgument(FILTER),
    },
)
