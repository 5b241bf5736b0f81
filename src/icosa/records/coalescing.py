"""Writes of one kind that come while others are under way go together in one statement.

A statement and its commit cost many times what a row in it costs. Nobody is made to wait for company: a write goes alone
at once, unless one of its kind is under way; then it takes the next statement with all that have come by then, as in
PostgreSQL's own group commit. One that is held up, by a lock of somebody else's, does not hold up the others for long.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextvars import Context
from dataclasses import dataclass, field

import asyncpg

from icosa.errors import BadInput
from icosa.records.engine import Answer
from icosa.store.database import Deadlock, note_spent

MOST_TOGETHER = 60
# Characters of JSON: what goes together is held in memory and sent as one parameter.
LARGEST = 32_768
PATIENCE_SECONDS = 0.05

Alone = Callable[[], Awaitable[Answer]]
Together = Callable[[Sequence[str], Sequence[str]], Awaitable[Sequence[Answer]]]


@dataclass(slots=True, eq=False)
class Pending:
    """A write that waits: what it writes, to which record, and its answer to come."""

    document: str
    record_id: str
    alone: Alone
    together: Together
    answer: asyncio.Future[Answer]


@dataclass(slots=True)
class Line:
    """The writes of one kind: how many statements are under way, who waits for the next, and whether a timer runs."""

    under_way: int = 0
    waiting: list[Pending] = field(default_factory=list)
    is_timed: bool = False

    def next_batch(self) -> list[Pending]:
        """Take those who go together: of two writes to one record the later one stays."""
        batch: dict[str, Pending] = {}
        rest = []
        for each in self.waiting:
            if each.answer.done():
                continue
            if each.record_id in batch or len(batch) == MOST_TOGETHER:
                rest.append(each)
            else:
                batch[each.record_id] = each
        self.waiting = rest
        return list(batch.values())


class Coalescing:
    """The lines of a process."""

    def __init__(self) -> None:
        self._lines: dict[Hashable, Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def write(self, kind: Hashable, document: str, record_id: str, alone: Alone, together: Together) -> Answer:
        """Write a document and return the answer; a large one goes alone.

        Args:
            kind: writes that share it can go together, whoever of them does it.
            document: what is written, as JSON.
            record_id: of the record; two documents of one record never go together.
            alone: writes this document.
            together: writes several, given with the ids of their records, all or none, and returns their answers in the same
                order.

        Raises:
            whatever `alone` raises, and what `together` raises unless one of the documents is to blame.
        """
        if len(document) > LARGEST:
            return await alone()
        line = self._lines.setdefault(kind, Line())
        if not line.under_way:
            line.under_way = 1
            try:
                return await alone()
            finally:
                self._done(kind, line)
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        line.waiting.append(Pending(document, record_id, alone, together, answer))
        self._be_patient(kind, line)
        started = time.perf_counter()
        try:
            return await answer
        finally:
            note_spent(time.perf_counter() - started)

    def _be_patient(self, kind: Hashable, line: Line) -> None:
        if not line.is_timed:
            line.is_timed = True
            asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._lose_patience, kind, line)

    def _lose_patience(self, kind: Hashable, line: Line) -> None:
        """Let those who wait go beside what is under way."""
        line.is_timed = False
        self._start(kind, line)
        if line.waiting:
            self._be_patient(kind, line)

    def _done(self, kind: Hashable, line: Line) -> None:
        """Let the next ones go."""
        line.under_way -= 1
        self._start(kind, line)
        if not line.under_way:
            del self._lines[kind]

    def _start(self, kind: Hashable, line: Line) -> None:
        batch = line.next_batch()
        if batch:
            line.under_way += 1
            # What a context holds belongs to the request that has just been answered.
            task = asyncio.get_running_loop().create_task(self._go(kind, line, batch), context=Context())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _go(self, kind: Hashable, line: Line, batch: list[Pending]) -> None:
        outcomes: Sequence[tuple[Pending, Answer | Exception]] = ()
        try:
            if len(batch) == 1:
                await _alone(batch[0])
            else:
                outcomes = await _together(batch)
        finally:
            # PostgreSQL is at work on the next ones while these are answered.
            self._done(kind, line)
        for each, outcome in outcomes:
            _tell(each, outcome)


async def _alone(one: Pending) -> None:
    try:
        answer = await one.alone()
    except Exception as problem:
        _tell(one, problem)
    else:
        _tell(one, answer)


async def _together(batch: list[Pending]) -> Sequence[tuple[Pending, Answer | Exception]]:
    """Write a batch and return whom to tell what; when one is to blame for a refusal, each goes alone and is told at once."""
    try:
        answers = await batch[0].together([each.document for each in batch], [each.record_id for each in batch])
        return list(zip(batch, answers, strict=True))
    except (BadInput, Deadlock, asyncpg.PostgresError):
        await asyncio.gather(*map(_alone, batch))
        return ()
    except Exception as problem:
        return [(each, problem) for each in batch]


def _tell(one: Pending, outcome: Answer | Exception) -> None:
    if one.answer.done():
        return
    if isinstance(outcome, Exception):
        one.answer.set_exception(outcome)
    else:
        one.answer.set_result(outcome)
