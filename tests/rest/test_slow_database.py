"""A database that gives up on a statement is no fault of the program's: the client is told to come again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from support.house import Answer, House

PATIENT = 30
WAITING = """
select pid from pg_stat_activity
where datname = current_database() and application_name = 'icosa' and wait_event_type = 'Lock'
"""


class Holder:
    """Another session, which holds what the server needs."""

    def __init__(self, connection: Any, schema: str) -> None:
        self._connection = connection
        self.schema = schema

    async def run(self, sql: str) -> None:
        await self._connection.execute(sql)

    async def waiting(self) -> int:
        """Return who waits for a lock, once somebody does."""
        async with asyncio.timeout(PATIENT):
            while True:
                pid: int | None = await self._connection.fetchval(WAITING)
                if pid is not None:
                    return pid
                await asyncio.sleep(0.01)


@asynccontextmanager
async def holder(database_url: str) -> AsyncIterator[Holder]:
    # The one who has waited the longest breaks a deadlock; this session never does.
    connection = await asyncpg.connect(database_url, server_settings={"deadlock_timeout": "1h"})
    try:
        yield Holder(connection, await connection.fetchval("select quote_ident(schema_name) from core.workspace"))
    finally:
        await connection.close()


async def given_up(house: House, database_url: str, table: str, *request: Any, key: str | None = None) -> Answer:
    """Ask while a table is locked, and let PostgreSQL cancel the statement that waits for it."""
    async with holder(database_url) as other:
        await other.run(f"begin; lock table {table.format(schema=other.schema)} in access exclusive mode")
        asking = asyncio.create_task(house.asking(*request, key=key))
        await other.run(f"select pg_cancel_backend({await other.waiting()})")
        return await asking


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/rest/companies", None),
        ("GET", "/rest/companies/{id}", None),
        ("PATCH", "/rest/companies/{id}", {"name": "x"}),
        ("POST", "/rest/companies", {"name": "x"}),
    ],
)
def test_a_statement_that_is_given_up_is_a_503(
    house: House, database_url: str, method: str, path: str, body: Any
) -> None:
    house.quiet()
    made = house.make("companies", [{"name": "One"}])[0]
    answer = house.run(given_up(house, database_url, "{schema}.company", method, path.format(**made), body))
    assert (answer.status, answer.json["code"]) == (503, "TIMEOUT"), answer.content
    assert [each["name"] for each in house.ask("GET", "/rest/companies").json["data"]["companies"]] == ["One"]


def test_so_is_one_that_looks_who_is_asking(house: House, database_url: str) -> None:
    house.quiet()
    key = house.make_key()
    answer = house.run(given_up(house, database_url, "core.api_key", "GET", "/rest/companies", key=key))
    assert (answer.status, answer.json["code"]) == (503, "TIMEOUT"), answer.content


def test_so_is_one_of_several_that_belong_together(house: House, database_url: str) -> None:
    house.quiet()
    create = 'mutation { createWebhook(input: {targetUrl: "https://example.com/", operations: ["*.*"]}) { id } }'
    answer = house.run(given_up(house, database_url, "core.webhook", "POST", "/metadata", {"query": create}))
    assert answer.json["errors"][0]["extensions"]["code"] == "TIMEOUT", answer.content


def test_a_read_that_breaks_a_deadlock_is_a_503(house: House, database_url: str) -> None:
    house.quiet()

    async def play() -> Answer:
        async with holder(database_url) as other:
            await other.run(f"begin; lock table {other.schema}.company in access exclusive mode")
            asking = asyncio.create_task(house.asking("GET", "/rest/people?depth=1"))
            await other.waiting()
            await other.run(f"lock table {other.schema}.person in access exclusive mode")
            return await asking

    answer = house.run(play())
    assert (answer.status, answer.json["code"]) == (503, "TIMEOUT"), answer.content


def test_a_write_that_breaks_a_deadlock_is_tried_again(house: House, database_url: str) -> None:
    house.quiet()
    first, second = sorted(each["id"] for each in house.make("companies", [{"name": "One"}, {"name": "Two"}]))

    async def play() -> Answer:
        async with holder(database_url) as other:
            lock = f"select from {other.schema}.company where id = '{{}}' for update"
            await other.run(f"begin; {lock.format(second)}")
            everything = f'/rest/companies?filter=id[in]:["{first}","{second}"]'
            asking = asyncio.create_task(house.asking("PATCH", everything, {"name": "Both"}))
            await other.waiting()
            await other.run(lock.format(first))
            await other.run("rollback")
            return await asking

    answer = house.run(play())
    assert answer.status == 200, answer.content
    assert [each["name"] for each in answer.json["data"]["updateCompanies"]] == ["Both", "Both"]
