"""Groups: what records are grouped by, what is computed for each group, and which of its records are shown."""

from __future__ import annotations

from dataclasses import dataclass

from icosa.fields.buckets import Bucket
from icosa.plan.filters import Path
from icosa.plan.reads import Aggregate, Constant, Edges, PageInfo, Records, Source, TotalCount


@dataclass(frozen=True, slots=True)
class Dimension:
    """One thing that records are grouped by.

    Attributes:
        path: the column.
        bucket: how values of a date fall together; None for the value itself.
        unnest: whether each element of a list is a value of its own.
    """

    path: Path
    bucket: Bucket | None = None
    unnest: bool = False


@dataclass(frozen=True, slots=True)
class GroupOrder:
    """A sort key of the groups: a dimension by its place, an aggregate, or the number of records."""

    by: int | Aggregate | TotalCount
    descending: bool
    nulls_first: bool


@dataclass(frozen=True, slots=True)
class DimensionValues:
    """The group's values, one for each dimension."""


GroupPart = DimensionValues | TotalCount | Aggregate | Records | Edges | PageInfo | Constant


@dataclass(frozen=True, slots=True)
class GroupBy:
    """Groups of records.

    Attributes:
        source: which records; its order is that of the records inside a group.
        dimensions: in the order of the answer's values.
        order: sort keys of the groups.
        limit: at most so many groups.
        entries: (key, part) of each group's JSON object.
        records_limit: at most so many records are shown of a group.
        records_offset: so many are skipped first.
        exact_as_text: whether counts and exact numbers are written as JSON strings, as REST does.
    """

    source: Source
    dimensions: tuple[Dimension, ...]
    order: tuple[GroupOrder, ...]
    limit: int
    entries: tuple[tuple[str, GroupPart], ...]
    records_limit: int = 10
    records_offset: int = 0
    exact_as_text: bool = False
