"""Every committed event gets one position, in the order of each record's changes, however transactions overlap."""

from __future__ import annotations

import asyncio
import random
import re
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icosa.events.arrivals import CHANNEL
from icosa.events.publisher import MOST_AT_ONCE, Follower, Published, Publisher, publish
from icosa.store.database import Database
from icosa.webhooks.fan_out import FAN_OUT
from support.house import House
from support.publishing import MOST_TRIES, publish_all, schema_of

INSERT = "INSERT INTO {}.event (object_id, record_id, action) VALUES ($1, $2, 'updated') RETURNING sequence"
INSERT_MANY = (
    "INSERT INTO {}.event (object_id, record_id, action) "
    "SELECT $1, gen_random_uuid(), 'created' FROM generate_series(1, $2)"
)
POSITIONS = (
    "SELECT p.position, e.sequence, e.record_id FROM {0}.published_event p JOIN {0}.event e USING (sequence) ORDER BY 1"
)
OBJECT = UUID(int=7)
MOST_ROUNDS = 400
PATIENT = 30


async def positions(database: Database, schema: str) -> list[Any]:
    return await database.fetch_all(POSITIONS.format(f'"{schema}"'))


def test_an_event_that_commits_late_comes_after_those_that_were_read(house: House) -> None:
    schema = schema_of(house)
    insert = INSERT.format(f'"{schema}"')

    async def play() -> None:
        await publish_all(house, schema)
        before = len(await positions(house.database, schema))
        async with house.database.transaction() as slow:
            early = await slow.fetchval(insert, OBJECT, uuid4())
            later = await house.database.fetch_value(insert, OBJECT, uuid4())
            await publish_all(house, schema)
            for _ in range(3):
                await house.database.fetch_value(insert, OBJECT, uuid4())
                await publish_all(house, schema)
        await publish_all(house, schema)
        told = [row["sequence"] for row in (await positions(house.database, schema))[before:]]
        assert early < later
        assert told[0] == later
        assert told[-1] == early
        assert len(told) == 5

    house.run(play())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_overlapping_transactions_lose_and_repeat_nothing(house: House, seed: int) -> None:
    """Transactions begin, write and end in a drawn order, some are rolled back, and publications come in between."""
    schema = schema_of(house)
    insert = INSERT.format(f'"{schema}"')
    drawn = random.Random(seed)

    async def play() -> None:
        await publish_all(house, schema)
        before = len(await positions(house.database, schema))
        url = house.application._settings.database_url
        connections = [await asyncpg.connect(url) for _ in range(3)]
        open_ones: dict[int, tuple[Any, list[int]]] = {}
        committed: list[int] = []
        for _ in range(25):
            number = drawn.randrange(3)
            connection = connections[number]
            if number not in open_ones:
                transaction = connection.transaction()
                await transaction.start()
                open_ones[number] = (transaction, [])
            elif drawn.random() < 0.5:
                open_ones[number][1].append(await connection.fetchval(insert, OBJECT, uuid4()))
            else:
                transaction, written = open_ones.pop(number)
                if drawn.random() < 0.3:
                    await transaction.rollback()
                else:
                    await transaction.commit()
                    committed += written
            if drawn.random() < 0.4:
                await publish_all(house, schema)
        for transaction, written in open_ones.values():
            await transaction.commit()
            committed += written
        for connection in connections:
            await connection.close()
        await publish_all(house, schema)
        rows = (await positions(house.database, schema))[before:]
        assert sorted(row["sequence"] for row in rows) == sorted(committed)
        assert [row["position"] for row in rows] == list(range(before + 1, before + 1 + len(committed)))

    house.run(play())


def test_what_comes_while_it_publishes_waits_for_the_next_time(house: House) -> None:
    """A publication costs as much for one event as for a hundred: without a break, writers would pay for many."""
    house.quiet()
    schema = schema_of(house)
    insert = INSERT.format(f'"{schema}"')

    async def play() -> list[int]:
        counts = []

        async def write_more(_: Any, done: Published) -> None:
            counts.append(done.count)
            await house.database.fetch_value(insert, OBJECT, uuid4())
            publisher.wrote(house.workspace_id)

        await publish_all(house, schema)
        publisher = Publisher(house.database, Follower("true", write_more))
        await house.database.fetch_value(insert, OBJECT, uuid4())
        publisher.wrote(house.workspace_id)
        async with asyncio.timeout(PATIENT):
            await publisher._publish_waiting()
            await publisher._publish_waiting()
        return counts

    assert house.run(play()) == [1, 1]


def test_writers_of_one_record_are_published_in_the_order_of_their_changes(house: House) -> None:
    """Each change waits for the row of the one before it, in several processes and with several publishers."""
    schema = schema_of(house)
    made = house.make("companies", [{"name": "Busy", "employees": 0}])[0]

    async def play() -> None:
        publishers = [Publisher(house.database, FAN_OUT) for _ in range(2)]
        writing = True

        async def write(number: int) -> None:
            for step in range(20):
                answer = await house.asking(
                    "PATCH", f"/rest/companies/{made['id']}", {"employees": number * 1000 + step}
                )
                assert answer.status == 200

        async def publish(publisher: Publisher) -> None:
            while writing:
                await publisher.publish(house.workspace_id, schema)
                await asyncio.sleep(0)

        tasks = [asyncio.create_task(publish(each)) for each in publishers]
        await asyncio.gather(*(write(number) for number in range(4)))
        writing = False
        await asyncio.gather(*tasks)
        await publish_all(house, schema)

    house.run(play())
    rows = house.run(positions(house.database, schema))
    sequences = [row["sequence"] for row in rows if str(row["record_id"]) == made["id"]]
    assert sequences == sorted(sequences)
    assert len(sequences) == 81


def test_the_search_for_events_begins_ever_later(house: House) -> None:
    """What was published long ago is not looked at again, once no transaction of those days is left on the server."""
    schema = schema_of(house)
    floors = []

    async def publish_until(sequence: int) -> None:
        for _ in range(MOST_ROUNDS):
            await publish_all(house, schema)
            floors.append(await house.database.fetch_value("SELECT safe_below FROM core.publication"))
            if floors[-1] >= sequence:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(floors[-1])

    for _ in range(3):
        house.make("companies", [{"name": "x"} for _ in range(5)])
        house.run(publish_until(house.run(house.database.fetch_value(f'SELECT max(sequence) FROM "{schema}".event'))))
    assert floors == sorted(floors)


async def insert_many(house: House, schema: str, count: int) -> None:
    await house.database.execute(INSERT_MANY.format(f'"{schema}"'), OBJECT, count)


async def settle(house: House, schema: str) -> None:
    """Publish until the search begins above the last event; transactions of other databases of the server hold it up too."""
    settled = f'SELECT safe_below = (SELECT max(sequence) FROM "{schema}".event) FROM core.publication'
    for _ in range(MOST_TRIES):
        await publish_all(house, schema)
        if await house.database.fetch_value(settled):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the search still begins below the last event")


def test_when_nothing_happens_nothing_is_written(house: House) -> None:
    house.quiet()
    schema = schema_of(house)
    house.make("companies", [{"name": "x"}])

    async def rounds(count: int) -> None:
        for _ in range(count):
            await publish_all(house, schema)

    house.run(settle(house, schema))
    state = "SELECT xmin::text FROM core.publication"
    before = house.run(house.database.fetch_value(state))
    house.run(rounds(3))
    assert house.run(house.database.fetch_value(state)) == before


def test_the_search_follows_a_backlog_too(house: House) -> None:
    """More than goes at once is published part by part, and each part is looked at once or twice, not with every later one."""
    house.quiet()
    schema = schema_of(house)
    state = f"""
        SELECT safe_below, max(sequence) AS published
        FROM core.publication, "{schema}".published_event GROUP BY 1
    """

    # Transactions of other databases of the server hold the search up too.
    is_passed = "SELECT pg_snapshot_xmin(pg_current_snapshot()) > mark_xid FROM core.publication"

    async def part() -> Any:
        for _ in range(MOST_TRIES):
            if await house.database.fetch_value(is_passed):
                break
            await asyncio.sleep(0.01)
        await publish_all(house, schema)
        return await house.database.fetch_row(state)

    house.run(settle(house, schema))
    house.run(insert_many(house, schema, 5 * MOST_AT_ONCE))
    parts = [house.run(part()) for _ in range(5)]
    assert [each["published"] - parts[0]["published"] for each in parts] == [n * MOST_AT_ONCE for n in range(5)]
    assert all(each["published"] - each["safe_below"] <= MOST_AT_ONCE for each in parts), parts
    house.run(settle(house, schema))


def test_what_was_published_long_ago_is_not_looked_at_again(house: House) -> None:
    """Publishing reads what is new, however long the history is."""
    house.quiet()
    schema = schema_of(house)
    house.run(insert_many(house, schema, 3000))
    house.run(settle(house, schema))
    house.run(house.database.execute(f'ANALYZE "{schema}".event, "{schema}".published_event'))
    house.run(insert_many(house, schema, 5))
    drawn = house.run(house.database.fetch_value(f'SELECT max(sequence) FROM "{schema}".event'))
    explained = f"EXPLAIN (ANALYZE, FORMAT JSON) {publish(schema, FAN_OUT.wanted)}"
    text = house.run(house.database.fetch_value(explained, house.workspace_id, drawn, MOST_AT_ONCE, CHANNEL))
    rows = [int(float(each)) for each in re.findall(r'"Actual Rows": ([\d.]+)', text)]
    assert 5 in rows
    assert max(rows) < 100
