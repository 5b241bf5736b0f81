"""Conditions on records."""

from __future__ import annotations

from dataclasses import dataclass

from icosa.catalog.model import Field
from icosa.fields.base import Leaf


@dataclass(frozen=True, slots=True)
class Path:
    """A column of the object itself, or of the record behind one of its many-to-one relations.

    Attributes:
        leaf: the column.
        relation: the relation to go through, None for the object's own column.
    """

    leaf: Leaf
    relation: Field | None = None


@dataclass(frozen=True, slots=True)
class Test:
    """One condition: an operator that the column's type has checked, and the position of its value, from 0."""

    path: Path
    operator: str
    value: int | None = None


@dataclass(frozen=True, slots=True)
class And:
    """All of them hold."""

    items: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them holds."""

    items: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """It does not hold; a condition that is unknown stays unknown."""

    item: Filter


Filter = Test | And | Or | Not


def says_something(condition: Filter | None) -> bool:
    """Return whether a filter holds at least one test (`DECISIONS.md` item 18)."""
    match condition:
        case None:
            return False
        case And(items) | Or(items):
            return any(says_something(item) for item in items)
        case Not(item):
            return says_something(item)
        case _:
            return True


def names_deleted_at(condition: Filter | None) -> bool:
    """Return whether a filter names `deletedAt` of the object itself, which lifts the hiding of deleted records."""
    match condition:
        case Test(path):
            return path.relation is None and path.leaf.path == ("deletedAt",)
        case And(items) | Or(items):
            return any(names_deleted_at(item) for item in items)
        case Not(item):
            return names_deleted_at(item)
        case _:
            return False


def asked_id(condition: Filter | None) -> int | None:
    """Return the position of the id when a filter asks for the record of one id and for nothing else."""
    match condition:
        case Test(Path(leaf, None), "eq", value) if leaf.path == ("id",):
            return value
        case _:
            return None
