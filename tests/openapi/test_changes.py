"""The document follows the data model at once, whatever a legal name looks like (`openapi.md` section 6)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from openapi_spec_validator import validate

from icosa.catalog.load import load_catalog
from icosa.catalog.model import Catalog
from icosa.openapi.core import core_document
from icosa.openapi.documents import made
from support.house import House
from support.openapi import check_names, fetch

MOST_BYTES = 2_000_000


def make_object(house: House, singular: str, plural: str) -> str:
    body = {"nameSingular": singular, "namePlural": plural, "labelSingular": singular, "labelPlural": plural}
    answer = house.ask("POST", "/rest/metadata/objects", body)
    assert answer.status == 201, answer.content
    return str(answer.json["data"]["createOneObject"]["id"])


def make_field(house: House, object_id: str, kind: str, name: str, **more: Any) -> str:
    body = {"objectMetadataId": object_id, "type": kind, "name": name, "label": name, **more}
    answer = house.ask("POST", "/rest/metadata/fields", body)
    assert answer.status == 201, answer.content
    return str(answer.json["data"]["createOneField"]["id"])


def options(*values: str) -> list[dict[str, Any]]:
    return [{"value": value, "label": value, "position": place} for place, value in enumerate(values)]


def test_a_change_shows_in_the_very_next_document(house: House) -> None:
    tags = {house.ask("GET", "/rest/open-api/core").headers["etag"]}
    rocket = make_object(house, "rocket", "rockets")
    document = fetch(house, "core")
    assert {"/rockets", "/rockets/{id}", "/batch/rockets"} <= set(document.content["paths"])
    assert "/rockets/merge" not in document.content["paths"]
    assert {"Rocket Created", "Rocket Restored"} <= set(document.content["webhooks"])
    tags.add(house.ask("GET", "/rest/open-api/core").headers["etag"])

    stage = make_field(house, rocket, "SELECT", "stage", options=options("NEW", "LAUNCHED"), isNullable=True)
    schemas = fetch(house, "core").content["components"]["schemas"]
    assert schemas["RocketStageEnum"]["enum"] == ["NEW", "LAUNCHED"]
    assert schemas["RocketForResponse"]["properties"]["stage"]["anyOf"] == [
        {"$ref": "#/components/schemas/RocketStageEnum"},
        {"type": "null"},
    ]
    tags.add(house.ask("GET", "/rest/open-api/core").headers["etag"])

    assert house.ask("DELETE", f"/rest/metadata/fields/{stage}").status == 200
    schemas = fetch(house, "core").content["components"]["schemas"]
    assert "RocketStageEnum" not in schemas and "stage" not in schemas["Rocket"]["properties"]
    assert house.ask("PATCH", f"/rest/metadata/objects/{rocket}", {"isActive": False}).status == 200
    document = fetch(house, "core")
    assert "/rockets" not in document.content["paths"]
    assert "Rocket" not in document.content["components"]["schemas"]
    tags.add(house.ask("GET", "/rest/open-api/core").headers["etag"])
    assert len(tags) == 4


def test_a_field_that_must_be_sent_is_required(house: House) -> None:
    rocket = make_object(house, "rocket", "rockets")
    make_field(house, rocket, "NUMBER", "stages", isNullable=False)
    make_field(house, rocket, "NUMBER", "crew", isNullable=False, defaultValue=0)
    schemas = fetch(house, "core").content["components"]["schemas"]
    assert schemas["Rocket"]["required"] == ["stages"]
    assert "required" not in schemas["RocketForUpdate"]
    assert house.ask("POST", "/rest/rockets", {"name": "A"}).status == 400
    assert house.ask("POST", "/rest/rockets", {"stages": 3}).status == 201
    assert house.ask("POST", "/rest/rockets", {"stages": None}).status == 400


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("order", "orders"),
        ("class", "classes"),
        ("list1", "list1s"),
        ("self", "selves"),
        ("companiesOld", "restoreOld"),
    ],
)
def test_awkward_names_make_a_valid_document(house: House, singular: str, plural: str) -> None:
    owner = make_object(house, singular, plural)
    for name in ("class", "from", "import", "none"):
        make_field(house, owner, "TEXT", name)
    document = fetch(house, "core")
    validate(document.content)
    check_names(document)
    assert f"/{plural}" in document.content["paths"]


def test_derived_names_give_way_to_an_object_s_own(house: House) -> None:
    make_object(house, "companyDomainName", "companyDomainNames")
    make_object(house, "companyListResponse", "companyListResponses")
    document = fetch(house, "core")
    check_names(document)
    validate(document.content)
    schemas = document.content["components"]["schemas"]
    assert "name" in schemas["CompanyDomainName"]["properties"]
    assert schemas["Company"]["properties"]["domainName"] == {"$ref": "#/components/schemas/CompanyDomainName2"}


@pytest.mark.parametrize("name", ["linksValue", "currencyInput", "pageInfo", "errorBody", "fileValue", "recordId"])
def test_a_name_that_all_objects_share_is_refused(house: House, name: str) -> None:
    body = {"nameSingular": name, "namePlural": f"{name}Many", "labelSingular": "One", "labelPlural": "Many"}
    answer = house.ask("POST", "/rest/metadata/objects", body)
    assert answer.status == 400
    assert name in answer.json["messages"][0]


def test_a_large_model_fits(house: House) -> None:
    full = house.run(load_catalog(house.database, house.workspace_id))
    assert full is not None
    company = full.by_singular["company"]
    plain = [each for each in company.fields if each.relation is None]
    many = [
        replace(
            company,
            id=uuid4(),
            name_singular=f"thing{number}",
            name_plural=f"things{number}",
            fields=tuple(plain),
        )
        for number in range(60)
    ]
    assert sum(len(each.fields) for each in many) > 1000
    document = made(lambda: core_document(Catalog(full.workspace_id, full.schema, 1, tuple(many)), by_person=False))
    assert len(document) < MOST_BYTES
