"""DATE_TIME and DATE: moments in UTC and calendar days."""

from __future__ import annotations

import datetime as dt
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
    text_default_sql,
)
from icosa.fields.json_schema import JsonSchema
from icosa.fields.moments import parse_date, parse_date_time
from icosa.fields.spec import FieldSpec

MILLISECOND = "interval '1 millisecond'"


class Moment(ScalarType):
    """What both date types share: a least and a greatest, and values read from text."""

    operators = ORDERED
    is_dated = True
    noun: str

    def parse(self, text: str) -> dt.date:
        """Return the value of a text; raises ValueError."""
        raise NotImplementedError

    def aggregations(self, spec: FieldSpec) -> tuple[tuple[Aggregation, Leaf | None, str], ...]:
        """Count, and find the first and the last."""
        leaf = self.leaves(spec)[0]
        ends = (Aggregation.MIN, Aggregation.MAX)
        return (*((c, None, "") for c in COUNTING), *((c, leaf, "") for c in ends))

    def accept_leaf(self, value: Any, leaf: Leaf) -> Any:
        """Take the formats of `rest-core.md` section 5 and null."""
        if value is None:
            return None
        try:
            if isinstance(value, str):
                return self.parse(value).isoformat()
        except ValueError:
            pass
        raise BadInput(f"{leaf.label}: must be {self.noun} as text, or null", "INVALID_ARGS_DATA")

    def operand(self, operator: str, value: Any, leaf: Leaf) -> Operand:
        """Check a moment's text."""
        refuse_operator(operator, leaf)
        if operator == "is":
            return null_operand(value, leaf)
        if operator == "in":
            return Operand("in", [self._moment(item, leaf) for item in list_operand(value, leaf)])
        return Operand(operator, self._moment(value, leaf))

    def _moment(self, value: Any, leaf: Leaf) -> Any:
        try:
            if isinstance(value, str):
                return self.parse(value)
        except ValueError:
            pass
        raise bad_operand(leaf, self.noun)


class DateTime(Moment):
    """A moment, kept to the microsecond, read in UTC to the millisecond, compared by the millisecond."""

    name = "DATE_TIME"
    schema: ClassVar[JsonSchema] = {"type": "string", "format": "date-time"}
    pg_type = "timestamptz"
    graphql_type = "DateTime"
    graphql_filter = "DateTimeFilter"
    needs_zone = True
    noun = "a date and time"

    def parse(self, text: str) -> dt.datetime:
        """Return the moment of a text; raises ValueError."""
        return parse_date_time(text)

    def default_sql(self, default: Any) -> str:
        """Return the current moment or a constant."""
        return "now()" if default == "now" else text_default_sql(default, "timestamptz")

    def json(self, expression: str) -> str:
        """Write as ISO 8601 in UTC with three decimals."""
        return rf"""to_char({expression} AT TIME ZONE 'UTC', '\"YYYY-MM-DD"T"HH24:MI:SS.MS"Z"\"')"""

    def local_time(self, expression: str, zone: str | None) -> str:
        """Return the moment's wall-clock time in a zone, by default in UTC."""
        wanted = zone or "'UTC'"
        return f"({expression} AT TIME ZONE {wanted})"

    def cursor_json(self, expression: str) -> str:
        """Write with microseconds, lest a page repeat its last record."""
        return rf"""to_char({expression} AT TIME ZONE 'UTC', '\"YYYY-MM-DD"T"HH24:MI:SS.US"Z"\"')"""

    def _moment(self, value: Any, leaf: Leaf) -> Any:
        moment = super()._moment(value, leaf)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def from_cursor(self, value: Any, leaf: Leaf) -> Any:
        """Take the moment back."""
        del leaf
        if not isinstance(value, str):
            raise ValueError("not a moment")
        return parse_date_time(value)

    def test(self, operator: str, column: str, position: int, leaf: Leaf) -> str:
        """Compare whole milliseconds (`rest-core.md` section 5)."""
        if operator in {"null", "not_null", "gte", "lt"}:
            return super().test(operator, column, position, leaf)
        if operator == "in":
            return f"date_trunc('milliseconds', {column}) = ANY({self.parameter(position, many=True)})"
        start = self.parameter(position)
        after = f"{start} + {MILLISECOND}"
        return {
            "eq": f"({column} >= {start} AND {column} < {after})",
            "neq": f"NOT ({column} >= {start} AND {column} < {after})",
            "gt": f"{column} >= {after}",
            "lte": f"{column} < {after}",
        }[operator]


class Date(Moment):
    """A calendar day without a zone."""

    name = "DATE"
    schema: ClassVar[JsonSchema] = {"type": "string", "format": "date"}
    pg_type = "date"
    graphql_type = "Date"
    graphql_filter = "DateFilter"
    noun = "a date"

    def parse(self, text: str) -> dt.date:
        """Return the day of a text; raises ValueError."""
        return parse_date(text)

    def default_sql(self, default: Any) -> str:
        """Return today in UTC or a constant."""
        return "(now() AT TIME ZONE 'UTC')::date" if default == "now" else text_default_sql(default, "date")

    def json(self, expression: str) -> str:
        """Write as `YYYY-MM-DD`."""
        return rf"""to_char({expression}, '\"YYYY-MM-DD\"')"""

    def local_time(self, expression: str, zone: str | None) -> str:
        """Return the day's midnight."""
        del zone
        return f"{expression}::timestamp"

    def from_cursor(self, value: Any, leaf: Leaf) -> Any:
        """Take the day back."""
        del leaf
        if not isinstance(value, str):
            raise ValueError("not a date")
        return parse_date(value)
