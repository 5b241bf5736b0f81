"""Cursors: base64 of the JSON of a record's sort values and its id (`rest-core.md` section 7, `graphql-core.md` section 7)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson

from icosa.errors import BadInput
from icosa.fields.uuids import is_uuid
from icosa.plan.reads import Cursor, OrderKey
from icosa.plan.values import Values


def read_cursor(text: str, order: Sequence[OrderKey], values: Values) -> Cursor | None:
    """Return where a page starts; None for an empty cursor.

    Args:
        text: what a client sent.
        order: the order of this request, which the cursor must have been made under.
        values: takes the cursor's values.

    Raises:
        BadInput: `INVALID_CURSOR`: no base64 of a JSON object, other keys than the order's, a value that is no value of
            its field.
    """
    document = _document(text)
    if not document:
        return None
    found: list[int | None] = []
    for each in order:
        steps = (each.path.relation.name, *each.path.leaf.path) if each.path.relation else each.path.leaf.path
        value = document.get("id") if steps == ("id",) else _take(document, steps)
        found.append(None if value is None else values.add(_value(each, value)))
    identifier = document.pop("id", None)
    if document:
        raise BadInput(f"The cursor holds '{next(iter(document))}', which is no key of this order", "INVALID_CURSOR")
    if not is_uuid(identifier):
        raise BadInput("The cursor's id is not a UUID", "INVALID_CURSOR")
    return Cursor(tuple(found), values.add(UUID(identifier)))


def _document(text: str) -> dict[str, Any]:
    try:
        document = orjson.loads(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        raise BadInput("The cursor is not one that this server has made", "INVALID_CURSOR") from None
    if not isinstance(document, dict):
        raise BadInput("The cursor is not one that this server has made", "INVALID_CURSOR")
    return document


def _take(document: dict[str, Any], steps: Sequence[str]) -> Any:
    """Remove a nested key and return its value."""
    branch: Any = document
    trail = []
    for step in steps[:-1]:
        trail.append((branch, step))
        branch = branch.get(step)
        if not isinstance(branch, dict):
            raise BadInput(f"The cursor was made under another order: it lacks '{'.'.join(steps)}'", "INVALID_CURSOR")
    if steps[-1] not in branch:
        raise BadInput(f"The cursor was made under another order: it lacks '{'.'.join(steps)}'", "INVALID_CURSOR")
    value = branch.pop(steps[-1])
    for parent, step in reversed(trail):
        if not parent[step]:
            del parent[step]
    return value


def _value(each: OrderKey, value: Any) -> Any:
    leaf = each.path.leaf
    try:
        return leaf.type.from_cursor(value, leaf)
    except (ValueError, OverflowError):
        raise BadInput(f"The cursor's value of '{leaf.label}' does not fit the field", "INVALID_CURSOR") from None
