"""What a change of the model refuses, and that it then changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from support.house import House
from support.model import Model, Refused, options

HOSTILE = [
    "Robert'); DROP TABLE company;--",
    '"',
    "'\\''",
    "\u202eabc",
    "😀" * 50,
    "a\u2028b",
    "{objectLabelPlural}",
    "%s {0}",
]
BAD_NAMES = [
    "order",
    "type",
    "select",
    "id",
    "createdAt",
    "deletedAt",
    "Name",
    "1st",
    "with space",
    "ünïcode",
    "a-b",
    "",
    "_x",
    "x" * 64,
    "name",
]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_field_names(house: House, model: Model, name: str) -> None:
    barn = model.create_object("barn", "barns")
    version = house.run(house.database.fetch_value("SELECT metadata_version FROM core.workspace"))
    good = name in {"order", "type", "select"}
    if good:
        # Words of SQL are names like others: whatever the contract does not reserve is quoted.
        try:
            model.create_field(barn, "TEXT", name)
        except Refused as refused:
            assert refused.code in {"RESERVED_KEYWORD", "INVALID_FIELD_INPUT", "NOT_AVAILABLE"}
        else:
            made = house.make("barns", [{name: "value"}])
            assert made[0][name] == "value"
            answer = house.ask("GET", f"/rest/barns?filter={name}[eq]:value&order_by={name}")
            assert answer.json["totalCount"] == 1
        return
    with pytest.raises(Refused):
        model.create_field(barn, "TEXT", name)
    assert house.run(house.database.fetch_value("SELECT metadata_version FROM core.workspace")) == version


def test_the_longest_names(house: House, model: Model) -> None:
    singular, plural = "s" * 63, "p" * 63
    barn = model.create_object(singular, plural)
    for kind in ("TEXT", "CURRENCY", "ADDRESS", "PHONES"):
        model.create_field(barn, kind, kind.lower()[0] * 63)
    payload = {
        "type": "MANY_TO_ONE",
        "targetObjectMetadataId": barn["id"],
        "targetFieldLabel": "b" * 63,
        "targetFieldIcon": "IconX",
    }
    model.create_field(barn, "RELATION", "r" * 63, relationCreationPayload=payload)
    made = house.make(plural, [{"t" * 63: "kept", "c" * 63: {"amountMicros": 1, "currencyCode": "EUR"}}])
    assert made[0]["t" * 63] == "kept"
    answer = house.ask("POST", f"/rest/{plural}", {"r" * 63 + "Id": made[0]["id"]})
    assert answer.status == 201, answer.content
    for wrong in ({"nameSingular": "s" * 64}, {"namePlural": "p" * 64}):
        with pytest.raises(Refused):
            model.update_object(barn["id"], **wrong)


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_are_only_texts(house: House, model: Model, text: str) -> None:
    barn = model.create_object("barn", "barns", labelSingular=text[:60], labelPlural=f"{text[:58]} s", description=text)
    made = model.create_field(
        barn, "TEXT", "note1", label=text[:60], description=text, defaultValue=f"""'{text.replace("'", "''")}'"""
    )
    assert made["label"] == text[:60]
    record = house.make("barns", [{"name": text}])[0]
    assert record["name"] == text
    assert house.ask("POST", "/graphql", {"query": '{ __type(name: "Barn") { description } }'}).status == 200


def refused(model: Model, kind: str, **more: Any) -> str:
    barn = model.objects()["barn"]
    with pytest.raises(Refused) as problem:
        model.create_field(barn, kind, "thing", **more)
    return problem.value.code


def test_types_and_settings(house: House, model: Model) -> None:
    barn = model.create_object("barn", "barns")
    mine = {"targetObjectMetadataId": barn["id"], "targetFieldLabel": "Things", "targetFieldIcon": "IconX"}
    assert refused(model, "SELECT") == "INVALID_FIELD_INPUT"
    assert refused(model, "SELECT", options=[]) == "INVALID_FIELD_INPUT"
    assert refused(model, "SELECT", options=options("A", "A")) == "INVALID_FIELD_INPUT"
    assert (
        refused(model, "SELECT", options=[{"label": "no value", "position": 0, "color": "red"}])
        == "INVALID_FIELD_INPUT"
    )
    assert refused(model, "SELECT", options=options("A"), defaultValue="'B'") == "INVALID_FIELD_INPUT"
    assert refused(model, "TEXT", defaultValue="unquoted") == "INVALID_FIELD_INPUT"
    assert refused(model, "NUMBER", defaultValue="'1'") == "INVALID_FIELD_INPUT"
    assert refused(model, "FILES") == "INVALID_FIELD_INPUT"
    assert refused(model, "CURRENCY", isUnique=True) == "INDEX_FIELD_INVALID_TYPE_FOR_UNIQUE"
    assert refused(model, "TEXT", isUnique=True, defaultValue="'x'") == "INDEX_FIELD_INVALID_DEFAULT_VALUE"
    assert refused(model, "POSITION") == "INVALID_FIELD_INPUT"
    assert refused(model, "RELATION") == "INVALID_FIELD_INPUT"
    assert (
        refused(model, "RELATION", relationCreationPayload={**mine, "type": "SOME"})
        == "FIELD_METADATA_RELATION_MALFORMED"
    )
    assert refused(model, "MORPH_RELATION") == "INVALID_FIELD_INPUT"
    clash = {**mine, "type": "MANY_TO_ONE", "targetFieldLabel": "thing"}
    assert refused(model, "RELATION", relationCreationPayload=clash) == "NOT_AVAILABLE"


def test_two_thousand_options(house: House, model: Model) -> None:
    barn = model.create_object("barn", "barns")
    values = [f"V{number}" for number in range(2000)]
    model.create_field(barn, "SELECT", "state", options=options(*values))
    assert house.make("barns", [{"state": "V1999"}])[0]["state"] == "V1999"
    answer = house.ask("GET", "/rest/metadata/picklists/barn/state").json["data"]["picklist"]
    assert [each["value"] for each in answer["options"]] == values
