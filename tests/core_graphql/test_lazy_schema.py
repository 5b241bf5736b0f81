"""The schema that documents are validated against is the one that introspection tells, made piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from graphql import (
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    print_type,
)

from icosa.catalog.load import build_catalog
from icosa.catalog.model import Catalog
from icosa.fields.registry import FIELD_TYPES
from icosa.graphql.lazy_schema import LazySchema
from icosa.graphql.roots import mutation_roots, query_roots
from icosa.graphql.schema import make_schema
from icosa.modeling.indexes import unique_row
from icosa.modeling.rows import field_row
from icosa.modeling.standard import StandardModel

WORKSPACE = UUID("20202020-1c25-4d02-bf25-6aeccf7ea419")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The standard model, its companies with a field of every type and a unique one of parts."""
    model = StandardModel(WORKSPACE, legacy_fields=True)
    company = next(each["id"] for each in model.objects if each["name_singular"] == "company")
    option = {"id": str(WORKSPACE), "value": "ONE", "label": "One", "color": "blue", "position": 0}
    more = [
        field_row(company, name, f"more{number}", "More", options=[option] if kind.has_options else None)
        for number, (name, kind) in enumerate(FIELD_TYPES.items())
        if kind.can_be_created and not kind.is_relation
    ]
    unique = [unique_row(UUID(company), UUID(row["id"])) for row in more if row["type"] == "PHONES"]
    rows = [
        [{"created_at": None, "updated_at": None, **row} for row in rows]
        for rows in (model.objects, model.fields + more)
    ]
    return build_catalog(WORKSPACE, "workspace_x", 1, *rows, [*model.indexes, *unique])


def lazy_schema(catalog: Catalog) -> LazySchema:
    return LazySchema(catalog, query_roots(catalog), mutation_roots(catalog))


def leads_to(kind: GraphQLNamedType) -> Iterator[GraphQLNamedType]:
    if isinstance(kind, GraphQLObjectType | GraphQLInputObjectType):
        each: GraphQLField | GraphQLInputField
        for each in kind.fields.values():
            yield get_named_type(each.type)
            if isinstance(each, GraphQLField):
                yield from (get_named_type(argument.type) for argument in each.args.values())


def test_every_type_is_found_by_its_name_and_is_the_same(catalog: Catalog) -> None:
    whole, lazy = make_schema(catalog), lazy_schema(catalog)
    assert whole.type_map.keys() <= set(lazy.type_map)
    for name, kind in whole.type_map.items():
        assert print_type(lazy.type_map[name]) == print_type(kind)
    assert lazy.query_type is lazy.type_map["Query"]
    assert lazy.mutation_type is lazy.type_map["Mutation"]
    assert lazy.get_type("Nothing") is None
    assert "Nothing" not in lazy.type_map


def test_a_type_is_one_however_it_is_reached(catalog: Catalog) -> None:
    lazy = lazy_schema(catalog)
    for kind in [lazy.type_map[name] for name in lazy.type_map]:
        for other in leads_to(kind):
            assert lazy.type_map[other.name] is other, (kind.name, other.name)


def test_only_what_is_asked_for_is_made(catalog: Catalog) -> None:
    lazy = lazy_schema(catalog)
    assert lazy.query_type is not None
    made = lazy.query_type.fields._made  # type: ignore[attr-defined]
    before = set(made)
    assert str(lazy.query_type.fields["people"].type) == "PersonConnection"
    assert set(made) - before == {"people"}
