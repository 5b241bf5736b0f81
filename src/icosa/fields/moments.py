"""Dates and moments out of text (`rest-core.md` section 5, `field-types.json` DATE and DATE_TIME)."""

from __future__ import annotations

import datetime as dt
import re

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        1,
    )
    for name in names
}

DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?|[ ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)"
    r"(Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
DIGITS = re.compile(r"(\d{4})([./]?)(\d{2})\2(\d{2})", re.ASCII)
MONTH_FIRST = re.compile(r"(\d{2})([-/.])(\d{2})\2(\d{4})", re.ASCII)
WORDED = (
    re.compile(r"(?P<month>[A-Za-z]+) (?P<day>\d{1,2}), (?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<day>\d{1,2}) (?P<month>[A-Za-z]+) (?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<day>\d{2})-(?P<month>[A-Za-z]{3})-(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<year>\d{4})-(?P<month>[A-Za-z]{3})-(?P<day>\d{2})", re.ASCII),
)


def parse_date_time(text: str) -> dt.datetime:
    """Return the moment that a text means, in UTC.

    Args:
        text: ISO 8601 with seconds, an offset or none (then UTC), `yyyy-MM-dd HH:mm`, or a day alone (its midnight).

    Raises:
        ValueError: any other text, an impossible date, a moment outside the years 1 to 9999.
    """
    found = MOMENT.fullmatch(text)
    if found is None:
        day = parse_day(text)
        return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    day_text, hour, minute, second, fraction, hour2, minute2, second2, fraction2, zone = found.groups()
    day = parse_day(day_text)
    digits = (fraction or fraction2 or "")[:6]
    moment = dt.datetime(
        day.year,
        day.month,
        day.day,
        int(hour or hour2),
        int(minute or minute2),
        int(second or second2 or 0),
        int(digits.ljust(6, "0")),
        tzinfo=_zone(zone),
    )
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        raise ValueError("outside the years 1 to 9999") from None


def parse_date(text: str) -> dt.date:
    """Return the calendar day that a text means; a moment in UTC or without a zone gives its day.

    Raises:
        ValueError: any other text, a moment with an offset, an impossible date.
    """
    found = MOMENT.fullmatch(text)
    if found is None:
        return parse_day(text)
    if found[10] not in {None, "Z"}:
        raise ValueError("a date has no offset")
    return parse_date_time(text).date()


def parse_day(text: str) -> dt.date:
    """Return the day of a text that holds nothing else.

    Raises:
        ValueError: none of the accepted forms, or an impossible date.
    """
    found = DAY.fullmatch(text)
    if found:
        return dt.date(int(found[1]), int(found[2]), int(found[3]))
    found = DIGITS.fullmatch(text)
    if found:
        return dt.date(int(found[1]), int(found[3]), int(found[4]))
    found = MONTH_FIRST.fullmatch(text)
    if found:
        return dt.date(int(found[4]), int(found[1]), int(found[3]))
    for form in WORDED:
        worded = form.fullmatch(text)
        if worded and worded["month"].lower() in MONTHS:
            return dt.date(int(worded["year"]), MONTHS[worded["month"].lower()], int(worded["day"]))
    raise ValueError("not a date")


def _zone(text: str | None) -> dt.tzinfo:
    if text is None or text == "Z":
        return dt.UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 23 or minutes > 59:
        raise ValueError("not an offset")
    offset = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(-offset if text[0] == "-" else offset)
