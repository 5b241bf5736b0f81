"""What a house sends to its database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from support.house import House

Tell = Callable[[str, tuple[Any, ...], Sequence[Any]], None]


def tell_statements(house: House, tell: Tell) -> None:
    """Tell of each statement that reads, from now on: its SQL, its parameters and the rows that it gave."""
    database = house.database
    fetch_row, fetch_all = database.fetch_row, database.fetch_all

    async def row(sql: str, *args: Any) -> Any:
        found = await fetch_row(sql, *args)
        tell(sql, args, [] if found is None else [found])
        return found

    async def rows(sql: str, *args: Any) -> Any:
        found = await fetch_all(sql, *args)
        tell(sql, args, found)
        return found

    database.fetch_row = row  # type: ignore[method-assign]
    database.fetch_all = rows  # type: ignore[method-assign]
