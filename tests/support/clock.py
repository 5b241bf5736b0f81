"""A clock that stands still until it is told to go."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass
class Clock:
    """Seconds that move only when told."""

    seconds: float = field(default_factory=lambda: dt.datetime.now(dt.UTC).timestamp() // 1)

    def __call__(self) -> float:
        return self.seconds

    @property
    def now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.seconds, dt.UTC)

    def go(self, seconds: float) -> None:
        self.seconds += seconds
