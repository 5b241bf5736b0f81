"""Reads: which records, in which order, which page of them, and what is told of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from icosa.catalog.model import Field, Object
from icosa.fields.base import Aggregation, Leaf
from icosa.plan.filters import Filter, Path


@dataclass(frozen=True, slots=True)
class OrderKey:
    """One sort key; the record's id is always the last one and is not named."""

    path: Path
    descending: bool = False
    nulls_first: bool = True


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page starts: parameter positions of each sort key's value, None where it is null, and of the id."""

    values: tuple[int | None, ...]
    id: int


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of the ordered records.

    Attributes:
        limit: at most so many.
        cursor: start behind it, or end before it when `backward`.
        backward: whether the page is counted from the end.
        offset: position of the number that are skipped first; None to skip none.
    """

    limit: int
    cursor: Cursor | None = None
    backward: bool = False
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Constant:
    """A JSON text that is known beforehand, such as `__typename` or null."""

    json: str


@dataclass(frozen=True, slots=True)
class Value:
    """A column's value."""

    leaf: Leaf


@dataclass(frozen=True, slots=True)
class Parts:
    """A composite as an object of (key, part) entries."""

    entries: tuple[tuple[str, Value | Constant], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list of files as objects of (key, part or JSON constant) entries."""

    leaf: Leaf
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class JoinId:
    """A join column that reads null when the related record is soft-deleted (`rest-core.md` section 8)."""

    relation: Field


@dataclass(frozen=True, slots=True)
class One:
    """The record behind a many-to-one relation, or null."""

    relation: Field
    record: Record


@dataclass(frozen=True, slots=True)
class Many:
    """The records behind a one-to-many relation, in the form of a nested read."""

    relation: Field
    read: Read


@dataclass(frozen=True)
class Record:
    """What is told of one record: (key, content) entries in the order of the answer.

    Its hash is kept, since a record of forty entries is part of the key of every cached plan.
    """

    object: Object
    entries: tuple[tuple[str, Content], ...]

    @cached_property
    def _hash(self) -> int:
        return hash((self.object, self.entries))

    def __hash__(self) -> int:
        return self._hash


Content = Constant | Value | Parts | Items | JoinId | One | Many


@dataclass(frozen=True, slots=True)
class Records:
    """A plain JSON array of the page's records."""

    record: Record


@dataclass(frozen=True, slots=True)
class EdgeCursor:
    """The cursor of an edge."""


@dataclass(frozen=True, slots=True)
class Edges:
    """A JSON array of edges, each with (key, content) entries."""

    entries: tuple[tuple[str, Record | EdgeCursor | Constant], ...]


@dataclass(frozen=True, slots=True)
class PageInfo:
    """(key, what) entries out of hasNextPage, hasPreviousPage, startCursor, endCursor."""

    entries: tuple[tuple[str, str | Constant], ...]


@dataclass(frozen=True, slots=True)
class TotalCount:
    """How many records match, whatever the page."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A number or a moment computed over all that match (`graphql-core.md` section 8).

    Attributes:
        operation: what is computed.
        field: the field it is about.
        leaf: the column it reads; None when the whole field counts.
    """

    operation: Aggregation
    field: Field
    leaf: Leaf | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """A JSON object of (key, part) entries around the page."""

    entries: tuple[tuple[str, ShapePart], ...]


ShapePart = Shape | Records | Edges | PageInfo | TotalCount | Aggregate | Constant


@dataclass(frozen=True, slots=True)
class Source:
    """Which records of an object, in which order."""

    object: Object
    filter: Filter | None = None
    order: tuple[OrderKey, ...] = ()
    with_deleted: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """A page of records in a protocol's form."""

    source: Source
    page: Page
    shape: Shape | Records


@dataclass(frozen=True, slots=True)
class ReadOne:
    """One record: by id, or the first that a filter finds.

    Attributes:
        source: the object and, for a filter, its condition.
        id: the position of the record's id, None when the filter alone decides.
        record: what is told of it.
        key: the path of keys around the record in the answer.
    """

    source: Source
    id: int | None
    record: Record
    keys: tuple[str, ...] = field(default=())
