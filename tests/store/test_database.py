from __future__ import annotations

import asyncio

import asyncpg
import pytest

from icosa.errors import Misconfigured, Unavailable
from icosa.store.database import NOTIFY, Database


async def test_a_cancelled_statement_poisons_no_connection(database: Database) -> None:
    for _ in range(8):
        task = asyncio.create_task(database.fetch_value("SELECT pg_sleep(10)"))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await asyncio.gather(*(database.fetch_value("SELECT $1::int", n) for n in range(8))) == list(range(8))


async def test_a_broken_connection_is_replaced(database: Database) -> None:
    killed = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = pg_backend_pid()"
    with pytest.raises((Unavailable, asyncpg.PostgresError)):
        await database.fetch_value(killed)
    assert await database.fetch_value("SELECT 1") == 1


async def test_closing_waits_for_what_is_under_way(database_url: str) -> None:
    database = await Database.connect(database_url, size=2)
    assert await database.fetch_value("SELECT 1") == 1
    async with database.transaction() as connection:
        closing = asyncio.create_task(database.close())
        await asyncio.sleep(0.01)
        assert not closing.done()
        assert await connection.fetchval("SELECT 2") == 2
    async with asyncio.timeout(10):
        await closing


async def test_listening_goes_on_after_a_break(database: Database) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    await database.listen("tests", heard.put_nowait)
    await database.execute(NOTIFY, "tests", "one")
    assert await asyncio.wait_for(heard.get(), 10) == "one"
    await database.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE query LIKE 'LISTEN%' AND datname = current_database() AND pid <> pg_backend_pid()"
    )
    assert await asyncio.wait_for(heard.get(), 10) == ""
    await database.execute(NOTIFY, "tests", "two")
    assert await asyncio.wait_for(heard.get(), 10) == "two"


async def test_a_pooler_needs_no_prepared_statements(database_url: str) -> None:
    database = await Database.connect(database_url, size=1, prepared_statements=False)
    assert await database.fetch_value("SELECT count(*) FROM pg_prepared_statements") == 0
    await database.close()


async def test_a_server_that_is_not_there_is_one_line() -> None:
    with pytest.raises(Misconfigured, match="cannot be reached"):
        await Database.connect("postgresql://nobody@127.0.0.1:1/none")
