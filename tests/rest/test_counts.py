"""A kept count never tells of yesterday: whatever changes what a filter finds makes it count again."""

from __future__ import annotations

from support.house import House


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
