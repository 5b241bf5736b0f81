"""NUMBER and POSITION (double precision) and NUMERIC (exact), with their checks."""

from __future__ import annotations

import math
import re
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from icosa.errors import BadInput
from icosa.fields.base import (
    COUNTING,
    ORDERED,
    Aggregation,
    Leaf,
    Operand,
    ScalarType,
    bad_operand,
    list_operand,
    null_operand,
    refuse_operator,
    unquote_default,
)
from icosa.fields.json_schema import DOUBLE, JsonSchema
from icosa.fields.spec import FieldSpec

NUMERIC_TEXT = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
LONGEST_NUMBER = 400
# `int | float` would be made anew for each value of a batch.
NUMBERS = (int, float)
GRAPHQL_TYPES = {"int": "Int", "bigint": "BigInt"}


def float_of(value: Any) -> float | None:
    """Return a finite double of a JSON number or of a number's text, None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = value.strip()
        if len(text) > LONGEST_NUMBER or not NUMERIC_TEXT.fullmatch(text):
            return None
        value = float(text)
    if not isinstance(value, NUMBERS):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def decimal_of(value: Any) -> Decimal | None:
    """Return the exact decimal of a JSON number or of a number's text that a double can hold, None for anything else."""
    if float_of(value) is None:
        return None
    try:
        number = Decimal(value.strip() if isinstance(value, str) else repr(value))
    except InvalidOperation:
        return None
    return number if number.is_zero() or number.adjusted() > -LONGEST_NUMBER else None


class Number(ScalarType):
    """A double-precision number."""

    name = "NUMBER"
    schema: ClassVar[JsonSchema] = dict(DOUBLE)
    pg_type = "double precision"
    graphql_type = "Float"
    graphql_filter = "FloatFilter"
    operators = ORDERED

    def graphql_scalar(self, spec: FieldSpec) -> str:
        """Return the scalar by the field's `dataType`."""
        return GRAPHQL_TYPES.get(spec.settings.get("dataType", ""), self.graphql_type)

    def aggregations(self, spec: FieldSpec) -> tuple[tuple[Aggregation, Leaf | None, str], ...]:
        """Count, and compute least, greatest, mean and sum."""
        leaf = self.leaves(spec)[0]
        computed = (Aggregation.MIN, Aggregation.MAX, Aggregation.AVG, Aggregation.SUM)
        return (*((c, None, "") for c in COUNTING), *((c, leaf, "") for c in computed))

    def accept_leaf(self, value: Any, leaf: Leaf) -> Any:
        """Take finite JSON numbers and null, no numeric text."""
        if value is None:
            return None
        number = None if isinstance(value, str) else float_of(value)
        if number is None:
            raise BadInput(f"{leaf.label}: must be a finite number or null", "INVALID_ARGS_DATA")
        return number

    def default_sql(self, default: Any) -> str:
        """Return the number."""
        return f"{float(default)!r}::double precision"

    def operand(self, operator: str, value: Any, leaf: Leaf) -> Operand:
        """Check a number or its text."""
        refuse_operator(operator, leaf)
        if operator == "is":
            return null_operand(value, leaf)
        if operator == "in":
            return Operand("in", [self._number(item, leaf) for item in list_operand(value, leaf)])
        return Operand(operator, self._number(value, leaf))

    def _number(self, value: Any, leaf: Leaf) -> Any:
        number = float_of(value)
        if number is None:
            raise bad_operand(leaf, "a number")
        return number

    def from_cursor(self, value: Any, leaf: Leaf) -> Any:
        """Take the number back."""
        del leaf
        number = None if isinstance(value, str) else float_of(value)
        if number is None:
            raise ValueError("not a number")
        return number


class Position(Number):
    """The system field `position`; `first` and `last` are resolved by the statement that writes it."""

    name = "POSITION"
    schema: ClassVar[JsonSchema] = {
        **DOUBLE,
        "description": "Place in manual order, smaller ones first. Bodies may also say `first` or `last`.",
    }
    graphql_type = "Position"
    can_be_created = False
    groupable = False

    def aggregations(self, spec: FieldSpec) -> tuple[tuple[Aggregation, Leaf | None, str], ...]:
        """Only count."""
        del spec
        return tuple((operation, None, "") for operation in COUNTING)

    def accept_leaf(self, value: Any, leaf: Leaf) -> Any:
        """Take a number, `first` or `last`."""
        if isinstance(value, str) and value in {"first", "last"}:
            return value
        if value is None or isinstance(value, str):
            raise BadInput(f"{leaf.label}: must be a number, 'first' or 'last'", "INVALID_ARGS_DATA")
        return super().accept_leaf(value, leaf)


class Numeric(Number):
    """An exact number: amounts in millionths, latitudes and longitudes."""

    name = "NUMERIC"
    pg_type = "numeric"
    graphql_type = "BigFloat"
    graphql_filter = "BigFloatFilter"
    exact = True
    can_be_created = False

    def aggregations(self, spec: FieldSpec) -> tuple[tuple[Aggregation, Leaf | None, str], ...]:
        """Only count; the composite that holds the number names its sums."""
        del spec
        return tuple((operation, None, "") for operation in COUNTING)

    def accept_leaf(self, value: Any, leaf: Leaf) -> Any:
        """Take a number or a numeric text, exactly; the empty text is no number at all."""
        if value is None or value == "":
            return None
        number = decimal_of(value)
        if number is None:
            raise BadInput(f"{leaf.label}: must be a number, a numeric text or null", "INVALID_ARGS_DATA")
        return str(number)

    def default_sql(self, default: Any) -> str:
        """Return the exact number."""
        return f"{Decimal(str(unquote_default(default)))}::numeric"

    def _number(self, value: Any, leaf: Leaf) -> Any:
        number = decimal_of(value)
        if number is None:
            raise bad_operand(leaf, "a number")
        return number

    def cursor_json(self, expression: str) -> str:
        """Write as text, lest a reader round it."""
        return f"""('"' || {expression} || '"')"""

    def from_cursor(self, value: Any, leaf: Leaf) -> Any:
        """Take the exact number back."""
        del leaf
        number = decimal_of(value)
        if number is None:
            raise ValueError("not a number")
        return number


class Micros(Numeric):
    """An amount in millionths: a numeric that is read cut to a whole number (`field-types.json`, CURRENCY)."""

    schema: ClassVar[JsonSchema] = {
        **DOUBLE,
        "description": "Millionths of the amount, always a number: 1500000 is 1.50.",
    }

    def json(self, expression: str) -> str:
        """Write without a fraction."""
        return f"trunc({expression})::text"
