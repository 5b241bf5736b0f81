"""Search over several objects at once (`graphql-core.md` section 12)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from icosa.fields.base import Leaf
from icosa.plan.reads import Constant, Source


class Told(Enum):
    """What may be told of a record that was found."""

    RECORD_ID = "recordId"
    OBJECT_NAME = "objectNameSingular"
    OBJECT_LABEL = "objectLabelSingular"
    LABEL = "label"
    IMAGE = "imageUrl"
    ALL_RANK = "tsRankCD"
    ANY_RANK = "tsRank"


@dataclass(frozen=True, slots=True)
class Searched:
    """One object that is searched.

    Attributes:
        source: the object and the filter's condition.
        label: the columns that make a record's label, joined by a blank.
        image: the column with its picture's address, None when there is none.
        vector: its search vector.
    """

    source: Source
    label: tuple[Leaf, ...]
    image: Leaf | None
    vector: Leaf


@dataclass(frozen=True, slots=True)
class FoundNode:
    """A record that was found, as (key, what) entries."""

    entries: tuple[tuple[str, Told | Constant], ...]


@dataclass(frozen=True, slots=True)
class FoundCursor:
    """The cursor of an edge."""


@dataclass(frozen=True, slots=True)
class FoundEdges:
    """The edges of the page."""

    entries: tuple[tuple[str, FoundNode | FoundCursor | Constant], ...]


@dataclass(frozen=True, slots=True)
class FoundPageInfo:
    """(key, what) entries out of endCursor and hasNextPage."""

    entries: tuple[tuple[str, str | Constant], ...]


@dataclass(frozen=True, slots=True)
class SearchCursor:
    """Where a page starts: positions of both ranks and of the id, and the place of its object."""

    all_rank: int
    any_rank: int
    place: int
    id: int


@dataclass(frozen=True, slots=True)
class Search:
    """A page of records of several objects, best first.

    Attributes:
        objects: what is searched, in the order that decides between equal ranks.
        text: position of the input; None when it is empty, which finds everything.
        limit: at most so many.
        cursor: start behind it.
        shape: (key, part) entries of the answer.
    """

    objects: tuple[Searched, ...]
    text: int | None
    limit: int
    cursor: SearchCursor | None
    shape: tuple[tuple[str, FoundEdges | FoundPageInfo | Constant], ...]
