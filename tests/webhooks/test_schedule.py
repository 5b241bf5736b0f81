"""When a failed delivery is tried again (`webhooks.md` section 5)."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icosa.settings import RETRY_SCHEDULE, load_settings
from icosa.webhooks.schedule import next_attempt, retry_after

NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)


@given(st.integers(1, len(RETRY_SCHEDULE)), st.floats(0, 1))
def test_the_pause_lies_within_a_fifth_of_the_schedule(attempt: int, chance: float) -> None:
    moment = next_attempt(RETRY_SCHEDULE, attempt, NOW, chance=chance)
    assert moment is not None
    share = (moment - NOW).total_seconds() / RETRY_SCHEDULE[attempt - 1]
    assert 0.8 - 1e-6 <= share <= 1.2 + 1e-6


def test_pauses_differ() -> None:
    assert len({next_attempt(RETRY_SCHEDULE, 3, NOW) for _ in range(20)}) > 1


def test_after_the_last_attempt_there_is_none() -> None:
    assert next_attempt(RETRY_SCHEDULE, len(RETRY_SCHEDULE) + 1, NOW) is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("99999999999999999999", 3600),
        (format_datetime(NOW + dt.timedelta(minutes=5), usegmt=True), 300),
        (format_datetime(NOW + dt.timedelta(days=5), usegmt=True), 3600),
        (format_datetime(NOW - dt.timedelta(days=5), usegmt=True), 0),
        ("soon", None),
        ("-5", None),
        (None, None),
    ],
)
def test_retry_after(value: str | None, seconds: int | None) -> None:
    expected = None if seconds is None else NOW + dt.timedelta(seconds=seconds)
    assert retry_after(value, NOW) == expected


def test_the_operator_sets_the_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_RETRY_SCHEDULE", "1s, 2m,3h")
    monkeypatch.setenv("OUTBOUND_HTTP_ALLOWED_INTERNAL_HOSTS", "n8n, 10.0.0.0/8")
    settings = load_settings()
    assert settings.webhook_retry_schedule == (1, 120, 10800)
    assert settings.outbound_allowed_hosts == ("n8n", "10.0.0.0/8")
