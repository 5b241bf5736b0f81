"""A server that is killed again and again: feed and webhooks hold every committed change, in order, and no other."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from typing import Any

import aiohttp
import asyncpg

from support.receiver import Receiver
from support.serving import EMAIL, PASSWORD, environment_of, icosa, start, stop

CHANGES = 10_000
KILLS = 10
BATCH = 50
WRITERS = 4
EVENTS = """
    SELECT e.sequence, e.record_id::text AS record_id FROM {0}.event e
    JOIN core.object_metadata o ON o.id = e.object_id AND o.name_singular = 'company' WHERE e.action <> 'touched'
"""
AS_IF_A_MINUTE_HAD_PASSED = "UPDATE core.webhook_delivery SET next_attempt_at = now() WHERE state = 'sending'"
PENDING = "SELECT count(*) FROM core.webhook_delivery WHERE state <> 'succeeded'"


class Writer:
    """Writes until its server dies: batches, updates of what it made, and batches that are refused."""

    def __init__(self, seed: int) -> None:
        self._drawn = random.Random(seed)
        self.made: list[str] = []
        self.acknowledged = 0

    async def write(self, session: aiohttp.ClientSession, url: str, most: int) -> None:
        while self.acknowledged < most:
            kind = self._drawn.random()
            if kind < 0.3 or not self.made:
                rows = [{"name": f"kept {self._drawn.random()}"} for _ in range(BATCH)]
                async with session.post(f"{url}/rest/batch/companies", json=rows) as answer:
                    made = (await answer.json())["data"]["createCompanies"]
                self.made += [each["id"] for each in made]
                self.acknowledged += BATCH
            elif kind < 0.4:
                bad = [{"name": "rolled back"}, {"name": "rolled back", "accountOwnerId": self.made[0]}]
                async with session.post(f"{url}/rest/batch/companies", json=bad) as answer:
                    assert answer.status == 400
            else:
                path = f"{url}/rest/companies/{self._drawn.choice(self.made[-5:])}"
                async with session.patch(path, json={"employees": self._drawn.randrange(10**6)}) as answer:
                    assert answer.status == 200
                self.acknowledged += 1


async def live(environment: dict[str, str], key: str, writers: list[Writer], most: int, *, kill: bool) -> list[Any]:
    """Run a server until it has taken so many changes; kill it then, in the middle of whatever it does."""
    process, url, _ = await asyncio.to_thread(start, environment)
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {key}"}) as session:
        writing = [asyncio.create_task(each.write(session, url, most // WRITERS + BATCH)) for each in writers]
        while sum(each.acknowledged for each in writers) < most:
            await asyncio.sleep(0.01)
            assert not any(task.done() and task.exception() for task in writing)
        if kill:
            process.kill()
            await asyncio.to_thread(process.wait)
        for problem in await asyncio.gather(*writing, return_exceptions=True):
            assert problem is None or isinstance(problem, aiohttp.ClientError), problem
        if not kill:
            await finish(environment["ICOSA_DATABASE_URL"])
            feed = await read_feed(session, url)
            await asyncio.to_thread(stop, process)
            return feed
    if process.stderr is not None:
        process.stderr.close()
    return []


async def finish(database_url: str) -> None:
    """Wait until everything is delivered; what a killed worker had taken is let go at once."""
    connection = await asyncpg.connect(database_url)
    await connection.execute(AS_IF_A_MINUTE_HAD_PASSED)
    settled = 0
    while settled < 3:
        await asyncio.sleep(0.3)
        settled = 0 if await connection.fetchval(PENDING) else settled + 1
    await connection.close()


async def read_feed(session: aiohttp.ClientSession, url: str) -> list[Any]:
    found: list[Any] = []
    after = 0
    while True:
        async with session.get(f"{url}/rest/changes?after={after}&objects=company&limit=200") as answer:
            page = await answer.json()
        found += page["data"]["changes"]
        after = page["pageInfo"]["endSequence"]
        if not page["pageInfo"]["hasNextPage"]:
            return found


def test_ten_kills_lose_nothing(database_url: str) -> None:
    environment = environment_of(database_url) | {"OUTBOUND_HTTP_ALLOWED_INTERNAL_HOSTS": "127.0.0.1"}
    icosa(environment, "init", "--workspace-name", "Tests", "--email", EMAIL, "--password", PASSWORD)
    key = icosa(environment, "api-key", "create", "--name", "Tests", "--role", "Admin")
    receiver = Receiver()
    writers = [Writer(seed) for seed in range(WRITERS)]

    async def play() -> tuple[list[Any], list[Any]]:
        await receiver.start()
        process, url, _ = await asyncio.to_thread(start, environment)
        async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {key}"}) as session:
            body = {"targetUrl": receiver.url, "operations": ["company.*"]}
            async with session.post(f"{url}/rest/metadata/webhooks", json=body) as answer:
                assert answer.status == 201
        await asyncio.to_thread(stop, process)
        for number in range(1, KILLS + 1):
            await live(environment, key, writers, CHANGES * number // (KILLS + 1), kill=True)
        feed = await live(environment, key, writers, CHANGES, kill=False)
        connection = await asyncpg.connect(database_url)
        schema = await connection.fetchval("SELECT quote_ident(schema_name) FROM core.workspace")
        events = await connection.fetch(EVENTS.format(schema))
        await connection.close()
        await receiver.stop()
        return feed, events

    feed, events = asyncio.run(play())
    assert len(events) >= CHANGES
    by_record: dict[str, list[int]] = defaultdict(list)
    for row in sorted(events, key=lambda row: row["sequence"]):
        by_record[row["record_id"]].append(row["sequence"])
    told: dict[str, list[int]] = defaultdict(list)
    for change in feed:
        told[change["recordId"]].append(change["sequence"])
        assert change["record"]["name"].startswith("kept")
    assert {record: len(found) for record, found in told.items()} == {
        record: len(found) for record, found in by_record.items()
    }
    sequences = [change["sequence"] for change in feed]
    assert sequences == sorted(set(sequences))
    received: dict[str, list[int]] = defaultdict(list)
    for each in receiver.got:
        body = each.json
        if body["sequence"] not in received[body["record"]["id"]]:
            received[body["record"]["id"]].append(body["sequence"])
    assert received == told
