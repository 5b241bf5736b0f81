"""BOOLEAN: true, false or nothing."""

from __future__ import annotations

from typing import Any, ClassVar

from icosa.errors import BadInput
from icosa.fields.base import (
    COUNTING,
    Aggregation,
    Leaf,
    Operand,
    ScalarType,
    bad_operand,
    null_operand,
    refuse_operator,
)
from icosa.fields.json_schema import JsonSchema
from icosa.fields.spec import FieldSpec

WORDS = {"true": True, "false": False}


class Boolean(ScalarType):
    """A truth value."""

    name = "BOOLEAN"
    schema: ClassVar[JsonSchema] = {"type": "boolean"}
    pg_type = "boolean"
    graphql_type = "Boolean"
    graphql_filter = "BooleanFilter"
    operators = frozenset({"eq", "is"})

    def aggregations(self, spec: FieldSpec) -> tuple[tuple[Aggregation, Leaf | None, str], ...]:
        """Count, trues and falses too."""
        leaf = self.leaves(spec)[0]
        counted = (Aggregation.COUNT_TRUE, Aggregation.COUNT_FALSE)
        return (*((c, None, "") for c in COUNTING), *((c, leaf, "") for c in counted))

    def accept_leaf(self, value: Any, leaf: Leaf) -> Any:
        """Take true, false and null."""
        if value is None or isinstance(value, bool):
            return value
        raise BadInput(f"{leaf.label}: must be true, false or null", "INVALID_ARGS_DATA")

    def default_sql(self, default: Any) -> str:
        """Return true or false."""
        return "true" if default else "false"

    def operand(self, operator: str, value: Any, leaf: Leaf) -> Operand:
        """Check a boolean or its word."""
        refuse_operator(operator, leaf)
        if operator == "is":
            return null_operand(value, leaf)
        checked = value if isinstance(value, bool) else WORDS.get(value) if isinstance(value, str) else None
        if checked is None:
            raise bad_operand(leaf, "true or false")
        return Operand(operator, checked)

    def from_cursor(self, value: Any, leaf: Leaf) -> Any:
        """Take the boolean back."""
        del leaf
        if not isinstance(value, bool):
            raise ValueError("not a boolean")
        return value
