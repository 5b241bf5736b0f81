"""The time that a request may take (`auth.md` section 12).

A timer for each request costs a twentieth of a list: instead, one sweep a second looks at all that are under way.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

SWEEP_SECONDS = 1.0


class TimeLimit:
    """Cancels requests that take too long.

    Args:
        seconds: how long one may take.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._running: dict[asyncio.Task[Any], float] = {}
        self._overdue: set[asyncio.Task[Any]] = set()
        self._next: asyncio.TimerHandle | None = None

    def begin(self, started: float) -> asyncio.Task[Any] | None:
        """Watch over the current task.

        Args:
            started: when the request began (`time.perf_counter`).
        """
        task = asyncio.current_task()
        if task is not None:
            self._running[task] = started
            if self._next is None:
                self._next = asyncio.get_running_loop().call_later(SWEEP_SECONDS, self._sweep_again)
        return task

    def end(self, task: asyncio.Task[Any] | None) -> None:
        """Stop to watch over a task."""
        if task is not None:
            self._running.pop(task, None)
            self._overdue.discard(task)

    def allow(self, seconds: float) -> None:
        """Let the current task take so much longer: it waits because its client asked it to."""
        task = asyncio.current_task()
        if task is not None and task in self._running:
            self._running[task] += seconds

    def is_overdue(self, task: asyncio.Task[Any] | None) -> bool:
        """Return whether a task was cancelled because it took too long, and let it go on to say so."""
        if task is None or task not in self._overdue:
            return False
        task.uncancel()
        return True

    def sweep(self, now: float) -> None:
        """Cancel what has taken too long by now (`time.perf_counter`)."""
        for task, started in self._running.items():
            if now - started > self._seconds and task not in self._overdue:
                self._overdue.add(task)
                task.cancel()

    def _sweep_again(self) -> None:
        self.sweep(time.perf_counter())
        loop = asyncio.get_running_loop()
        self._next = loop.call_later(SWEEP_SECONDS, self._sweep_again) if self._running else None
