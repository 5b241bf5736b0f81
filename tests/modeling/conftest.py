from __future__ import annotations

from collections.abc import Iterator

import pytest

from icosa.doctor.check import examine
from support.catalogs import kept_differences
from support.house import House, open_house
from support.model import Model


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    """A workspace whose model, tables, schema and snapshot agree when the test ends, whatever it did."""
    with open_house(database_url) as house:
        yield house
        assert kept_differences(house) == []
        assert house.run(examine(house.database, house.workspace_id)) == []


@pytest.fixture
def model(house: House) -> Model:
    return Model(house)
