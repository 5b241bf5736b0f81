"""The whole schema of one view, as introspection tells it: root fields over the types of its objects."""

from __future__ import annotations

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLField,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
)
from graphql.type.definition import GraphQLNullableInputType

from icosa.catalog.model import Catalog
from icosa.graphql.core_types import core_fields
from icosa.graphql.object_types import ObjectTypes
from icosa.graphql.roots import Kind, Root, mutation_roots, query_roots
from icosa.graphql.scalars import SCALARS
from icosa.graphql.search_types import SEARCH

UUID = SCALARS["UUID"]
UUIDS = GraphQLList(GraphQLNonNull(UUID))


def make_schema(view: Catalog) -> GraphQLSchema:
    """Return the schema that a caller with this view of the model sees."""
    types = ObjectTypes(view)
    queries = {name: root_field(types, root) for name, root in query_roots(view).items()}
    mutations = {name: root_field(types, root) for name, root in mutation_roots(view).items()}
    core_queries, core_mutations = core_fields(view)
    mutations.update(core_mutations)
    return GraphQLSchema(
        GraphQLObjectType("Query", {**queries, **core_queries, "search": SEARCH}),
        GraphQLObjectType("Mutation", mutations) if mutations else None,
        types=[SCALARS["BigInt"], SCALARS["BigFloat"]],
        assume_valid=True,
    )


def _required(kind: GraphQLNullableInputType) -> GraphQLArgument:
    return GraphQLArgument(GraphQLNonNull(kind))


def root_field(types: ObjectTypes, root: Root) -> GraphQLField:
    """Return a root field of an object."""
    owner = root.owner
    record = types.record(owner)
    records = GraphQLList(GraphQLNonNull(record))
    match root.kind:
        case Kind.FIND_MANY:
            return GraphQLField(types.connection(owner), types.page_arguments(owner))
        case Kind.FIND_ONE:
            return GraphQLField(record, {"filter": _required(types.filter(owner))})
        case Kind.DUPLICATES:
            data = GraphQLArgument(GraphQLList(types.create(owner)))
            pages = GraphQLList(GraphQLNonNull(types.connection(owner)))
            return GraphQLField(pages, {"ids": GraphQLArgument(GraphQLList(UUID)), "data": data})
        case Kind.GROUP_BY:
            return GraphQLField(
                GraphQLList(GraphQLNonNull(types.group(owner))),
                {
                    "groupBy": _required(GraphQLList(GraphQLNonNull(types.group_by(owner)))),
                    "filter": GraphQLArgument(types.filter(owner)),
                    "orderBy": GraphQLArgument(GraphQLList(types.order_by_with_group_by(owner))),
                    "orderByForRecords": GraphQLArgument(GraphQLList(types.order_by(owner))),
                    "viewId": GraphQLArgument(UUID),
                    "limit": GraphQLArgument(GraphQLInt),
                    "offsetForRecords": GraphQLArgument(GraphQLInt),
                },
            )
        case Kind.CREATE_ONE:
            arguments = {"data": _required(types.create(owner)), "upsert": GraphQLArgument(GraphQLBoolean)}
            return GraphQLField(record, arguments)
        case Kind.CREATE_MANY:
            many = GraphQLList(GraphQLNonNull(types.create(owner)))
            return GraphQLField(records, {"data": _required(many), "upsert": GraphQLArgument(GraphQLBoolean)})
        case Kind.UPDATE_ONE:
            return GraphQLField(record, {"id": _required(UUID), "data": _required(types.update(owner))})
        case Kind.UPDATE_MANY:
            changes = {"data": _required(types.update(owner)), "filter": _required(types.filter(owner))}
            return GraphQLField(records, changes)
        case Kind.DELETE_ONE | Kind.RESTORE_ONE | Kind.DESTROY_ONE:
            return GraphQLField(record, {"id": _required(UUID)})
        case Kind.DELETE_MANY | Kind.RESTORE_MANY | Kind.DESTROY_MANY:
            return GraphQLField(records, {"filter": _required(types.filter(owner))})
        case Kind.MERGE:
            return GraphQLField(
                record,
                {
                    "ids": _required(UUIDS),
                    "conflictPriorityIndex": _required(GraphQLInt),
                    "dryRun": GraphQLArgument(GraphQLBoolean),
                },
            )
