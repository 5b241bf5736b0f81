"""The schema of one view for the validation of documents: each root field and type is made when a document names it.

Nearly all types lead to one another, so a schema that is made whole takes a second in a model of some hundred objects; and
with every change of the model there is a new one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Generic, TypeVar, cast

from graphql import GraphQLField, GraphQLNamedType, GraphQLObjectType, GraphQLSchema

from icosa.catalog.model import Catalog, Object
from icosa.graphql.composites import COMPOSITES
from icosa.graphql.core_types import TYPES, core_fields
from icosa.graphql.filter_types import FILTERS
from icosa.graphql.object_types import ObjectTypes
from icosa.graphql.roots import Root, mutation_roots, query_roots
from icosa.graphql.scalars import FILE_ITEM_INPUT, FILE_OBJECT, GROUP_BY_DATE, ORDER_BY_DATE, PAGE_INFO, SCALARS
from icosa.graphql.schema import root_field
from icosa.graphql.search_types import CONNECTION, FILTER, SEARCH
from icosa.naming import capitalized

T = TypeVar("T")
NamedTypes = Mapping[str, GraphQLNamedType]


class LazyMap(Mapping[str, T], Generic[T]):
    """Values by name, each made when it is asked for.

    Args:
        there: those that are there already.
        makers: make the others.
    """

    def __init__(self, there: Mapping[str, T], makers: Mapping[str, Callable[[], T]]) -> None:
        self._names = dict.fromkeys((*makers, *there))
        self._made = dict(there)
        self._makers = makers

    def __getitem__(self, name: str) -> T:
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = self._makers[name]()
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class LazySchema(GraphQLSchema):
    """A view's schema for validation; `schema.make_schema` makes the same one whole.

    Args:
        view: what the caller may see.
    """

    def __init__(self, view: Catalog) -> None:
        super().__init__(assume_valid=True)
        types = ObjectTypes(view)
        queries, mutations = core_fields(view)
        self.query_type = _root("Query", {**queries, "search": SEARCH}, types, query_roots(view))
        self.mutation_type = _root("Mutation", mutations, types, mutation_roots(view))
        roots = {each.name: each for each in (self.query_type, self.mutation_type)}
        makers = {name: make for owner in view.objects for name, make in _makers(types, owner)}
        there = {name: kind for name, kind in {**_fixed_types(), **roots}.items() if name not in makers}
        self.type_map = cast("dict[str, GraphQLNamedType]", LazyMap(there, makers))


def _root(
    name: str, fixed: Mapping[str, GraphQLField], types: ObjectTypes, roots: Mapping[str, Root]
) -> GraphQLObjectType:
    made = GraphQLObjectType(name, {})
    makers = {name: partial(root_field, types, root) for name, root in roots.items()}
    made.fields = cast("dict[str, GraphQLField]", LazyMap(fixed, makers))
    return made


def _makers(types: ObjectTypes, owner: Object) -> Iterator[tuple[str, Callable[[], GraphQLNamedType]]]:
    name = owner.type_name
    yield name, partial(types.record, owner)
    yield f"{name}Connection", partial(types.connection, owner)
    yield f"{name}Edge", partial(types.edge, owner)
    yield f"{name}GroupByConnection", partial(types.group, owner)
    yield f"{name}CreateInput", partial(types.create, owner)
    yield f"{name}UpdateInput", partial(types.update, owner)
    yield f"{name}RelationInput", partial(types.relation, owner)
    yield f"{name}ConnectInput", partial(types.connect, owner)
    yield f"{name}WhereUniqueInput", partial(types.where_unique, owner)
    yield f"{name}FilterInput", partial(types.filter, owner)
    yield f"{name}OrderByInput", partial(types.order_by, owner)
    yield f"{name}GroupByInput", partial(types.group_by, owner)
    yield f"{name}OrderByWithGroupByInput", partial(types.order_by_with_group_by, owner)
    yield f"{name}OrderByWithGroupByAggregateInput", partial(types.order_by_aggregate, owner)
    for each in owner.fields:
        if each.type.has_options:
            enum = f"{name}{capitalized(each.name)}Enum"
            yield enum, partial(types.enum, owner, each)
            yield f"{enum}Filter", partial(types.options_filter, owner, each)
    for key in owner.unique_keys:
        for each in key.fields:
            if each.is_composite:
                yield f"{name}{capitalized(each.name)}WhereInput", partial(types.where_parts, owner, each)


@cache
def _fixed_types() -> NamedTypes:
    """Return the types that are the same in every workspace, those that they lead to included."""
    composites = [
        part
        for each in COMPOSITES.values()
        for part in (each.output, each.create, each.update, each.filter, each.order_by, each.group_by)
    ]
    others = [FILE_OBJECT, FILE_ITEM_INPUT, GROUP_BY_DATE, ORDER_BY_DATE, PAGE_INFO, CONNECTION, FILTER, *TYPES]
    return GraphQLSchema(types=[*SCALARS.values(), *FILTERS.values(), *composites, *others], assume_valid=True).type_map
