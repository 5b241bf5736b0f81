"""The root fields that each object adds (`graphql-core.md` section 2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from icosa.catalog.model import Catalog, Object


class Kind(Enum):
    """What a root field does."""

    FIND_MANY = auto()
    FIND_ONE = auto()
    DUPLICATES = auto()
    GROUP_BY = auto()
    CREATE_ONE = auto()
    CREATE_MANY = auto()
    UPDATE_ONE = auto()
    UPDATE_MANY = auto()
    DELETE_ONE = auto()
    DELETE_MANY = auto()
    RESTORE_ONE = auto()
    RESTORE_MANY = auto()
    DESTROY_ONE = auto()
    DESTROY_MANY = auto()
    MERGE = auto()


@dataclass(frozen=True, slots=True)
class Root:
    """A root field: what it does, to records of which object."""

    kind: Kind
    owner: Object


def query_roots(view: Catalog) -> dict[str, Root]:
    """Return the query fields of all objects by name."""
    return {name: root for owner in view.objects for name, root in _queries(owner)}


def mutation_roots(view: Catalog) -> dict[str, Root]:
    """Return the mutation fields of all objects by name."""
    return {name: root for owner in view.objects for name, root in _mutations(owner)}


def _queries(owner: Object) -> Iterator[tuple[str, Root]]:
    yield owner.name_plural, Root(Kind.FIND_MANY, owner)
    yield owner.name_singular, Root(Kind.FIND_ONE, owner)
    yield f"{owner.name_plural}GroupBy", Root(Kind.GROUP_BY, owner)
    if owner.duplicate_criteria:
        yield f"{owner.name_singular}Duplicates", Root(Kind.DUPLICATES, owner)


ONE_AND_MANY = {
    "create": (Kind.CREATE_ONE, Kind.CREATE_MANY),
    "update": (Kind.UPDATE_ONE, Kind.UPDATE_MANY),
    "delete": (Kind.DELETE_ONE, Kind.DELETE_MANY),
    "restore": (Kind.RESTORE_ONE, Kind.RESTORE_MANY),
    "destroy": (Kind.DESTROY_ONE, Kind.DESTROY_MANY),
}


def _mutations(owner: Object) -> Iterator[tuple[str, Root]]:
    for verb, (one, many) in ONE_AND_MANY.items():
        yield f"{verb}{owner.type_name}", Root(one, owner)
        yield f"{verb}{owner.plural_type_name}", Root(many, owner)
    if owner.duplicate_criteria:
        yield f"merge{owner.plural_type_name}", Root(Kind.MERGE, owner)
