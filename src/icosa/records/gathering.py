"""Questions of one kind that come at the same moment go together in one statement.

The way to the database and back costs many times what it takes to find one record. Nobody is made to wait for company: the
first one goes after the event loop's next turn, which reads what has come already, and who comes later goes beside them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextvars import Context
from typing import Any

from icosa.store.database import Database, note_spent

MOST_TOGETHER = 60

Question = tuple[str, asyncio.Future[Any]]


class Gathering:
    """The questions of a process.

    Args:
        database: answers.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._asked: dict[str, list[Question]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, sql: str, value: str) -> Any:
        """Return the answer to one question.

        Args:
            sql: takes values as `$1`, parted by blanks, and returns one row with one column for each, in their order.
            value: what is asked about, a text without blanks.

        Raises:
            what `Database.fetch_all` raises; all who went together get the same.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        asked = self._asked.get(sql)
        if asked is None:
            self._asked[sql] = [(value, answer)]
            loop.call_soon(loop.call_soon, self._send, sql, loop)
        else:
            asked.append((value, answer))
        started = time.perf_counter()
        try:
            return await answer
        finally:
            note_spent(time.perf_counter() - started)

    def _send(self, sql: str, loop: asyncio.AbstractEventLoop) -> None:
        asked = self._asked.pop(sql)
        for start in range(0, len(asked), MOST_TOGETHER):
            # What a context holds belongs to the request that came first.
            answering = self._answer(sql, asked[start : start + MOST_TOGETHER])
            task = loop.create_task(answering, context=Context())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, sql: str, asked: Sequence[Question]) -> None:
        try:
            rows = await self._database.fetch_all(sql, " ".join([value for value, _ in asked]))
            for (_, answer), row in zip(asked, rows, strict=True):
                if not answer.done():
                    answer.set_result(row[0])
        except Exception as problem:
            for _, answer in asked:
                if not answer.done():
                    answer.set_exception(problem)
