"""Bad input gets a 4xx that names the field and the rule, and changes nothing."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from support.house import House

ID = "11111111-1111-4111-8111-111111111111"
LONG = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=20_000))
BODIES: list[tuple[str, Any, str]] = [
    ("companies", {"name": 7}, "name"),
    ("companies", {"colour": "red"}, "colour"),
    ("companies", {"name": "a\x00b"}, "name"),
    ("companies", {"employees": "12"}, "employees"),
    ("companies", {"annualRevenue": {"amountMicros": "1e999"}}, "annualRevenue.amountMicros"),
    ("companies", {"annualRevenue": {"amountMicros": True}}, "annualRevenue.amountMicros"),
    ("companies", {"address": {"addressLat": "north"}}, "address.addressLat"),
    ("companies", {"id": "nope"}, "id"),
    ("companies", {"createdAt": None}, "createdAt"),
    ("companies", {"createdAt": "10000-01-01"}, "createdAt"),
    ("companies", {"position": None}, "position"),
    ("companies", {"accountOwnerId": ID}, "accountOwnerId"),
    ("companies", {"people": []}, "people"),
    ("companies", {"searchVector": "x"}, "searchVector"),
    ("companies", {"domainName": {"primaryLinkUrl": "https://" + "a" * 9000 + ".com"}}, "domainName"),
    ("companies", {"domainName": {"primaryLinkUrl": f"https://a.com/{LONG}"}}, ""),
    ("people", {"emails": {"primaryEmail": "@"}}, "emails.primaryEmail"),
    ("people", {"emails": {"primaryEmail": f"{LONG}@example.com"}}, ""),
    ("people", {"companyId": ID, "company": {"disconnect": True}}, "company"),
    ("people", {"company": {"connect": {"where": {"id": ID}}}}, "company"),
    ("people", {"company": {"connect": {"where": {"name": "x"}}}}, "company"),
    ("people", {"avatarFile": [{"fileId": ID, "label": "x"}]}, "avatarFile"),
    ("opportunities", {"stage": "WAITING"}, "stage"),
    ("opportunities", {"stage": None}, "stage"),
    ("tasks", {"dueAt": "someday"}, "dueAt"),
    ("notes", {"bodyV2": "text"}, "bodyV2"),
    ("notes", {"createdBy": {"source": None}}, "createdBy"),
]


@pytest.fixture
def empty(house: House) -> House:
    return house


def test_bodies(empty: House) -> None:
    for plural, body, named in BODIES:
        for method, path, sent in (
            ("POST", f"/rest/{plural}", body),
            ("POST", f"/rest/{plural}?upsert=true", body),
            ("POST", f"/rest/batch/{plural}", [{}, body]),
        ):
            answer = empty.ask(method, path, sent)
            assert answer.status == 400, (path, body, answer.content)
            assert answer.json["messages"][0].startswith(named), (named, answer.json)
        assert empty.ask("GET", f"/rest/{plural}").json["totalCount"] == 0, (plural, body)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/rest/company", 400),
        ("/rest/nothing", 400),
        ("/rest/companies/nope", 400),
        (f"/rest/companies/{ID}", 404),
        ("/rest/companies/00000000-0000-0000-0000-000000000000", 400),
        ("/rest/companies/a/b", 400),
        ("/rest/companies?limit=-1", 400),
        ("/rest/companies?limit=1.5", 400),
        ("/rest/companies?depth=2", 400),
        ("/rest/companies?order_by=name[Up]", 400),
        ("/rest/companies?order_by=address", 400),
        ("/rest/companies?order_by=nothing", 400),
        ("/rest/companies?order_by=", 400),
        ("/rest/people?order_by=company.accountOwner.name", 400),
        ("/rest/companies?filter=name[eq]", 400),
        ("/rest/companies?filter=name[has]:x", 400),
        ("/rest/companies?filter=and(name[eq]:x", 400),
        ("/rest/companies?filter=name[eq]:x)", 400),
        ("/rest/companies?filter=people[eq]:x", 400),
        ("/rest/companies?filter=employees[eq]:1e999", 400),
        ("/rest/companies?filter=id[eq]:1", 400),
        ("/rest/companies?filter=createdAt[gt]:today", 400),
        ("/rest/companies?starting_after=x", 400),
        ("/rest/companies?starting_after=eyJ4IjoxfQ==", 400),
        ("/rest/companies?starting_after=e30&ending_before=e30", 400),
        ("/nothing", 404),
        ("/rest", 404),
    ],
)
def test_paths(empty: House, path: str, status: int) -> None:
    answer = empty.ask("GET", path)
    assert answer.status == status, answer.content
    assert answer.json["statusCode"] == status


def test_unreadable_bodies(empty: House) -> None:
    for raw in (b"{", b"null", b"5", b'"x"', b"\xff", b"[" * 100_000):
        answer = empty.ask("POST", "/rest/companies", raw=raw)
        assert (answer.status, answer.json["error"]) == (400, "Bad Request")
    assert empty.ask("POST", "/rest/companies", raw=b"x" * (10 * 1024 * 1024 + 1)).status == 413
    assert empty.ask("POST", "/rest/companies", raw=b"x", headers={"content-type": "text/plain"}).status == 400
    assert empty.ask("POST", "/rest/companies", {"employees": 10**400}).status == 400
    assert empty.ask("POST", "/rest/companies").status == 400
    assert empty.ask("POST", "/rest/batch/companies", [{}] * 201).status == 400
    assert empty.ask("GET", "/rest/companies").json["totalCount"] == 0


def test_clashes_name_the_record_in_the_way(empty: House) -> None:
    first, second = empty.make("people", [{"emails": {"primaryEmail": "a@example.com"}}, {}])
    wanted = {"emails": {"primaryEmail": "A@example.com"}}
    for method, path in (("POST", "/rest/people"), ("PATCH", f"/rest/people/{second['id']}")):
        answer = empty.ask(method, path, wanted)
        assert answer.status == 400
        assert answer.json["conflictingRecordId"] == first["id"]
        assert answer.json["conflictingObjectNameSingular"] == "person"
    empty.ask("DELETE", f"/rest/people/{first['id']}?soft_delete=true")
    assert empty.ask("PATCH", f"/rest/people/{second['id']}", wanted).status == 200
    answer = empty.ask("PATCH", f"/rest/restore/people/{first['id']}")
    assert (answer.status, answer.json["conflictingRecordId"]) == (400, second["id"])


def test_collection_writes_need_a_filter_that_says_something(empty: House) -> None:
    empty.make("companies", [{"name": "One"}])
    for method, path in (("PATCH", ""), ("DELETE", ""), ("DELETE", "?soft_delete=true")):
        assert empty.ask(method, f"/rest/companies{path}", {"name": "x"}).status == 400
    assert empty.ask("PATCH", "/rest/restore/companies").status == 400
    assert empty.ask("GET", "/rest/companies").json["data"]["companies"][0]["name"] == "One"


def test_a_read_only_key_reads(empty: House) -> None:
    made = empty.make("companies", [{"name": "One"}])[0]
    key = empty.make_key("Read only")
    assert empty.ask("GET", "/rest/companies?depth=1", key=key).json["totalCount"] == 1
    one = f"/rest/companies/{made['id']}"
    for method, path, body in (
        ("POST", "/rest/companies", {"name": "x"}),
        ("PATCH", one, {"name": "x"}),
        ("DELETE", one, None),
        ("DELETE", f"{one}?soft_delete=true", None),
        ("POST", "/rest/attachments", {"name": "x"}),
    ):
        answer = empty.ask(method, path, body, key=key)
        assert (answer.status, answer.json["error"], answer.json["code"]) == (
            403,
            "ForbiddenException",
            "PERMISSION_DENIED",
        )


def test_what_every_answer_carries(empty: House) -> None:
    answer = empty.ask("GET", "/rest/companies?colour=red&a%2Cb=1&limit=1", headers={"origin": "https://app.example"})
    assert answer.headers["x-ignored-parameters"] == "colour, a%2Cb"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert len(answer.headers["x-request-id"]) == 16
    tag = answer.headers["etag"]
    again = empty.ask("GET", "/rest/companies?colour=red&a%2Cb=1&limit=1", headers={"if-none-match": tag})
    assert (again.status, again.content) == (304, b"")
    timed = empty.ask("GET", "/rest/companies", headers={"x-server-timing": "1"})
    assert {part.split(";")[0] for part in timed.headers["server-timing"].split(", ")} == {"plan", "db", "total"}
    head = empty.ask("HEAD", "/rest/companies")
    assert (head.status, head.content) == (200, b"")


def test_dates_of_groups_take_texts_only(house: House) -> None:
    for bucket in (
        {"granularity": ["DAY"]},
        {"weekStartDay": ["MONDAY"]},
        {"granularity": "DAY", "timeZone": {"a": 1}},
    ):
        answer = house.ask(
            "GET", "/rest/companies/groupBy", parameters={"group_by": json.dumps([{"createdAt": bucket}])}
        )
        assert answer.status == 400, (bucket, answer.content)
