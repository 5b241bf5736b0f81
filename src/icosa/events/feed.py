"""The change feed: published events in order, a page at a time (`webhooks.md` speaks of the same events)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from icosa.catalog.model import Catalog, Object
from icosa.errors import BadInput
from icosa.events.arrivals import Arrivals
from icosa.events.texts import ACTOR_IDS, DATE, WITH_CHANGES, Reader, actor_ids, optional
from icosa.naming import literal
from icosa.records.access import Access
from icosa.store.database import Database

# Positions that one page looks at, so that a feed of a rare object is as quick as any.
WINDOW = 20_000
TIMELINE = "timelineActivity"


def change_text(reader: Reader, position: str, *more: str) -> str:
    """Return SQL for the JSON of one change; a destroyed record is a tombstone, with the record as it was.

    Args:
        reader: what of an event may be told.
        position: SQL for its position.
        more: SQL for further entries, each with a comma before it.
    """
    name = "o.name_singular || '.' || e.action"
    changed = f"CASE WHEN {WITH_CHANGES} THEN array_to_json({reader.changed()})::text END"
    before = f"CASE WHEN e.action = 'destroyed' THEN {reader.record('before')} ELSE {reader.previous()} END"
    return " || ".join(
        (
            f"""'{{"sequence":' || {position}""",
            f"""',"eventName":' || to_json({name})""",
            """',"action":"' || e.action""",
            """'","objectMetadata":{"id":"' || o.id || '","nameSingular":' || to_json(o.name_singular)""",
            """'},"recordId":"' || e.record_id""",
            f"""'","eventDate":"' || {DATE} || '"'""",
            actor_ids(*ACTOR_IDS),
            f"""',"record":' || coalesce({reader.record("after")}, 'null')""",
            optional("updatedFields", changed),
            optional("previousRecord", before),
            *more,
            "'}'",
        )
    )


def feed_statement(full: Catalog, view: Catalog, owners: Sequence[Object], item: str, separator: str) -> str:
    """Return SQL for one page of the feed.

    Args:
        full: the whole model.
        view: what the role may read of it.
        owners: the objects whose changes are told.
        item: SQL for the text of one change, `c.text` being its JSON, `c.position` and `c.name` what it is.
        separator: what stands between two.

    The parameters are the workspace, the position after which the page begins, the objects' ids and the most changes. It
    gives `text`; `last`, the position up to which all has been told; and `top`, the last position there is.
    """
    reader = Reader(full, view, owners)
    return f"""
        WITH top AS MATERIALIZED (
            SELECT position FROM core.publication WHERE workspace_id = $1
        ), page AS MATERIALIZED (
            SELECT p.position, o.name_singular || '.' || e.action AS name, {change_text(reader, "p.position")} AS text
            FROM {full.published_table} p
            JOIN {full.event_table} e USING (sequence)
            JOIN core.object_metadata o ON o.id = e.object_id
            WHERE p.position > $2 AND p.position <= $2 + {WINDOW} AND e.object_id = ANY($3) AND {reader.shows()}
            ORDER BY p.position LIMIT $4
        )
        SELECT t.position AS top, x.text,
            CASE WHEN x.count = $4 THEN coalesce(x.last, $2) ELSE least(t.position, $2 + {WINDOW}) END AS last
        FROM top t, (
            SELECT count(*) AS count, max(c.position) AS last,
                coalesce(string_agg({item}, {literal(separator)} ORDER BY c.position), '') AS text
            FROM page c
        ) x
    """


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the feed.

    Attributes:
        text: its changes.
        last: the position up to which all has been told; the next page begins after it.
        top: the last position there is.
    """

    text: str
    last: int
    top: int


class Feed:
    """Reads the feeds of all workspaces.

    Args:
        database: where they are.
        arrivals: tells of news, for those who wait.
    """

    def __init__(self, database: Database, arrivals: Arrivals) -> None:
        self._database = database
        self.arrivals = arrivals

    async def page(
        self, access: Access, owners: Sequence[Object], after: int, limit: int, item: str, separator: str
    ) -> Page:
        """Return the page after a position; see `feed_statement`.

        Raises:
            BadInput: the position is one that the feed has not come to: it belongs to another database.
        """
        sql = feed_statement(access.full, access.view, owners, item, separator)
        ids = [owner.id for owner in owners]
        row: Any = await self._database.fetch_row(sql, access.full.workspace_id, after, ids, limit)
        page = Page(row["text"], row["last"], row["top"])
        if after > page.top:
            raise BadInput(f"after: the feed has not come further than {page.top} yet", "INVALID_CURSOR")
        return page

    async def top(self, workspace_id: UUID) -> int:
        """Return the last position of a workspace's feed."""
        found: int = await self._database.fetch_value(
            "SELECT position FROM core.publication WHERE workspace_id = $1", workspace_id
        )
        return found


def chosen_objects(view: Catalog, names: Sequence[str]) -> list[Object]:
    """Return the objects of a feed by their names, singular or plural; without names all but the timeline's entries.

    Raises:
        BadInput: a name that the caller's model does not have.
    """
    if not names:
        return [each for each in view.objects if each.name_singular != TIMELINE]
    chosen = {}
    for name in names:
        owner = view.by_singular.get(name) or view.by_plural.get(name)
        if owner is None:
            raise BadInput(f"objects: there is no object '{name[:60]}'")
        chosen[owner.id] = owner
    return list(chosen.values())
