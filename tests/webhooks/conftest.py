from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.house import House, open_house
from support.post import Post


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with open_house(database_url, webhook_worker=False, outbound_allowed_hosts=("127.0.0.1",)) as house:
        yield house


@pytest.fixture
def post(house: House) -> Iterator[Post]:
    post = Post(house)
    yield post
    post.close()
