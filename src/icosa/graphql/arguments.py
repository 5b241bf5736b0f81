"""Filters, orders and pages out of arguments, the same at the root and on nested connections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from icosa.catalog.model import Catalog, Object
from icosa.errors import BadInput
from icosa.plan.conditions import distinct, make_order_key, make_test
from icosa.plan.cursors import read_cursor
from icosa.plan.filters import And, Filter, Not, Or
from icosa.plan.paths import no_field, no_target
from icosa.plan.reads import OrderKey, Page
from icosa.plan.values import Values

WRAPPERS = frozenset({"and", "or", "not"})
FILTER = "INVALID_ARGS_FILTER"
ORDER = "INVALID_QUERY_INPUT"
DEEPEST_FILTER = 50
LARGEST_INT = 2**31 - 1


def read_filter(catalog: Catalog, owner: Object, value: Any, values: Values) -> Filter | None:
    """Return the condition of a filter (`graphql-core.md` section 5); None when it asks nothing.

    Raises:
        BadInput: `INVALID_ARGS_FILTER`.
    """
    return None if value is None else _Filters(catalog, owner, values).filter(value, (), 0)


class _Filters:
    def __init__(self, catalog: Catalog, owner: Object, values: Values) -> None:
        self._catalog = catalog
        self._owner = owner
        self._values = values

    def filter(self, value: Any, behind: tuple[str, ...], depth: int) -> Filter | None:
        """Return the condition of one filter object; `behind` is the relation it is about."""
        if not isinstance(value, dict):
            raise BadInput(f"{'.'.join(behind) or 'filter'}: must be an object of tests", FILTER)
        if depth > DEEPEST_FILTER:
            raise BadInput(f"filter: nested more than {DEEPEST_FILTER} levels deep", FILTER)
        items = []
        for name, inner in value.items():
            made = (
                self._wrapper(name, inner, behind, depth)
                if name in WRAPPERS
                else self._test(name, inner, behind, depth)
            )
            if made is not None:
                items.append(made)
        if not items:
            return None
        return items[0] if len(items) == 1 else And(tuple(items))

    def _wrapper(self, name: str, value: Any, behind: tuple[str, ...], depth: int) -> Filter | None:
        if value is None:
            return None
        if name == "not":
            if isinstance(value, list):
                raise BadInput("not: takes one filter, not a list", FILTER)
            return Not(self.filter(value, behind, depth + 1) or And(()))
        listed = value if isinstance(value, list) else [value]
        made = [self.filter({} if each is None else each, behind, depth + 1) for each in listed]
        items = tuple(each for each in made if each is not None)
        if not items:
            return None
        return items[0] if len(items) == 1 else And(items) if name == "and" else Or(items)

    def _test(self, name: str, value: Any, behind: tuple[str, ...], depth: int) -> Filter | None:
        owner = self._owner
        if behind:
            owner = self._catalog.target(owner.field_by_name[behind[0]]) or owner
        label = ".".join((*behind, name))
        field = owner.field_by_name.get(name)
        if field is not None and field.join_column is not None:
            if behind:
                raise BadInput(f"{label}: only one relation can be followed", FILTER)
            if self._catalog.target(field) is None:
                raise no_target(owner, name)
            return self.filter(_tests(value, label), (name,), depth + 1)
        if field is not None and field.is_composite:
            parts = _tests(value, label)
            items = [self._operator((*behind, name, part), tests) for part, tests in parts.items()]
            return items[0] if len(items) == 1 else And(tuple(items))
        if field is None and name not in owner.field_by_join_column:
            raise no_field(owner, name, FILTER)
        return self._operator((*behind, name), value)

    def _operator(self, steps: tuple[str, ...], value: Any) -> Filter:
        label = ".".join(steps)
        tests = _tests(value, label)
        if len(tests) != 1:
            raise BadInput(f"{label}: a test holds exactly one operator; write several tests under 'and'", FILTER)
        operator, operand = next(iter(tests.items()))
        return make_test(self._catalog, self._owner, steps, operator, operand, self._values)


def _tests(value: Any, label: str) -> dict[str, Any]:
    if not isinstance(value, dict) or not value:
        raise BadInput(f"{label}: a test must be an object that is not empty", FILTER)
    return value


def read_order(catalog: Catalog, owner: Object, value: Any) -> tuple[OrderKey, ...]:
    """Return the sort keys of an `orderBy` (`graphql-core.md` section 6).

    Raises:
        BadInput: an unknown field or direction, a second relation, a direction where an object belongs.
    """
    listed = value if isinstance(value, list) else [value]
    keys: list[OrderKey] = []
    for entry in listed:
        if entry is None:
            continue
        if not isinstance(entry, dict):
            raise BadInput("orderBy: must be a list of objects", ORDER)
        _order_keys(catalog, owner, (), entry, keys)
    return distinct(keys)


def _order_keys(
    catalog: Catalog, owner: Object, steps: tuple[str, ...], entry: Mapping[str, Any], keys: list[OrderKey]
) -> None:
    for name, inner in entry.items():
        path = (*steps, name)
        if isinstance(inner, dict):
            if len(path) > 3:
                raise BadInput(f"{'.'.join(path)}: only one relation can be followed", ORDER)
            _order_keys(catalog, owner, path, inner, keys)
        elif inner is not None:
            keys.append(make_order_key(catalog, owner, path, inner))


def relation_keys(order: tuple[OrderKey, ...]) -> int:
    """Return how many sort keys go through a relation."""
    return sum(each.path.relation is not None for each in order)


def read_page(arguments: Mapping[str, Any], order: tuple[OrderKey, ...], default: int, values: Values) -> Page:
    """Return the page that `first`, `last`, `before`, `after` and `offset` ask for (`graphql-core.md` section 7).

    Raises:
        BadInput: they exclude each other, a number is negative, a cursor is none of this order.
    """
    first, last = whole_number(arguments, "first"), whole_number(arguments, "last")
    after, before = text(arguments, "after"), text(arguments, "before")
    for one, other in (("first", "last"), ("before", "after"), ("before", "first"), ("after", "last")):
        if arguments.get(one) is not None and arguments.get(other) is not None:
            raise BadInput(f"{one} and {other} exclude each other", "ARGS_CONFLICT")
    if first is not None and first < 0:
        raise BadInput("first: must be 0 or more", "INVALID_ARGS_FIRST")
    if last is not None and last < 0:
        raise BadInput("last: must be 0 or more", "INVALID_ARGS_LAST")
    offset = whole_number(arguments, "offset")
    if offset is not None and offset < 0:
        raise BadInput("offset: must be 0 or more", ORDER)
    limit = first if first is not None else last if last is not None else default
    sent = after if after is not None else before
    cursor = read_cursor(sent, order, values) if sent else None
    backward = last is not None or before is not None
    return Page(limit, cursor, backward, values.add(offset) if offset else None)


def whole_number(arguments: Mapping[str, Any], name: str) -> int | None:
    """Return an Int argument.

    Raises:
        BadInput: it is none.
    """
    value = arguments.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or abs(value) > LARGEST_INT):
        raise BadInput(f"{name}: must be a whole number", ORDER)
    return value


def text(arguments: Mapping[str, Any], name: str) -> str | None:
    """Return a String argument.

    Raises:
        BadInput: it is none.
    """
    value = arguments.get(name)
    if value is not None and not isinstance(value, str):
        raise BadInput(f"{name}: must be a text", ORDER)
    return value


def flag(arguments: Mapping[str, Any], name: str) -> bool:
    """Return a Boolean argument, false when it is left out.

    Raises:
        BadInput: it is none.
    """
    value = arguments.get(name, False)
    if not isinstance(value, bool):
        raise BadInput(f"{name}: must be true or false", ORDER)
    return value
