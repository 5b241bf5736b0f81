"""A database that gives up on a statement is no fault of the program's: the client is told to come again."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from support.house import House


@pytest.mark.parametrize("problem", [asyncpg.QueryCanceledError, asyncpg.DeadlockDetectedError])
def test_it_is_a_503(house: House, monkeypatch: pytest.MonkeyPatch, problem: type[Exception]) -> None:
    made = house.make("companies", [{"name": "One"}])[0]
    house.ask("GET", "/rest/companies")

    async def give_up(*_: Any) -> Any:
        raise problem("given up")

    monkeypatch.setattr(house.database, "fetch_row", give_up)
    for method, path in (
        ("GET", "/rest/companies"),
        ("GET", f"/rest/companies/{made['id']}"),
        ("PATCH", f"/rest/companies/{made['id']}"),
    ):
        answer = house.ask(method, path, {"name": "x"} if method == "PATCH" else None)
        assert (answer.status, answer.json["code"]) == (503, "TIMEOUT"), (method, answer.content)
