"""Tells who waits that a workspace has newly published events, in whichever process they were published."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from uuid import UUID

from icosa.store.database import Database

CHANNEL = "icosa_events"


class Arrivals:
    """One for each process.

    Args:
        database: announces on the channel `icosa_events` with each publication.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counts: dict[UUID, int] = defaultdict(int)
        self._missed = 0
        self._changed = asyncio.Event()

    async def start(self) -> None:
        """Begin to listen."""
        await self._database.listen(CHANNEL, self._heard)

    def mark(self, workspace_id: UUID) -> int:
        """Return what tells later whether something has come since; take it before reading."""
        return self._counts[workspace_id] + self._missed

    async def wait(self, workspace_id: UUID, mark: int, seconds: float) -> bool:
        """Wait until something has come since the mark, or until the time is over; return whether something came."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.mark(workspace_id) == mark:
                    await self._changed.wait()
        return self.mark(workspace_id) != mark

    async def wait_unless(self, closing: asyncio.Event, workspace_id: UUID, mark: int, seconds: float) -> bool:
        """Wait as `wait` does, but not for longer than the process is to live; return whether something came."""
        waiting = asyncio.create_task(self.wait(workspace_id, mark, seconds))
        ending = asyncio.create_task(closing.wait())
        try:
            await asyncio.wait({waiting, ending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (waiting, ending):
                task.cancel()
        await asyncio.gather(waiting, ending, return_exceptions=True)
        return self.mark(workspace_id) != mark

    def _heard(self, payload: str) -> None:
        if payload:
            self._counts[UUID(payload)] += 1
        else:
            self._missed += 1
        self._changed.set()
        self._changed = asyncio.Event()
