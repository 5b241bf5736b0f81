from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from icosa.demo.rows import DemoOptions
from icosa.demo.seeder import seed_demo
from support.house import House, open_house


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with open_house(database_url) as house:
        yield house


@pytest.fixture
def demo(database_url: str) -> Iterator[House]:
    with open_house(database_url) as house:
        # What the demo leads to, such as timeline activities, would come in between two answers that are compared.
        house.quiet()
        house.run(seed_demo(house.database, house.workspace_id, DemoOptions(anchor=dt.date(2026, 11, 25))))
        yield house
