"""Rate limits by key and by workspace, off unless the operator sets a window (`auth.md` section 7).

The buckets lie in the database: processes and machines that share it share the limit, and all buckets of a request are
taken or none is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from icosa.access.caller import Caller
from icosa.errors import RateLimited
from icosa.settings import Settings
from icosa.store.database import Database

TAKE = "select * from core.take_tokens($1, $2, $3, $4)"
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Window:
    """So many requests in so many seconds, refilled evenly."""

    name: str
    size: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken out of the bucket that decides: the one to wait for, else the one with the least left.

    Attributes:
        size: how many the bucket holds.
        remaining: how many are left.
        resets_in: seconds until it is full.
        wait: seconds until there are enough; 0 when there were.
    """

    size: int
    remaining: int
    resets_in: float
    wait: float

    @property
    def headers(self) -> Headers:
        """What an answer tells, so that a script can pace itself."""
        told = [
            (b"ratelimit-limit", self.size),
            (b"ratelimit-remaining", max(0, self.remaining)),
            (b"ratelimit-reset", math.ceil(self.resets_in)),
        ]
        if self.wait > 0:
            told.append((b"retry-after", math.ceil(self.wait)))
        return [(name, str(value).encode("ascii")) for name, value in told]

    def check(self) -> None:
        """Raise unless there were enough.

        Raises:
            RateLimited: `LIMIT_REACHED`, with the time to wait.
        """
        if self.wait > 0:
            raise RateLimited(
                f"The limit of requests is reached; wait {math.ceil(self.wait)} seconds",
                "LIMIT_REACHED",
                retryAfterMs=math.ceil(self.wait * 1000),
            )


class RateLimiter:
    """Counts the requests of API keys.

    Args:
        database: where the buckets are.
        windows: each is counted by key and by workspace.
    """

    def __init__(self, database: Database, windows: list[Window]) -> None:
        self._database = database
        self._windows = windows

    async def take(self, caller: Caller, cost: int = 1) -> Taken:
        """Take tokens for a request of an API key; sessions are not counted.

        Args:
            caller: whose key it is.
            cost: one for each record operation.
        """
        owners = {f"key:{caller.api_key_id}", f"workspace:{caller.workspace_id}"}
        buckets = sorted(
            ((f"{owner}:{each.name}", each) for owner in owners for each in self._windows), key=lambda bucket: bucket[0]
        )
        rows = await self._database.fetch_all(
            TAKE,
            [key for key, _ in buckets],
            [each.size for _, each in buckets],
            [each.seconds for _, each in buckets],
            cost,
        )
        found = [Taken(*row) for row in rows]
        return max(found, key=lambda each: (each.wait, -each.remaining))


def make_limiter(database: Database, settings: Settings) -> RateLimiter | None:
    """Return what counts requests, None when no window is on."""
    windows = [
        Window(name, size, ttl / 1000)
        for name, size, ttl in (
            ("long", settings.long_limit, settings.long_ttl_ms),
            ("short", settings.short_limit, settings.short_ttl_ms),
        )
        if size > 0
    ]
    return RateLimiter(database, windows) if windows else None
