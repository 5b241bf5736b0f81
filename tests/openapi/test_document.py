"""What generators need of a document: names once, everything that is referred to, the same bytes each time."""

from __future__ import annotations

from icosa.catalog.load import load_catalog
from icosa.openapi.core import core_document
from icosa.openapi.documents import made
from icosa.rest.lists import DEFAULT_LIMIT
from support.house import House
from support.openapi import check_names, fetch


def test_names_stand_once(house: House) -> None:
    for kind in ("core", "metadata"):
        check_names(fetch(house, kind))


def test_every_operation_tells_its_refusals(house: House) -> None:
    for kind in ("core", "metadata"):
        for path, method, operation in fetch(house, kind).operations():
            statuses = set(operation["responses"])
            wanted = {"400", "401", "429"}
            wanted |= {"403", "413"} if "requestBody" in operation else set()
            wanted |= {"404"} if path.endswith("{id}") else set()
            assert wanted <= statuses, (path, method)


def test_the_same_model_makes_the_same_bytes(house: House) -> None:
    first, second = (house.run(load_catalog(house.database, house.workspace_id)) for _ in range(2))
    assert first is not None and second is not None and first is not second
    assert made(lambda: core_document(first, by_person=False)) == made(lambda: core_document(second, by_person=False))


def test_the_limits_are_the_server_s(house: House) -> None:
    limit = fetch(house, "core").content["components"]["parameters"]["limit"]["schema"]
    assert limit["default"] == DEFAULT_LIMIT
    company = {"name": "Limit"}
    house.make("companies", [company] * (DEFAULT_LIMIT + 1))
    assert len(house.ask("GET", "/rest/companies").json["data"]["companies"]) == limit["default"]


def test_objects_stand_in_the_order_of_their_plurals(house: House) -> None:
    tags = [tag["name"] for tag in fetch(house, "core").content["tags"] if tag["name"][0].islower()]
    assert tags == sorted(tags)
    assert {"companies", "people", "timelineActivities"} <= set(tags)


def test_system_objects_are_marked(house: House) -> None:
    marked = {tag["name"] for tag in fetch(house, "core").content["tags"] if tag.get("x-icosa-system")}
    assert "timelineActivities" in marked
    assert "companies" not in marked


def test_a_filter_tells_its_comparators(house: House) -> None:
    document = fetch(house, "core")
    told = document.operation("GET", "/companies")["parameters"]
    (filtering,) = [each for each in told if each["$ref"].endswith("/filter")]
    lines = {line.split("`")[1]: line for line in filtering["description"].splitlines() if line.startswith("- ")}
    for operators, line in lines.items():
        for field in line.partition(": ")[2].split(", "):
            for operator in operators.split():
                refusal = house.ask("GET", "/rest/companies", parameters={"filter": f"{field}[{operator}]:"})
                assert "no operator" not in refusal.content.decode(), (field, operator)
    assert any("name" in line for operators, line in lines.items() if "ilike" in operators)


def test_search_vectors_are_left_out(house: House) -> None:
    assert b"searchVector" not in house.ask("GET", "/rest/open-api/core").content
