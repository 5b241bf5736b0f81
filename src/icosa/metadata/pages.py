"""Lists of definitions: filters and cursor pages (`metadata.md` section 4)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from icosa.errors import BadInput

Item = Mapping[str, Any]


def _like(value: str, pattern: str) -> bool:
    """Return whether an id is like a pattern whose only wildcard is `%`."""
    parts = pattern.split("%")
    if len(parts) == 1:
        return value == pattern
    if not value.startswith(parts[0]) or not value.endswith(parts[-1]):
        return False
    place = len(parts[0])
    for part in parts[1:-1]:
        found = value.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return place <= len(value) - len(parts[-1])


COMPARISONS: Mapping[str, Callable[[str, Any], bool]] = {
    "eq": lambda value, other: value == other,
    "neq": lambda value, other: value != other,
    "in": lambda value, other: value in other,
    "notIn": lambda value, other: value not in other,
    "gt": lambda value, other: value > other,
    "gte": lambda value, other: value >= other,
    "lt": lambda value, other: value < other,
    "lte": lambda value, other: value <= other,
    "like": _like,
    "iLike": lambda value, other: _like(value.lower(), other.lower()),
    "notLike": lambda value, other: not _like(value, other),
    "notILike": lambda value, other: not _like(value.lower(), other.lower()),
}


def matches(item: Item, condition: Mapping[str, Any] | None) -> bool:
    """Return whether a definition meets a filter."""
    for name, test in (condition or {}).items():
        if test is None:
            continue
        if name == "and":
            if not all(matches(item, each) for each in test):
                return False
        elif name == "or":
            if test and not any(matches(item, each) for each in test):
                return False
        elif not _holds(item[name], test):
            return False
    return True


def _holds(value: Any, test: Mapping[str, Any]) -> bool:
    for operator, other in test.items():
        if operator in {"is", "isNot"}:
            if other is not None and (value == other) is not (operator == "is"):
                return False
        elif other is not None and not COMPARISONS[operator](str(value), _plain(other)):
            return False
    return True


def _plain(other: Any) -> Any:
    return [str(each).lower() for each in other] if isinstance(other, list) else str(other).lower()


def connection(items: Sequence[Item], paging: Mapping[str, Any] | None, condition: Any = None) -> dict[str, Any]:
    """Return a page of definitions, the greatest id first.

    Raises:
        BadInput: a broken cursor.
    """
    ordered = sorted(
        (each for each in items if matches(each, condition)), key=lambda each: str(each["id"]), reverse=True
    )
    asked = paging or {}
    first, last = asked.get("first"), asked.get("last")
    after, before = _cursor(asked.get("after")), _cursor(asked.get("before"))
    rest = [
        each for each in ordered if (not after or str(each["id"]) < after) and (not before or str(each["id"]) > before)
    ]
    backward = last is not None and (first is None or "first" not in asked)
    limit = last if backward else first if first is not None else 10
    if (first is not None and last is not None and not backward) or limit is None or limit <= 0:
        rest, limit = [], 0
    shown = rest[-limit:] if backward and limit else rest[:limit]
    more = len(rest) > len(shown)
    return {
        "edges": [{"node": each, "cursor": made_cursor(each)} for each in shown],
        "pageInfo": {
            "hasNextPage": bool(shown) and (more if not backward else before is not None),
            "hasPreviousPage": bool(shown) and (more if backward else after is not None),
            "startCursor": made_cursor(shown[0]) if shown else None,
            "endCursor": made_cursor(shown[-1]) if shown else None,
        },
    }


def made_cursor(item: Item) -> str:
    """Return the cursor of a definition."""
    return base64.b64encode(str(item["id"]).encode()).decode()


def _cursor(text: str | None) -> str | None:
    if not text:
        return None
    try:
        return str(UUID(base64.b64decode(text, validate=True).decode()))
    except (binascii.Error, ValueError):
        raise BadInput("The cursor is not one that this server has made", "INVALID_CURSOR") from None
