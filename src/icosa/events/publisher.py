"""Gives each committed event its position in the workspace's one order of events.

A sequence is drawn before its transaction commits, so that a reader of the log by sequence could step past an event that
is still to come. A position is given when the event can be seen, by one process at a time: whoever has read up to a
position never misses an event. Two events of one record are committed in the order of their sequences, because the
second one waits for the first one's row lock, so that positions, given in the order of sequences, keep that order.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from icosa.errors import Unavailable
from icosa.events.arrivals import CHANNEL
from icosa.naming import quoted
from icosa.store.database import Database

LOCK = 0x1C0E
MOST_AT_ONCE = 5000
PAUSE_SECONDS = 0.02
LOOK_ROUND_SECONDS = 5.0
WORKSPACES = "SELECT id, schema_name FROM core.workspace WHERE deleted_at IS NULL"

log = structlog.get_logger("icosa.events")


@dataclass(frozen=True, slots=True)
class Published:
    """What one publication did: events of the positions above `after`, up to `last`."""

    workspace_id: UUID
    schema: str
    after: int
    last: int

    @property
    def count(self) -> int:
        """How many events it was."""
        return self.last - self.after


@dataclass(frozen=True, slots=True)
class Follower:
    """Makes something of events inside the publication's transaction, and so makes it once.

    Attributes:
        wanted: SQL that tells whether the workspace `$1` wants any of it.
        follow: makes it, on the transaction's connection.
    """

    wanted: str
    follow: Callable[[Any, Published], Awaitable[None]]


def take_turn(schema: str) -> str:
    """Return SQL that tells whether this process may publish now, and the highest sequence drawn so far.

    It comes before `publish` has a transaction id: who gets a later id draws above what is told here, because a write
    has its id before it draws the sequences of its events.
    """
    return (
        "SELECT pg_try_advisory_xact_lock($1, hashtext($2)) AS mine, CASE WHEN is_called THEN last_value ELSE 0 END AS drawn "
        f"FROM {quoted(schema)}.event_sequence_seq"
    )


def publish(schema: str, wanted: str) -> str:
    """Return SQL that gives positions to what can be seen and has none yet, announces it, and moves the bounds of the search.

    The search begins above `safe_below`. That may rise to the mark once every transaction of an id up to the mark's is over:
    what they wrote can be seen, and is published here, up to the last one when there is more than goes at once. A mark of the
    future comes from another server, whose database was restored here.
    """
    event, published = f"{quoted(schema)}.event", f"{quoted(schema)}.published_event"
    renewed = "r.is_passed AND r.sequence = s.mark_sequence"
    return f"""
        WITH moment AS MATERIALIZED (
            SELECT pg_snapshot_xmin(x) AS oldest, pg_snapshot_xmax(x) AS next FROM pg_current_snapshot() x
        ), state AS MATERIALIZED (
            SELECT * FROM core.publication WHERE workspace_id = $1
        ), fresh AS MATERIALIZED (
            SELECT e.sequence, (SELECT position FROM state) + row_number() OVER (ORDER BY e.sequence) AS position
            FROM {event} e
            WHERE e.sequence > (SELECT safe_below FROM state) AND e.action <> 'touched' AND NOT EXISTS (
                SELECT FROM {published} p
                WHERE p.sequence = e.sequence AND p.sequence > (SELECT safe_below FROM state)
            )
            ORDER BY e.sequence LIMIT $3
        ), stored AS (
            INSERT INTO {published} (position, sequence) SELECT position, sequence FROM fresh
        ), found AS MATERIALIZED (
            SELECT count(*) AS count, max(sequence) AS last FROM fresh
        ), reach AS MATERIALIZED (
            SELECT m.oldest > s.mark_xid OR m.next < s.mark_xid AS is_passed,
                CASE WHEN f.count < $3 THEN s.mark_sequence ELSE least(s.mark_sequence, f.last) END AS sequence
            FROM state s, moment m, found f
        ), kept AS (
            UPDATE core.publication k SET
                position = s.position + f.count,
                safe_below = CASE WHEN r.is_passed THEN r.sequence ELSE s.safe_below END,
                mark_xid = CASE WHEN {renewed} THEN pg_current_xact_id() ELSE s.mark_xid END,
                mark_sequence = CASE WHEN {renewed} THEN $2 ELSE s.mark_sequence END
            FROM state s, reach r, found f
            WHERE k.workspace_id = $1 AND (f.count > 0 OR (r.is_passed AND s.safe_below <> $2))
        )
        SELECT s.position AS after, s.position + f.count AS last,
            CASE WHEN f.count > 0 THEN pg_notify($4, $1::text) END AS announced, f.count > 0 AND {wanted} AS is_wanted
        FROM state s, found f
    """


class Publisher:
    """Publishes the events of all workspaces, from every process that writes.

    A process is told of its own writes at once (`wrote`); what others wrote and did not come to publish is found when it
    looks round.

    Args:
        database: where the logs are.
        follower: makes something of them.
        published: is told afterwards of each workspace that may have news.
    """

    def __init__(
        self, database: Database, follower: Follower, published: Callable[[UUID], None] = lambda _: None
    ) -> None:
        self._database = database
        self._follower = follower
        self._published = published
        self._schemas: dict[UUID, str] = {}
        self._waiting: set[UUID] = set()
        self._told = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to publish."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop; what is not published yet waits for the next start, or for another process."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def wrote(self, workspace_id: UUID) -> None:
        """Take notice that events of a workspace have been committed."""
        self._waiting.add(workspace_id)
        self._told.set()

    async def publish(self, workspace_id: UUID, schema: str) -> Published | None:
        """Publish what a workspace has; None when another process is at it."""
        async with self._database.transaction() as connection:
            turn = await connection.fetchrow(take_turn(schema), LOCK, schema)
            if not turn["mine"]:
                return None
            sql = publish(schema, self._follower.wanted)
            row = await connection.fetchrow(sql, workspace_id, turn["drawn"], MOST_AT_ONCE, CHANNEL)
            if row is None:
                return Published(workspace_id, schema, 0, 0)
            done = Published(workspace_id, schema, row["after"], row["last"])
            if row["is_wanted"]:
                await self._follower.follow(connection, done)
        return done

    async def _run(self) -> None:
        clock = asyncio.get_running_loop().time
        next_look = 0.0
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(next_look - clock(), 0)):
                    await self._told.wait()
            self._told.clear()
            try:
                if clock() >= next_look:
                    next_look = clock() + LOOK_ROUND_SECONDS
                    self._waiting |= set(await self._refreshed())
                await self._publish_waiting()
            except (Unavailable, asyncpg.PostgresError) as problem:
                log.warning("events are not published for a moment", problem=repr(problem))
            # What comes within the pause is published together.
            await asyncio.sleep(PAUSE_SECONDS)

    async def _publish_waiting(self) -> None:
        """Publish for the workspaces that have something; what is not done, or comes meanwhile, is left for the next time."""
        for workspace_id in list(self._waiting):
            self._waiting.discard(workspace_id)
            is_done = False
            try:
                is_done = await self._is_done(workspace_id)
            finally:
                if not is_done:
                    self.wrote(workspace_id)

    async def _is_done(self, workspace_id: UUID) -> bool:
        """Publish what a workspace has; return whether that was all."""
        schema = self._schemas.get(workspace_id) or (await self._refreshed()).get(workspace_id)
        if schema is None:
            return True
        done = await self._publish_if_there(workspace_id, schema)
        self._published(workspace_id)
        return done is not None and done.count < MOST_AT_ONCE

    async def _publish_if_there(self, workspace_id: UUID, schema: str) -> Published | None:
        try:
            return await self.publish(workspace_id, schema)
        except asyncpg.UndefinedTableError:
            self._schemas.pop(workspace_id, None)
            return Published(workspace_id, schema, 0, 0)

    async def _refreshed(self) -> dict[UUID, str]:
        rows = await self._database.fetch_all(WORKSPACES)
        self._schemas = {row["id"]: row["schema_name"] for row in rows}
        return self._schemas
