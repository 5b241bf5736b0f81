"""Changes of the model keep what records hold, or say that they cannot."""

from __future__ import annotations

from typing import Any

import pytest

from support.house import House
from support.model import Model, Refused, options


def rows(house: House, plural: str, *keys: str) -> list[Any]:
    answer = house.ask("GET", f"/rest/{plural}?order_by=position[DescNullsLast]")
    assert answer.status == 200, answer.content
    return [row[keys[0]] if len(keys) == 1 else tuple(row[key] for key in keys) for row in answer.json["data"][plural]]


def test_renamed_fields_keep_their_values(house: House, model: Model) -> None:
    barn = model.create_object("barn", "barns")
    for kind, name, value in (
        ("TEXT", "colour", "red"),
        ("CURRENCY", "price", {"amountMicros": 5000000, "currencyCode": "EUR"}),
        ("LINKS", "page", {"primaryLinkUrl": "https://barn.example.com", "primaryLinkLabel": "", "secondaryLinks": []}),
    ):
        made = model.create_field(barn, kind, name)
        house.make("barns", [{"name": kind, name: value}])
        model.update_field(made["id"], name=f"{name}Now")
        kept = [each for each in rows(house, "barns", f"{name}Now") if each not in (None, "")]
        assert value in kept
        assert house.ask("GET", f"/rest/barns?filter={name}[is]:NULL").status == 400


def test_a_renamed_object_keeps_its_records_and_relations(house: House, model: Model) -> None:
    barn = model.create_object("barn", "barns")
    company = model.objects()["company"]
    model.create_relation(barn, "owner", company, "Barns")
    owner = house.make("companies", [{"name": "Harbour"}])[0]
    house.make("barns", [{"name": "Old", "ownerId": owner["id"]}])
    model.update_object(barn["id"], nameSingular="stable", namePlural="stables")
    assert rows(house, "stables", "name", "ownerId") == [("Old", owner["id"])]
    assert house.ask("GET", "/rest/barns").status == 400
    found = house.ask("GET", f"/rest/companies/{owner['id']}?depth=1").json["data"]["company"]
    assert [each["name"] for each in found["barns"]] == ["Old"]


def test_options_are_matched_by_id(house: House, model: Model) -> None:
    barn = model.create_object("barn", "barns")
    for kind, empty in (("SELECT", None), ("MULTI_SELECT", [])):
        name = kind.lower().replace("_s", "S")
        made = model.create_field(barn, kind, name, options=options("RED", "GREEN", "BLUE"))
        hold = (lambda value: value) if kind == "SELECT" else (lambda value: [value])
        house.make("barns", [{"name": kind, name: hold(value)} for value in ("RED", "GREEN", "BLUE")])
        red, green, _ = made["options"]
        changed = [{**red, "value": "CRIMSON"}, green, *options("GOLD")]
        changed[2]["position"] = 7
        made = model.update_field(made["id"], options=changed)
        kept = [
            each
            for each, of in zip(rows(house, "barns", name), rows(house, "barns", "name"), strict=True)
            if of == kind
        ]
        assert kept == [hold("CRIMSON"), hold("GREEN"), empty]
        assert house.ask("POST", "/rest/barns", {name: hold("BLUE")}).status == 400
        assert house.ask("POST", "/rest/barns", {"name": "new", name: hold("GOLD")}).status == 201


def test_a_removed_option_falls_back_to_the_default(house: House, model: Model) -> None:
    barn = model.create_object("barn", "barns")
    made = model.create_field(barn, "SELECT", "state", options=options("OPEN", "SHUT"), defaultValue="'OPEN'")
    house.make("barns", [{"state": "SHUT"}])
    model.update_field(made["id"], options=[made["options"][0]])
    assert rows(house, "barns", "state") == ["OPEN"]


def test_a_default_fills_what_is_there_and_what_comes(house: House, model: Model) -> None:
    barn = model.create_object("barn", "barns")
    house.make("barns", [{"name": "first"}])
    made = model.create_field(barn, "NUMBER", "doors", defaultValue=2)
    house.make("barns", [{"name": "second"}])
    model.update_field(made["id"], defaultValue=4)
    house.make("barns", [{"name": "third"}])
    assert rows(house, "barns", "doors") == [2, 2, 4]


def test_a_unique_field_over_equal_values_is_refused_whole(house: House, model: Model) -> None:
    barn = model.create_object("barn", "barns")
    made = model.create_field(barn, "TEXT", "code")
    house.make("barns", [{"code": "A"}, {"code": "A"}])
    with pytest.raises(Refused):
        model.update_field(made["id"], isUnique=True, label="Changed")
    field = next(each for each in model.objects()["barn"]["fieldsList"] if each["name"] == "code")
    assert field["id"] == made["id"]
    assert house.ask("POST", "/rest/barns", {"code": "A"}).status == 201


def test_deleted_fields_and_objects_leave_nothing(house: House, model: Model) -> None:
    before = {name: len(each["fieldsList"]) for name, each in model.objects().items()}
    barn = model.create_object("barn", "barns")
    company = model.objects()["company"]
    model.create_relation(company, "barns", barn, "Holder", "ONE_TO_MANY")
    house.make("barns", [{"name": "gone"}])
    model.delete_object(barn["id"])
    assert {name: len(each["fieldsList"]) for name, each in model.objects().items()} == before
    again = model.create_object("barn", "barns")
    assert rows(house, "barns", "name") == []
    assert again["id"] != barn["id"]
