"""JSON text put together by PostgreSQL out of constant and computed pieces.

Joining text pieces costs less than `json_build_object` or than shaping rows in Python, because only what may hold a
special character is escaped and every other byte is constant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from icosa.naming import literal

# PostgreSQL takes at most a hundred arguments to one call.
MOST_ARGUMENTS = 90


@dataclass(frozen=True, slots=True)
class Const:
    """Text that is the same in every answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Expr:
    """A SQL expression; see `join` and `concat` for what NULL means."""

    sql: str


Piece = Const | Expr


def key(name: str) -> str:
    """Return a JSON key with its colon; API names and GraphQL aliases need no escaping."""
    return f'"{name}":'


def join(pieces: Iterable[Piece]) -> str:
    """Return SQL that joins the pieces of a record, none of which is NULL.

    With the operator a record takes a fifth less time than with `concat()`, which turns each of its arguments into a C string.
    It copies what it joins, so halves are joined rather than one piece after the other.
    """
    return _joined(
        [literal(each.text) if isinstance(each, Const) else f"({each.sql})::text" for each in _merged(pieces)]
    )


def _joined(parts: Sequence[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return f"({_joined(parts[:half])} || {_joined(parts[half:])})"


def concat(pieces: Iterable[Piece]) -> str:
    """Return SQL that joins the pieces of a page, where NULL stands for no text."""
    arguments = [literal(each.text) if isinstance(each, Const) else each.sql for each in _merged(pieces)]
    while len(arguments) > MOST_ARGUMENTS:
        arguments = [
            f"concat({', '.join(arguments[start : start + MOST_ARGUMENTS])})"
            for start in range(0, len(arguments), MOST_ARGUMENTS)
        ]
    return arguments[0] if len(arguments) == 1 else f"concat({', '.join(arguments)})"


def _merged(pieces: Iterable[Piece]) -> list[Piece]:
    """Return the pieces with neighbouring constants made one; at least one piece."""
    merged: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Const) and merged and isinstance(merged[-1], Const):
            merged[-1] = Const(merged[-1].text + piece.text)
        elif not isinstance(piece, Const) or piece.text:
            merged.append(piece)
    return merged or [Const("")]
