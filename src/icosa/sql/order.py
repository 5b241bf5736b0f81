"""Sort keys, keyset conditions and cursors.

A keyset condition names, key by key, what comes later in the order. Nulls have their place in it: whether a cursor's
value is null is part of the plan, so each form is a plain condition without a NULL test of a parameter.
"""

from __future__ import annotations

from collections.abc import Sequence

from icosa.naming import quoted
from icosa.plan.reads import Cursor, OrderKey
from icosa.sql.scope import Scope
from icosa.sql.text import Const, Expr, Piece, concat, key


def order_by(keys: Sequence[OrderKey], scope: Scope, *, reverse: bool) -> str:
    """Return the ORDER BY list, the id last; reversed when a page is counted from the end."""
    terms = []
    for each in keys:
        expression = each.path.leaf.type.order(scope.column(each.path), each.path.leaf)
        descending = each.descending is not reverse
        nulls_first = each.nulls_first is not reverse
        nulls = "" if never_null(each) else f" NULLS {'FIRST' if nulls_first else 'LAST'}"
        terms.append(f"{expression}{' DESC' if descending else ''}{nulls}")
    terms.append(f"{scope.alias}.id{' DESC' if reverse else ''}")
    return ", ".join(terms)


def never_null(each: OrderKey) -> bool:
    """Return whether a key's column cannot be null."""
    return each.path.relation is None and each.path.leaf.not_null


def beyond(keys: Sequence[OrderKey], cursor: Cursor, scope: Scope, *, reverse: bool) -> str:
    """Return the condition of what comes after the cursor, or before it when `reverse`."""
    sign = "<" if reverse else ">"
    result = f"{scope.alias}.id {sign} ${cursor.id + 1}::uuid"
    if len(keys) == 1 and never_null(keys[0]) and keys[0].descending is False and cursor.values[0] is not None:
        leaf = keys[0].path.leaf
        left = leaf.type.order(scope.column(keys[0].path), leaf)
        right = leaf.type.order(leaf.type.parameter(cursor.values[0] + 1), leaf)
        return f"({left}, {scope.alias}.id) {sign} ({right}, ${cursor.id + 1}::uuid)"
    for each, value in zip(reversed(keys), reversed(cursor.values), strict=True):
        result = _beyond_key(each, value, scope, result, reverse=reverse)
    return result


def _beyond_key(each: OrderKey, value: int | None, scope: Scope, rest: str, *, reverse: bool) -> str:
    leaf = each.path.leaf
    left = leaf.type.order(scope.column(each.path), leaf)
    nulls_first = each.nulls_first is not reverse
    if value is None:
        same = f"({left} IS NULL AND {rest})"
        return f"({left} IS NOT NULL OR {same})" if nulls_first else same
    right = leaf.type.order(leaf.type.parameter(value + 1), leaf)
    sign = "<" if each.descending is not reverse else ">"
    later = f"{left} {sign} {right}"
    same = f"({left} = {right} AND {rest})"
    if nulls_first or never_null(each):
        return f"({later} OR {same})"
    return f"({later} OR {left} IS NULL OR {same})"


def key_columns(keys: Sequence[OrderKey], scope: Scope) -> str:
    """Return select items for the keys that are no column of the object itself, for the cursor to read."""
    return "".join(
        f", {scope.column(each.path)} AS _k{number}"
        for number, each in enumerate(keys)
        if each.path.relation is not None
    )


def cursor(keys: Sequence[OrderKey], row: str) -> str:
    """Return SQL for a row's cursor: base64 of the JSON of its sort values and its id (`rest-core.md` section 7)."""
    tree: dict[str, object] = {}
    for number, each in enumerate(keys):
        leaf = each.path.leaf
        column = f"{row}._k{number}" if each.path.relation is not None else f"{row}.{quoted(leaf.column)}"
        value = Expr(f"coalesce({leaf.type.cursor_json(column)}, 'null')")
        steps = (each.path.relation.name, *leaf.path) if each.path.relation is not None else leaf.path
        branch = tree
        for step in steps[:-1]:
            branch = branch.setdefault(step, {})  # type: ignore[assignment]
        branch[steps[-1]] = value
    tree["id"] = Expr(f"""('"' || {row}.id || '"')""")
    document = concat(_document(tree))
    return f"translate(encode(convert_to({document}, 'UTF8'), 'base64'), E'\\n', '')"


def _document(tree: dict[str, object]) -> list[Piece]:
    pieces: list[Piece] = [Const("{")]
    for number, (name, value) in enumerate(tree.items()):
        pieces.append(Const(("," if number else "") + key(name)))
        if isinstance(value, dict):
            pieces.extend(_document(value))
        elif isinstance(value, Expr):
            pieces.append(value)
    pieces.append(Const("}"))
    return pieces
