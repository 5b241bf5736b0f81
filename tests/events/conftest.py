from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.house import House, open_house


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with open_house(database_url) as house:
        yield house
