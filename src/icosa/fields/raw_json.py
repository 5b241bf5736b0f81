"""RAW_JSON: an object or a list, kept as jsonb; empty ones are stored as NULL."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import orjson

from icosa.errors import BadInput
from icosa.fields.base import Leaf, Operand, ScalarType, bad_operand, null_operand, refuse_operator
from icosa.fields.json_schema import JsonSchema
from icosa.fields.text import like_pattern
from icosa.naming import literal


def is_storable(value: Any) -> bool:
    """Return whether jsonb can hold a JSON value: no NUL character in a text or a key, no infinite number,
    and nothing that is not JSON, such as a file that came along."""
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            if "\x00" in item:
                return False
        elif isinstance(item, float):
            if not math.isfinite(item):
                return False
        elif isinstance(item, dict):
            pending.extend(item.keys())
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
        elif item is not None and not isinstance(item, int):
            return False
    return True


class RawJson(ScalarType):
    """A free JSON document."""

    name = "RAW_JSON"
    schema: ClassVar[JsonSchema] = {"description": "A JSON object or a list; an empty one reads as null."}
    pg_type = "jsonb"
    graphql_type = "JSON"
    graphql_filter = "RawJsonFilter"
    operators = frozenset({"is", "like"})
    groupable = False

    def accept_leaf(self, value: Any, leaf: Leaf) -> Any:
        """Take an object, a list, the JSON text of one, or null."""
        if isinstance(value, str) and value:
            try:
                value = orjson.loads(value)
            except orjson.JSONDecodeError:
                raise BadInput(f"{leaf.label}: the text is not JSON", "INVALID_ARGS_DATA") from None
        if value is None or value == "":
            return None
        if not isinstance(value, dict | list):
            raise BadInput(f"{leaf.label}: must be a JSON object, a list or null", "INVALID_ARGS_DATA")
        if not is_storable(value):
            raise BadInput(f"{leaf.label}: must not hold a NUL character or an infinite number", "INVALID_ARGS_DATA")
        return self.check_document(value, leaf)

    def check_document(self, document: Any, leaf: Leaf) -> Any:
        """Return the document to store, None for an empty one; types with a fixed form check it here."""
        del leaf
        return document or None

    def default_sql(self, default: Any) -> str:
        """Return the document as a constant."""
        return f"{literal(orjson.dumps(default).decode())}::jsonb"

    def content(self, expression: str) -> str:
        """Return NULL for empty documents too."""
        return f"nullif(nullif({expression}::text, '{{}}'), '[]')"

    def order(self, expression: str, leaf: Leaf) -> str:
        """Sort by the document's text."""
        del leaf
        return f"{expression}::text"

    def operand(self, operator: str, value: Any, leaf: Leaf) -> Operand:
        """Check the value of `is` or `like`."""
        refuse_operator(operator, leaf)
        if operator == "is":
            return null_operand(value, leaf)
        if not isinstance(value, str) or "\x00" in value:
            raise bad_operand(leaf, "a text")
        if value == "":
            return Operand("null", takes_value=False)
        return Operand(operator, like_pattern(value))

    def from_cursor(self, value: Any, leaf: Leaf) -> Any:
        """Take the document back as its text."""
        del leaf
        return orjson.dumps(value).decode()

    def test(self, operator: str, column: str, position: int, leaf: Leaf) -> str:
        """Run `like` on the document's text."""
        if operator == "like":
            return f"{column}::text LIKE ${position}::text"
        return super().test(operator, column, position, leaf)
