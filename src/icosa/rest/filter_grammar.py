"""The text of a `filter` parameter as a tree (`rest-core.md` section 5).

filter    := item ("," item)*
item      := and( item,… ) | or( item,… ) | not( item ) | predicate
predicate := path "[" operator "]:" value
value     := bare | "…" | '…' | [ v, v, … ]
"""

from __future__ import annotations

from dataclasses import dataclass

from icosa.errors import BadInput

CONJUNCTIONS = ("and", "or", "not")
LISTED = frozenset({"in", "containsAny"})
DEEPEST = 50


@dataclass(frozen=True, slots=True)
class Quoted:
    """A value that stood in quotes; they are gone."""

    text: str


@dataclass(frozen=True, slots=True)
class Predicate:
    """One condition, its names not looked up yet."""

    path: str
    operator: str
    value: str | Quoted | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A conjunction of `kind` and, or, not."""

    kind: str
    items: tuple[Node, ...]


Node = Predicate | Group


def parse_filter(text: str) -> tuple[Node, ...]:
    """Return the items of a filter, which are joined with and.

    Raises:
        BadInput: `INVALID_ARGS_FILTER`; the message tells what was expected and where.
    """
    parser = _Parser(text)
    return parser.items(closing=False, depth=0)


def refuse(text: str) -> BadInput:
    """Return the error of a filter that cannot be read."""
    return BadInput(f"filter: {text}", "INVALID_ARGS_FILTER")


class _Parser:
    """Reads from left to right; `_at` is the place of the next character."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def items(self, *, closing: bool, depth: int) -> tuple[Node, ...]:
        """Read items up to the end of the text, or to the bracket that closes a conjunction."""
        if depth > DEEPEST:
            raise refuse(f"conjunctions nest at most {DEEPEST} deep")
        found = [self._item(depth)]
        while self._at < len(self._text):
            sign = self._text[self._at]
            self._at += 1
            if sign == ",":
                found.append(self._item(depth))
            elif closing:
                return tuple(found)
            else:
                raise refuse(f"the bracket at character {self._at} closes nothing")
        if closing:
            raise refuse("a bracket is not closed")
        return tuple(found)

    def _item(self, depth: int) -> Node:
        for kind in CONJUNCTIONS:
            if self._text.startswith(f"{kind}(", self._at):
                self._at += len(kind) + 1
                items = self.items(closing=True, depth=depth + 1)
                if self._at < len(self._text) and self._text[self._at] not in ",)":
                    raise refuse(f"a comma is missing at character {self._at + 1}")
                if kind == "not" and len(items) != 1:
                    raise refuse("not(…) takes exactly one condition")
                return Group(kind, items)
        return self._predicate()

    def _predicate(self) -> Predicate:
        opened = self._text.find("[", self._at)
        closed = self._text.find("]:", opened)
        path = self._text[self._at : opened]
        if opened < 0 or closed < 0 or not path or any(sign in path for sign in ",()"):
            raise refuse(f"expected field[operator]:value at character {self._at + 1}")
        operator = self._text[opened + 1 : closed]
        self._at = closed + 2
        value = self._value(operator)
        return Predicate(path, operator, value)

    def _value(self, operator: str) -> str | Quoted | tuple[str, ...]:
        if operator in LISTED and self._text.startswith("[", self._at):
            self._at += 1
            return self._list()
        quoted = self._quoted(",)")
        if quoted is not None:
            return Quoted(quoted)
        start, open_brackets = self._at, 0
        while self._at < len(self._text):
            sign = self._text[self._at]
            if sign == "," and open_brackets == 0:
                break
            if sign == "(":
                open_brackets += 1
            elif sign == ")":
                if open_brackets == 0:
                    break
                open_brackets -= 1
            self._at += 1
        if open_brackets:
            raise refuse("a bracket is not closed")
        if start == self._at:
            raise refuse(f'a value is missing at character {start + 1}; the empty text is ""')
        return self._text[start : self._at]

    def _quoted(self, closers: str) -> str | None:
        """Read a value in quotes; None when there is none. A quote closes its value only before a closer or the end."""
        quote = self._text[self._at : self._at + 1]
        if quote not in {'"', "'"}:
            return None
        start = self._at + 1
        found = self._text.find(quote, start)
        while found >= 0:
            following = self._text[found + 1 :].lstrip(" ")[:1] if "]" in closers else self._text[found + 1 : found + 2]
            if not following or following in closers:
                self._at = found + 1
                return self._text[start:found]
            found = self._text.find(quote, found + 1)
        return None

    def _list(self) -> tuple[str, ...]:
        items: list[str] = []
        self._skip_blanks()
        if self._text.startswith("]", self._at):
            self._at += 1
            return ()
        while True:
            self._skip_blanks()
            quoted = self._quoted(",]")
            if quoted is None:
                quoted = self._bare_item()
            items.append(quoted)
            self._skip_blanks()
            sign = self._text[self._at : self._at + 1]
            self._at += 1
            if sign == "]":
                return tuple(items)
            if sign != ",":
                raise refuse("a list is not closed by ]")

    def _bare_item(self) -> str:
        start = self._at
        while self._at < len(self._text) and self._text[self._at] not in ",]":
            self._at += 1
        return self._text[start : self._at].rstrip(" ")

    def _skip_blanks(self) -> None:
        while self._text.startswith(" ", self._at):
            self._at += 1
