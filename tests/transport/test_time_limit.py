"""The time that a request may take (`auth.md` section 12), and more of it for who waits because it was asked to."""

from __future__ import annotations

import asyncio
import time

from icosa.transport.time_limit import TimeLimit


async def test_who_was_asked_to_wait_has_so_much_longer() -> None:
    limit = TimeLimit(30)
    started = time.perf_counter()
    ready = asyncio.Event()

    async def request(wait: float) -> str:
        task = limit.begin(started)
        limit.allow(wait)
        try:
            await ready.wait()
        except asyncio.CancelledError:
            return "overdue" if limit.is_overdue(task) else "cancelled"
        finally:
            limit.end(task)
        return "answered"

    plain, waiting = asyncio.create_task(request(0)), asyncio.create_task(request(60))
    await asyncio.sleep(0)
    limit.sweep(started + 80)
    ready.set()
    assert await asyncio.gather(plain, waiting) == ["overdue", "answered"]
