"""What a field type is told about the field it works for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a SELECT, MULTI_SELECT or RATING (`metadata.md` section 7)."""

    id: str
    value: str
    label: str
    color: str | None
    position: int


@dataclass(frozen=True, eq=False)
class FieldSpec:
    """The part of a field's definition that decides about storage and values.

    Attributes:
        name: API name; composite columns are this name followed by the capitalized sub-field's.
        is_nullable: whether the field may be empty.
        default_value: the metadata form of the default: quoted texts, `now`, `uuid`, numbers, objects (`metadata.md` section 6).
        options: in the order of their positions; empty for types without options.
        settings: as the metadata API gives them.
    """

    name: str
    is_nullable: bool = True
    default_value: Any = None
    options: tuple[Option, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
