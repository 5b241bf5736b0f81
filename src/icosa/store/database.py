"""A slim pool over asyncpg: no round trip to take a connection or to give it back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from icosa.errors import Unavailable


class Database:
    """Connections to one PostgreSQL database."""

    def __init__(self, pool: asyncpg.Pool, url: str) -> None:
        self._pool = pool
        self._url = url
        self.statements = 0
        self._listeners: list[Any] = []

    @classmethod
    async def connect(cls, url: str, *, size: int = 10, prepared_statements: bool = True) -> Database:
        """Open the pool."""
        async def reset(connection: Any) -> None:
            return None
        pool = await asyncpg.create_pool(
            url, min_size=1, max_size=size, statement_cache_size=1000 if prepared_statements else 0,
            max_cached_statement_lifetime=0, max_cacheable_statement_size=0, reset=reset,
            server_settings={"jit": "off", "application_name": "icosa", "TimeZone": "UTC"},
        )
        return cls(pool, url)

    async def fetch_row(self, sql: str, *args: Any) -> Any:
        """Return the first row or None."""
        self.statements += 1
        async with self._pool.acquire() as connection:
            return await connection.fetchrow(sql, *args)

    async def fetch_all(self, sql: str, *args: Any) -> Any:
        self.statements += 1
        async with self._pool.acquire() as connection:
            return await connection.fetch(sql, *args)

    async def fetch_value(self, sql: str, *args: Any) -> Any:
        self.statements += 1
        async with self._pool.acquire() as connection:
            return await connection.fetchval(sql, *args)

    async def execute(self, sql: str, *args: Any) -> Any:
        self.statements += 1
        async with self._pool.acquire() as connection:
            return await connection.execute(sql, *args)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        async with self._pool.acquire() as connection, connection.transaction():
            yield connection

    async def listen(self, channel: str, callback: Callable[[str], None]) -> None:
        connection = await asyncpg.connect(self._url)
        await connection.add_listener(channel, lambda *a: callback(a[3]))
        self._listeners.append(connection)

    async def close(self) -> None:
        for each in self._listeners:
            await each.close()
        await self._pool.close()
