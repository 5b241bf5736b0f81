"""What a role may not read shows nowhere: not in answers, not in the search vector, not by what resembles what."""

from __future__ import annotations

import asyncio

from support.house import Answer, House

HIDE = """
insert into core.field_permission (role_id, object_id, field_id, can_read)
select r.id, f.object_id, f.id, false
from core.role r, core.field_metadata f join core.object_metadata o on o.id = f.object_id
where r.label = 'Read only' and o.name_singular = 'person' and f.name = 'emails'
"""
SECRET = "hidden.address@example.com"


def test_a_hidden_field_shows_nowhere(house: House) -> None:
    link = {"primaryLinkUrl": "https://same.example.com"}
    one, two = house.make(
        "people",
        [
            {"emails": {"primaryEmail": SECRET}, "linkedinLink": link},
            {"emails": {"primaryEmail": "other@example.com", "additionalEmails": [SECRET]}},
        ],
    )
    house.run(house.database.execute(HIDE))
    key = house.make_key("Read only")
    for path in (f"/rest/people/{one['id']}", "/rest/people", "/rest/people?depth=1", "/rest/companies?depth=1"):
        answer = house.ask("GET", path, key=key)
        assert answer.status == 200, answer.content
        assert b"hidden.address" not in answer.content, path
    assert house.ask("GET", f"/rest/people/{one['id']}").json["data"]["person"]["searchVector"]
    for parameter in (
        "filter=emails.primaryEmail[is]:NULL",
        "order_by=emails.primaryEmail",
        "filter=searchVector[is]:NULL",
    ):
        answer = house.ask("GET", f"/rest/people?{parameter}", key=key)
        assert (answer.status, answer.json["code"]) == (403, "PERMISSION_DENIED"), parameter
    # Other objects keep their vector: nothing of theirs is hidden.
    house.make("companies", [{"name": "Open"}])
    assert house.ask("GET", "/rest/companies", key=key).json["data"]["companies"][0]["searchVector"] == "'open':1"
    assert two["id"]


def test_a_read_beside_one_who_may_see_more_tells_nothing_more(house: House) -> None:
    person = house.make("people", [{"emails": {"primaryEmail": SECRET}}])[0]
    house.run(house.database.execute(HIDE))
    keys = [None, house.make_key("Read only")] * 3
    paths = (f"/rest/people/{person['id']}", "/rest/people")

    async def read() -> list[Answer]:
        return list(await asyncio.gather(*(house.asking("GET", path, key=key) for path in paths for key in keys)))

    # Made, found to hold, and from then on checked together.
    for _ in range(3):
        told = [SECRET.encode() in answer.content for answer in house.run(read())]
        assert told == [key is None for key in keys] * 2


def test_duplicates_are_not_told_by_a_hidden_field(house: House) -> None:
    first, second = house.make("people", [{"emails": {"primaryEmail": SECRET}}, {}])
    # Two live records cannot share a unique address through the API; what counts here is what the role's criteria are.
    index = house.run(
        house.database.fetch_value(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE indisunique AND indpred IS NOT NULL "
            "AND indrelid::regclass::text LIKE '%.person'"
        )
    )
    house.run(house.database.execute(f"DROP INDEX {index}"))
    assert house.ask("PATCH", f"/rest/people/{second['id']}", {"emails": {"primaryEmail": SECRET}}).status == 200
    body = {"ids": [first["id"]]}
    assert house.ask("POST", "/rest/people/duplicates", body).json["data"][0]["totalCount"] == 1
    house.run(house.database.execute(HIDE))
    key = house.make_key("Read only")
    assert house.ask("POST", "/rest/people/duplicates", body, key=key).json["data"][0]["totalCount"] == 0


HIDE_OBJECT = """
insert into core.object_permission (role_id, object_id, can_read)
select r.id, o.id, false from core.role r, core.object_metadata o where r.label = 'Read only' and o.name_singular = 'person'
"""
SQL_TIMELINE = """
insert into {} (name, "happensAt", properties, "linkedRecordCachedName")
values ('person.updated', now(), '{{"diff": {{"emails": "hidden.address"}}}}', 'hidden.address')
"""


def test_a_timeline_retells_nothing_that_is_hidden(house: House) -> None:
    table = house.run(house.database.fetch_value("select schema_name from core.workspace"))
    house.run(house.database.execute(SQL_TIMELINE.format(f'"{table}"."timelineActivity"')))
    listed = "/rest/timelineActivities"
    assert b"hidden.address" in house.ask("GET", listed, key=house.make_key("Read only")).content
    house.run(house.database.execute(HIDE))
    answer = house.ask("GET", listed, key=house.make_key("Read only"))
    assert answer.status == 200 and b"hidden.address" not in answer.content and answer.json["totalCount"] > 0
    for parameter in ("filter=linkedRecordCachedName[ilike]:%25a%25", "order_by=properties"):
        assert house.ask("GET", f"{listed}?{parameter}", key=house.make_key("Read only")).status == 403
    house.run(house.database.execute(HIDE_OBJECT))
    assert house.ask("GET", listed, key=house.make_key("Read only")).status == 403
    assert b"hidden.address" in house.ask("GET", listed).content
