"""Every answer of the Core API fits the document: absent, null and empty are told apart (`openapi.md` section 6)."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from icosa.fields.registry import FIELD_TYPES
from support.house import House
from support.openapi import Judge, fetch

UNKNOWN = "5a0b5f0e-3c1d-4f7a-9d57-0f5f6b1f2c3d"
COMPANY = {
    "name": "Acme",
    "domainName": {
        "primaryLinkUrl": "https://acme.example.com",
        "secondaryLinks": [{"url": "https://b.org", "label": "B"}],
    },
    "address": {"addressCity": "Paris", "addressLat": 48.85},
    "annualRevenue": {"amountMicros": 1500000, "currencyCode": "EUR"},
    "employees": 12.5,
    "idealCustomerProfile": True,
}
PERSON = {
    "name": {"firstName": "Ada", "lastName": "Marlowe"},
    "emails": {"primaryEmail": "ada@acme.example.com", "additionalEmails": ["b@acme.example.com"]},
    "phones": {
        "primaryPhoneNumber": "+33612345678",
        "additionalPhones": [{"number": "+33612345679", "countryCode": "FR", "callingCode": "+33"}],
    },
}


@pytest.fixture
def judge(house: House) -> Judge:
    return Judge(house, "core", "/rest")


def test_the_whole_life_of_records(judge: Judge) -> None:
    company = judge("POST", "/companies", COMPANY, 201, depth=1)["data"]["createCompany"]
    empty = judge("POST", "/companies", {}, 201)["data"]["createCompany"]
    person = judge("POST", "/people", {**PERSON, "companyId": company["id"]}, 201, depth=1)["data"]["createPerson"]
    judge("POST", "/notes", {"title": "N", "bodyV2": {"markdown": "# Hello"}}, 201)
    judge("POST", "/tasks", {"title": "T", "status": None}, 201)
    judge("POST", "/opportunities", {"name": "O", "companyId": company["id"], "pointOfContactId": person["id"]}, 201)
    judge("POST", "/batch/companies", [{"name": "One"}, {"name": "Two"}], 201, upsert="true")
    for path, depth in product(("/companies", "/people", "/opportunities", "/notes", "/tasks"), (0, 1)):
        judge("GET", path, depth=depth)
    judge("GET", "/companies", limit=0)
    judge("GET", f"/companies/{company['id']}", depth=1)
    judge("GET", f"/companies/{empty['id']}")
    judge("GET", f"/companies/{empty['id']}/history", limit=1)
    judge("PATCH", f"/companies/{company['id']}", {"employees": None, "address": {"addressLat": None}})
    judge("PATCH", "/companies", {"name": "Both"}, filter="name[in]:[One,Two]")
    judge("POST", "/companies/duplicates", {"ids": [company["id"]]}, depth=1)
    judge("POST", "/companies/duplicates", {"data": [{"name": "Both"}]})
    grouped = {"group_by": '[{"address":{"addressCity":true}}]', "aggregate": '["totalCount","sumEmployees"]'}
    judge("GET", "/companies/groupBy", **grouped, include_records_sample="true")
    merged = {"ids": [company["id"], empty["id"]], "conflictPriorityIndex": 0}
    judge("PATCH", "/companies/merge", {**merged, "dryRun": True}, depth=1)
    judge("PATCH", "/companies/merge", merged)
    judge("DELETE", f"/companies/{company['id']}", soft_delete="true")
    judge("GET", "/companies", filter="deletedAt[is]:NOT_NULL")
    judge("PATCH", f"/restore/companies/{company['id']}", depth=1)
    judge("DELETE", "/companies", filter="name[eq]:Both", soft_delete="true")
    judge("PATCH", "/restore/companies", filter="name[eq]:Both")
    judge("DELETE", "/companies", filter="name[eq]:Both")
    judge("DELETE", f"/people/{person['id']}")
    asked = {operation for _, operation in judge.asked}
    told = [each["operationId"] for path, _, each in judge.document.operations() if "/companies" in path]
    assert set(told) <= asked


def test_refusals_have_the_form_that_is_told(house: House, judge: Judge) -> None:
    judge("GET", f"/companies/{UNKNOWN}", status=404)
    judge("PATCH", f"/companies/{UNKNOWN}", {"name": "X"}, 404)
    judge("DELETE", f"/companies/{UNKNOWN}", status=404)
    judge("GET", f"/companies/{UNKNOWN}/history", status=404)
    judge("GET", "/companies", status=400, filter="nothing[eq]:1")
    judge("POST", "/companies", {"nothing": 1}, 400)
    judge("POST", "/companies", {"createdBy": {"source": None}}, 400)
    taken = house.make("companies", [{"domainName": {"primaryLinkUrl": "https://taken.org"}}])[0]
    clash = judge("POST", "/companies", {"domainName": {"primaryLinkUrl": "https://taken.org"}}, 400)
    assert clash["conflictingRecordId"] == taken["id"]
    for raw in (b"{", b"5"):
        answer = house.ask("POST", "/rest/companies", raw=raw)
        assert answer.status == 400
        judge.document.check("POST", "/companies", answer)
    for key in ("no.such.token", ""):
        answer = house.ask("GET", "/rest/companies", headers={"authorization": f"Bearer {key}"})
        assert answer.status == 401
        judge.document.check("GET", "/companies", answer)
    answer = house.ask("POST", "/rest/companies", {"name": "X"}, key=house.make_key("Read only"))
    assert answer.status == 403
    judge.document.check("POST", "/companies", answer)
    answer = house.ask("POST", "/rest/companies", {"name": "x" * 11_000_000})
    assert answer.status == 413
    judge.document.check("POST", "/companies", answer)


VALUES: dict[str, tuple[Any, ...]] = {
    "TEXT": ("text", ""),
    "NUMBER": (1, 1.5, -1e20),
    "BOOLEAN": (True, False),
    "DATE_TIME": ("2025-01-13T10:30:00.000Z",),
    "DATE": ("2025-01-13",),
    "SELECT": ("ONE",),
    "MULTI_SELECT": (["ONE", "TWO"], []),
    "RATING": ("RATING_3",),
    "ARRAY": (["a", "b"], []),
    "RAW_JSON": ({"a": [1, None]}, ["a"], {}),
    "UUID": (UNKNOWN,),
    "LINKS": (COMPANY["domainName"], {"primaryLinkLabel": None}),
    "EMAILS": (PERSON["emails"], {}),
    "PHONES": (PERSON["phones"], {"primaryPhoneNumber": ""}),
    "CURRENCY": (COMPANY["annualRevenue"], {"amountMicros": None, "currencyCode": None}),
    "FULL_NAME": (PERSON["name"], {"firstName": None}),
    "ADDRESS": (COMPANY["address"], {}),
    "ACTOR": ({"source": "EMAIL", "name": "Ada", "context": {"a": 1}}, {"context": None}),
    "RICH_TEXT": ({"markdown": "# A"}, {"markdown": None}, {"blocknote": "[]"}),
    "FILES": ([],),
}
OPTIONS = [{"value": value, "label": value, "position": place} for place, value in enumerate(("ONE", "TWO"))]


def test_values_of_every_type_fit_in_both_directions(house: House) -> None:
    """What a body may hold is accepted and what comes back fits: a value, nothing, and null."""
    creatable = {name for name, each in FIELD_TYPES.items() if each.can_be_created and not each.is_relation}
    assert set(VALUES) == creatable
    named = {"nameSingular": "sample", "namePlural": "samples", "labelSingular": "Sample", "labelPlural": "Samples"}
    owner = house.ask("POST", "/rest/metadata/objects", named).json["data"]["createOneObject"]["id"]
    names = {kind: f"f{kind.title().replace('_', '')}" for kind in VALUES}
    for kind, name in names.items():
        body = {"objectMetadataId": owner, "type": kind, "name": name, "label": name}
        if kind in {"SELECT", "MULTI_SELECT"}:
            body["options"] = OPTIONS
        if kind == "FILES":
            body["settings"] = {"maxNumberOfValues": 3}
        answer = house.ask("POST", "/rest/metadata/fields", body)
        assert answer.status == 201, answer.content
    judge = Judge(house, "core", "/rest")
    schema = {"$ref": "#/components/schemas/Sample"}
    cases = [(names[kind], value) for kind, values in VALUES.items() for value in values]
    scalars = [names[kind] for kind in VALUES if not hasattr(FIELD_TYPES[kind], "parts")]
    for name, value in [*cases, *((name, None) for name in scalars)]:
        body = {name: value}
        assert judge.document.problems(schema, body) == [], body
        made = judge("POST", "/samples", body, 201)["data"]["createSample"]
        assert judge.document.problems({"$ref": "#/components/schemas/SampleForResponse"}, made) == []
        judge("PATCH", f"/samples/{made['id']}", body)
    judge("GET", "/samples", depth=1)
    judge("GET", "/samples/groupBy", group_by='[{"fSelect":true}]', aggregate='["countEmptyFNumber","minFDate"]')


def test_a_wrong_value_breaks_the_schema(house: House) -> None:
    """The schemas say something: each of these is refused by the server, and by the document."""
    document = fetch(house, "core")
    schema = {"$ref": "#/components/schemas/Company"}
    for body in (
        {"name": 5},
        {"employees": "5"},
        {"idealCustomerProfile": "true"},
        {"address": {"addressCity": 1}},
        {"accountOwnerId": "no uuid"},
        {"domainName": {"secondaryLinks": ["x"]}},
        {"createdBy": {"source": "NOBODY"}},
    ):
        assert house.ask("POST", "/rest/companies", body).status == 400, body
        assert document.problems(schema, body), body
    task = {"$ref": "#/components/schemas/Task"}
    assert document.problems(task, {"status": "NOT_AN_OPTION"})
    assert not document.problems(task, {"status": None})


def test_absent_and_null_are_told_apart(house: House) -> None:
    record = house.make("companies", [{"name": "Acme"}])[0]
    document = fetch(house, "core")
    schema = {"$ref": "#/components/schemas/CompanyForResponse"}
    assert document.problems(schema, record) == []
    told = document.content["components"]["schemas"]["CompanyForResponse"]
    assert set(told["required"]) == set(record) - {"searchVector"}
    for name in told["required"]:
        missing = {key: value for key, value in record.items() if key != name}
        assert document.problems(schema, missing), name
        nullable = document.problems(schema, {**record, name: None}) == []
        assert nullable == (record[name] is None), name


def test_filled_objects_fit(house: House) -> None:
    judge = Judge(house, "core", "/rest")
    paths = [path for path, method, _ in judge.document.operations() if method == "get" and path.count("/") == 1]
    assert len(paths) > 25
    for path, depth in product(paths, (0, 1)):
        judge("GET", path, depth=depth)
