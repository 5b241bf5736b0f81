"""The schema of one view for the validation of documents: each root field and type is made when a document names it.

Nearly all types lead to one another, so a schema that is made whole takes a second in a model of some hundred objects; and
with every change of the model there is a new one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar, cast

from graphql import GraphQLField, GraphQLNamedType, GraphQLObjectType, GraphQLSchema

from icosa.catalog.model import Catalog, Field, Object
from icosa.graphql.composites import COMPOSITES
from icosa.graphql.core_types import TYPES, core_fields
from icosa.graphql.filter_types import FILTERS
from icosa.graphql.object_types import ObjectTypes
from icosa.graphql.roots import Root
from icosa.graphql.scalars import FILE_ITEM_INPUT, FILE_OBJECT, GROUP_BY_DATE, ORDER_BY_DATE, PAGE_INFO, SCALARS
from icosa.graphql.schema import root_field
from icosa.graphql.search_types import CONNECTION, FILTER, SEARCH
from icosa.naming import capitalized

S = TypeVar("S")
T = TypeVar("T")


class LazyMap(Mapping[str, T], Generic[S, T]):
    """Values by name, each made when it is asked for.

    Args:
        there: those that are there already.
        subjects: what the others are about.
        make: makes one of them, by its name and subject.
    """

    def __init__(self, there: Mapping[str, T], subjects: Mapping[str, S], make: Callable[[str, S], T]) -> None:
        self._made = dict(there)
        self._subjects = subjects
        self._make = make

    def __getitem__(self, name: str) -> T:
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = self._make(name, self._subjects[name])
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._subjects or name in self._made

    def __iter__(self) -> Iterator[str]:
        return iter({**self._subjects, **self._made})

    def __len__(self) -> int:
        return len(self._subjects.keys() | self._made.keys())


class LazySchema(GraphQLSchema):
    """A view's schema for validation; `schema.make_schema` makes the same one whole.

    Args:
        view: what the caller may see.
        queries: the query fields of its objects.
        mutations: their mutation fields.
    """

    def __init__(self, view: Catalog, queries: Mapping[str, Root], mutations: Mapping[str, Root]) -> None:
        super().__init__(assume_valid=True)
        types = ObjectTypes(view)
        core_queries, core_mutations = core_fields(view)
        self.query_type = _root("Query", {**core_queries, "search": SEARCH}, types, queries)
        self.mutation_type = _root("Mutation", core_mutations, types, mutations)
        roots = {each.name: each for each in (self.query_type, self.mutation_type)}
        subjects = dict(_subjects(view))
        there = {name: kind for name, kind in {**_fixed_types(), **roots}.items() if name not in subjects}
        self.type_map = cast("dict[str, GraphQLNamedType]", LazyMap(there, subjects, _TypeMaker(view, types)))


def _root(
    name: str, fixed: Mapping[str, GraphQLField], types: ObjectTypes, roots: Mapping[str, Root]
) -> GraphQLObjectType:
    made = GraphQLObjectType(name, {})
    fields = LazyMap(fixed, roots, lambda _name, root: root_field(types, root))
    made.fields = cast("dict[str, GraphQLField]", fields)
    return made


OF_OBJECTS: Mapping[str, Callable[[ObjectTypes, Object], GraphQLNamedType]] = {
    "": ObjectTypes.record,
    "Connection": ObjectTypes.connection,
    "Edge": ObjectTypes.edge,
    "GroupByConnection": ObjectTypes.group,
    "CreateInput": ObjectTypes.create,
    "UpdateInput": ObjectTypes.update,
    "RelationInput": ObjectTypes.relation,
    "ConnectInput": ObjectTypes.connect,
    "WhereUniqueInput": ObjectTypes.where_unique,
    "FilterInput": ObjectTypes.filter,
    "OrderByInput": ObjectTypes.order_by,
    "GroupByInput": ObjectTypes.group_by,
    "OrderByWithGroupByInput": ObjectTypes.order_by_with_group_by,
    "OrderByWithGroupByAggregateInput": ObjectTypes.order_by_aggregate,
}
OF_FIELDS: Mapping[str, Callable[[ObjectTypes, Object, Field], GraphQLNamedType]] = {
    "Enum": ObjectTypes.enum,
    "EnumFilter": ObjectTypes.options_filter,
    "WhereInput": ObjectTypes.where_parts,
}


def _subjects(view: Catalog) -> Iterator[tuple[str, Object | Field]]:
    """Yield the names of types with the object or field that each is about."""
    for owner in view.objects:
        for suffix in OF_OBJECTS:
            yield f"{owner.type_name}{suffix}", owner
        for each in owner.fields:
            if each.type.has_options:
                yield f"{_prefix(owner, each)}Enum", each
                yield f"{_prefix(owner, each)}EnumFilter", each
        for key in owner.unique_keys:
            for each in key.fields:
                if each.is_composite:
                    yield f"{_prefix(owner, each)}WhereInput", each


def _prefix(owner: Object, each: Field) -> str:
    return f"{owner.type_name}{capitalized(each.name)}"


@dataclass(frozen=True, slots=True)
class _TypeMaker:
    view: Catalog
    types: ObjectTypes

    def __call__(self, name: str, subject: Object | Field) -> GraphQLNamedType:
        if isinstance(subject, Object):
            return OF_OBJECTS[name.removeprefix(subject.type_name)](self.types, subject)
        owner = self.view.by_id[subject.object_id]
        return OF_FIELDS[name.removeprefix(_prefix(owner, subject))](self.types, owner, subject)


@cache
def _fixed_types() -> Mapping[str, GraphQLNamedType]:
    """Return the types that are the same in every workspace, those that they lead to included."""
    composites = [
        part
        for each in COMPOSITES.values()
        for part in (each.output, each.create, each.update, each.filter, each.order_by, each.group_by)
    ]
    others = [FILE_OBJECT, FILE_ITEM_INPUT, GROUP_BY_DATE, ORDER_BY_DATE, PAGE_INFO, CONNECTION, FILTER, *TYPES]
    return GraphQLSchema(types=[*SCALARS.values(), *FILTERS.values(), *composites, *others], assume_valid=True).type_map
