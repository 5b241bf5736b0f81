"""TS_VECTOR: the search vector, read as text and never written."""

from __future__ import annotations

from typing import Any, ClassVar

from icosa.errors import BadInput
from icosa.fields.base import Leaf, Operand, ScalarType, bad_operand, null_operand, refuse_operator
from icosa.fields.json_schema import JsonSchema


class TsVector(ScalarType):
    """The system field `searchVector`."""

    name = "TS_VECTOR"
    schema: ClassVar[JsonSchema] = {"type": "string"}
    pg_type = "tsvector"
    graphql_type = "TSVector"
    graphql_filter = "TSVectorFilter"
    param_type = "text"
    operators = frozenset({"eq", "neq", "is", "search"})
    groupable = False
    can_be_created = False
    can_be_unique = False
    is_documented = False

    def accept_leaf(self, value: Any, leaf: Leaf) -> Any:
        """Refuse every value."""
        raise BadInput(f"{leaf.label}: is kept by the server and cannot be written", "INVALID_ARGS_DATA")

    def default_sql(self, default: Any) -> str:
        """Refuse: the server fills the column."""
        raise NotImplementedError

    def json(self, expression: str) -> str:
        """Write the vector's text."""
        return f"to_json({expression}::text)::text"

    def order(self, expression: str, leaf: Leaf) -> str:
        """Sort by the vector's text."""
        del leaf
        return f"{expression}::text"

    def operand(self, operator: str, value: Any, leaf: Leaf) -> Operand:
        """Check a text."""
        refuse_operator(operator, leaf)
        if operator == "is":
            return null_operand(value, leaf)
        if not isinstance(value, str) or "\x00" in value:
            raise bad_operand(leaf, "a text")
        return Operand(operator, value)

    def from_cursor(self, value: Any, leaf: Leaf) -> Any:
        """Take the text back."""
        del leaf
        if not isinstance(value, str):
            raise ValueError("not a text")
        return value

    def test(self, operator: str, column: str, position: int, leaf: Leaf) -> str:
        """Match all words as prefixes, or the whole input inside the vector's text (`graphql-core.md` section 5)."""
        if operator == "search":
            text = f"${position}::text"
            return f"({column} @@ core.prefix_query({text}) OR {column}::text ILIKE core.inside_pattern({text}))"
        if operator in {"eq", "neq"}:
            return super().test(operator, f"{column}::text", position, leaf)
        return super().test(operator, column, position, leaf)
