"""Answers that are made anew, to hold those against that were kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg

from icosa.records.engine import Engine
from support.house import Answer, House


@contextmanager
def nothing_kept(house: House) -> Iterator[None]:
    """Let the house answer by an engine that knows of no earlier answer."""
    service = house.base.service
    kept, service.engine = service.engine, Engine(house.database, None, house.base.uploads.links.fill)
    try:
        yield
    finally:
        service.engine = kept


def ask_twice(house: House, method: str, path: str, body: Any = None, *, parameters: Any = None) -> Answer:
    """Return an answer that may have been kept, and see that it says what one made anew does."""
    answer = house.ask(method, path, body, parameters=parameters)
    with nothing_kept(house):
        fresh = house.ask(method, path, body, parameters=parameters)
    assert (answer.status, answer.content) == (fresh.status, fresh.content), (method, path, body, parameters)
    return answer


def by_others(house: House, *statements: str) -> None:
    """Run statements as somebody does who goes around Icosa, in one transaction."""

    async def run() -> None:
        connection = await asyncpg.connect(house.database._url)
        try:
            async with connection.transaction():
                for each in statements:
                    await connection.execute(each)
        finally:
            await connection.close()

    house.run(run())


def table_of(house: House, singular: str) -> str:
    """Return an object's table, qualified and quoted."""
    row = house.run(
        house.database.fetch_row(
            "select w.schema_name, o.table_name from core.workspace w join core.object_metadata o on o.workspace_id = w.id "
            "where o.name_singular = $1",
            singular,
        )
    )
    return f'"{row["schema_name"]}"."{row["table_name"]}"'


def touched(house: House, object_id: str | None = None) -> int:
    """Return how many events tell of changes by other means than a write."""
    schema = house.run(house.database.fetch_value("select schema_name from core.workspace"))
    sql = f"select count(*) from \"{schema}\".event where action = 'touched' and object_id = coalesce($1, object_id)"
    return int(house.run(house.database.fetch_value(sql, object_id)))
