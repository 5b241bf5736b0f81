"""One PostgreSQL for the whole run, a database of its own for each test that asks for one.

The embedded server is shared by all workers; `ICOSA_TEST_DATABASE_URL` names another one to run the same tests on.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest

from icosa.store.database import Database
from icosa.store.embedded import EmbeddedServer


def with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


async def run_on(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    given = os.environ.get("ICOSA_TEST_DATABASE_URL")
    if given:
        yield given
        return
    root = tmp_path_factory.getbasetemp()
    shared = (root if worker_id == "master" else root.parent) / "shared"
    server = asyncio.run(EmbeddedServer.start(Path(shared)))
    yield server.url
    asyncio.run(server.stop())


def make_database(postgres_url: str) -> str:
    """Make an empty database and return its address."""
    name = f"test_{uuid4().hex}"
    locale = "LOCALE 'C.UTF-8'"
    if "ICOSA_TEST_DATABASE_URL" not in os.environ:
        locale = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
    statement = f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' {locale}"
    # Playwright, where it is in use, keeps a loop running in this thread.
    with ThreadPoolExecutor(1) as other_thread:
        other_thread.submit(asyncio.run, run_on(postgres_url, statement)).result()
    return with_database(postgres_url, name)


@pytest.fixture
def database_url(postgres_url: str) -> Iterator[str]:
    url = make_database(postgres_url)
    yield url
    asyncio.run(run_on(postgres_url, f"DROP DATABASE {urlsplit(url).path[1:]} WITH (FORCE)"))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = await Database.connect(database_url, size=4)
    yield database
    await database.close()
