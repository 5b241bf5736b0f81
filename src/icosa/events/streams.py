"""Event streams: what each subscriber wants to hear, whichever process its connection is with (`graphql-core.md` section 14)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from icosa.access.caller import Caller
from icosa.errors import BadInput, Forbidden
from icosa.store.database import Database

MOST_QUERIES = 100
LONGEST_ID = 200
ABANDONED = "interval '2 minutes'"
OPEN = f"""
    INSERT INTO core.event_stream (id, workspace_id, user_workspace_id) VALUES ($1, $2, $3)
    ON CONFLICT (id) DO UPDATE SET workspace_id = $2, user_workspace_id = $3, queries = '{{}}', seen_at = now()
        WHERE event_stream.seen_at < now() - {ABANDONED}
    RETURNING id
"""
OWNER = "SELECT workspace_id, user_workspace_id, queries FROM core.event_stream WHERE id = $1"
SEEN = "UPDATE core.event_stream SET seen_at = now() WHERE id = $1 RETURNING queries"
CLOSE = "DELETE FROM core.event_stream WHERE id = $1"
ADD = "UPDATE core.event_stream SET queries = queries || jsonb_build_object($2::text, $3::jsonb) WHERE id = $1"
REMOVE = "UPDATE core.event_stream SET queries = queries - $2::text WHERE id = $1"


class Streams:
    """The open streams of all workspaces.

    Args:
        database: where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, stream_id: str, caller: Caller) -> None:
        """Begin a stream.

        Raises:
            BadInput: its id is empty or too long.
            Forbidden: there is a stream of this id, the caller's own or another's.
        """
        if not 0 < len(stream_id) <= LONGEST_ID:
            raise BadInput(f"eventStreamId: must have 1 to {LONGEST_ID} characters")
        if await self._database.fetch_value(OPEN, stream_id, caller.workspace_id, caller.user_workspace_id) is None:
            await self._queries(stream_id, caller)
            raise Forbidden("There is a stream with this id already", "EVENT_STREAM_ALREADY_EXISTS")

    async def seen(self, stream_id: str) -> Mapping[str, Any] | None:
        """Keep a stream and return its queries by their ids; None when it is closed."""
        found = await self._database.fetch_value(SEEN, stream_id)
        return None if found is None else dict(orjson.loads(found))

    async def close(self, stream_id: str) -> None:
        """End a stream."""
        await self._database.execute(CLOSE, stream_id)

    async def add(self, stream_id: str, query_id: str, query: Mapping[str, Any], caller: Caller) -> bool:
        """Let a stream hear of one more query; return whether there is such a stream.

        Raises:
            Forbidden: it is another caller's.
            BadInput: it has too many queries.
        """
        queries = await self._queries(stream_id, caller)
        if queries is None:
            return False
        if len(queries) >= MOST_QUERIES and query_id not in queries:
            raise BadInput(f"A stream may have {MOST_QUERIES} queries at most")
        await self._database.execute(ADD, stream_id, query_id, orjson.dumps(query).decode())
        return True

    async def remove(self, stream_id: str, query_id: str, caller: Caller) -> bool:
        """Let a stream hear of a query no more; return whether there is such a stream.

        Raises:
            Forbidden: it is another caller's.
        """
        if await self._queries(stream_id, caller) is None:
            return False
        await self._database.execute(REMOVE, stream_id, query_id)
        return True

    async def _queries(self, stream_id: str, caller: Caller) -> Mapping[str, Any] | None:
        row = await self._database.fetch_row(OWNER, stream_id)
        if row is None:
            return None
        if (row["workspace_id"], row["user_workspace_id"]) != (caller.workspace_id, caller.user_workspace_id):
            raise Forbidden("The stream belongs to another caller", "NOT_AUTHORIZED")
        return dict(orjson.loads(row["queries"]))
