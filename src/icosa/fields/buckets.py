"""How dates fall together in groups (`rest-core.md` section 14, `graphql-core.md` section 9)."""

from __future__ import annotations

from dataclasses import dataclass

SPANS = {"DAY": "day", "WEEK": "week", "MONTH": "month", "QUARTER": "quarter", "YEAR": "year"}
RECURRING = {"DAY_OF_THE_WEEK": "isodow", "MONTH_OF_THE_YEAR": "month", "QUARTER_OF_THE_YEAR": "quarter"}
NONE = "NONE"
GRANULARITIES = frozenset({*SPANS, *RECURRING, NONE})
WEEK_STARTS = {"MONDAY": 0, "SUNDAY": 1, "SATURDAY": 2}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bucket:
    """A granularity with what it needs.

    Attributes:
        granularity: one of `GRANULARITIES`.
        week_start: days that a week begins before its Monday.
        zone: position of the time zone's name among the plan's values; None for UTC.
    """

    granularity: str
    week_start: int = 0
    zone: int | None = None


def bucket_sql(bucket: Bucket, moment: str) -> str:
    """Return the SQL value by which a local timestamp falls into a group."""
    if bucket.granularity in RECURRING:
        return f"extract({RECURRING[bucket.granularity]} FROM {moment})::int"
    span = SPANS[bucket.granularity]
    if span == "week" and bucket.week_start:
        shift = f"interval '{bucket.week_start} days'"
        return f"(date_trunc('week', {moment} + {shift}) - {shift})::date"
    return f"date_trunc('{span}', {moment})::date"


def bucket_json(bucket: Bucket, value: str) -> str:
    """Return SQL that writes a group's value as JSON; NULL stays NULL."""
    match bucket.granularity:
        case "DAY_OF_THE_WEEK":
            names = ",".join(f"'\"{name}\"'" for name in WEEKDAYS)
            return f"(ARRAY[{names}])[{value}]"
        case "MONTH_OF_THE_YEAR":
            names = ",".join(f"'\"{name}\"'" for name in MONTHS)
            return f"(ARRAY[{names}])[{value}]"
        case "QUARTER_OF_THE_YEAR":
            return f"""('"Q' || {value} || '"')"""
        case _:
            return rf"""to_char({value}, '\"YYYY-MM-DD\"')"""
