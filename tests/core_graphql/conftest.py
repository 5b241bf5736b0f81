from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from icosa.demo.rows import DemoOptions
from icosa.demo.seeder import seed_demo
from support.house import House, open_house


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with open_house(database_url) as house:
        yield house


@pytest.fixture
def demo(database_url: str, tmp_path: Path) -> Iterator[House]:
    with open_house(database_url, files_dir=tmp_path / "files") as house:
        # What the demo leads to, such as timeline activities, would come in between two answers that are compared.
        house.quiet()
        options = DemoOptions(anchor=dt.date(2026, 11, 25))
        house.run(seed_demo(house.database, house.base.uploads, house.workspace_id, options))
        yield house
