from __future__ import annotations

from collections.abc import Iterator

import pytest

from conftest import make_database
from openapi.workspace import Workspace, with_awkward_names
from support.house import House, open_house
from support.serving import running_server


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with open_house(database_url) as house:
        yield house


@pytest.fixture(scope="session")
def workspace(postgres_url: str) -> Iterator[Workspace]:
    with running_server(make_database(postgres_url), demo=True) as server:
        yield with_awkward_names(server)
