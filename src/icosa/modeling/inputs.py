"""Plain keys of an input: texts, flags and ids, each checked for its kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from icosa.errors import BadInput
from icosa.fields.uuids import is_uuid

CODE = "INVALID_INPUT"
Given = Mapping[str, Any]


def text(given: Given, key: str, default: str = "") -> str:
    """Return a text; null and nothing are the default.

    Raises:
        BadInput: it is no text.
    """
    value = given.get(key)
    if value is None:
        return default
    if not isinstance(value, str) or "\x00" in value:
        raise BadInput(f"{key}: must be a text", CODE)
    return value


def flag(given: Given, key: str, *, default: bool) -> bool:
    """Return a boolean; null and nothing are the default.

    Raises:
        BadInput: it is none.
    """
    value = given.get(key)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise BadInput(f"{key}: must be true or false", CODE)
    return value


def identifier(given: Given, key: str) -> UUID:
    """Return a required id.

    Raises:
        BadInput: it is missing or no UUID.
    """
    value = given.get(key)
    if not is_uuid(value):
        raise BadInput(f"{key}: must be a UUID", CODE)
    return UUID(value)


def optional_identifier(given: Given, key: str) -> UUID | None:
    """Return an id that may be left out.

    Raises:
        BadInput: it is no UUID.
    """
    return None if given.get(key) is None else identifier(given, key)


def number(given: Given, key: str, default: float) -> float:
    """Return a number; null and nothing are the default.

    Raises:
        BadInput: it is none.
    """
    value = given.get(key)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(f"{key}: must be a number", CODE)
    return value
