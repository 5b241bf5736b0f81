"""A kept count never tells of yesterday: whatever changes what a filter finds makes it count again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from support.house import House
from support.statements import tell_statements


def total(house: House, plural: str, text: str = "") -> int:
    parameters = {"limit": "1", **({"filter": text} if text else {})}
    return int(house.ask("GET", f"/rest/{plural}", parameters=parameters).json["totalCount"])


def test_counts_follow_every_kind_of_change(house: House) -> None:
    company = house.make("companies", [{"name": "One"}])[0]
    house.make("people", [{"companyId": company["id"]}, {}])
    by_id, by_name = f"companyId[eq]:{company['id']}", "company.name[eq]:One"
    assert (total(house, "people"), total(house, "people", by_id), total(house, "people", by_name)) == (2, 1, 1)
    house.make("people", [{"companyId": company["id"]}])
    assert (total(house, "people"), total(house, "people", by_id), total(house, "people", by_name)) == (3, 2, 2)
    house.ask("PATCH", f"/rest/companies/{company['id']}", {"name": "Two"})
    assert (total(house, "people", by_id), total(house, "people", by_name)) == (2, 0)
    house.ask("PATCH", f"/rest/companies/{company['id']}", {"name": "One"})
    assert total(house, "people", by_name) == 2
    house.ask("DELETE", f"/rest/companies/{company['id']}?soft_delete=true")
    assert (total(house, "companies"), total(house, "people", by_id), total(house, "people", by_name)) == (0, 2, 0)
    house.ask("DELETE", f"/rest/companies/{company['id']}")
    assert total(house, "people", by_id) == 0


def test_counts_survive_a_rolled_back_write(house: House) -> None:
    house.make("companies", [{"name": "One"}])
    assert total(house, "companies") == 1
    assert house.ask("POST", "/rest/batch/companies", [{"name": "Two"}, {"name": 3}]).status == 400
    assert total(house, "companies") == 1


def groups(house: House) -> dict[str | None, int]:
    parameters = {"group_by": '[{"company":{"name":true}}]', "aggregate": '["totalCount"]'}
    answer = house.ask("GET", "/rest/people/groupBy", parameters=parameters)
    assert answer.status == 200, answer.content
    return {each["groupByDimensionValues"][0]: int(each["totalCount"]) for each in answer.json}


def test_groups_follow_every_kind_of_change(house: House) -> None:
    company = house.make("companies", [{"name": "One"}])[0]
    people = house.make("people", [{"companyId": company["id"]}, {}])
    assert groups(house) == {"One": 1, None: 1}
    house.ask("PATCH", f"/rest/companies/{company['id']}", {"name": "Two"})
    assert groups(house) == {"Two": 1, None: 1}
    house.ask("PATCH", f"/rest/people/{people[1]['id']}", {"companyId": company["id"]})
    assert groups(house) == {"Two": 2}
    house.ask("DELETE", f"/rest/people/{people[1]['id']}?soft_delete=true")
    assert groups(house) == {"Two": 1}
    house.ask("PATCH", f"/rest/restore/people/{people[1]['id']}")
    house.ask("DELETE", f"/rest/companies/{company['id']}")
    assert groups(house) == {None: 2}


def test_groups_are_made_anew_only_when_something_has_changed(house: House) -> None:
    house.quiet()
    house.make("people", [{}])
    bodies: list[Any] = []

    def note(sql: str, args: tuple[Any, ...], rows: Sequence[Any]) -> None:
        del sql, args
        bodies.extend(row.get("body") for row in rows if "snapshot" in row or row.get("holds"))

    tell_statements(house, note)
    first, second = groups(house), groups(house)
    house.make("tasks", [{}])
    assert first == second == groups(house) == {None: 1}
    house.make("people", [{}])
    assert groups(house) == {None: 2}
    assert [body is None for body in bodies] == [False, True, True, False]
