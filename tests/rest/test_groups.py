"""Groups of records that no order was asked for, or not all of one."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from support.house import House

SIZES = list(range(60))


@pytest.mark.parametrize("order", [None, [{"aggregate": {"totalCount": "DescNullsLast"}}]])
def test_a_limit_shows_the_same_groups_every_time(house: House, order: Any) -> None:
    house.make("companies", [{"employees": size} for size in random.Random(7).sample(SIZES, len(SIZES))])
    parameters = {"group_by": json.dumps([{"employees": True}]), "limit": "10"}
    if order:
        parameters |= {"order_by": json.dumps(order)}
    answer = house.ask("GET", "/rest/companies/groupBy", parameters=parameters)
    assert [each["groupByDimensionValues"] for each in answer.json] == [[size] for size in SIZES[:10]]
