"""A slim pool over asyncpg: no round trip to take a connection or to give it back.

With `prepared_statements` off it works through PgBouncer in transaction mode: nothing is prepared by name, and no
setting is sent that a pooler refuses.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

import asyncpg
import structlog

from icosa.errors import Misconfigured, Unavailable
from icosa.store.leases import Leases

STATEMENTS_KEPT = 1000
TIMEOUT_SECONDS = 30
RECONNECT_SECONDS = 0.5
# Changes by sessions of another name are told of by triggers (`modeling.ddl.watch_others`); a pooler takes this one as well.
APPLICATION_NAME = "icosa"
NAMED = {"application_name": APPLICATION_NAME}
SETTINGS = {"jit": "off", "TimeZone": "UTC", "statement_timeout": "30s", **NAMED}
# Tells every process that listens on the channel `$1`; inside a transaction, once it is committed.
NOTIFY = "SELECT pg_notify($1, $2)"
HELD = """
SELECT EXISTS (
    SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
    WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.classid = 0 AND l.objid = $1 AND l.granted
)
"""

# Where a request that asked for `Server-Timing` adds up the seconds that its statements take.
SPENT: ContextVar[list[float] | None] = ContextVar("SPENT", default=None)

# For whom a transaction changes the model: JSON, as event rows tell it; while it is unset nobody is told of the change.
ACTOR: ContextVar[str | None] = ContextVar("ACTOR", default=None)

log = structlog.get_logger("icosa.store")

GONE = (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError, TimeoutError)
GIVEN_UP = (asyncpg.QueryCanceledError, asyncpg.DeadlockDetectedError)
UNANSWERED = (*GONE, *GIVEN_UP)


class Deadlock(Unavailable):
    """The statement and another session's waited for each other: PostgreSQL's way to ask for another try."""


class Database:
    """Connections to one database.

    Attributes:
        statements: how many statements were sent so far; tests count by it what a request costs.
    """

    def __init__(self, pool: asyncpg.Pool[asyncpg.Record], url: str, size: int) -> None:
        self._leases = Leases(pool, size)
        self._url = url
        self._listeners: dict[str, list[Callable[[str], None]]] = {}
        self._held: set[int] = set()
        self._listening: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self.statements = 0

    @classmethod
    async def connect(cls, url: str, *, size: int = 10, prepared_statements: bool = True) -> Database:
        """Open the pool.

        Args:
            url: a `postgresql://` address.
            size: connections at the most.
            prepared_statements: off for PgBouncer in transaction mode.

        Raises:
            Misconfigured: the server cannot be reached or refuses the user.
        """
        try:
            pool = await asyncpg.create_pool(
                url,
                min_size=1,
                max_size=size,
                statement_cache_size=STATEMENTS_KEPT if prepared_statements else 0,
                max_cached_statement_lifetime=0,
                max_cacheable_statement_size=0,
                max_inactive_connection_lifetime=0,
                command_timeout=TIMEOUT_SECONDS,
                reset=_no_reset,
                server_settings=SETTINGS if prepared_statements else NAMED,
            )
        except (*GONE, asyncpg.PostgresError, ValueError) as problem:
            raise Misconfigured(f"The database cannot be reached: {problem}") from problem
        return cls(pool, url, size)

    async def fetch_row(self, sql: str, *args: Any) -> asyncpg.Record | None:
        """Run a statement and return its first row.

        Raises:
            Unavailable: the database cannot be reached or does not answer in time.
            Deadlock: see there.
            asyncpg.PostgresError: what PostgreSQL refuses.
        """
        self.statements += 1
        started = time.perf_counter()
        try:
            async with self._leases.lease() as connection:
                row: asyncpg.Record | None = await connection.fetchrow(sql, *args)
                return row
        except UNANSWERED as problem:
            raise _unavailable(problem) from problem
        finally:
            note_spent(time.perf_counter() - started)

    async def fetch_all(self, sql: str, *args: Any) -> list[asyncpg.Record]:
        """Run a statement and return its rows; see `fetch_row`."""
        self.statements += 1
        try:
            async with self._leases.lease() as connection:
                rows: list[asyncpg.Record] = await connection.fetch(sql, *args)
                return rows
        except UNANSWERED as problem:
            raise _unavailable(problem) from problem

    async def fetch_value(self, sql: str, *args: Any) -> Any:
        """Run a statement and return the first column of its first row; see `fetch_row`."""
        row = await self.fetch_row(sql, *args)
        return None if row is None else row[0]

    async def execute(self, sql: str, *args: Any) -> str:
        """Run a statement, or several without parameters, and return the status; see `fetch_row`."""
        self.statements += 1
        try:
            async with self._leases.lease() as connection:
                status: str = await connection.execute(sql, *args)
                return status
        except UNANSWERED as problem:
            raise _unavailable(problem) from problem

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """Give a connection inside a transaction, committed unless an exception leaves the block; see `fetch_row`."""
        try:
            async with self._leases.lease() as connection, connection.transaction():
                actor = ACTOR.get()
                if actor is not None:
                    await connection.execute("SELECT set_config('icosa.actor', $1, true)", actor)
                yield connection
        except UNANSWERED as problem:
            raise _unavailable(problem) from problem

    @asynccontextmanager
    async def apart(self) -> AsyncIterator[Any]:
        """Give a connection outside the pool whose statements may take as long as they need."""
        connection = await asyncpg.connect(self._url, statement_cache_size=0, server_settings=NAMED)
        try:
            yield connection
        except BaseException:
            connection.terminate()
            raise
        await connection.close()

    async def listen(self, channel: str, callback: Callable[[str], None]) -> None:
        """Call back with each payload of a channel, on a connection of its own that is opened again when it breaks.

        After a break the callback gets an empty payload, since something may have been missed.
        """
        self._listeners.setdefault(channel, []).append(callback)
        await self._listen_anew()

    async def hold(self, number: int) -> None:
        """Hold a shared advisory lock for as long as this process lives, on the connection that listens; see `is_held`."""
        self._held.add(number)
        await self._listen_anew()

    async def is_held(self, number: int) -> bool:
        """Return whether any process holds a lock of `hold`."""
        return bool(await self.fetch_value(HELD, number))

    async def _listen_anew(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
        self._ready.clear()
        self._listening = asyncio.create_task(self._listen())
        await asyncio.wait_for(self._ready.wait(), TIMEOUT_SECONDS)

    async def _listen(self) -> None:
        broken = False
        while True:
            with contextlib.suppress(*GONE, asyncpg.PostgresError):
                await self._hear(missed=broken)
            broken = True
            log.warning("lost the connection that listens; opening another")
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _hear(self, *, missed: bool) -> None:
        connection = await asyncpg.connect(self._url, server_settings=NAMED)
        closed = asyncio.Event()
        connection.add_termination_listener(lambda _: closed.set())
        try:
            for channel in self._listeners:
                await connection.add_listener(channel, self._heard)
            for number in self._held:
                await connection.execute("SELECT pg_advisory_lock_shared($1)", number)
            self._ready.set()
            if missed:
                for callbacks in self._listeners.values():
                    for callback in callbacks:
                        callback("")
            await closed.wait()
        finally:
            connection.terminate()

    def _heard(self, _connection: Any, _pid: int, channel: str, payload: Any) -> None:
        for callback in self._listeners.get(channel, ()):
            callback(str(payload))

    async def close(self) -> None:
        """Close the pool once its statements are done."""
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening
        await self._leases.close()


@contextlib.contextmanager
def acting_for(actor: str) -> Iterator[None]:
    """Let the transactions within tell for whom they change the model; see `ACTOR`."""
    token = ACTOR.set(actor)
    try:
        yield
    finally:
        ACTOR.reset(token)


def note_spent(seconds: float) -> None:
    """Add to what the current request has waited for the database."""
    spent = SPENT.get()
    if spent is not None:
        spent.append(seconds)


async def _no_reset(_connection: Any) -> None:
    """Leave the connection as it is: nothing here changes a session, and the default costs a round trip."""


def _unavailable(problem: BaseException) -> Unavailable:
    if isinstance(problem, GIVEN_UP):
        kind = Deadlock if isinstance(problem, asyncpg.DeadlockDetectedError) else Unavailable
        return kind("The database did not finish in time; nothing was changed", "TIMEOUT")
    log.error("database unavailable", problem=repr(problem))
    return Unavailable("The database does not answer; try again in a moment", "TIMEOUT")
