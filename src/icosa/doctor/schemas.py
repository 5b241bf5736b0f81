"""The catalog held against the GraphQL schema that is made of it."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLObjectType, build_schema, is_object_type, print_schema

from icosa.catalog.model import Catalog, Object
from icosa.graphql.roots import mutation_roots, query_roots
from icosa.graphql.schema import make_schema


def schema_problems(catalog: Catalog) -> list[str]:
    """Return how the GraphQL schema differs from the catalog, a line each; nothing when they agree.

    Raises:
        TypeError, GraphQLError: the schema is none by the GraphQL specification.
    """
    schema = build_schema(print_schema(make_schema(catalog)))
    problems = [
        f"GraphQL: {name} is missing"
        for root, wanted in ((schema.query_type, query_roots(catalog)), (schema.mutation_type, mutation_roots(catalog)))
        for name in wanted
        if root is None or name not in root.fields
    ]
    for owner in catalog.objects:
        made = schema.type_map.get(owner.type_name)
        if made is None or not is_object_type(made):
            problems.append(f"GraphQL: type {owner.type_name} is missing")
        else:
            problems.extend(_differences(owner, made))
    return problems


def _differences(owner: Object, made: GraphQLObjectType) -> Iterator[str]:
    wanted = {name for each in owner.fields for name in (each.name, each.join_column) if name is not None}
    for name in sorted(wanted ^ made.fields.keys()):
        yield f"GraphQL: {owner.type_name}.{name} {'is missing' if name in wanted else 'belongs to no field'}"
