"""A compiled statement, and how its parameters go on after the plan's own.

Answers and counts are kept between requests until something that they tell of has changed. The statement itself finds out
whether it has, by the event log, before it reads a record: so what is kept is never old, in whichever process, and nobody has
to be told that it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count

from icosa.catalog.model import Catalog, Object
from icosa.naming import literal
from icosa.sql.scope import Aliases

_SERIALS = count()


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL for one shape of request in one view of the model.

    Attributes:
        sql: takes the plan's values as `$1`, `$2` and so on.
        check: where the answer can be kept, SQL by `for_each` that tells of snapshots whether what was made under them still
            holds. The statement itself then takes a snapshot as one more parameter, null when there is none, and returns
            `snapshot` beside `body`: null when the kept answer still holds, which is then not made again.
        is_counted: whether the answer's count is kept as well, for when the rest of it no longer holds. The statement then
            takes two more parameters behind that, the count and the snapshot under which it was taken, and returns `total`.
        is_shared: whether the plan has one value and the SQL is one by `for_each`, so that requests can go together.
        serial: no other statement of this process has it; stands for the statement in what may outlast it. Another model has
            other statements, even where their SQL is the same, so nothing that is kept outlasts a change of the model.
    """

    sql: str
    check: str | None = None
    is_counted: bool = False
    is_shared: bool = False
    serial: int = field(default_factory=_SERIALS.__next__, init=False)


def kept_answer(
    catalog: Catalog, aliases: Aliases, answer: str, parameters: int, total: str | None = None
) -> Statement:
    """Return a statement whose answer is only made anew when something has changed; one that reads nothing is just made.

    Args:
        catalog: whose event log is asked.
        aliases: those of the statement; they know what it reads.
        answer: a SELECT of the body; it may refer to the count as `total.value`.
        parameters: how many values the plan has.
        total: SQL of the count by `kept_count`.
    """
    if not aliases.objects:
        return Statement(answer)
    same = unchanged(catalog, aliases.objects, f"${parameters + 1}::text")
    check = for_each(f"{unchanged(catalog, aliases.objects, 'asked.value')} AS holds")
    columns = (
        f"CASE WHEN same.page THEN NULL ELSE ({answer}) END AS body, "
        "CASE WHEN same.page THEN NULL ELSE pg_current_snapshot()::text END AS snapshot"
    )
    # OFFSET 0 keeps the planner from writing what is selected out at each of the places that read it.
    tables = f"(SELECT {same} AS page OFFSET 0) same"
    if total is None:
        return Statement(f"SELECT {columns} FROM {tables}", check)
    counted = f"(SELECT CASE WHEN same.page THEN NULL ELSE {total} END AS value OFFSET 0) total"
    return Statement(
        f"SELECT {columns}, total.value AS total FROM {tables} CROSS JOIN LATERAL {counted}",
        check,
        is_counted=True,
    )


def kept_count(catalog: Catalog, aliases: Aliases, counting: str, parameters: int) -> str:
    """Return SQL for the count of a kept answer, which is only taken anew when something that is counted has changed.

    Args:
        catalog: whose event log is asked.
        aliases: those of the count alone.
        counting: the SQL that counts.
        parameters: how many values the plan has.
    """
    position = parameters + 2
    same = unchanged(catalog, aliases.objects, f"${position + 1}::text")
    return f"CASE WHEN {same} THEN ${position}::bigint ELSE ({counting}) END"


def for_each(column: str) -> str:
    """Return SQL that takes texts, parted by blanks, as `$1` and returns a row for each of them, in their order.

    PostgreSQL keeps the plan of such a statement. For an array as parameter it would make another each time, since it counts
    the elements and finds fewer than a kept plan has to reckon with.

    Args:
        column: what it returns; refers to the text as `asked.value`.
    """
    return f"SELECT {column} FROM string_to_table($1, ' ') WITH ORDINALITY asked(value, place) ORDER BY asked.place"


def unchanged(catalog: Catalog, objects: tuple[Object, ...], snapshot: str) -> str:
    """Return SQL that tells whether what was read of some objects still holds.

    It does as long as no event of theirs is visible now that was not visible in the snapshot under which it was read; that is
    exact under every isolation level, without a lock.

    Args:
        catalog: whose event log is asked.
        objects: what was read.
        snapshot: SQL of the snapshot's text; null when nothing was read.
    """
    taken = f"{snapshot}::pg_snapshot"
    ids = ", ".join(f"{literal(str(each.id))}::uuid" for each in objects)
    condition = f"= {ids}" if len(objects) == 1 else f"IN ({ids})"
    return (
        f"{snapshot} IS NOT NULL AND NOT EXISTS (SELECT FROM {catalog.event_table} e WHERE e.object_id {condition} "
        f"AND e.xid >= pg_snapshot_xmin({taken}) AND NOT pg_visible_in_snapshot(e.xid, {taken}))"
    )
