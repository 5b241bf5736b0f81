"""A seeded plan of the demo's rows: one generator decides everything, so that the same seed gives the same rows."""

from __future__ import annotations

import datetime as dt
import math
import random
import unicodedata
from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID, uuid5

NAMESPACE = UUID("6f1f6b1e-6c0e-5d0a-9a56-1c05a0000001")
T = TypeVar("T")
Body = dict[str, Any]


def demo_id(key: str) -> str:
    """Return the id of a row by its readable key, such as `company:3`."""
    return str(uuid5(NAMESPACE, key))


def ascii_name(text: str) -> str:
    """Return a name as it stands in an address: small letters without accents."""
    spelled = text.lower().replace("ł", "l").replace("ø", "o").replace("ß", "ss")
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return "".join(sign for sign in plain if sign.isalnum() or sign == "-").strip("-")


class Dice:
    """Chance and time of one seeding.

    Args:
        seed: the same seed gives the same rows.
        anchor: the day that all moments are counted from.
    """

    def __init__(self, seed: int | str, anchor: dt.datetime) -> None:
        self._random = random.Random(seed)  # noqa: S311 - demo data, not secrets
        self.anchor = anchor

    def chance(self, share: float) -> bool:
        """Return whether something that happens in a share of cases happens."""
        return self._random.random() < share

    def between(self, low: int, high: int) -> int:
        """Return a whole number, both ends included."""
        return self._random.randint(low, high)

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items."""
        return self._random.choice(items)

    def some(self, items: Sequence[T], number: int) -> list[T]:
        """Return so many different items."""
        return self._random.sample(list(items), number)

    def log_uniform(self, low: float, high: float) -> float:
        """Return a number whose logarithm is evenly spread."""
        return math.exp(self._random.uniform(math.log(low), math.log(high)))

    def log_normal(self, median: float, spread: float) -> float:
        """Return a number whose logarithm is normally spread."""
        return median * math.exp(self._random.gauss(0, spread))

    def day(self, low: int, high: int) -> dt.datetime:
        """Return a moment in working hours, so many days from the anchor; negative ones lie back."""
        return self.anchor + dt.timedelta(days=self.between(low, high), minutes=self.between(8 * 60, 18 * 60))


def written(moment: dt.datetime) -> str:
    """Return a moment as the API takes it."""
    return moment.isoformat()


def rounded(number: float, digits: int) -> int:
    """Return a number rounded to so many leading digits."""
    step = 10 ** max(0, int(math.log10(number)) + 1 - digits)
    return int(round(number / step) * step)
