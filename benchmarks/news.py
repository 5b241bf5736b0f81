"""How fast changes travel: deliveries a second to ten webhooks, and the lag of the live stream under writes.

python -m benchmarks.news [--deliveries 20000] [--seconds 10] [--rate 500]
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import aiohttp
import orjson

from icosa.store.embedded import EmbeddedServer
from support.serving import EMAIL, PASSWORD, environment_of, icosa, serving

WEBHOOKS = 10
WRITERS = 16
RECEIVER = """
import asyncio, sys

class Receive(asyncio.Protocol):
    count = 0
    def connection_made(self, transport): self.transport, self.kept = transport, b""
    def data_received(self, data):
        self.kept += data
        while b"\\r\\n\\r\\n" in self.kept:
            head, _, rest = self.kept.partition(b"\\r\\n\\r\\n")
            if head.startswith(b"GET"):
                text = str(Receive.count).encode()
                self.transport.write(b"HTTP/1.1 200 OK\\r\\ncontent-length: %d\\r\\n\\r\\n%s" % (len(text), text))
                self.kept = rest
                continue
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\\r\\n")[0])
            if len(rest) < length: return
            Receive.count += 1
            self.kept = rest[length:]
            self.transport.write(b"HTTP/1.1 204 No Content\\r\\n\\r\\n")

async def main():
    server = await asyncio.get_running_loop().create_server(Receive, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


async def deliveries(session: aiohttp.ClientSession, url: str, port: int, wanted: int) -> float:
    """Return deliveries a second, from the first write to the last delivery."""
    target = f"http://127.0.0.1:{port}/"
    for _ in range(WEBHOOKS):
        body = {"targetUrl": target, "operations": ["company.created"]}
        async with session.post(f"{url}/rest/metadata/webhooks", json=body) as answer:
            assert answer.status == 201, await answer.text()
    started = time.perf_counter()
    for first in range(0, wanted // WEBHOOKS, 200):
        rows = [{"name": f"Company {first + number}"} for number in range(200)]
        async with session.post(f"{url}/rest/batch/companies", json=rows) as answer:
            assert answer.status == 201, await answer.text()
    count = 0
    while count < wanted:
        await asyncio.sleep(0.1)
        async with session.get(target) as answer:
            count = int(await answer.text())
        print(f"\r{count:7} delivered", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return count / (time.perf_counter() - started)


async def lags(session: aiohttp.ClientSession, url: str, rate: int, seconds: int) -> list[float]:
    """Return the seconds between each change and its arrival in the stream, while records are written at a rate."""
    found: list[float] = []
    ends = time.perf_counter() + seconds

    async def write() -> None:
        pause = WRITERS / rate
        while time.perf_counter() < ends:
            begun = time.perf_counter()
            async with session.post(f"{url}/rest/people", json={"name": {"firstName": "A", "lastName": "B"}}) as answer:
                assert answer.status == 201, await answer.text()
            await asyncio.sleep(max(0.0, pause - (time.perf_counter() - begun)))

    async def listen() -> None:
        timeout = aiohttp.ClientTimeout(total=None)
        async with session.get(f"{url}/rest/changes/stream?objects=people", timeout=timeout) as answer:
            async for line in answer.content:
                if line.startswith(b"data: "):
                    written = dt.datetime.fromisoformat(orjson.loads(line[6:])["eventDate"])
                    found.append((dt.datetime.now(dt.UTC) - written).total_seconds())

    listening = asyncio.create_task(listen())
    await asyncio.sleep(0.5)
    await asyncio.gather(*(write() for _ in range(WRITERS)))
    await asyncio.sleep(1)
    listening.cancel()
    return found


async def measure(url: str, key: str, port: int, given: argparse.Namespace) -> None:
    limits = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {key}"}, timeout=limits) as session:
        told = await lags(session, url, given.rate, given.seconds)
        cuts = statistics.quantiles(told, n=100)
        print(
            f"stream: {len(told) / given.seconds:.0f} events/s, lag p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms"
        )
        print(
            f"webhooks: {await deliveries(session, url, port, given.deliveries):.0f} deliveries/s to {WEBHOOKS} of them"
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--deliveries", type=int, default=20_000)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rate", type=int, default=500)
    given = parser.parse_args()
    receiver = subprocess.Popen([sys.executable, "-c", RECEIVER], stdout=subprocess.PIPE, text=True)
    assert receiver.stdout is not None
    port = int(receiver.stdout.readline())
    with tempfile.TemporaryDirectory(prefix="icosa-bench-") as folder:
        server = asyncio.run(EmbeddedServer.start(Path(folder)))
        try:
            environment = environment_of(server.url) | {"OUTBOUND_HTTP_ALLOWED_INTERNAL_HOSTS": "127.0.0.1"}
            icosa(environment, "init", "--workspace-name", "Bench", "--email", EMAIL, "--password", PASSWORD)
            key = icosa(environment, "api-key", "create", "--name", "Bench", "--role", "Admin")
            with serving(environment) as url:
                asyncio.run(measure(url, key, port, given))
        finally:
            asyncio.run(server.stop())
            receiver.kill()


if __name__ == "__main__":
    main()
