"""The last API requests of each workspace (`web-app.md` part 3, "Request log").

Nothing is written while a request is answered: each process remembers what it has seen and writes it down in batches, into a
table that all processes share, so that the log is whole whichever of them is asked.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import structlog

from icosa.access.sightings import Sighting
from icosa.errors import BadInput, IcosaError
from icosa.store.database import Database

FLUSH_SECONDS = 2.0
MOST_A_PAGE = 200
COLUMNS = """workspace_id uuid, requested_at timestamptz, method text, path text, query text, operation text, status int,
    code text, duration_ms double precision, api_key_id uuid, user_id uuid, caller_name text, client_address text,
    request_id text, error text"""
NAMES = ", ".join(each.split()[0] for each in COLUMNS.split(","))
WRITE = f"INSERT INTO core.request_log ({NAMES}) SELECT {NAMES} FROM jsonb_to_recordset($1::jsonb) AS seen({COLUMNS})"
TRIM = """
DELETE FROM core.request_log
WHERE workspace_id IS NOT DISTINCT FROM $1 AND id <= (
    SELECT id FROM core.request_log WHERE workspace_id IS NOT DISTINCT FROM $1 ORDER BY id DESC OFFSET $2 LIMIT 1
)
"""
PAGE = """
SELECT * FROM core.request_log
WHERE (workspace_id = $1 OR ($2 AND workspace_id IS NULL))
  AND ($3::bigint IS NULL OR id < $3)
  AND ($4::uuid IS NULL OR api_key_id = $4)
  AND ($5::int IS NULL OR status BETWEEN $5 AND $6)
  AND ($7::boolean IS NULL OR $7 = (status >= 400 OR code IS NOT NULL))
  AND ($8::text IS NULL OR position(lower($8) IN lower(concat_ws(' ', method, path, operation))) > 0)
ORDER BY id DESC
LIMIT $9
"""

log = structlog.get_logger("icosa.requests")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests are looked for.

    Attributes:
        api_key_id: of the key that called.
        status: `succeeded`, `failed`, a status such as `404`, or a class of them such as `4xx`.
        path: what method, path or operation hold, in any letter case.
    """

    api_key_id: UUID | None = None
    status: str | None = None
    path: str | None = None

    def statuses(self) -> tuple[int | None, int | None, bool | None]:
        """Return the first and last status, and whether only failures are wanted.

        Raises:
            BadInput: the status is none of these words.
        """
        word = self.status or None
        if word in {None, "succeeded", "failed"}:
            return None, None, None if word is None else word == "failed"
        if len(word) == 3 and word[0] in "12345" and word[1:] == "xx":
            return int(word[0]) * 100, int(word[0]) * 100 + 99, None
        if len(word) == 3 and word.isascii() and word.isdigit():
            return int(word), int(word), None
        raise BadInput("status: must be succeeded, failed, a status such as 404 or a class such as 4xx")


class RequestLog:
    """One for each process.

    Args:
        database: where the table is.
        size: how many requests are kept for each workspace; 0 for none.
        with_unknown: whether requests of unknown callers are shown to every workspace: there is only one.
    """

    def __init__(self, database: Database, size: int, *, with_unknown: bool) -> None:
        self.size = size
        self._database = database
        self._with_unknown = with_unknown
        # What would be trimmed at once is not even kept: however many requests come, little is written.
        self._seen: deque[Sighting] = deque(maxlen=size)
        self._wake = asyncio.Event()
        self._writing = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write down what was seen."""
        if self.size:
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Write down the rest."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            await self.flush()

    def note(self, sighting: Sighting) -> None:
        """Remember a request."""
        self._seen.append(sighting)
        self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(FLUSH_SECONDS)
            await self.flush()

    async def flush(self) -> None:
        """Write down what was seen so far; what cannot be written is forgotten, for the log is no reason to fail."""
        async with self._writing:
            self._wake.clear()
            seen = list(self._seen)
            self._seen.clear()
            if not seen:
                return
            try:
                rows = [each.row() for each in seen]
                await self._database.execute(WRITE, orjson.dumps(rows).decode())
                for workspace_id in {each.caller.workspace_id if each.caller else None for each in seen}:
                    await self._database.execute(TRIM, workspace_id, self.size)
            except (IcosaError, asyncpg.PostgresError, TypeError) as problem:
                log.warning("requests could not be noted", count=len(seen), problem=repr(problem))

    async def page(
        self, workspace_id: UUID, wanted: Wanted, *, first: int, after: int | None
    ) -> tuple[list[Mapping[str, Any]], bool]:
        """Return a page of requests, newest first, and whether there are more.

        Args:
            workspace_id: whose.
            wanted: which.
            first: how many, 1 to 200.
            after: the id of the last one of the page before.

        Raises:
            BadInput: a filter or the number cannot be read.
        """
        if not 1 <= first <= MOST_A_PAGE:
            raise BadInput(f"first: must be between 1 and {MOST_A_PAGE}")
        lowest, highest, failed = wanted.statuses()
        await self.flush()
        rows = await self._database.fetch_all(
            PAGE,
            workspace_id,
            self._with_unknown,
            after,
            wanted.api_key_id,
            lowest,
            highest,
            failed,
            wanted.path or None,
            first + 1,
        )
        return list(rows[:first]), len(rows) > first
