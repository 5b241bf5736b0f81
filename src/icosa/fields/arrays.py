"""ARRAY: a list of texts; the empty list is stored as NULL and read as `[]`."""

from __future__ import annotations

from typing import Any, ClassVar

from icosa.errors import BadInput
from icosa.fields.base import Leaf, Operand, ScalarType, bad_operand, null_operand, refuse_operator, unquote_default
from icosa.fields.json_schema import JsonSchema
from icosa.fields.spec import FieldSpec
from icosa.fields.text import checked_text, like_pattern
from icosa.naming import literal

MERGE_STRIDE = 1_000_000


class TextList(ScalarType):
    """A column of texts."""

    name = "ARRAY"
    pg_type = "text[]"
    graphql_type = "String"
    graphql_filter = "ArrayFilter"
    operators = frozenset({"containsIlike", "is", "isEmptyArray"})
    empty_json = "[]"
    is_list = True
    schema: ClassVar[JsonSchema] = {"type": "array", "items": {"type": "string"}}

    def accept_leaf(self, value: Any, leaf: Leaf) -> Any:
        """Take a list of texts, a lone text as a list of one, or null."""
        items = [value] if isinstance(value, str) else value
        if items is None:
            return None
        if not isinstance(items, list):
            raise BadInput(f"{leaf.label}: must be a list of texts, a text or null", "INVALID_ARGS_DATA")
        return [self.check_item(item, leaf) for item in items] or None

    def check_item(self, item: Any, leaf: Leaf) -> str:
        """Return one item of the list; raises BadInput."""
        if not isinstance(item, str):
            raise BadInput(f"{leaf.label}: each item must be a text", "INVALID_ARGS_DATA")
        return checked_text(item, leaf.label) or ""

    def default_sql(self, default: Any) -> str:
        """Return the texts as an array."""
        return f"ARRAY[{','.join(literal(str(unquote_default(item))) for item in default)}]::text[]"

    def json(self, expression: str) -> str:
        """Write with PostgreSQL's own escaping."""
        return f"array_to_json({expression})::text"

    def content(self, expression: str) -> str:
        """Return NULL for an empty list too."""
        return f"nullif({expression}, '{{}}')::text"

    def operand(self, operator: str, value: Any, leaf: Leaf) -> Operand:
        """Check the value of `is`, `isEmptyArray` or `containsIlike`."""
        refuse_operator(operator, leaf)
        if operator == "is":
            return null_operand(value, leaf)
        if operator == "isEmptyArray":
            if not isinstance(value, bool):
                raise bad_operand(leaf, "true or false")
            return Operand("empty_list" if value else "filled_list", takes_value=False)
        if not isinstance(value, str) or "\x00" in value:
            raise bad_operand(leaf, "a text")
        return Operand(operator, like_pattern(value))

    def merge_sql(self, spec: FieldSpec, rows: str) -> dict[str, str]:
        """Take every item of every record once."""
        items = (
            f"SELECT u.item, min(b._rank * {MERGE_STRIDE} + u.place) AS first FROM {rows} b "
            f'CROSS JOIN LATERAL unnest(b."{spec.name}") WITH ORDINALITY AS u(item, place) GROUP BY u.item'
        )
        return {spec.name: f"(SELECT array_agg(x.item ORDER BY x.first) FROM ({items}) x)"}

    def from_cursor(self, value: Any, leaf: Leaf) -> Any:
        """Take the list back."""
        del leaf
        if not isinstance(value, list) or not all(isinstance(item, str) and "\x00" not in item for item in value):
            raise ValueError("not a list of texts")
        return value

    def test(self, operator: str, column: str, position: int, leaf: Leaf) -> str:
        """Write the list operators; see `ScalarType.test`."""
        match operator:
            case "empty_list":
                return f"{column} = '{{}}'"
            case "filled_list":
                return f"{column} <> '{{}}'"
            case "containsIlike":
                pattern = f"${position}::text"
                return f"EXISTS (SELECT 1 FROM unnest({column}) AS item WHERE item ILIKE {pattern})"
            case _:
                return super().test(operator, column, position, leaf)
