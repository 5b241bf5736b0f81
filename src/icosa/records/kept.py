"""Bounded caches that forget what was used longest ago."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Keeps the values that were used last.

    Args:
        most: how many.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """Return what is kept under a key, or None."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: K, value: V) -> None:
        """Keep a value."""
        self._kept[key] = value
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer.

    Attributes:
        body: as the database made it.
        snapshot: under which it was made.
        has_held: whether it still held when somebody asked again.
        is_whole: whether it is known that nothing has to be put into the body.
    """

    body: bytes
    snapshot: str
    has_held: bool = False
    is_whole: bool = False


class KeptAnswers:
    """Keeps answers, as many as find room.

    Args:
        most_bytes: of all together, with what was asked.
        longest: the length of an answer above which it is not kept.
    """

    def __init__(self, most_bytes: int, longest: int) -> None:
        self._most_bytes = most_bytes
        self._longest = longest
        self._kept: OrderedDict[tuple[Hashable, ...], KeptAnswer] = OrderedDict()
        self.size = 0

    def get(self, asked: tuple[Hashable, ...]) -> KeptAnswer | None:
        """Return what is kept, or None."""
        found = self._kept.get(asked)
        if found is not None:
            self._kept.move_to_end(asked)
        return found

    def put(self, asked: tuple[Hashable, ...], body: bytes | None, snapshot: str) -> None:
        """Keep an answer in place of the former one; of none and of one that is too long nothing is kept."""
        former = self._kept.pop(asked, None)
        if former is not None:
            self.size -= _weight(asked, former)
        if body is None or len(body) > self._longest:
            return
        self._kept[asked] = made = KeptAnswer(body, snapshot)
        self.size += _weight(asked, made)
        while self.size > self._most_bytes:
            self.size -= _weight(*self._kept.popitem(last=False))

    def hold(self, asked: tuple[Hashable, ...], kept: KeptAnswer, *, is_whole: bool) -> None:
        """Note that an answer held, and whether it is whole, unless there is another one by now."""
        if self._kept.get(asked) is kept:
            self._kept[asked] = replace(kept, has_held=True, is_whole=is_whole)


# About what Python takes for a value beside its content; an entry with its snapshot takes some of them.
VALUE_BYTES = 64
ENTRY_BYTES = 512


def _weight(asked: tuple[Hashable, ...], kept: KeptAnswer) -> int:
    return ENTRY_BYTES + len(kept.body) + sum(map(_size, asked))


def _size(value: Hashable) -> int:
    match value:
        case str():
            return VALUE_BYTES + len(value)
        case tuple():
            return VALUE_BYTES + sum(map(_size, value))
        case _:
            return VALUE_BYTES
