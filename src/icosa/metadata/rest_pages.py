"""Pages of definitions over REST: by id, the greatest first (`metadata.md` section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from icosa.errors import BadInput
from icosa.fields.uuids import is_uuid
from icosa.metadata.definitions import Told
from icosa.transport.parameters import AFTER, BEFORE, JS_NUMBER, Parameters

MOST = 1000
PAGE_PARAMETERS = frozenset({"limit", *AFTER, *BEFORE})


def rest_page(items: Sequence[Told], parameters: Parameters) -> tuple[list[Told], Told, int]:
    """Return a page's items, its `pageInfo` and the total.

    Raises:
        BadInput: a bad limit, both cursors, a cursor that is no id.
    """
    limit = _limit(parameters.one("limit"))
    after, before = _cursor(parameters, AFTER), _cursor(parameters, BEFORE)
    if after is not None and before is not None:
        raise BadInput("starting_after and ending_before exclude each other", "INVALID_CURSOR")
    ordered = sorted(items, key=lambda each: str(each["id"]), reverse=True)
    rest = [
        each
        for each in ordered
        if (after is None or str(each["id"]) < after) and (before is None or str(each["id"]) > before)
    ]
    backward = before is not None
    shown = rest[max(len(rest) - limit, 0) :] if backward else rest[:limit]
    info = {
        "hasNextPage": len(rest) > len(shown) and bool(shown),
        "startCursor": shown[0]["id"] if shown else None,
        "endCursor": shown[-1]["id"] if shown else None,
    }
    return shown, info, len(items)


def _limit(text: str | None) -> int:
    if text is None or text == "":
        return MOST
    number = float(text) if JS_NUMBER.fullmatch(text) else -1.0
    if number < 0 or number != int(number):
        raise BadInput("limit: must be a whole number, 0 or more", "INVALID_LIMIT_QUERY_PARAM")
    return int(min(number, MOST))


def _cursor(parameters: Parameters, names: tuple[str, ...]) -> str | None:
    text = parameters.cursor(names)
    if text is not None and not is_uuid(text):
        raise BadInput(f"{names[0]}: must be the id of a row", "INVALID_CURSOR")
    return None if text is None else str(UUID(text))


def without_nulls(told: Told) -> Told:
    """Return what a GET tells: keys whose value is null are left out, functions too."""
    return {key: value for key, value in told.items() if value is not None and not callable(value)}


def without_functions(told: Told) -> Told:
    """Return what a write tells: everything but what only GraphQL asks for."""
    return {key: value for key, value in told.items() if not callable(value)}


def whole(told: Told, *, nulls: bool) -> Any:
    """Return a definition for REST, with or without its nulls."""
    return without_functions(told) if nulls else without_nulls(told)
