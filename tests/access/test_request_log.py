"""The request log: what is kept of a request and what is not, for whom, how much of it, over both protocols."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from icosa.access.sightings import kept_query, operation_name, refusal
from support.accounts import sign_in
from support.house import House, existing_house, open_house

LOG = "/rest/metadata/requestLog"
QUERY = """query ($first: Int, $after: ConnectionCursor, $apiKeyId: UUID, $status: String, $path: String) {
  requestLog(first: $first, after: $after, apiKeyId: $apiKeyId, status: $status, path: $path) {
    size
    entries { id at method path query operation status code durationMs apiKeyId userId callerName clientAddress requestId error }
    pageInfo { hasNextPage endCursor }
  }
}"""
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with open_house(database_url, request_log_size=5) as house:
        yield house


def entries(house: House, query: str = "", **asked: Any) -> list[dict[str, Any]]:
    answer = house.ask("GET", f"{LOG}{query}", **asked)
    assert answer.status == 200, answer.content
    return answer.json["data"]["requestLog"]  # type: ignore[no-any-return]


def test_a_request_is_told_with_its_caller_its_answer_and_its_time(house: House) -> None:
    answer = house.ask("GET", "/rest/companies?limit=1")
    [entry] = entries(house)
    assert entry["requestId"] == answer.headers["x-request-id"]
    assert (entry["method"], entry["path"], entry["query"], entry["status"]) == (
        "GET",
        "/rest/companies",
        "limit=1",
        200,
    )
    assert (entry["callerName"], entry["clientAddress"]) == ("Tests Admin", "127.0.0.1")
    assert entry["apiKeyId"] and entry["userId"] is None
    assert entry["durationMs"] > 0
    assert (entry["code"], entry["error"], entry["operation"]) == (None, None, None)


def test_a_refusal_is_kept_with_its_body_and_a_good_answer_without(house: House) -> None:
    house.ask("GET", "/rest/companies/nonsense")
    house.ask("POST", "/rest/companies", {"name": "Never to be seen"})
    good, bad = entries(house)
    assert bad["status"] == 400 and "nonsense" in bad["error"]
    assert "Never to be seen" not in str(good)


def test_a_graphql_request_has_its_operation_and_its_code(house: House) -> None:
    house.ask("POST", "/graphql", {"query": "query Two { companies { totalCount } }"})
    house.ask("POST", "/graphql", {"query": "{ companies { totalCount } }"})
    house.ask("POST", "/metadata", {"query": "{ nothing }"})
    house.ask("POST", "/graphql", {"query": '{ company(filter: {id: {eq: "x"}}) { id } }'})
    refused, unknown, plain, named = entries(house)
    assert (named["operation"], plain["operation"], unknown["operation"]) == ("Two", "companies", "nothing")
    assert named["code"] is None and plain["error"] is None
    assert unknown["status"] == 200 and unknown["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert refused["code"] is not None and '"errors"' in refused["error"] and '"data"' not in refused["error"]


def test_a_caller_whom_nobody_knows_is_in_the_log_of_the_one_workspace_alone(house: House, database_url: str) -> None:
    house.ask("GET", "/rest/companies", key=JWT)
    [entry] = entries(house)
    assert (entry["status"], entry["code"], entry["callerName"]) == (401, "TOKEN_MALFORMED", None)
    with existing_house(database_url, house.key, request_log_size=5, is_multiworkspace_enabled=True) as other:
        assert entries(other) == []


def test_what_the_log_itself_is_asked_is_not_noted_nor_what_no_api_is(house: House) -> None:
    for path in (LOG, "/healthz", "/client-config", "/nothing"):
        house.ask("GET", path)
    assert entries(house) == []


def test_calls_of_the_web_app_itself_stay_out_and_those_of_a_key_in_a_browser_do_not(house: House) -> None:
    session = sign_in(house).access
    own = {"sec-fetch-site": "same-origin"}
    house.ask("GET", "/rest/people?limit=0", key=session, headers=own)
    house.ask("GET", "/rest/companies?limit=0", headers=own)
    house.ask("GET", "/rest/companies?limit=0", key=session)
    assert entries(house, "?path=people") == []
    person, key = entries(house)[:2]
    assert person["userId"] and person["callerName"] == "Ada Marlowe"
    assert key["apiKeyId"]


def test_only_the_last_ones_are_kept_and_pages_meet(house: House) -> None:
    for number in range(8):
        house.ask("GET", f"/rest/companies?limit={number}")
    first = house.ask("GET", f"{LOG}?limit=2").json
    assert [each["query"] for each in first["data"]["requestLog"]] == ["limit=7", "limit=6"]
    assert first["pageInfo"]["hasNextPage"] is True and first["size"] == 5
    rest = house.ask("GET", f"{LOG}?starting_after={first['pageInfo']['endCursor']}").json
    assert [each["query"] for each in rest["data"]["requestLog"]] == ["limit=5", "limit=4", "limit=3"]
    assert rest["pageInfo"]["hasNextPage"] is False


def test_several_processes_write_one_log(house: House, database_url: str) -> None:
    with existing_house(database_url, house.key, request_log_size=5) as other:
        other.ask("GET", "/rest/people?limit=1")
    house.ask("GET", "/rest/companies?limit=1")
    assert [each["path"] for each in entries(house)] == ["/rest/companies", "/rest/people"]


def test_requests_are_found_by_key_status_and_path(house: House) -> None:
    other = house.make_key("Admin")
    house.ask("GET", "/rest/companies?limit=1")
    house.ask("GET", "/rest/people?limit=1", key=other)
    house.ask("GET", "/rest/people/nonsense")
    house.ask("POST", "/graphql", {"query": "query Wrong { companies { nothing( } }"})
    everything = entries(house)
    key = everything[2]["apiKeyId"]
    assert [each["path"] for each in entries(house, f"?apiKeyId={key}")] == ["/rest/people"]
    assert [each["status"] for each in entries(house, "?status=4xx")] == [400]
    assert [each["status"] for each in entries(house, "?status=400")] == [400]
    assert len(entries(house, "?status=failed")) == 2
    assert len(entries(house, "?status=succeeded")) == 2
    assert len(entries(house, "?path=PEOPLE")) == 2
    assert [each["operation"] for each in entries(house, "?path=wrong")] == ["Wrong"]


def test_both_protocols_tell_the_same(house: House) -> None:
    house.ask("GET", "/rest/companies?limit=1")
    told = house.operate(QUERY, bearer=house.key, path="/rest/")["data"]["requestLog"]
    assert told["size"] == 5
    assert told["pageInfo"]["hasNextPage"] is False
    assert told["entries"] == entries(house, "?path=/rest/")


def test_a_role_without_the_right_is_refused(house: House) -> None:
    weak = house.make_key("Read only")
    assert house.ask("GET", LOG, key=weak).status == 403
    assert house.operate(QUERY, bearer=weak)["errors"][0]["extensions"]["subCode"] == "PERMISSION_DENIED"


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=x",
        "status=maybe",
        "status=9xx",
        "apiKeyId=1",
        "after=x",
        "after=99999999999999999999",
    ],
)
def test_what_cannot_be_read_is_the_callers_fault(house: House, query: str) -> None:
    assert house.ask("GET", f"{LOG}?{query}").status == 400


def test_a_size_of_none_turns_it_off(database_url: str) -> None:
    with open_house(database_url, request_log_size=0) as house:
        house.ask("GET", "/rest/companies?limit=1")
        answer = house.ask("GET", LOG).json
        assert answer["data"]["requestLog"] == [] and answer["size"] == 0


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        (b"", None),
        (b"limit=1&filter=name[eq]:a", "limit=1&filter=name[eq]:a"),
        (b"token=abc&limit=1", "token=%E2%80%A6&limit=1"),
        (b"access_token=abc&apiKey=1", "access_token=%E2%80%A6&apiKey=%E2%80%A6"),
        (b"to%6Ben=abc", "to%6Ben=%E2%80%A6"),
        (b"password", "password"),
        (f"x={JWT}".encode(), "x=…"),
    ],
)
def test_query_strings_lose_their_secrets(query: bytes, kept: str | None) -> None:
    assert kept_query(query, is_graphql=False) == kept


def test_a_document_in_the_address_is_a_body_too() -> None:
    assert kept_query(b"query={a}&operationName=B", is_graphql=True) == "query=%E2%80%A6&operationName=B"


@pytest.mark.parametrize(
    ("document", "name"),
    [
        (b'{"query":"mutation Make($a: Int) { x }"}', "Make"),
        (b'{"query":"{ other: companies { id } }"}', "companies"),
        (b'{"query":"{ a }","operationName":"B"}', "B"),
        (b"query=%7B+people+%7B+id+%7D+%7D", "people"),
        (b'["query"]', None),
        (b'{"query":1}', None),
        (b"\xff", None),
    ],
)
def test_operations_are_named(document: bytes, name: str | None) -> None:
    assert operation_name(document) == name


def test_an_answer_with_the_word_errors_in_its_data_is_no_refusal() -> None:
    assert refusal(b'{"data":{"x":{"errors":[1]}}}', is_graphql=True) == (None, None)
    assert refusal(b"<html>", is_graphql=False) == (None, "<html>")
    assert JWT not in str(refusal(f'{{"messages":["{JWT}"],"code":"X"}}'.encode(), is_graphql=False))
