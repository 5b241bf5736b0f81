"""What is written in one turn of the loop leaves in one write, in order, and before the connection closes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, cast

from icosa.transport.corking import CorkedTransport


class Recorder:
    def __init__(self) -> None:
        self.calls: list[Any] = []

    def write(self, data: bytes) -> None:
        self.calls.append(data)

    def writelines(self, pieces: Iterable[bytes]) -> None:
        self.calls.append(list(pieces))

    def close(self) -> None:
        self.calls.append("closed")

    def is_closing(self) -> bool:
        return "closed" in self.calls


def corked() -> tuple[Recorder, CorkedTransport]:
    recorder = Recorder()
    return recorder, CorkedTransport(cast(asyncio.Transport, recorder), asyncio.get_running_loop())


async def test_head_and_body_are_one_write() -> None:
    recorder, transport = corked()
    transport.write(b"head")
    transport.write(b"body")
    await asyncio.sleep(0)
    assert recorder.calls == [[b"head", b"body"]]


async def test_a_single_write_leaves_with_the_next_turn() -> None:
    recorder, transport = corked()
    for piece in (b"one", b"two"):
        transport.write(piece)
        await asyncio.sleep(0)
    assert recorder.calls == [b"one", b"two"]


async def test_nothing_is_lost_on_closing() -> None:
    recorder, transport = corked()
    transport.write(b"last")
    assert not transport.is_closing()
    transport.close()
    await asyncio.sleep(0)
    assert recorder.calls == [b"last", "closed"]
    assert transport.is_closing()
