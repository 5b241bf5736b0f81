"""Reads that come together share a statement, and nobody can tell but by the number of statements."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import asyncpg
import pytest

from icosa.records.gathering import MOST_TOGETHER, Gathering
from icosa.sql.statement import for_each
from icosa.store.database import Database
from support.house import House

NOBODY = "11111111-1111-4111-8111-111111111111"
DOUBLE = for_each("asked.value::bigint * 2")


@pytest.fixture
def house(house: House) -> House:
    # Counting statements must not meet those of the background.
    house.quiet()
    return house


def statements(house: House, *requests: Any) -> tuple[int, list[Any]]:
    """Return how many statements some requests at once take, and their answers."""
    before = house.database.statements
    answers = house.together(*requests)
    return house.database.statements - before, answers


def test_each_reader_gets_the_own_record(house: House) -> None:
    made = {each["id"]: each for each in house.make("companies", [{"name": f"Company {n}"} for n in range(20)])}
    house.ask("DELETE", f"/rest/companies/{next(iter(made))}?soft_delete=true")
    asked = [*made, *list(made)[5:9], NOBODY]
    random.Random(1).shuffle(asked)
    count, answers = statements(house, *(("GET", f"/rest/companies/{each}", None) for each in asked))
    assert count == 1
    gone = {NOBODY, next(iter(made))}
    assert [answer.status for answer in answers] == [404 if each in gone else 200 for each in asked]
    told = [answer.json["data"]["company"] for answer in answers if answer.status == 200]
    assert told == [made[each] for each in asked if each not in gone]


def test_graphql_reads_by_id_go_together_as_well(house: House) -> None:
    made = house.make("companies", [{"name": f"Company {n}"} for n in range(5)])
    queries = [f'{{ company(filter: {{id: {{eq: "{each["id"]}"}}}}) {{ name }} }}' for each in [*made, {"id": NOBODY}]]
    count, answers = statements(house, *(("POST", "/graphql", {"query": each}) for each in queries))
    assert count == 1
    assert [answer.json["data"]["company"] for answer in answers] == [
        *({"name": f"Company {n}"} for n in range(5)),
        None,
    ]
    deleted = f'{{ company(filter: {{id: {{eq: "{made[0]["id"]}"}}, deletedAt: {{is: NOT_NULL}}}}) {{ name }} }}'
    house.ask("DELETE", f"/rest/companies/{made[0]['id']}?soft_delete=true")
    answers = house.together(*(("POST", "/graphql", {"query": each}) for each in (queries[0], deleted)))
    assert [answer.json["data"]["company"] for answer in answers] == [None, {"name": "Company 0"}]


def test_more_than_go_together_take_several_statements(house: House) -> None:
    made = house.make("companies", [{"name": str(n)} for n in range(10)])
    paths = [f"/rest/companies/{made[n % 10]['id']}" for n in range(2 * MOST_TOGETHER + 1)]
    count, answers = statements(house, *(("GET", path, None) for path in paths))
    assert count == 3
    assert [answer.json["data"]["company"]["name"] for answer in answers] == [str(n % 10) for n in range(len(paths))]


def test_kept_answers_are_checked_together_and_each_for_itself(house: House) -> None:
    company = house.make("companies", [{"name": "One"}])[0]["id"]
    house.make("people", [{"name": {"firstName": "Ann"}, "companyId": company}])
    asked = [("GET", f"/rest/people?limit={n}", None) for n in range(1, 5)]
    for each in asked:
        # Made, found to hold, and from then on checked.
        house.ask(*each)
        house.ask(*each)
    late = ("GET", "/rest/people?limit=9", None)
    house.make("tasks", [{}])
    count, _ = statements(house, *asked)
    assert count == 1
    house.ask("PATCH", f"/rest/people/{house.ask(*late).json['data']['people'][0]['id']}", {"city": "Paris"})
    house.ask(*late)
    house.ask(*late)
    # One check for all five; four of them no longer hold and are made anew.
    count, answers = statements(house, *asked, late)
    assert count == 5
    assert {answer.json["data"]["people"][0]["city"] for answer in answers} == {"Paris"}


def test_a_refusal_of_the_database_reaches_all_who_went_together(database_url: str) -> None:
    async def play() -> list[Any]:
        database = await Database.connect(database_url, size=1)
        gathering = Gathering(database)
        fraction = for_each("1 / asked.value::bigint")
        both = await asyncio.gather(*(gathering.ask(fraction, n) for n in "10"), return_exceptions=True)
        after = await gathering.ask(fraction, "1")
        await database.close()
        return [*map(type, both), after]

    assert asyncio.run(play()) == [asyncpg.DivisionByZeroError, asyncpg.DivisionByZeroError, 1]


def test_one_that_goes_away_does_not_take_the_others_along(database_url: str) -> None:
    async def play() -> list[Any]:
        database = await Database.connect(database_url, size=1)
        gathering, under_way, fetch_all = Gathering(database), asyncio.Event(), database.fetch_all

        async def noted(sql: str, *args: Any) -> Any:
            under_way.set()
            return await fetch_all(sql, *args)

        database.fetch_all = noted  # type: ignore[method-assign]
        asking = [asyncio.create_task(gathering.ask(DOUBLE, n)) for n in "0123"]
        await asyncio.sleep(0)
        asking[0].cancel()
        await under_way.wait()
        asking[2].cancel()
        answers = await asyncio.gather(*asking, return_exceptions=True)
        await database.close()
        return answers

    first, second, third, fourth = asyncio.run(play())
    assert isinstance(first, asyncio.CancelledError) and isinstance(third, asyncio.CancelledError)
    assert (second, fourth) == (2, 6)
