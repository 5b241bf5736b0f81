"""Timeline activities: what a person reads of a record's story, made from published events (`data-model.md`, "Timeline events").

They are made beside the publication, in a transaction that gives way: whoever writes records never waits for them for long.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from icosa.catalog.snapshots import Snapshots
from icosa.errors import Unavailable
from icosa.events.feed import TIMELINE
from icosa.events.timeline_sql import TimelineSql
from icosa.store.database import Database

LOCK = 0x1C10
MOST_AT_ONCE = 1000
# Who reads a timeline does not miss a moment, while the statement costs as much for one event as for a hundred.
PAUSE_SECONDS = 0.25
# Requests come first: while records are imported, the timeline follows at a fifth of its speed, and afterwards at half of it.
PAUSE_FACTOR_AMID_WRITES = 4.0
PAUSE_FACTOR = 1.0
GIVE_WAY = "SET LOCAL lock_timeout = '300ms'"
STATE = "SELECT position, timeline_position FROM core.publication WHERE workspace_id = $1"
ADVANCE = "UPDATE core.publication SET timeline_position = $2 WHERE workspace_id = $1"

log = structlog.get_logger("icosa.events")


class Timeline:
    """Makes the timeline activities of all workspaces.

    Args:
        database: where events and activities are.
        snapshots: the models.
    """

    def __init__(self, database: Database, snapshots: Snapshots) -> None:
        self._database = database
        self._snapshots = snapshots
        self._kept: dict[UUID, TimelineSql] = {}
        self._behind: set[UUID] = set()
        self._told = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to follow what is published."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop; what is not told yet waits for the next start, or for another process."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def published(self, workspace_id: UUID) -> None:
        """Take notice that a workspace may have news."""
        self._behind.add(workspace_id)
        self._told.set()

    async def _run(self) -> None:
        while True:
            await self._told.wait()
            self._told.clear()
            await asyncio.sleep(await self._follow_those_behind())

    async def _follow_those_behind(self) -> float:
        """Follow each workspace that has news, one part of them; return for how many seconds to leave it at that."""
        clock = asyncio.get_running_loop().time
        began = clock()
        behind, self._behind = self._behind, set()
        more = {each for each in behind if await self.follow(each)}
        if not more:
            return PAUSE_SECONDS
        # Who was told of meanwhile is still writing.
        factor = PAUSE_FACTOR_AMID_WRITES if self._behind else PAUSE_FACTOR
        self._behind |= more
        self._told.set()
        return factor * (clock() - began)

    async def follow(self, workspace_id: UUID) -> bool:
        """Turn the next events into activities; return whether there are more.

        What cannot be done just now, because a table is in use or a model has changed, is left for the next time.
        """
        try:
            return await self._next(workspace_id)
        except (Unavailable, asyncpg.PostgresError) as problem:
            log.info("timeline activities wait for a moment", problem=repr(problem))
            self._snapshots.forget(workspace_id)
            return False

    async def _next(self, workspace_id: UUID) -> bool:
        row = await self._database.fetch_row(STATE, workspace_id)
        if row is None or row["timeline_position"] >= row["position"]:
            return False
        sql = await self._sql(workspace_id)
        async with self._database.transaction() as connection:
            if not await connection.fetchval(
                "SELECT pg_try_advisory_xact_lock($1, hashtext($2))", LOCK, str(workspace_id)
            ):
                return False
            row = await connection.fetchrow(STATE, workspace_id)
            last = min(row["position"], row["timeline_position"] + MOST_AT_ONCE)
            if sql is not None:
                await connection.execute(GIVE_WAY)
                subjects = await self._subjects(connection, sql, row["timeline_position"], last)
                if subjects:
                    await connection.execute(sql.statement(subjects), row["timeline_position"], last)
            await connection.execute(ADVANCE, workspace_id, last)
        return bool(last < row["position"])

    @staticmethod
    async def _subjects(connection: Any, sql: TimelineSql, after: int, last: int) -> set[UUID]:
        """Return the objects whose records are told of: by their own events, and by those of what is linked to them."""
        found = {row["object_id"] for row in await connection.fetch(sql.sources, after, last)}
        if found & sql.links:
            found = {row["object_id"] for row in await connection.fetch(sql.subjects, after, last)}
        return found & set(sql.targets)

    async def _sql(self, workspace_id: UUID) -> TimelineSql | None:
        """Return the workspace's statements; None when its model has no timeline."""
        catalog = await self._snapshots.get(workspace_id)
        if catalog is None or TIMELINE not in catalog.by_singular:
            return None
        kept = self._kept.get(workspace_id)
        if kept is None or kept.catalog is not catalog:
            kept = self._kept[workspace_id] = TimelineSql(catalog, catalog.by_singular[TIMELINE])
        return kept
