"""What the tests of the demo ask the API."""

from __future__ import annotations

import json
from typing import Any

from support.house import House


def groups(house: House, plural: str, dimension: Any, aggregate: str = "totalCount") -> dict[Any, Any]:
    parameters = {"group_by": json.dumps([dimension]), "aggregate": json.dumps([aggregate]), "limit": "200"}
    found = house.ask("GET", f"/rest/{plural}/groupBy", parameters=parameters).json
    return {str(group["groupByDimensionValues"][0]): group[aggregate] for group in found}


def total(house: House, plural: str, condition: str = "") -> int:
    parameters = {"limit": "0", **({"filter": condition} if condition else {})}
    return int(house.ask("GET", f"/rest/{plural}", parameters=parameters).json["totalCount"])
