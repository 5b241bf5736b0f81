"""Tests and sort keys out of names and values, the same for both protocols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from icosa.catalog.model import Catalog, Object
from icosa.errors import BadInput
from icosa.plan.filters import Test
from icosa.plan.paths import resolve
from icosa.plan.reads import OrderKey
from icosa.plan.values import Values

DIRECTIONS: Mapping[str, tuple[bool, bool]] = MappingProxyType(
    {
        "AscNullsFirst": (False, True),
        "AscNullsLast": (False, False),
        "DescNullsFirst": (True, True),
        "DescNullsLast": (True, False),
    }
)


def make_test(catalog: Catalog, owner: Object, steps: Sequence[str], operator: str, value: Any, values: Values) -> Test:
    """Return one condition and keep its value.

    Raises:
        BadInput: `INVALID_ARGS_FILTER`: an unknown name, an operator the type does not have, a value that does not fit.
    """
    path = resolve(catalog, owner, steps, "INVALID_ARGS_FILTER")
    operand = path.leaf.type.operand(operator, value, path.leaf)
    return Test(path, operand.operator, values.add(operand.value) if operand.takes_value else None)


def make_order_key(catalog: Catalog, owner: Object, steps: Sequence[str], direction: Any) -> OrderKey:
    """Return one sort key.

    Raises:
        BadInput: `FIELD_NOT_FOUND` for an unknown name, `INVALID_DIRECTION` for an unknown direction.
    """
    path = resolve(catalog, owner, steps, "FIELD_NOT_FOUND")
    if not isinstance(direction, str) or direction not in DIRECTIONS:
        known = ", ".join(DIRECTIONS)
        raise BadInput(f"{'.'.join(steps)}: the direction must be one of {known}", "INVALID_DIRECTION")
    descending, nulls_first = DIRECTIONS[direction]
    return OrderKey(path, descending, nulls_first)


def distinct(keys: Sequence[OrderKey]) -> tuple[OrderKey, ...]:
    """Return the sort keys without those whose path stands earlier already: they decide nothing."""
    seen: dict[object, OrderKey] = {}
    for each in keys:
        seen.setdefault(each.path, each)
    return tuple(seen.values())
