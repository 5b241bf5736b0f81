"""What was done to one record, newest first, as its role may see it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from icosa.catalog.model import Object
from icosa.errors import NotFound
from icosa.events.feed import change_text
from icosa.events.texts import Reader
from icosa.records.access import Access
from icosa.store.database import Database


def history_statement(access: Access, owner: Object) -> str:
    """Return SQL for a page of a record's history as a JSON body.

    The parameters are the record's id, the sequence before which the page begins (null for the newest) and the most
    events. `sequence` is null in the moment before an event is published.
    """
    full = access.full
    reader = Reader(full, access.view, [owner])
    actor = """',"actor":' || coalesce(e.actor::text, 'null')"""
    text = change_text(reader, "coalesce(p.position::text, 'null')", actor)
    return f"""
        WITH page AS MATERIALIZED (
            SELECT e.sequence, {text} AS text
            FROM {full.event_table} e
            JOIN core.object_metadata o ON o.id = e.object_id
            LEFT JOIN {full.published_table} p USING (sequence)
            WHERE e.record_id = $1 AND e.object_id = '{owner.id}' AND ($2::bigint IS NULL OR e.sequence < $2)
                AND (e.action <> 'updated' OR e.changed <> '{{}}') AND {reader.shows()}
            ORDER BY e.sequence DESC LIMIT $3 + 1
        ), shown AS (
            SELECT * FROM page ORDER BY sequence DESC LIMIT $3
        )
        SELECT (SELECT count(*) FROM page) AS found, (
            '{{"data":{{"history":[' || coalesce(string_agg(c.text, ',' ORDER BY c.sequence DESC), '')
            || ']}},"pageInfo":{{"endCursor":' || coalesce('"' || min(c.sequence) || '"', 'null')
            || ',"hasNextPage":' || ((SELECT count(*) FROM page) > $3)::text || '}}}}'
        ) AS body
        FROM shown c
    """


class Histories:
    """Reads histories.

    Args:
        database: where the event logs are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, access: Access, owner: Object, record_id: UUID, before: int | None, limit: int) -> bytes:
        """Return a page of a record's history as a JSON body; also of a record that was destroyed.

        Raises:
            NotFound: nothing was ever done to such a record.
        """
        row: Any = await self._database.fetch_row(history_statement(access, owner), record_id, before, limit)
        if row["found"] == 0 and before is None and limit > 0:
            raise NotFound(f"There is no {owner.label_singular.lower()} with this id", "RECORD_NOT_FOUND")
        body: str = row["body"]
        return body.encode()
