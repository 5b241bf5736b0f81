"""Query parameters: read by name, and what a route does not use is remembered (`rest-core.md` section 4)."""

from __future__ import annotations

import re
from functools import cached_property
from urllib.parse import parse_qsl, quote

from icosa.errors import BadInput

JS_NUMBER = re.compile(r"\s*\+?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\s*", re.ASCII)
AFTER = ("starting_after", "after", "cursor")
BEFORE = ("ending_before", "before")
MOST_LISTED = 200
FILTER_OPERATORS = frozenset(
    {"eq", "neq", "in", "containsAny", "is", "gt", "gte", "lt", "lte", "startsWith", "endsWith", "like", "ilike"}
)
"""What a `filter` parameter may say of a field whose type knows it (`rest-core.md` section 5)."""


class Parameters:
    """The parameters of one request.

    Args:
        query: the raw query string; `+` is a blank.
        known: the names that the route uses.
    """

    def __init__(self, query: bytes, known: frozenset[str]) -> None:
        self._query = query
        self._known = known

    @cached_property
    def _all(self) -> list[tuple[str, str]]:
        return parse_qsl(self._query.decode("latin-1"), keep_blank_values=True) if self._query else []

    def all(self, name: str) -> list[str]:
        """Return every value of a parameter that may be repeated."""
        return [value for key, value in self._all if key == name]

    def one(self, name: str) -> str | None:
        """Return the value of a parameter that may stand once; None when it is missing.

        Raises:
            BadInput: it stands twice.
        """
        found = self.all(name)
        if len(found) > 1:
            raise BadInput(f"{name}: may be given once only")
        return found[0] if found else None

    def unless_repeated(self, name: str) -> str | None:
        """Return a parameter's value; one that stands twice counts as unknown."""
        found = self.all(name)
        if len(found) > 1:
            self._known -= {name}
            return None
        return found[0] if found else None

    def flag(self, name: str) -> bool:
        """Return whether a parameter is the exact word `true`."""
        return "true" in self.all(name)[-1:]

    def depth(self) -> int:
        """Return `depth`: 0, also when missing or empty, or 1.

        Raises:
            BadInput: anything else.
        """
        text = self.one("depth")
        if text in {None, "", "0"}:
            return 0
        if text == "1":
            return 1
        raise BadInput("depth: must be 0 or 1")

    def limit(self, default: int, name: str = "limit") -> int:
        """Return `limit`, cut to the most that a page may hold.

        Raises:
            BadInput: not a whole number, or negative.
        """
        text = self.one(name)
        if text is None or text == "":
            return default
        number = float(text) if JS_NUMBER.fullmatch(text) else -1.0
        if number < 0 or (number != float("inf") and number != int(number)):
            raise BadInput(f"{name}: must be a whole number, 0 or more")
        return int(min(number, MOST_LISTED))

    def cursor(self, names: tuple[str, ...]) -> str | None:
        """Return a cursor under any of its names; None when there is none, or an empty one.

        Raises:
            BadInput: it is given twice.
        """
        found = [value for name in names for value in self.all(name)]
        if len(found) > 1:
            raise BadInput(f"{names[0]}: a cursor may be given once only", "INVALID_CURSOR")
        return found[0] or None if found else None

    def ignored(self) -> bytes | None:
        """Return the value of `X-Ignored-Parameters`: the names that the route does not use; None when there are none."""
        names = dict.fromkeys(key for key, _ in self._all if key not in self._known)
        return ", ".join(quote(name, safe=SAFE) for name in names).encode("ascii") if names else None


SAFE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in ",%")
