"""The nine points of `demo-data.md`, "What it must make possible", asked of the API; no group or hit may be missing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from conftest import make_database
from demo.asking import groups, total
from icosa.catalog.load import load_catalog
from icosa.demo.rows import DemoOptions
from icosa.demo.seeder import seed_demo
from support.house import House, open_house

OPTIONS = DemoOptions(anchor=dt.date(2026, 11, 25))
OBJECTS = ("company", "person", "opportunity", "note", "task")
SEARCH = """
query ($text: String!, $of: [String!]) {
  search(searchInput: $text, includedObjectNameSingulars: $of, limit: 50) { edges { node { recordId } } }
}
"""
# Written by the server, or never empty by what they mean.
ALWAYS_FILLED = {("createdBy", "source"), ("createdBy", "name")}


@pytest.fixture(scope="module")
def house(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Give a demo that all tests here share; they only read."""
    with open_house(make_database(postgres_url), files_dir=tmp_path_factory.mktemp("files")) as house:
        house.run(seed_demo(house.database, house.base.uploads, house.workspace_id, OPTIONS))
        yield house


def records(house: House, plural: str) -> list[Any]:
    parameters = {"limit": "200", "order_by": "position"}
    return list(house.ask("GET", f"/rest/{plural}", parameters=parameters).json["data"][plural])


def hits(house: House, text: str, owner: str) -> set[str]:
    body = {"query": SEARCH, "variables": {"text": text, "of": [owner]}}
    edges = house.ask("POST", "/graphql", body).json["data"]["search"]["edges"]
    return {edge["node"]["recordId"] for edge in edges}


def test_1_and_2_stages_and_options(house: House) -> None:
    stages = groups(house, "opportunities", {"stage": True})
    assert all(int(number) > 0 for number in stages.values())
    sums = groups(house, "opportunities", {"stage": True}, "sumAmountAmountMicros")
    assert len(set(sums.values())) == len(sums) == 5
    catalog = house.run(load_catalog(house.database, house.workspace_id))
    assert catalog is not None
    seen = 0
    for name in OBJECTS:
        owner = catalog.by_singular[name]
        for field in owner.fields:
            if field.type.name == "SELECT":
                found = groups(house, owner.name_plural, {field.name: True})
                wanted = {option.value for option in field.options} | ({"None"} if field.is_nullable else set())
                assert set(found) == wanted, (name, field.name)
                seen += 1
    assert seen >= 2


def test_3_what_search_finds(house: House) -> None:
    people, companies = records(house, "people"), records(house, "companies")
    accented = next(person for person in people if person["name"]["firstName"] == "José")
    assert accented["id"] in hits(house, "jose", "person")
    employed = next(person for person in people if person["emails"]["primaryEmail"].endswith(".example.com"))
    part = employed["emails"]["primaryEmail"].partition("@")[2].partition(".")[0]
    assert employed["id"] in hits(house, part, "person")
    called = next(person for person in people if person["phones"]["primaryPhoneNumber"])
    number = called["phones"]["primaryPhoneNumber"]
    assert called["id"] in hits(house, number[:-2], "person")
    known = next(company for company in companies if company["domainName"]["primaryLinkUrl"])
    assert known["id"] in hits(house, known["domainName"]["primaryLinkUrl"].removeprefix("https://"), "company")
    noted = next(note for note in records(house, "notes") if "timeline" in (note["bodyV2"]["markdown"] or ""))
    assert noted["id"] in hits(house, "timeline", "note")


def test_4_more_than_one_page(house: House) -> None:
    for plural, size, pages in (("companies", 20, 1), ("people", 20, 1), ("opportunities", 20, 1), ("people", 60, 3)):
        assert total(house, plural) > size * pages
        first = house.ask("GET", f"/rest/{plural}?limit={size}").json
        assert len(first["data"][plural]) == size
        assert first["pageInfo"]["hasNextPage"] is True


def test_5_each_criterion_of_duplicates(house: House) -> None:
    catalog = house.run(load_catalog(house.database, house.workspace_id))
    assert catalog is not None
    person = next(each for each in records(house, "people") if each["linkedinLink"]["primaryLinkUrl"])
    company = next(each for each in records(house, "companies") if each["domainName"]["primaryLinkUrl"])
    asked = {
        "people": (
            {"name": {"firstName": person["name"]["firstName"], "lastName": person["name"]["lastName"]}},
            {"linkedinLink": {"primaryLinkUrl": person["linkedinLink"]["primaryLinkUrl"]}},
            {"emails": {"primaryEmail": person["emails"]["primaryEmail"]}},
        ),
        "companies": (
            {"name": company["name"]},
            {"domainName": {"primaryLinkUrl": company["domainName"]["primaryLinkUrl"]}},
        ),
    }
    for plural, bodies in asked.items():
        assert len(bodies) == len(catalog.by_plural[plural].duplicate_criteria or ())
        for body in bodies:
            answer = house.ask("POST", f"/rest/{plural}/duplicates", {"data": [body]}).json
            assert answer["data"][0]["totalCount"] >= 1, body
    # Live pairs that share a name, and one that shares a page: by ids there is something to merge.
    answer = house.ask("POST", "/rest/people/duplicates", {"ids": [each["id"] for each in records(house, "people")]})
    assert sum(1 for entry in answer.json["data"] if entry["totalCount"]) >= 9


def test_6_groups_with_an_empty_one(house: House) -> None:
    month = {"closeDate": {"granularity": "MONTH", "timeZone": "UTC"}}
    for plural, dimension in (
        ("opportunities", {"ownerId": True}),
        ("opportunities", month),
        ("people", {"companyId": True}),
        ("tasks", {"status": True}),
        ("tasks", {"assigneeId": True}),
        ("companies", {"address": {"addressCountry": True}}),
    ):
        found = groups(house, plural, dimension)
        assert len(found) > 2, (plural, dimension)
        assert "None" in found, (plural, dimension)
    # A deal has a stage, and a company, always.
    assert len(groups(house, "opportunities", {"stage": True})) == 5
    assert len(groups(house, "opportunities", {"companyId": True})) > 10


def test_7_relations(house: House) -> None:
    companies = {company["id"] for company in records(house, "companies")}
    employers = groups(house, "people", {"companyId": True})
    assert max(int(number) for company, number in employers.items() if company in companies) > 10
    assert companies - set(employers)
    contacts = groups(house, "opportunities", {"pointOfContactId": True})
    assert max(int(number) for person, number in contacts.items() if person != "None") >= 3
    targets = Counter(target["noteId"] for target in records(house, "noteTargets"))
    assert 3 in targets.values()
    assert {note["id"] for note in records(house, "notes")} - set(targets)
    assert {task["id"] for task in records(house, "tasks")} - {each["taskId"] for each in records(house, "taskTargets")}
    # The trash holds a company whose people and deals are live.
    lost = set(employers) - companies - {"None"}
    assert lost
    assert lost & set(groups(house, "opportunities", {"companyId": True}))


def test_8_dates(house: House) -> None:
    assert total(house, "tasks", "dueAt[gte]:2026-11-25,dueAt[lt]:2026-11-26") > 0
    assert total(house, "tasks", "dueAt[lt]:2026-11-25,status[eq]:TODO") > 0
    assert total(house, "opportunities", "closeDate[lt]:2026-11-25,stage[eq]:PROPOSAL") == 2
    for first, end in (("2026-11-01", "2026-12-01"), ("2026-12-01", "2027-01-01"), ("2026-07-01", "2026-10-01")):
        assert total(house, "opportunities", f"closeDate[gte]:{first},closeDate[lt]:{end}") > 0, first


def test_9_types_and_parts(house: House) -> None:
    catalog = house.run(load_catalog(house.database, house.workspace_id))
    assert catalog is not None
    occurring = set()
    empty, filled = set(), set()
    for name in (*OBJECTS, "attachment", "noteTarget", "subscription"):
        owner = catalog.by_singular[name]
        for field in owner.fields:
            for leaf in field.leaves:
                column = f'"{leaf.column}"'
                row = house.run(
                    house.database.fetch_row(
                        f"SELECT count(*) FILTER (WHERE c = '') AS empty, count(*) FILTER (WHERE c <> '') AS filled "
                        f"FROM (SELECT replace(replace(coalesce({column}::text, ''), '[]', ''), '{{}}', '') AS c "
                        f"FROM {owner.sql_name}) x"
                    )
                )
                if row["filled"]:
                    occurring.add(field.type.name)
                if len(field.leaves) > 1 and field.name != "updatedBy":
                    part = (field.type.name if field.type.name == "ACTOR" else f"{name}.{field.name}", leaf.path[-1])
                    empty |= {part} if row["empty"] or (field.name, leaf.path[-1]) in ALWAYS_FILLED else set()
                    filled |= {part} if row["filled"] else set()
    assert empty == filled
    assert len(filled) > 30
    installed = {field.type.name for owner in catalog.objects for field in owner.fields}
    assert occurring == installed
