"""A compiled statement, and how its parameters go on after the plan's own."""

from __future__ import annotations

from dataclasses import dataclass

from icosa.catalog.model import Catalog, Object
from icosa.naming import literal


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL for one shape of request.

    Attributes:
        sql: takes the plan's values as `$1`, `$2` and so on.
        counted: the objects that a kept count depends on; the statement then takes two more parameters, the count and
            the snapshot under which it was taken, and returns columns `total` and `snapshot` beside `body`.
        is_kept: whether the whole answer can be kept; the statement then takes the snapshot under which a kept answer was
            made as one more parameter, and returns `snapshot` beside `body`, which is NULL when that answer still holds.
    """

    sql: str
    counted: tuple[Object, ...] = ()
    is_kept: bool = False


def kept_count(catalog: Catalog, objects: tuple[Object, ...], count: str, position: int) -> str:
    """Return SQL for a count that is only taken anew when something has changed.

    Args:
        catalog: whose event log is asked.
        objects: what the count depends on.
        count: the SQL that counts.
        position: the parameter that holds the kept count, 1-based; the snapshot follows it. Null when none is kept.
    """
    return f"CASE WHEN {unchanged(catalog, objects, position + 1)} THEN ${position}::bigint ELSE ({count}) END"


def unchanged(catalog: Catalog, objects: tuple[Object, ...], position: int) -> str:
    """Return SQL that tells whether what was read of some objects still holds.

    It does as long as no event of theirs is visible now that was not visible in the snapshot under which it was read; that is
    exact under every isolation level, without a lock.

    Args:
        catalog: whose event log is asked.
        objects: what was read.
        position: the parameter that holds the snapshot, 1-based; null when nothing was read.
    """
    snapshot = f"${position}::text::pg_snapshot"
    ids = ", ".join(f"{literal(str(each.id))}::uuid" for each in objects)
    condition = f"= {ids}" if len(objects) == 1 else f"IN ({ids})"
    return (
        f"${position}::text IS NOT NULL AND NOT EXISTS (SELECT FROM {catalog.event_table} e WHERE e.object_id {condition} "
        f"AND e.xid >= pg_snapshot_xmin({snapshot}) AND NOT pg_visible_in_snapshot(e.xid, {snapshot}))"
    )
