"""SELECT, RATING and MULTI_SELECT: values out of a field's options.

Options are kept as text, and their order lives in the catalog alone: adding, renaming or moving an option then never
rewrites a table, which a PostgreSQL enum would ask for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from icosa.errors import BadInput
from icosa.fields.arrays import TextList
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
from icosa.naming import literal


def option_list(leaf: Leaf) -> str:
    """Return the options as people read them in an error."""
    return ", ".join(leaf.options[:30]) + (", …" if len(leaf.options) > 30 else "")


def one_of(options: Sequence[str]) -> JsonSchema:
    """Return the JSON Schema of one option's value."""
    return {"type": "string", "enum": list(options)}


class Select(ScalarType):
    """One option; it sorts and compares by the options' order."""

    name = "SELECT"
    pg_type = "text"
    graphql_type = "String"
    graphql_filter = "StringFilter"
    has_options = True
    operators = ORDERED

    def option_values(self, spec: FieldSpec) -> tuple[str, ...]:
        """Return the field's option values in order."""
        return tuple(option.value for option in spec.options)

    def value_schema(self, options: Sequence[str], item: JsonSchema | None = None) -> JsonSchema:
        """Return one of the options; see `ScalarType.value_schema`."""
        return dict(item or one_of(options))

    def accept_leaf(self, value: Any, leaf: Leaf) -> Any:
        """Take one option's value, in its exact case, or null."""
        if value is None:
            return None
        if not isinstance(value, str) or value not in leaf.options:
            raise BadInput(f"{leaf.label}: must be one of {option_list(leaf)}", "INVALID_ARGS_DATA")
        return value

    def default_sql(self, default: Any) -> str:
        """Return the option's value."""
        return text_default_sql(default, "text")

    def json(self, expression: str) -> str:
        """Write in quotes; option values need no escaping (`metadata.md` section 7)."""
        return f"""('"' || {expression} || '"')"""

    def order(self, expression: str, leaf: Leaf) -> str:
        """Sort by the options' order."""
        options = ",".join(literal(option) for option in leaf.options)
        return f"array_position(ARRAY[{options}]::text[], {expression})"

    def operand(self, operator: str, value: Any, leaf: Leaf) -> Operand:
        """Check an option's value."""
        refuse_operator(operator, leaf)
        if operator == "is":
            return null_operand(value, leaf)
        if operator == "in":
            return Operand("in", [self._option(item, leaf) for item in list_operand(value, leaf)])
        return Operand(operator, self._option(value, leaf))

    def _option(self, value: Any, leaf: Leaf) -> str:
        if not isinstance(value, str) or value not in leaf.options:
            raise bad_operand(leaf, f"one of {option_list(leaf)}")
        return value

    def from_cursor(self, value: Any, leaf: Leaf) -> Any:
        """Take the option back."""
        if value not in leaf.options:
            raise ValueError("not an option")
        return value

    def test(self, operator: str, column: str, position: int, leaf: Leaf) -> str:
        """Compare by the options' order where order matters."""
        if operator in {"gt", "gte", "lt", "lte"}:
            sign = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}[operator]
            return f"{self.order(column, leaf)} {sign} {self.order(self.parameter(position), leaf)}"
        return super().test(operator, column, position, leaf)


class Rating(Select):
    """One of five fixed options."""

    name = "RATING"

    def option_values(self, spec: FieldSpec) -> tuple[str, ...]:
        """Return the five fixed values."""
        del spec
        return tuple(f"RATING_{stars}" for stars in range(1, 6))


class MultiSelect(TextList):
    """Any number of options; none is stored as NULL and read as `[]`."""

    name = "MULTI_SELECT"
    has_options = True
    operators = frozenset({"containsAny", "is", "isEmptyArray"})

    def option_values(self, spec: FieldSpec) -> tuple[str, ...]:
        """Return the field's option values in order."""
        return tuple(option.value for option in spec.options)

    def value_schema(self, options: Sequence[str], item: JsonSchema | None = None) -> JsonSchema:
        """Return a list of options; see `ScalarType.value_schema`."""
        return {"type": "array", "items": item or one_of(options)}

    def check_item(self, item: Any, leaf: Leaf) -> str:
        """Take an option's value."""
        if not isinstance(item, str) or item not in leaf.options:
            raise BadInput(f"{leaf.label}: each value must be one of {option_list(leaf)}", "INVALID_ARGS_DATA")
        return item

    def default_sql(self, default: Any) -> str:
        """Return the quoted values as an array."""
        return f"ARRAY[{','.join(literal(unquote_default(item)) for item in default)}]::text[]"

    def operand(self, operator: str, value: Any, leaf: Leaf) -> Operand:
        """Check the list of `containsAny`; an unknown option just does not match."""
        if operator != "containsAny":
            return super().operand(operator, value, leaf)
        items = list_operand(value, leaf)
        if not all(isinstance(item, str) and "\x00" not in item for item in items):
            raise bad_operand(leaf, "a list of texts")
        return Operand("containsAny", list(items))

    def test(self, operator: str, column: str, position: int, leaf: Leaf) -> str:
        """Write the overlap of two lists."""
        if operator == "containsAny":
            return f"{column} && {self.parameter(position)}"
        return super().test(operator, column, position, leaf)
