"""Delivers: takes what is due, sends it, writes down what became of it. Runs inside the server or in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from icosa.access.vault import Vault
from icosa.errors import IcosaError, Misconfigured
from icosa.store.database import Database
from icosa.webhooks.client import Outcome, Sender
from icosa.webhooks.queue import CHANNEL, Queue
from icosa.webhooks.requests import signed_headers
from icosa.webhooks.schedule import SLOWED_DOWN, next_attempt, retry_after

MOST_AT_ONCE = 50
LOOK_ROUND_SECONDS = 5.0
SHORTEST_PAUSE_SECONDS = 1.0
PURGE_EVERY = dt.timedelta(hours=1)
LAST_SECONDS = 5.0
GONE_STATUS = 410
ALIVE = 0x1C0F
SCHEMA = "SELECT schema_name FROM core.workspace WHERE id = $1 AND deleted_at IS NULL"

log = structlog.get_logger("icosa.webhooks")


def utc_now() -> dt.datetime:
    """Return the moment."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Policy:
    """How deliveries are repeated and how long they are kept.

    Attributes:
        schedule: seconds between attempts.
        keep_deliveries: how long the log goes back.
        keep_bodies: how long it shows answers.
    """

    schedule: Sequence[float]
    keep_deliveries: dt.timedelta
    keep_bodies: dt.timedelta


@dataclass(frozen=True, slots=True)
class _Sent:
    delivery: Mapping[str, Any]
    at: dt.datetime
    signed: bool
    outcome: Outcome


class Worker:
    """One for each process that delivers.

    Args:
        database: holds the queue.
        vault: opens the secrets.
        sender: sends requests.
        policy: how often, how long.
        clock: returns the moment, with its time zone.
    """

    def __init__(
        self,
        database: Database,
        vault: Vault,
        sender: Sender,
        policy: Policy,
        clock: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        self._database = database
        self._queue = Queue(database)
        self._vault = vault
        self._sender = sender
        self._policy = policy
        self._clock = clock
        self._schemas: dict[UUID, str] = {}
        self._hungry: set[UUID] = set()
        self._busy: Counter[UUID] = Counter()
        self._sending: set[asyncio.Task[None]] = set()
        self._sent: list[_Sent] = []
        self._wake = asyncio.Event()
        self._next_look = 0.0
        self._purged = dt.datetime.min.replace(tzinfo=dt.UTC)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to deliver, and let others see that somebody does."""
        await self._database.hold(ALIVE)
        await self._database.listen(CHANNEL, self._heard)
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Take nothing more, wait a moment for what is under way, and write it down."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._sending:
            await asyncio.wait(self._sending, timeout=LAST_SECONDS)
        for task in self._sending:
            task.cancel()
        with contextlib.suppress(IcosaError, asyncpg.PostgresError):
            await self._settle()

    async def deliver_due(self) -> None:
        """Deliver until nothing is due any more."""
        await self._look_round()
        while True:
            await self._settle()
            await self._claim()
            if not self._sending and not self._sent:
                return
            await self._wait(None)

    async def _run(self) -> None:
        while True:
            try:
                await self._settle()
                await self._claim()
                pause = await self._look_round_at_times()
            except (IcosaError, asyncpg.PostgresError) as problem:
                log.warning("webhooks wait for a moment", problem=repr(problem))
                await asyncio.sleep(1)
                continue
            if not self._hungry and not self._sent:
                await self._wait(pause)

    async def _wait(self, seconds: float | None) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        self._wake.clear()

    def _heard(self, payload: str) -> None:
        if payload:
            self._hungry.add(UUID(payload))
        self._wake.set()

    async def _look_round_at_times(self) -> float:
        """Look round unless that was a moment ago; return how long to wait for news."""
        now = asyncio.get_running_loop().time()
        if now < self._next_look:
            return self._next_look - now
        pause = await self._look_round()
        self._next_look = now + pause
        return pause

    async def _look_round(self) -> float:
        """Find what is due without having been told; return how long to leave it at that."""
        now = self._clock()
        if now - self._purged > PURGE_EVERY:
            self._purged = now
            await self._queue.purge(now - self._policy.keep_deliveries, now - self._policy.keep_bodies)
        pause = LOOK_ROUND_SECONDS
        for workspace_id, moment in (await self._queue.soonest()).items():
            if moment <= now:
                self._hungry.add(workspace_id)
            pause = min(pause, (moment - now).total_seconds())
        # What is due may have to wait for another of its record: looking for it all the time would not help.
        return max(pause, SHORTEST_PAUSE_SECONDS)

    async def _claim(self) -> None:
        """Take what is due and send it, as far as there is room."""
        for workspace_id in list(self._hungry):
            room = MOST_AT_ONCE - len(self._sending)
            if room <= 0:
                return
            self._hungry.discard(workspace_id)
            schema = await self._schema(workspace_id)
            if schema is None:
                continue
            claimed = await self._queue.claim(workspace_id, schema, self._clock(), self._busy, room)
            if len(claimed) == room:
                self._hungry.add(workspace_id)
            for delivery in claimed:
                self._busy[delivery["webhook_id"]] += 1
                task = asyncio.create_task(self._deliver(delivery))
                self._sending.add(task)
                task.add_done_callback(self._sending.discard)

    async def _schema(self, workspace_id: UUID) -> str | None:
        found = self._schemas.get(workspace_id)
        if found is None:
            found = await self._database.fetch_value(SCHEMA, workspace_id)
            if found is not None:
                self._schemas[workspace_id] = found
        return found

    async def _deliver(self, delivery: Mapping[str, Any]) -> None:
        now = self._clock()
        try:
            sealed = (delivery["secret"], delivery["previous_secret"])
            keys = [self._vault.open(each) for each in sealed if each is not None]
        except Misconfigured:
            self._sent.append(_Sent(delivery, now, False, Outcome(None, "unreadable-secret", 0)))
        else:
            body = delivery["body"].encode()
            headers = signed_headers(str(delivery["id"]), body, keys, now)
            outcome = await self._sender.send(delivery["target_url"], body, headers)
            self._sent.append(_Sent(delivery, now, any(keys), outcome))
        self._wake.set()

    async def _settle(self) -> None:
        """Write down what was sent, and see which webhooks have room again."""
        sent, self._sent = self._sent, []
        if not sent:
            return
        for each in sent:
            webhook_id = each.delivery["webhook_id"]
            self._busy[webhook_id] -= 1
            if not self._busy[webhook_id]:
                del self._busy[webhook_id]
            self._hungry.add(each.delivery["workspace_id"])
        now = self._clock()
        await self._queue.settle([self._result(each, now) for each in sent], _verdicts(sent, now), now)

    def _result(self, sent: _Sent, now: dt.datetime) -> dict[str, Any]:
        outcome, number = sent.outcome, sent.delivery["attempt"]
        again = None if outcome.succeeded else next_attempt(self._policy.schedule, number, now)
        state = "succeeded" if outcome.succeeded else "dead" if again is None else "failed"
        attempt = {
            "at": sent.at.isoformat(),
            "signed": sent.signed,
            "status": outcome.status,
            "durationMs": outcome.duration_ms,
            "error": outcome.error,
        }
        return {
            "id": str(sent.delivery["id"]),
            "number": number,
            "state": state,
            "again": again,
            "attempt": attempt,
            "headers": dict(outcome.headers),
            "body": outcome.body,
        }


def _verdicts(sent: Sequence[_Sent], now: dt.datetime) -> list[dict[str, Any]]:
    """Return what deliveries say of their webhooks, where that changes something."""
    by_webhook: dict[UUID, list[_Sent]] = {}
    for each in sent:
        by_webhook.setdefault(each.delivery["webhook_id"], []).append(each)
    verdicts = []
    for webhook_id, some in by_webhook.items():
        succeeded = any(each.outcome.succeeded for each in some)
        pauses = [
            moment
            for each in some
            if each.outcome.status in SLOWED_DOWN
            and (moment := retry_after(_header(each.outcome, "retry-after"), now)) is not None
        ]
        gone = any(each.outcome.status == GONE_STATUS for each in some)
        if succeeded and not gone and not pauses and some[0].delivery["failing_since"] is None:
            continue
        paused = max(pauses, default=None)
        verdicts.append({"id": str(webhook_id), "succeeded": succeeded, "gone": gone, "paused": paused})
    return verdicts


def _header(outcome: Outcome, name: str) -> str | None:
    return next((value for key, value in outcome.headers.items() if key.lower() == name), None)
