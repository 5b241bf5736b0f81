"""Which names an object has no room for any more: fields, join columns, and the columns of composite fields."""

from __future__ import annotations

from collections.abc import Iterable

from icosa.catalog.model import Field, Object
from icosa.fields.base import FieldType
from icosa.fields.composite import CompositeType
from icosa.modeling.problems import Problems
from icosa.naming import capitalized

NOT_AVAILABLE = "NOT_AVAILABLE"
RESERVED = "RESERVED_KEYWORD"


def part_names(kind: FieldType, name: str) -> list[str]:
    """Return the names of a composite field's columns."""
    return [f"{name}{capitalized(part.name)}" for part in kind.parts] if isinstance(kind, CompositeType) else []


def check_free(
    owner: Object,
    names: Iterable[str],
    problems: Problems,
    *,
    also: Iterable[str] = (),
    besides: Field | None = None,
) -> None:
    """Note a problem for each name that is taken on an object.

    Args:
        owner: the object.
        names: what a new field brings: its name, its join column, its parts.
        problems: takes `NOT_AVAILABLE` and `RESERVED_KEYWORD`.
        also: names that count as taken too.
        besides: a field that is renamed: its own names are free.
    """
    others = [each for each in owner.fields if each is not besides]
    taken = {each.name for each in others} | {each.join_column for each in others} | set(also)
    parts = {name for each in others for name in part_names(each.type, each.name)}
    for name in names:
        if name in taken:
            problems.add(NOT_AVAILABLE, f"'{name}' is taken on {owner.name_singular}", name)
        elif name in parts:
            problems.add(RESERVED, f"'{name}' is a column of another field of {owner.name_singular}", name)
