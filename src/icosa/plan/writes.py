"""Writes: which columns of which records change, and what is told of them.

The records of a create or an update travel as one JSON parameter, so that one statement serves any number of them and the
shape of a write is the set of columns it names.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from icosa.catalog.model import Field, Object, UniqueKey
from icosa.plan.reads import Read, Record, Source


@dataclass(frozen=True, slots=True)
class Connect:
    """A relation that is given by a unique value of the record to connect.

    Attributes:
        relation: the many-to-one relation to fill.
        key: the unique key of the target that is given; None for its id.
    """

    relation: Field
    key: UniqueKey | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns the documents of a write hold.

    Attributes:
        names: every column that some document names.
        partial: those of them that some document does not name.
        connects: relations that some document gives by `connect`.
    """

    names: tuple[str, ...]
    partial: frozenset[str] = frozenset()
    connects: tuple[Connect, ...] = ()


@dataclass(frozen=True, slots=True)
class Create:
    """Make records.

    Attributes:
        object: their object.
        columns: what the documents hold.
        record: what is told of each.
        keys: keys around the answer.
        many: whether the answer is an array, in the order sent.
        upsert: whether a document that matches a record updates it instead.
        apart: whether several documents come at once whose answers are one each, in the order given.
    """

    object: Object
    columns: Columns
    record: Record
    keys: tuple[str, ...] = ()
    many: bool = False
    upsert: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """Which records a write is about: the one with an id, or all that a filter finds, deleted ones among them.

    Attributes:
        source: the object and, for many, the filter.
        id: position of the record's id, None for many.
        ids: position of the ids of several records, each of which has a document and an answer of its own.
        most: refuse when the filter finds more; None for no cap.
    """

    source: Source
    id: int | None = None
    ids: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """Change the named columns of one record, of several that each have a document, or of many, all to the same values."""

    target: Target
    columns: Columns
    record: Record
    keys: tuple[str, ...] = ()


class Removal(Enum):
    """The ways into the trash, out of it and to the end."""

    DELETE = "deleted"
    RESTORE = "restored"
    DESTROY = "destroyed"


@dataclass(frozen=True, slots=True)
class Remove:
    """Soft-delete, restore or destroy one record or many."""

    target: Target
    removal: Removal
    record: Record
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Merge:
    """Make one record of several.

    Attributes:
        object: their object.
        record: what is told of the survivor.
        dry_run: only tell, write nothing.
        keys: keys around the answer.
    """

    object: Object
    record: Record
    dry_run: bool = False
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Find records that resemble others.

    Attributes:
        read: one page of them, in a protocol's form.
        by_ids: whether the subjects are given by id or as documents.
        prefix: constant text before the pages in the body.
        suffix: constant text behind them.
    """

    read: Read
    by_ids: bool
    prefix: str = "["
    suffix: str = "]"
