"""JSON text put together by PostgreSQL out of constant and computed pieces.

Joining text pieces costs less than `json_build_object` or than shaping rows in Python, because only what may hold a
special character is escaped and every other byte is constant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from icosa.naming import literal

MOST_ARGUMENTS = 90


@dataclass(frozen=True, slots=True)
class Const:
    """Text that is the same in every answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Expr:
    """A SQL expression whose text is never NULL."""

    sql: str


Piece = Const | Expr


def key(name: str) -> str:
    """Return a JSON key with its colon; API names and GraphQL aliases need no escaping."""
    return f'"{name}":'


def concat(pieces: Iterable[Piece]) -> str:
    """Return SQL that joins the pieces; PostgreSQL takes at most a hundred arguments to one call."""
    arguments: list[str] = []
    constant = ""
    for piece in pieces:
        if isinstance(piece, Const):
            constant += piece.text
            continue
        if constant:
            arguments.append(literal(constant))
            constant = ""
        arguments.append(piece.sql)
    if constant or not arguments:
        arguments.append(literal(constant))
    while len(arguments) > MOST_ARGUMENTS:
        arguments = [
            f"concat({', '.join(arguments[start : start + MOST_ARGUMENTS])})"
            for start in range(0, len(arguments), MOST_ARGUMENTS)
        ]
    return arguments[0] if len(arguments) == 1 else f"concat({', '.join(arguments)})"
