"""When a delivery that failed is tried again (`webhooks.md` section 5, "attempts")."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from email.utils import parsedate_to_datetime

JITTER = 0.2
MOST_RETRY_AFTER = dt.timedelta(hours=1)
SLOWED_DOWN = frozenset({429, 502, 503, 504})


def next_attempt(
    schedule: Sequence[float], attempt: int, now: dt.datetime, *, chance: float | None = None
) -> dt.datetime | None:
    """Return when to try again after an attempt, None when it was the last one.

    Args:
        schedule: seconds between attempts.
        attempt: how many were made, at least 1.
        now: the moment.
        chance: from 0 to 1, where within the jitter the pause lies; drawn when it is not given.
    """
    if attempt > len(schedule):
        return None
    drawn = random.random() if chance is None else chance  # noqa: S311 - spreads load, guards nothing
    return now + dt.timedelta(seconds=schedule[attempt - 1] * (1 + JITTER * (2 * drawn - 1)))


def retry_after(value: str | None, now: dt.datetime) -> dt.datetime | None:
    """Return the moment that a `Retry-After` header names, at most an hour away (RFC 9110, section 10.2.3)."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        pause = dt.timedelta(seconds=min(int(text[:9]), MOST_RETRY_AFTER.total_seconds()))
        return now + pause
    try:
        named = parsedate_to_datetime(text)
    except ValueError:
        return None
    if named.tzinfo is None:
        return None
    return min(max(named, now), now + MOST_RETRY_AFTER)
