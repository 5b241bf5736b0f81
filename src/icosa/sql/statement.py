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
    """

    sql: str
    counted: tuple[Object, ...] = ()


def kept_count(catalog: Catalog, objects: tuple[Object, ...], count: str, position: int) -> str:
    """Return SQL for a count that is only taken anew when something has changed.

    A count holds as long as no event of the objects it depends on is visible now that was not visible in the snapshot
    under which it was taken; that is exact under every isolation level, without a lock.

    Args:
        catalog: whose event log is asked.
        objects: what the count depends on.
        count: the SQL that counts.
        position: the parameter that holds the kept count, 1-based; the snapshot follows it. Null when none is kept.
    """
    kept, snapshot = f"${position}::bigint", f"${position + 1}::text::pg_snapshot"
    ids = ", ".join(f"{literal(str(each.id))}::uuid" for each in objects)
    condition = f"= {ids}" if len(objects) == 1 else f"IN ({ids})"
    return (
        f"CASE WHEN {kept} IS NOT NULL AND NOT EXISTS (SELECT FROM {catalog.event_table} e WHERE e.object_id {condition} "
        f"AND e.xid >= pg_snapshot_xmin({snapshot}) AND NOT pg_visible_in_snapshot(e.xid, {snapshot})) "
        f"THEN {kept} ELSE ({count}) END"
    )
