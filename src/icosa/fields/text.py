"""TEXT: a string; empty and absent are one thing, stored as NULL and read as `""`."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from icosa.errors import BadInput
from icosa.fields.base import (
    ORDERED,
    Leaf,
    Operand,
    ScalarType,
    bad_operand,
    list_operand,
    null_operand,
    refuse_operator,
    text_default_sql,
    unquote_default,
)
from icosa.fields.json_schema import JsonSchema
from icosa.fields.spec import FieldSpec

LONE_BACKSLASH = re.compile(r"\\(?![%_])")
TEXT_OPERATORS = ORDERED | {"like", "ilike", "startsWith", "endsWith"}


def checked_text(value: Any, label: str) -> str | None:
    """Return the text to store, None for an empty one.

    Raises:
        BadInput: not a string or null, or it holds a NUL character, which PostgreSQL cannot store.
    """
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise BadInput(f"{label}: must be a text or null", "INVALID_ARGS_DATA")
    if "\x00" in value:
        raise BadInput(f"{label}: must not hold a NUL character", "INVALID_ARGS_DATA")
    return value


def like_pattern(pattern: str) -> str:
    """Return a LIKE pattern in which a backslash is plain text unless it stands before % or _ (`DECISIONS.md` item 28)."""
    return LONE_BACKSLASH.sub(r"\\\\", pattern)


class Text(ScalarType):
    """A plain text of any length."""

    name = "TEXT"
    schema: ClassVar[JsonSchema] = {"type": "string"}
    pg_type = "text"
    graphql_type = "String"
    graphql_filter = "StringFilter"
    operators = TEXT_OPERATORS
    empty_json = '""'
    can_be_label = True
    can_be_searched = True
    tells_image = True

    def accept_leaf(self, value: Any, leaf: Leaf) -> Any:
        """Take strings and null; nothing is trimmed."""
        return checked_text(value, leaf.label)

    def default_sql(self, default: Any) -> str:
        """Return the quoted text; the empty one is NULL."""
        return "NULL" if unquote_default(default) == "" else text_default_sql(default, "text")

    def json(self, expression: str) -> str:
        """Write with PostgreSQL's own escaping."""
        return f"to_json({expression})::text"

    def order(self, expression: str, leaf: Leaf) -> str:
        """Sort case-blind (`rest-core.md` section 6)."""
        del leaf
        return f"lower({expression})"

    def group_order(self, expression: str) -> str:
        """Sort groups case-blind too."""
        return f"lower({expression})"

    def operand(self, operator: str, value: Any, leaf: Leaf) -> Operand:
        """Check a filter's value; empty values ask for NULL."""
        refuse_operator(operator, leaf)
        if operator == "is":
            return null_operand(value, leaf)
        if operator == "in":
            texts = [self._text(item, leaf) for item in list_operand(value, leaf)]
            return Operand("in_or_empty" if "" in texts else "in", texts)
        if value is None and operator in {"eq", "neq"}:
            value = ""
        text = self._text(value, leaf)
        if text == "" and operator in {"eq", "like", "ilike"}:
            return Operand("null", takes_value=False)
        if text == "" and operator == "neq":
            return Operand("not_null", takes_value=False)
        return Operand(operator, like_pattern(text) if operator in {"like", "ilike"} else text)

    def _text(self, value: Any, leaf: Leaf) -> str:
        if not isinstance(value, str):
            raise bad_operand(leaf, "a text")
        if "\x00" in value:
            raise bad_operand(leaf, "a text without NUL characters")
        return value

    def from_cursor(self, value: Any, leaf: Leaf) -> Any:
        """Take the text back."""
        del leaf
        if not isinstance(value, str) or "\x00" in value:
            raise ValueError("not a text")
        return value

    def test(self, operator: str, column: str, position: int, leaf: Leaf) -> str:
        """Write the text operators; see `ScalarType.test`."""
        match operator:
            case "in_or_empty":
                return f"({super().test('in', column, position, leaf)} OR {column} IS NULL)"
            case "like" | "ilike":
                return f"{column} {operator.upper()} {self.parameter(position)}"
            case "startsWith":
                return f"starts_with({column}, {self.parameter(position)})"
            case "endsWith":
                return f"right({column}, length({self.parameter(position)})) = {self.parameter(position)}"
            case _:
                return super().test(operator, column, position, leaf)

    def search_sql(self, spec: FieldSpec, alias: str) -> tuple[str, ...]:
        """Feed the text itself."""
        return (f'{alias}"{spec.name}"',)
