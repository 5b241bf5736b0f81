"""Rate limits of API keys: the buckets, the headers and the refusals (`auth.md` section 7); nobody waits."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from icosa.access.caller import Caller
from icosa.access.permissions import NOTHING, Permissions
from icosa.access.rate_limits import RateLimiter, Window, make_limiter
from icosa.access.tokens import TokenKind
from icosa.settings import Settings
from icosa.store.migrations import migrate
from support.accounts import sign_in
from support.house import Answer, House, existing_house, open_house

MINUTE = Window("long", 5, 60)
LIST = "/rest/companies?limit=1"


def a_key(number: int, workspace: int = 1) -> Caller:
    rights = Permissions(role_id=uuid_of(0), records=NOTHING)
    return Caller(TokenKind.API_KEY, uuid_of(workspace), rights, "Key", api_key_id=uuid_of(number))


def uuid_of(number: int) -> UUID:
    return UUID(int=number)


async def pass_time(database: Any, seconds: float) -> None:
    await database.execute("update core.rate_bucket set full_at = full_at - make_interval(secs => $1)", float(seconds))


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with open_house(database_url, host="127.0.0.1", long_limit=5, long_ttl_ms=60_000) as house:
        yield house


def told(answer: Answer) -> tuple[str | None, ...]:
    names = ("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "retry-after")
    return tuple(answer.headers.get(name) for name in names)


async def test_a_bucket_empties_and_fills_evenly(database: Any) -> None:
    await migrate(database)
    limiter = RateLimiter(database, [MINUTE])
    left = [(await limiter.take(a_key(1))).remaining for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    refused = await limiter.take(a_key(1))
    assert 11 < refused.wait <= 12 and 59 < refused.resets_in <= 60
    await pass_time(database, 12)
    assert (await limiter.take(a_key(1))).wait == 0
    assert (await limiter.take(a_key(1))).wait > 0
    await pass_time(database, 3600)
    assert (await limiter.take(a_key(1))).remaining == 4, "a bucket holds no more than its size"


async def test_what_is_refused_takes_nothing_from_any_bucket(database: Any) -> None:
    await migrate(database)
    limiter = RateLimiter(database, [MINUTE, Window("short", 2, 1)])
    for _ in range(2):
        assert (await limiter.take(a_key(1))).wait == 0
    for _ in range(5):
        assert (await limiter.take(a_key(1))).size == 2
    await pass_time(database, 1)
    assert (await limiter.take(a_key(1))).wait == 0
    row = await database.fetch_row(
        "select extract(epoch from full_at - now()) as debt from core.rate_bucket where key like 'key:%:long'"
    )
    assert 34 < row["debt"] <= 36, "three were taken of the long bucket, at twelve seconds each, one second ago"


async def test_keys_of_a_workspace_share_its_bucket_and_other_workspaces_do_not(database: Any) -> None:
    await migrate(database)
    limiter = RateLimiter(database, [MINUTE])
    for number in range(1, 6):
        assert (await limiter.take(a_key(number))).wait == 0
    assert (await limiter.take(a_key(6))).wait > 0
    assert (await limiter.take(a_key(7, workspace=2))).wait == 0


async def test_a_dear_request_needs_as_many_tokens_or_a_full_bucket(database: Any) -> None:
    await migrate(database)
    limiter = RateLimiter(database, [MINUTE])
    assert (await limiter.take(a_key(1), 3)).remaining == 2
    assert (await limiter.take(a_key(1), 3)).wait > 0
    assert (await limiter.take(a_key(1), 2)).remaining == 0
    await pass_time(database, 60)
    assert (await limiter.take(a_key(1), 50)).remaining == 0


async def test_no_burst_slips_through(database: Any) -> None:
    await migrate(database)
    limiter = RateLimiter(database, [MINUTE])
    taken = await asyncio.gather(*(limiter.take(a_key(number % 2)) for number in range(40)))
    assert sum(each.wait == 0 for each in taken) == 5


def test_without_a_window_nothing_counts() -> None:
    assert make_limiter(None, Settings()) is None  # type: ignore[arg-type]


def test_no_header_and_no_statement_while_it_is_off(database_url: str) -> None:
    with open_house(database_url) as house:
        house.quiet()
        house.ask("GET", LIST)
        before = house.database.statements
        answer = house.ask("GET", LIST)
        assert house.database.statements == before + 1
        assert told(answer) == (None,) * 4


def test_rest_answers_429_and_says_when_to_come_back(house: House) -> None:
    for left in range(4, -1, -1):
        answer = house.ask("GET", LIST)
        assert answer.status == 200 and told(answer)[:2] == ("5", str(left))
    answer = house.ask("GET", LIST)
    assert answer.status == 429
    assert (answer.json["statusCode"], answer.json["error"], answer.json["code"]) == (
        429,
        "HttpException",
        "LIMIT_REACHED",
    )
    assert len(answer.json["messages"]) == 1
    limit, left_over, reset, retry = told(answer)
    assert (limit, left_over, retry) == ("5", "0", "12") and 59 <= int(reset or 0) <= 60
    assert house.ask("GET", "/rest/metadata/objects").status == 429, "settings are counted too"
    assert house.ask("GET", "/rest/open-api/core").status == 429


@pytest.mark.parametrize("path", ["/graphql", "/metadata"])
def test_graphql_answers_an_error_and_the_same_headers(house: House, path: str) -> None:
    document = {
        "query": "{ __typename companies { totalCount } }" if path == "/graphql" else "{ currentWorkspace { id } }"
    }
    answer = house.ask("POST", path, document)
    assert told(answer)[0] == "5" and "errors" not in answer.json
    house.run(house.database.execute("update core.rate_bucket set full_at = now() + interval '1 minute'"))
    answer = house.ask("POST", path, document)
    assert answer.status == 200 and "data" not in answer.json
    extensions = answer.json["errors"][0]["extensions"]
    assert (extensions["code"], extensions["subCode"]) == ("BAD_USER_INPUT", "LIMIT_REACHED")
    assert 11_000 < extensions["retryAfterMs"] <= 12_000
    assert told(answer)[3] == "12"


def test_a_document_costs_as_many_as_it_has_root_fields_and_a_batch_one(house: House) -> None:
    three = "{ a: companies { totalCount } b: companies { totalCount } c: people { totalCount } }"
    assert told(house.ask("POST", "/graphql", {"query": three}))[1] == "2"
    answer = house.ask("POST", "/graphql", {"query": three})
    assert answer.json["errors"][0]["extensions"]["subCode"] == "LIMIT_REACHED", "kept documents count as well"
    house.run(house.database.execute("delete from core.rate_bucket"))
    batch = house.ask("POST", "/rest/batch/companies", [{"name": f"{number}"} for number in range(60)])
    assert batch.status == 201 and told(batch)[1] == "4"


def test_a_refused_document_changes_nothing(house: House) -> None:
    house.run(house.database.execute("update core.rate_bucket set full_at = now()"))
    many = " ".join(f'c{n}: createCompany(data: {{name: "{n}"}}) {{ id }}' for n in range(4))
    house.ask("GET", LIST)
    house.ask("GET", LIST)
    answer = house.ask("POST", "/graphql", {"query": f"mutation {{ {many} }}"})
    assert answer.json["errors"][0]["extensions"]["subCode"] == "LIMIT_REACHED"
    house.run(house.database.execute("delete from core.rate_bucket"))
    assert house.ask("GET", LIST).json["totalCount"] == 0


def test_errors_carry_the_headers_too_and_strangers_are_not_counted(house: House) -> None:
    assert told(house.ask("GET", "/rest/companies/nope"))[1] == "4"
    assert told(house.ask("GET", "/rest/nothing"))[1] == "3"
    assert told(house.ask("GET", LIST, headers={"authorization": "Bearer x"}))[0] is None


def test_sessions_are_not_counted(house: House) -> None:
    session = sign_in(house)
    for _ in range(8):
        answer = house.ask("GET", LIST, key=session.access)
        assert answer.status == 200 and told(answer)[0] is None


def test_two_processes_share_the_buckets(house: House, database_url: str) -> None:
    for _ in range(3):
        assert house.ask("GET", LIST).status == 200
    key = house.key
    with existing_house(database_url, key, long_limit=5) as other:
        assert [other.ask("GET", LIST).status for _ in range(3)] == [200, 200, 429]


def test_browsers_may_read_the_headers(house: House) -> None:
    exposed = house.ask("GET", LIST).headers["access-control-expose-headers"].lower()
    assert all(name in exposed for name in ("retry-after", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"))
