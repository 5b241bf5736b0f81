"""Relations to one of several objects."""

from __future__ import annotations

from typing import Any

import pytest

from support.house import House
from support.model import Model, Refused


def payload(target: Any) -> dict[str, Any]:
    return {
        "type": "MANY_TO_ONE",
        "targetObjectMetadataId": target["id"],
        "targetFieldLabel": "Visits",
        "targetFieldIcon": "IconX",
    }


def test_targets_are_added_later(house: House, model: Model) -> None:
    visit = model.create_object("visit", "visits")
    known = model.objects()
    company, person, task = known["company"], known["person"], known["task"]
    about = model.create_field(visit, "MORPH_RELATION", "about", morphRelationsCreationPayload=[payload(company)])
    added = [{"targetObjectMetadataId": person["id"]}, {"targetObjectMetadataId": task["id"]}]
    model.update_field(about["id"], morphRelationsUpdatePayload=added)

    someone = house.make("people", [{"name": {"firstName": "Ana"}}])[0]
    house.make("visits", [{"name": "first", "aboutPersonId": someone["id"]}])
    found = house.ask("GET", f"/rest/people/{someone['id']}?depth=1").json["data"]["person"]
    assert [each["name"] for each in found["visits"]] == ["first"]

    for wrong in (added[:1], [{"targetObjectMetadataId": visit["id"]}], [{"targetObjectMetadataId": about["id"]}], []):
        with pytest.raises(Refused):
            model.update_field(about["id"], morphRelationsUpdatePayload=wrong)
    model.delete_field(about["id"])
    names = {each["name"] for each in model.objects()["visit"]["fieldsList"]}
    assert not {name for name in names if name.startswith("about")}
    assert "visits" not in {each["name"] for each in model.objects()["person"]["fieldsList"]}
