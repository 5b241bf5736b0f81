"""Spans of time that a view's filter names relative to now: the last 7 days, this month, the next 2 quarters.

Days begin at midnight UTC, as in filters of records (`rest-core.md` section 5).
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeGuard

from icosa.errors import BadInput

DIRECTIONS = ("PAST", "NEXT", "THIS")
TEXT_FORM = re.compile(r"(PAST|NEXT|THIS)_(\d{1,9})_([A-Z]+)(?:;.*)?")
SECONDS: Mapping[str, int] = MappingProxyType({"SECOND": 1, "MINUTE": 60, "HOUR": 3600, "DAY": 86_400, "WEEK": 604_800})
MONTHS: Mapping[str, int] = MappingProxyType({"MONTH": 1, "QUARTER": 3, "YEAR": 12})


def relative_span(value: Any, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Return the moments from which and up to which a relative filter reaches, the second one left out.

    Args:
        value: `{"direction": "PAST", "amount": 7, "unit": "DAY"}`, or the same as the text `PAST_7_DAY`.
        now: the moment it is relative to, in UTC.

    Raises:
        BadInput: another form, an unknown unit, a span that leaves the calendar.
    """
    direction, amount, unit = _parts(value)
    try:
        if direction == "THIS":
            start = _start(now, unit)
            return start, _shifted(start, 1, unit)
        other = _shifted(now, -amount if direction == "PAST" else amount, unit)
    except (OverflowError, ValueError):
        raise BadInput("value: the span leaves the calendar", "INVALID_ARGS_FILTER") from None
    return (other, now) if direction == "PAST" else (now, other)


def _parts(value: Any) -> tuple[str, int, str]:
    direction, amount, unit = None, None, None
    if isinstance(value, dict):
        direction, amount, unit = value.get("direction"), value.get("amount"), value.get("unit")
    elif isinstance(value, str) and (found := TEXT_FORM.fullmatch(value)):
        direction, amount, unit = found[1], int(found[2]), found[3]
    if direction == "THIS":
        amount = 1
    if direction not in DIRECTIONS or not _is_amount(amount) or unit not in (*SECONDS, *MONTHS):
        known = ", ".join((*SECONDS, *MONTHS))
        raise BadInput(f"value: must name PAST, NEXT or THIS, an amount and one of {known}", "INVALID_ARGS_FILTER")
    return str(direction), int(amount), str(unit)


def _is_amount(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _shifted(moment: dt.datetime, amount: int, unit: str) -> dt.datetime:
    if unit in SECONDS:
        return moment + dt.timedelta(seconds=amount * SECONDS[unit])
    months = moment.year * 12 + moment.month - 1 + amount * MONTHS[unit]
    year, month = divmod(months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def _start(now: dt.datetime, unit: str) -> dt.datetime:
    """Return the first moment of the unit that `now` is in; weeks begin on Monday."""
    if unit in {"SECOND", "MINUTE", "HOUR"}:
        seconds = SECONDS[unit]
        return dt.datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, dt.UTC)
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "WEEK":
        return day - dt.timedelta(days=day.weekday())
    if unit in MONTHS:
        span = MONTHS[unit]
        return day.replace(day=1, month=(day.month - 1) // span * span + 1)
    return day
