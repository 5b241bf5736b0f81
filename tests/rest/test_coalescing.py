"""Writes that come together share a statement, and nobody can tell but by the number of statements."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icosa.records.coalescing import Coalescing
from icosa.records.engine import Answer as Written
from icosa.store.database import Deadlock
from support.house import Answer, House
from support.publishing import publish_all, schema_of

MANY = 40
PATIENT = 30


@pytest.fixture
def house(house: House) -> House:
    # Counting statements must not meet those of the background.
    house.quiet()
    return house


def company(answer: Answer) -> Any:
    return next(iter(answer.json["data"].values()))


def test_creates_share_statements_and_keep_their_answers(house: House) -> None:
    house.ask("POST", "/rest/companies", {"name": "Before"})
    before = house.database.statements
    answers = house.together(*(("POST", "/rest/companies", {"name": f"Company {n}"}) for n in range(MANY)))
    assert house.database.statements - before == 2
    assert [answer.status for answer in answers] == [201] * MANY
    made = [company(answer) for answer in answers]
    assert [each["name"] for each in made] == [f"Company {n}" for n in range(MANY)]
    assert len({each["position"] for each in made}) == MANY
    for each in made:
        assert company(house.ask("GET", f"/rest/companies/{each['id']}")) == each
    house.run(publish_all(house, schema_of(house)))
    told = house.ask("GET", "/rest/changes?limit=100").json["data"]["changes"]
    assert {each["recordId"] for each in told if each["action"] == "created"} >= {each["id"] for each in made}


def test_updates_share_statements_and_keep_their_answers(house: House) -> None:
    made = house.make("companies", [{"name": f"Company {n}", "employees": n} for n in range(MANY)])
    house.ask("PATCH", f"/rest/companies/{made[0]['id']}", {"name": "Before"})
    before = house.database.statements
    answers = house.together(*(("PATCH", f"/rest/companies/{each['id']}", {"name": each["id"]}) for each in made))
    assert house.database.statements - before == 2
    assert [(company(each)["id"], company(each)["name"]) for each in answers] == [(each["id"],) * 2 for each in made]
    assert [company(each)["employees"] for each in answers] == list(range(MANY))


def test_one_bad_write_is_refused_alone(house: House) -> None:
    taken = house.make("companies", [{"domainName": {"primaryLinkUrl": "https://taken.example.com"}}])[0]
    bodies = [{"domainName": {"primaryLinkUrl": f"https://firm{n}.example.com"}} for n in range(8)]
    bodies[5] = {"domainName": {"primaryLinkUrl": "https://taken.example.com"}}
    answers = house.together(*(("POST", "/rest/companies", each) for each in bodies))
    assert [answer.status for answer in answers] == [201] * 5 + [400] + [201] * 2
    assert answers[5].json["conflictingRecordId"] == taken["id"]
    assert house.ask("GET", "/rest/companies?limit=0").json["totalCount"] == 8


def test_a_record_that_is_not_there_is_missed_alone(house: House) -> None:
    made = house.make("companies", [{"name": str(n)} for n in range(3)])
    ids = [made[0]["id"], made[1]["id"], "11111111-1111-4111-8111-111111111111", made[2]["id"]]
    answers = house.together(*(("PATCH", f"/rest/companies/{each}", {"name": "New"}) for each in ids))
    assert [answer.status for answer in answers] == [200, 200, 404, 200]


def test_writes_to_one_record_come_one_after_another(house: House) -> None:
    made, other = house.make("companies", [{"name": "One"}, {"name": "Other"}])
    path = f"/rest/companies/{made['id']}"
    wanted = [("PATCH", path.upper().replace("/REST/COMPANIES", "/rest/companies"), {"name": str(n)}) for n in range(5)]
    answers = house.together(*wanted, ("PATCH", f"/rest/companies/{other['id']}", {"name": "Changed"}))
    assert [company(answer)["name"] for answer in answers] == ["0", "1", "2", "3", "4", "Changed"]
    assert company(house.ask("GET", path))["name"] == "4"
    history = house.ask("GET", f"{path}/history?limit=20").json["data"]["history"]
    assert len(history) == 6


def test_each_author_is_told_of_the_own_records(house: House) -> None:
    names = ["One Program", "Another"]
    keys = [house.make_key(name=name) for name in names]

    async def write() -> list[Answer]:
        wanted = (house.asking("POST", "/rest/companies", {"name": str(n)}, key=keys[n % 2]) for n in range(12))
        return list(await asyncio.gather(*wanted))

    answers = house.run(write())
    authors = [company(answer)["createdBy"]["name"] for answer in answers]
    assert authors == names * 6


def test_one_that_is_held_up_does_not_hold_up_the_others(house: House, database_url: str) -> None:
    made = house.make("companies", [{"name": str(n)} for n in range(3)])
    paths = [f"/rest/companies/{each['id']}" for each in made]

    async def play() -> list[Answer]:
        holder = await asyncpg.connect(database_url)
        turn = holder.transaction()
        await turn.start()
        schema = await holder.fetchval("SELECT quote_ident(schema_name) FROM core.workspace")
        await holder.execute(f"SELECT FROM {schema}.company WHERE id = $1 FOR UPDATE", made[0]["id"])
        held = asyncio.create_task(house.asking("PATCH", paths[0], {"name": "Held"}))
        await asyncio.sleep(0)
        others = [asyncio.create_task(house.asking("PATCH", path, {"name": "Free"})) for path in paths[1:]]
        async with asyncio.timeout(PATIENT):
            answers = [await each for each in others]
        assert not held.done()
        await turn.rollback()
        await holder.close()
        return [*answers, await held]

    assert [company(answer)["name"] for answer in house.run(play())] == ["Free", "Free", "Held"]


def test_one_that_is_given_up_while_it_waits_writes_nothing() -> None:
    written: list[Sequence[str]] = []

    async def play() -> None:
        coalescing, gate = Coalescing(), asyncio.Event()

        async def alone() -> Written:
            await gate.wait()
            written.append("alone")
            return Written(b"")

        async def together(documents: Sequence[str], _: Sequence[str]) -> Sequence[Written]:
            written.append(documents)
            return [Written(b"")] * len(documents)

        tasks = [
            asyncio.create_task(coalescing.write("kind", f"document {n}", str(n), alone, together)) for n in range(4)
        ]
        await asyncio.sleep(0)
        tasks[2].cancel()
        gate.set()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(play())
    assert written == ["alone", ["document 1", "document 3"]]


def test_the_next_ones_go_before_the_last_ones_are_answered() -> None:
    """PostgreSQL does not wait while answers are written."""
    told: list[Any] = []

    async def play() -> None:
        coalescing, gate = Coalescing(), asyncio.Event()

        async def alone() -> Written:
            await gate.wait()
            return Written(b"")

        async def together(documents: Sequence[str], _: Sequence[str]) -> Sequence[Written]:
            told.append(documents)
            if "1" in documents:
                others.extend(asyncio.create_task(client(n)) for n in (3, 4))
                await asyncio.sleep(0)
            return [Written(b"")] * len(documents)

        async def client(number: int) -> None:
            await coalescing.write("kind", str(number), str(number), alone, together)
            told.append(number)

        others: list[asyncio.Task[None]] = []
        first = [asyncio.create_task(client(n)) for n in range(3)]
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(*first)
        await asyncio.gather(*others)

    asyncio.run(play())
    assert told == [0, ["1", "2"], ["3", "4"], 1, 2, 3, 4]


def test_after_a_deadlock_each_goes_alone() -> None:
    async def play() -> list[Written]:
        coalescing = Coalescing()

        async def alone() -> Written:
            await asyncio.sleep(0)
            return Written(b"alone")

        async def together(*_: Sequence[str]) -> Sequence[Written]:
            raise Deadlock("The database did not finish in time", "TIMEOUT")

        return await asyncio.gather(*(coalescing.write("kind", "", str(n), alone, together) for n in range(3)))

    assert asyncio.run(play()) == [Written(b"alone")] * 3


DOMAINS = st.sampled_from(["a.example.com", "b.example.com", "c.example.com", None])
CHANGES = st.fixed_dictionaries({}, optional={"name": st.sampled_from(["x", "y"]), "employees": st.integers(-3, 3)})
WRITES = st.lists(
    st.one_of(
        st.tuples(st.just("create"), CHANGES, DOMAINS),
        st.tuples(st.integers(0, 4), CHANGES, DOMAINS),
    ),
    min_size=2,
    max_size=20,
)


def test_what_is_answered_is_what_is_stored(house: House) -> None:
    """Random writes at once: whoever is answered 2xx finds the own values, whoever is refused wanted a domain that somebody had."""
    made = [each["id"] for each in house.make("companies", [{"name": str(n)} for n in range(5)])]

    def request(write: Any) -> tuple[str, str, Any]:
        target, change, domain = write
        body = {**change, **({"domainName": {"primaryLinkUrl": f"https://{domain}"}} if domain else {})}
        return (
            ("POST", "/rest/companies", body)
            if target == "create"
            else ("PATCH", f"/rest/companies/{made[target]}", body)
        )

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(WRITES)
    def check(writes: list[Any]) -> None:
        requests = [request(write) for write in writes]
        answers = house.together(*requests)
        stored = {each["id"]: each for each in house.ask("GET", "/rest/companies?limit=200").json["data"]["companies"]}
        changed: dict[str, list[Any]] = {}
        for (_, _, body), answer in zip(requests, answers, strict=True):
            if answer.status == 400:
                assert "duplicate" in answer.content.decode(), answer.content
                # Who held it may have given it up by the time that somebody looks.
                assert answer.json.get("conflictingRecordId") in {None, *stored}
                continue
            told = company(answer)
            for name, value in body.items():
                assert (told[name]["primaryLinkUrl"] if name == "domainName" else told[name]) == (
                    value["primaryLinkUrl"] if name == "domainName" else value
                )
            changed.setdefault(told["id"], []).append(told)
        for identifier, versions in changed.items():
            assert stored[identifier] in versions
        domains = [
            each["domainName"]["primaryLinkUrl"] for each in stored.values() if each["domainName"]["primaryLinkUrl"]
        ]
        assert len(domains) == len(set(domains))
        for identifier in set(stored) - set(made):
            house.ask("DELETE", f"/rest/companies/{identifier}")
        empty = {"name": "0", "employees": None, "domainName": {"primaryLinkUrl": ""}}
        for identifier in made:
            assert house.ask("PATCH", f"/rest/companies/{identifier}", empty).status == 200

    check()
