"""Connections at hand: kept out of asyncpg's pool between uses, since giving one back and asking again costs more than a
short statement."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any

import asyncpg


class Leases:
    """Hands out a pool's connections, in line, to as many users at once as the pool has connections.

    Args:
        pool: where they come from, and where one goes after a failure: the pool waits for a cancelled statement to end and
            replaces what is broken.
        size: the pool's.
    """

    def __init__(self, pool: asyncpg.Pool[asyncpg.Record], size: int) -> None:
        self._pool = pool
        # The pool hands a free connection to whoever asks just then; in line, nobody waits for long.
        self._turns = asyncio.Semaphore(size)
        self._idle: list[Any] = []
        self._closing = False

    async def take(self) -> Any:
        """Return a connection once it is one's turn; `give_back` has to follow.

        Raises:
            OSError, asyncpg.PostgresError: no connection can be opened.
        """
        await self._turns.acquire()
        try:
            while self._idle:
                connection = self._idle.pop()
                if not connection.is_closed():
                    return connection
                await self._pool.release(connection)
            return await self._pool.acquire()
        except BaseException:
            self._turns.release()
            raise

    async def give_back(self, connection: Any, *, failed: bool) -> None:
        """Let the next one have the connection."""
        try:
            if failed or self._closing:
                await self._pool.release(connection)
            else:
                self._idle.append(connection)
        finally:
            self._turns.release()

    def lease(self) -> Lease:
        """Return a context in which one has a connection."""
        return Lease(self)

    async def close(self) -> None:
        """Close the pool once its statements are done."""
        self._closing = True
        while self._idle:
            await self._pool.release(self._idle.pop())
        await self._pool.close()


class Lease:
    """One use of a connection."""

    __slots__ = ("_connection", "_leases")

    def __init__(self, leases: Leases) -> None:
        self._leases = leases

    async def __aenter__(self) -> Any:
        self._connection = await self._leases.take()
        return self._connection

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._leases.give_back(self._connection, failed=kind is not None)
