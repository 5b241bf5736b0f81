"""The demo workspace makes possible what `demo-data.md` says, comes out the same each time, and may be made again."""

from __future__ import annotations

import datetime as dt
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.asking import groups, total
from icosa.catalog.load import load_catalog
from icosa.demo.papers import paper
from icosa.demo.plan import Dice
from icosa.demo.rows import DemoOptions
from icosa.demo.seeder import remove_demo, seed_demo
from support.house import House, open_house
from support.model import Model
from support.nothing_kept import ask_twice

OPTIONS = DemoOptions(anchor=dt.date(2026, 11, 25))


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    with open_house(database_url, files_dir=tmp_path / "files") as house:
        house.run(seed_demo(house.database, house.base.uploads, house.workspace_id, OPTIONS))
        yield house


def test_how_many_there_are(house: House) -> None:
    numbers = {"companies": 60, "people": 200, "opportunities": 60, "notes": 90, "tasks": 80, "attachments": 25}
    numbers |= {
        "workspaceMembers": 5,
        "subscriptions": 30,
        "messageLists": 2,
        "messageListMembers": 40,
        "dashboards": 1,
    }
    assert {plural: total(house, plural) for plural in numbers} == numbers
    trash = {"companies": 4, "people": 8, "opportunities": 3, "notes": 3, "tasks": 4}
    assert {plural: total(house, plural, "deletedAt[is]:NOT_NULL") for plural in trash} == trash

    stages = groups(house, "opportunities", {"stage": True})
    assert stages == {"NEW": "14", "SCREENING": "12", "MEETING": "12", "PROPOSAL": "10", "CUSTOMER": "12"}
    assert groups(house, "tasks", {"status": True}) == {"TODO": "40", "IN_PROGRESS": "15", "DONE": "22", "None": "3"}
    for dimension in ({"plan": True}, {"satisfaction": True}):
        found = groups(house, "subscriptions", dimension)
        assert len(found) > 2 and "None" in found, dimension
    assert total(house, "people", "name.firstName[is]:NULL,name.lastName[is]:NULL") == 1
    assert total(house, "companies", "name[is]:NULL") == 1


def test_the_demo_comes_out_the_same_and_may_be_made_again(house: House) -> None:
    plurals = ("companies", "people", "opportunities", "notes", "noteTargets", "tasks", "taskTargets", "subscriptions")
    plurals += ("messageLists", "messageListMembers", "dashboards")
    given = (house.database, house.base.uploads, house.workspace_id, OPTIONS)

    def told() -> dict[str, Any]:
        found = {}
        for plural in plurals:
            page = house.ask("GET", f"/rest/{plural}?limit=200&order_by=position").json["data"][plural]
            # Links have no moments of their own, and a vector is not told in an order.
            hidden = {"searchVector", *(("createdAt", "updatedAt") if plural.endswith("Targets") else ())}
            rows = [{name: value for name, value in each.items() if name not in hidden} for each in page]
            found[plural] = sorted(rows, key=lambda each: str(each["id"]))
        return found

    before = told()
    deals = before["opportunities"]
    assert sorted(deal["position"] for deal in deals) == list(range(1, 61))
    assert sum(house.run(seed_demo(*given)).values()) == 0
    assert told() == before

    # A run that was broken off before the deal had moved on.
    deal = next(each for each in deals if each["stage"] != "NEW" and each["updatedAt"] != each["createdAt"])
    catalog = house.run(load_catalog(house.database, house.workspace_id))
    assert catalog is not None
    owner = catalog.by_singular["opportunity"].sql_name
    statement = f"""UPDATE {owner} SET stage = 'NEW', "updatedAt" = "createdAt" WHERE id = $1"""
    house.run(house.database.execute(statement, deal["id"]))
    house.run(seed_demo(*given))
    assert house.ask("GET", f"/rest/opportunities/{deal['id']}").json["data"]["opportunity"]["stage"] == deal["stage"]

    house.make("companies", [{"name": "Not of the demo"}])
    assert house.run(remove_demo(*given)) > 700
    assert {plural: total(house, plural) for plural in plurals} == dict.fromkeys(plurals, 0) | {"companies": 1}
    assert [each["name"] for each in told()["companies"]] == ["Not of the demo"]
    house.run(seed_demo(*given))
    again = told()
    again["companies"] = [each for each in again["companies"] if each["name"] != "Not of the demo"]
    assert again == before


def test_what_loses_a_record_of_the_demo_is_known(house: House) -> None:
    model = Model(house)
    boat, company = model.create_object("boat", "boats"), model.objects()["company"]
    model.create_relation(boat, "owner", company, "Boats")
    owner = house.ask("GET", "/rest/companies?limit=1").json["data"]["companies"][0]["id"]
    house.make("boats", [{"name": "Not of the demo", "ownerId": owner}])
    assert house.ask("GET", "/rest/boats").json["data"]["boats"][0]["ownerId"] == owner
    house.run(remove_demo(house.database, house.base.uploads, house.workspace_id, OPTIONS))
    assert ask_twice(house, "GET", "/rest/boats").json["data"]["boats"][0]["ownerId"] is None


def test_attachments_have_files_that_can_be_fetched(house: House) -> None:
    starts = {"txt": b"", "csv": b"Company,Item,Seats,Price", "png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-1.4"}
    kinds = {"txt": "TEXT_DOCUMENT", "csv": "SPREADSHEET", "png": "IMAGE", "pdf": "TEXT_DOCUMENT"}
    found = house.ask("GET", "/rest/attachments?limit=60").json["data"]["attachments"]
    fetched = {}
    for attachment in found:
        (file,) = attachment["file"]
        assert attachment["fileCategory"] == kinds[file["extension"]]
        path = file["url"].partition("/file/")[2]
        answer = house.ask("GET", f"/file/{path}", headers={"authorization": ""})
        assert answer.status == 200, attachment["name"]
        assert answer.content.startswith(starts[file["extension"]])
        assert 0 < len(answer.content) <= 40_000
        fetched[attachment["name"]] = answer.content
    assert Counter(name.rpartition(".")[2] for name in fetched) == {"txt": 8, "csv": 5, "png": 6, "pdf": 6}
    assert len(set(fetched.values())) == 25

    house.run(remove_demo(house.database, house.base.uploads, house.workspace_id, OPTIONS))
    assert house.run(house.database.fetch_value("SELECT count(*) FROM core.file")) == 0
    assert [path for path in house.base.settings.files_folder.rglob("*") if path.is_file()] == []
    house.run(seed_demo(house.database, house.base.uploads, house.workspace_id, OPTIONS))
    again = house.ask("GET", "/rest/attachments?limit=60").json["data"]["attachments"]
    for attachment in again:
        path = attachment["file"][0]["url"].partition("/file/")[2]
        assert house.ask("GET", f"/file/{path}").content == fetched[attachment["name"]]


def test_pictures_and_pages_keep_to_their_formats() -> None:
    anchor = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
    picture = paper("png", "Harbourlight logo", 1, Dice(1, anchor))
    place, kinds = 8, []
    while place < len(picture):
        size = int.from_bytes(picture[place : place + 4], "big")
        kind, data = picture[place + 4 : place + 8], picture[place + 8 : place + 8 + size]
        assert zlib.crc32(kind + data) == int.from_bytes(picture[place + 8 + size : place + 12 + size], "big")
        kinds.append(kind)
        if kind == b"IDAT":
            dots = zlib.decompress(data)
            assert len(dots) == 96 * 13
            assert any(dots)
        place += size + 12
    assert kinds == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]

    page = paper("pdf", "Łukasz offer", 1, Dice(1, anchor))
    start = int(page.split(b"startxref\n")[1].split(b"\n")[0])
    table = page[start:].splitlines()
    assert table[0] == b"xref"
    for number in range(1, 6):
        assert page[int(table[2 + number].split()[0]) :].startswith(b"%d 0 obj" % number)
    assert b"(Lukasz Offer) Tj" in page


def test_the_timeline_is_that_of_the_records(house: House) -> None:
    statement = """
        SELECT t.id, t.name, t."happensAt", t."createdAt", r."createdAt" AS made, t."workspaceMemberId",
            r."createdByWorkspaceMemberId" AS maker
        FROM {timeline} t JOIN {record} r ON r.id = t.{column} WHERE t.name = $1 ORDER BY t.id
    """
    catalog = house.run(load_catalog(house.database, house.workspace_id))
    assert catalog is not None
    timeline = catalog.by_singular["timelineActivity"].sql_name

    def activities(owner: str, name: str, column: str) -> list[Any]:
        sql = statement.format(timeline=timeline, record=catalog.by_singular[owner].sql_name, column=f'"{column}"')
        return list(house.run(house.database.fetch_all(sql, name)))

    for owner, number in (("company", 64), ("person", 208), ("opportunity", 63), ("note", 93), ("task", 84)):
        found = activities(owner, f"{owner}.created", f"target{owner.capitalize()}Id")
        assert len(found) == number
        assert all(each["happensAt"] == each["createdAt"] == each["made"] for each in found)
        assert all(each["workspaceMemberId"] == each["maker"] for each in found)
    for owner, link in (("note", "noteTargets"), ("task", "taskTargets")):
        linked = activities(owner, f"linked-{owner}.created", "linkedRecordId")
        assert len(linked) == total(house, link)
        assert all(each["happensAt"] == each["made"] for each in linked)

    for owner, column in (("opportunity", "targetOpportunityId"), ("task", "targetTaskId")):
        record = catalog.by_singular[owner].sql_name
        moved = house.run(
            house.database.fetch_all(
                f'SELECT t."happensAt", t.properties, r."updatedAt", r."createdAt" FROM {timeline} t '
                f'JOIN {record} r ON r.id = t."{column}" WHERE t.name = $1',
                f"{owner}.updated",
            )
        )
        assert len(moved) > 10
        assert all(each["happensAt"] == each["updatedAt"] > each["createdAt"] for each in moved)
        assert all("diff" in each["properties"] for each in moved)
    assert total(house, "timelineActivities", "happensAt[gt]:2026-11-26") == 0

    before = house.run(house.database.fetch_all(f"SELECT * FROM {timeline} ORDER BY id"))
    assert 800 <= len(before) <= 1000
    assert len(before) == total(house, "timelineActivities")
    given = (house.database, house.base.uploads, house.workspace_id, OPTIONS)
    house.run(seed_demo(*given))
    assert house.run(house.database.fetch_all(f"SELECT * FROM {timeline} ORDER BY id")) == before
    house.run(remove_demo(*given))
    assert total(house, "timelineActivities") == 0
    house.run(seed_demo(*given))
    again = house.run(house.database.fetch_all(f"SELECT * FROM {timeline} ORDER BY id"))
    assert [(each["id"], each["happensAt"]) for each in again] == [(each["id"], each["happensAt"]) for each in before]
    # A deal that somebody destroyed is made again, with its story.
    opportunity = house.ask("GET", "/rest/opportunities?limit=1").json["data"]["opportunities"][0]["id"]
    assert house.ask("DELETE", f"/rest/opportunities/{opportunity}").status == 200
    made = house.run(seed_demo(*given))
    assert made["opportunity"] == 1
    assert made["timelineActivity"] >= 1
    assert len(activities("opportunity", "opportunity.created", "targetOpportunityId")) == 63
