"""What checking an API key costs of a list request: the check alone, and the whole request in the server's process.

python -m benchmarks.key_check

The whole request is taken without HTTP parsing and sockets, and the check is compared with its processor time, so that
the share is rather too high than too low.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from icosa.store.embedded import EmbeddedServer
from icosa.transport.messages import Request
from support.house import House, open_house

REQUESTS = 2000
ROUNDS = 5
PATH = "/rest/companies"


def main() -> None:
    """Print both costs and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = asyncio.run(EmbeddedServer.start(Path(folder) / "data"))
        try:
            with open_house(server.url) as house:
                _measure(house)
        finally:
            asyncio.run(server.stop())


def _measure(house: House) -> None:
    house.make("companies", [{"name": f"Company {number}", "employees": number} for number in range(60)])
    header = f"Bearer {house.key}".encode()
    request = Request("GET", PATH, b"limit=20", {b"authorization": header}, b"", "id", "127.0.0.1")

    async def check() -> Any:
        return await house.base.authorize(request)

    async def listing() -> Any:
        return await house.asking("GET", f"{PATH}?limit=20")

    costs = {each.__name__: min(house.run(_cost(each)) for _ in range(ROUNDS)) for each in (check, listing)}
    for name, seconds in costs.items():
        print(f"{name:8} {seconds * 1e6:8.2f} µs of processor time")
    print(f"a check is {costs['check'] / costs['listing']:.2%} of a list request")


async def _cost(work: Callable[[], Awaitable[Any]]) -> float:
    await work()
    started = time.process_time()
    for _ in range(REQUESTS):
        await work()
    return (time.process_time() - started) / REQUESTS


if __name__ == "__main__":
    main()
