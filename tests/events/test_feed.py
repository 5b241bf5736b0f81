"""`GET /rest/changes`, its stream, and a record's history: complete, in order, and only what a role may see."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from support.house import House
from support.publishing import publish_all, schema_of

CREATED = "company.created"


def make_company(house: House, **given: Any) -> Any:
    return house.make("companies", [{"name": "Harbour Light", **given}])[0]


def changes(house: House, key: str | None = None, **parameters: Any) -> Any:
    house.run(publish_all(house, schema_of(house)))
    answer = house.ask("GET", "/rest/changes", parameters=parameters, key=key)
    assert answer.status == 200, answer.content
    return answer.json


def top(house: House) -> int:
    return int(changes(house, after=0, limit=200)["pageInfo"]["endSequence"])


def test_a_feed_tells_what_happened_in_order_with_tombstones(house: House) -> None:
    start = changes(house)["pageInfo"]["endSequence"]
    made = make_company(house)
    house.ask("PATCH", f"/rest/companies/{made['id']}", {"name": "Beacon"})
    house.ask("DELETE", f"/rest/companies/{made['id']}?soft_delete=true")
    house.ask("DELETE", f"/rest/companies/{made['id']}")
    told = changes(house, after=start)
    actions = [each["action"] for each in told["data"]["changes"]]
    assert actions == ["created", "updated", "deleted", "destroyed"]
    # The timeline's own entries have positions too, at moments of their own, and are told to who asks for them.
    sequences = [each["sequence"] for each in told["data"]["changes"]]
    assert sequences == sorted(set(sequences))
    assert sequences[0] > start
    created, updated, deleted, destroyed = told["data"]["changes"]
    assert created["record"]["name"] == "Harbour Light"
    assert (updated["updatedFields"], updated["previousRecord"]) == (["name"], {"name": "Harbour Light"})
    assert deleted["record"]["deletedAt"] is not None
    assert (destroyed["record"], destroyed["previousRecord"]["name"]) == (None, "Beacon")
    assert {each["recordId"] for each in told["data"]["changes"]} == {made["id"]}
    assert told["pageInfo"]["endSequence"] >= sequences[-1]
    assert not told["pageInfo"]["hasNextPage"]
    assert changes(house, after=told["pageInfo"]["endSequence"])["data"]["changes"] == []


def test_pages_follow_one_another_while_writes_go_on(house: House) -> None:
    seen: list[int] = []
    names: list[str] = []
    after = 0
    written = [str(number) for number in range(30)]

    async def write() -> None:
        for name in written:
            await house.asking("POST", "/rest/companies", {"name": name})

    async def read() -> None:
        nonlocal after
        while True:
            answer = await house.asking("GET", f"/rest/changes?after={after}&limit=7&wait=2")
            page = answer.json
            seen.extend(each["sequence"] for each in page["data"]["changes"])
            names.extend(each["record"]["name"] for each in page["data"]["changes"] if each["eventName"] == CREATED)
            after = page["pageInfo"]["endSequence"]
            if not page["data"]["changes"]:
                return

    async def both() -> None:
        await asyncio.gather(write(), read())

    house.run(both())
    assert seen == sorted(set(seen))
    assert names == written


def test_a_client_that_waits_is_answered_when_something_happens(house: House) -> None:
    start = top(house)

    async def wait_and_write() -> Any:
        waiting = asyncio.create_task(house.asking("GET", f"/rest/changes?after={start}&objects=companies&wait=30"))
        await asyncio.sleep(0.05)
        await house.asking("POST", "/rest/people", {"name": {"firstName": "Not", "lastName": "Asked"}})
        await house.asking("POST", "/rest/companies", {"name": "Awaited"})
        return (await waiting).json

    told = house.run(wait_and_write())
    assert [each["record"]["name"] for each in told["data"]["changes"]] == ["Awaited"]


def test_objects_choose(house: House) -> None:
    start = top(house)
    make_company(house)
    house.make("people", [{"name": {"firstName": "Ada", "lastName": "M"}}])
    assert [each["eventName"] for each in changes(house, after=start, objects="person")["data"]["changes"]] == [
        "person.created"
    ]
    both = changes(house, after=start, objects="people,companies")
    assert [each["eventName"] for each in both["data"]["changes"]] == ["company.created", "person.created"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("after=-1", "INVALID_CURSOR"),
        ("after=x", "INVALID_CURSOR"),
        ("after=99999999999999999999", "INVALID_CURSOR"),
        ("after=1000000", "INVALID_CURSOR"),
        ("after=1&after=2", None),
        ("objects=nothings", None),
        ("limit=-1", None),
        ("wait=61", None),
        ("wait=soon", None),
    ],
)
def test_bad_parameters_are_refused(house: House, query: str, code: str | None) -> None:
    for path in ("/rest/changes", "/rest/changes/feed"):
        answer = house.ask("GET", f"{path}?{query}")
        assert answer.status == 400, answer.content
        assert answer.json.get("code") == code


def test_what_is_not_a_read_is_no_route(house: House) -> None:
    assert house.ask("POST", "/rest/changes", {}).status == 400
    assert house.ask("GET", "/rest/changes", key="nonsense").status == 401
    assert house.ask("GET", "/rest/changes?colour=red").headers["x-ignored-parameters"] == "colour"


def test_an_object_called_changes_keeps_its_own_path(house: House) -> None:
    body = {"nameSingular": "change", "namePlural": "changes", "labelSingular": "Change", "labelPlural": "Changes"}
    assert house.ask("POST", "/rest/metadata/objects", body).status == 201
    house.make("changes", [{"name": "Ours"}])
    assert house.ask("GET", "/rest/changes").json["data"]["changes"][0]["name"] == "Ours"
    house.run(publish_all(house, schema_of(house)))
    told = house.ask("GET", "/rest/changes/feed?objects=change").json["data"]["changes"]
    assert [each["eventName"] for each in told] == ["change.created"]


def limited_key(house: House) -> str:
    """Return a key whose role reads companies without their employees, and no people at all."""
    ask = house.ask
    role = ask("POST", "/metadata", {"query": MAKE_ROLE}).json["data"]["createOneRole"]["id"]
    objects = {each["nameSingular"]: each for each in ask("GET", "/rest/metadata/objects").json["data"]["objects"]}
    company = objects["company"]
    employees = next(each["id"] for each in company["fields"] if each["name"] == "employees")
    answer = ask(
        "POST",
        "/metadata",
        {
            "query": LIMIT_ROLE,
            "variables": {
                "objects": {
                    "roleId": role,
                    "objectPermissions": [
                        {"objectMetadataId": company["id"], "canReadObjectRecords": True},
                        {"objectMetadataId": objects["person"]["id"], "canReadObjectRecords": False},
                    ],
                },
                "fields": {
                    "roleId": role,
                    "fieldPermissions": [
                        {"objectMetadataId": company["id"], "fieldMetadataId": employees, "canReadFieldValue": False}
                    ],
                },
            },
        },
    )
    assert "errors" not in answer.json, answer.content
    return house.make_key("Narrow")


MAKE_ROLE = """
    mutation { createOneRole(createRoleInput: {
        label: "Narrow", canReadAllObjectRecords: true, canUpdateAllObjectRecords: true, canBeAssignedToApiKeys: true
    }) { id } }
"""
LIMIT_ROLE = """
    mutation ($objects: UpsertObjectPermissionsInput!, $fields: UpsertFieldPermissionsInput!) {
        upsertObjectPermissions(upsertObjectPermissionsInput: $objects) { objectMetadataId }
        upsertFieldPermissions(upsertFieldPermissionsInput: $fields) { id }
    }
"""


def test_a_role_sees_nothing_that_it_may_not_read(house: House) -> None:
    key = limited_key(house)
    start = top(house)
    made = make_company(house, employees=98765431)
    path = f"/rest/companies/{made['id']}"
    house.ask("PATCH", path, {"employees": 98765432})
    house.ask("PATCH", path, {"employees": 98765433, "name": "Beacon"})
    house.make("people", [{"name": {"firstName": "Secret", "lastName": "Person"}}])
    house.ask("DELETE", path)
    told = changes(house, key, after=start)
    assert [each["eventName"] for each in told["data"]["changes"]] == [
        "company.created",
        "company.updated",
        "company.destroyed",
    ]
    assert told["data"]["changes"][1]["updatedFields"] == ["name"]
    history = house.ask("GET", f"{path}/history", key=key)
    for text in (str(told), history.content.decode()):
        for hidden in ("9876543", "employees", "Secret"):
            assert hidden not in text
    assert house.ask("GET", "/rest/changes?objects=people", key=key).status == 400


def test_a_history_tells_who_did_what_newest_first(house: House) -> None:
    made = make_company(house)
    path = f"/rest/companies/{made['id']}"
    for number in range(3):
        house.ask("PATCH", path, {"employees": number})
    house.ask("PATCH", path, {"employees": 2})
    house.ask("DELETE", path)
    seen: list[Any] = []
    query = "limit=2"
    while True:
        page = house.ask("GET", f"{path}/history?{query}").json
        seen += page["data"]["history"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        query = f"limit=2&starting_after={page['pageInfo']['endCursor']}"
    assert [each["action"] for each in seen] == ["destroyed", "updated", "updated", "updated", "created"]
    assert [each["previousRecord"] for each in seen[1:4]] == [{"employees": 1}, {"employees": 0}, {"employees": None}]
    assert {each["actor"]["name"] for each in seen} == {"Tests Admin"}
    assert {each["actor"]["source"] for each in seen} == {"API"}


def test_a_record_that_never_was_has_no_history(house: House) -> None:
    missing = "/rest/companies/3f5f7d2e-6a55-4d1c-9c33-000000000000/history"
    assert house.ask("GET", missing).status == 404
    assert house.ask("GET", "/rest/companies/nothing/history").status == 400
    made = make_company(house)
    assert house.ask("GET", f"/rest/people/{made['id']}/history").status == 404
    assert house.ask("GET", f"/rest/companies/{made['id']}/history?starting_after=x").status == 400
