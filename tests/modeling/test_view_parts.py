"""Several parts of views in one request are made and changed all or none."""

from __future__ import annotations

from typing import Any

import pytest

from support.house import House
from support.model import Model, Refused, options


@pytest.fixture
def view(house: House, model: Model) -> Any:
    trip = model.create_object("trip", "trips")
    mood = model.create_field(trip, "SELECT", "mood", options=options("CALM", "WILD"))
    given = {
        "name": "Board",
        "objectMetadataId": trip["id"],
        "icon": "IconBox",
        "type": "KANBAN",
        "mainGroupByFieldMetadataId": mood["id"],
    }
    made = house.ask("POST", "/rest/metadata/views", given).json
    return {**made, "fields": {each["name"]: each["id"] for each in model.objects()["trip"]["fieldsList"]}}


def parts(house: House, view: Any) -> Any:
    return house.ask("GET", f"/rest/metadata/views/{view['id']}").json


def test_columns_are_made_all_or_none(house: House, model: Model, view: Any) -> None:
    fields = view["fields"]
    document = "mutation ($inputs: [CreateViewFieldInput!]!) { createManyViewFields(inputs: $inputs) { id position } }"

    def columns(*names: str) -> list[dict[str, Any]]:
        return [
            {"viewId": view["id"], "fieldMetadataId": fields[name], "position": place}
            for place, name in enumerate(names)
        ]

    with pytest.raises(Refused):
        model.ask(document, inputs=columns("name", "mood", "mood"))
    assert parts(house, view)["viewFields"] == []
    made = model.ask(document, inputs=columns("name", "mood", "createdAt"))
    assert [each["position"] for each in made] == [0, 1, 2]
    assert [each["id"] for each in parts(house, view)["viewFields"]] == [each["id"] for each in made]


def test_groups_are_changed_all_or_none(house: House, model: Model, view: Any) -> None:
    before = parts(house, view)["viewGroups"]
    document = "mutation ($inputs: [UpdateViewGroupInput!]!) { updateManyViewGroups(inputs: $inputs) { id position } }"
    changes = [{"id": each["id"], "update": {"position": 10 - place}} for place, each in enumerate(before)]
    with pytest.raises(Refused):
        model.ask(document, inputs=[*changes, {"id": view["id"], "update": {"position": 1}}])
    assert parts(house, view)["viewGroups"] == before
    assert [each["position"] for each in model.ask(document, inputs=changes)] == [10, 9, 8]
