"""Timeline activities made from events (`data-model.md`, "Timeline events")."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any
from uuid import UUID

import pytest

from icosa.catalog.snapshots import Snapshots
from icosa.events.timeline import PAUSE_SECONDS, Timeline
from support.house import House
from support.publishing import publish_all, schema_of


def activities(house: House, **targets: str) -> list[Any]:
    """Return what the timeline tells, oldest first, once every event is in it."""

    async def catch_up() -> None:
        await publish_all(house, schema)
        snapshots = Snapshots(house.database)
        timeline = Timeline(house.database, snapshots)
        state = "SELECT position = timeline_position FROM core.publication"
        while not await house.database.fetch_value(state):
            await timeline.follow(house.workspace_id)

    schema = schema_of(house)
    house.run(catch_up())
    condition = "".join(f"&filter={name}[eq]:{value}" for name, value in targets.items())
    answer = house.ask("GET", f"/rest/timelineActivities?order_by=happensAt,createdAt{condition}")
    assert answer.status == 200, answer.content
    return answer.json["data"]["timelineActivities"]  # type: ignore[no-any-return]


def make_company(house: House) -> str:
    return str(house.make("companies", [{"name": "Harbour Light"}])[0]["id"])


class Watched(Timeline):
    """Notes whom it follows; some workspaces always have more, and all are written to meanwhile when `is_busy`."""

    def __init__(self, house: House, *, with_more: Collection[UUID] = (), is_busy: bool = False) -> None:
        super().__init__(house.database, Snapshots(house.database))
        self.turns: list[UUID] = []
        self._with_more = with_more
        self._is_busy = is_busy

    async def follow(self, workspace_id: UUID) -> bool:
        self.turns.append(workspace_id)
        assert len(self.turns) < 10, "it goes on without a break"
        if self._is_busy:
            self.published(workspace_id)
            # The clock moves on.
            await asyncio.sleep(0.001)
        return workspace_id in self._with_more


def test_what_is_published_while_it_is_written_waits_for_the_next_time(house: House) -> None:
    """The statement costs as much for one event as for a hundred: without a break, writers would pay for many."""
    timeline = Watched(house, is_busy=True)
    timeline.published(house.workspace_id)
    for turns in (1, 2):
        assert house.run(timeline._follow_those_behind()) == PAUSE_SECONDS
        assert len(timeline.turns) == turns


@pytest.mark.parametrize("is_busy", [True, False])
def test_what_there_is_left_to_tell_waits_longer_amid_writes(house: House, monkeypatch: Any, is_busy: bool) -> None:
    monkeypatch.setattr("icosa.events.timeline.PAUSE_FACTOR", 0.0)
    timeline = Watched(house, with_more=[house.workspace_id], is_busy=is_busy)
    timeline.published(house.workspace_id)
    rests = [house.run(timeline._follow_those_behind()) > 0 for _ in range(3)]
    assert rests == [is_busy] * 3


def test_a_workspace_that_imports_does_not_hold_up_the_others(house: House) -> None:
    importing, calm = UUID(int=1), UUID(int=2)
    timeline = Watched(house, with_more=[importing])
    timeline.published(importing)
    assert house.run(timeline._follow_those_behind()) != PAUSE_SECONDS
    timeline.published(calm)
    house.run(timeline._follow_those_behind())
    house.run(timeline._follow_those_behind())
    assert timeline.turns[0] == importing
    assert sorted(timeline.turns[1:3]) == [importing, calm]
    assert timeline.turns[3:] == [importing]


def test_each_kind_of_change_is_told_once(house: House) -> None:
    identifier = make_company(house)
    path = f"/rest/companies/{identifier}"
    house.ask("PATCH", path, {"employees": 5})
    house.ask("PATCH", path, {"employees": 5})
    house.ask("DELETE", f"{path}?soft_delete=true")
    house.ask("PATCH", f"/rest/restore/companies/{identifier}")
    told = activities(house, targetCompanyId=identifier)
    assert [each["name"] for each in told] == [
        f"company.{each}" for each in ("created", "updated", "deleted", "restored")
    ]
    assert [each["properties"] for each in told] == [
        None,
        {"diff": {"employees": {"before": None, "after": 5}}},
        None,
        None,
    ]
    assert {each["workspaceMemberId"] for each in told} == {None}


def test_updates_within_ten_minutes_are_one_with_the_first_and_the_last_value(house: House) -> None:
    identifier = make_company(house)
    path = f"/rest/companies/{identifier}"
    house.ask("PATCH", path, {"employees": 1})
    house.ask("PATCH", path, {"employees": 2, "name": "Beacon"})
    first = activities(house, targetCompanyId=identifier)
    house.ask("PATCH", path, {"employees": 3})
    told = activities(house, targetCompanyId=identifier)
    assert [each["name"] for each in told] == ["company.created", "company.updated"]
    assert told[1]["id"] == first[1]["id"]
    assert told[1]["properties"]["diff"] == {
        "employees": {"before": None, "after": 3},
        "name": {"before": "Harbour Light", "after": "Beacon"},
    }


def test_updates_that_lie_further_apart_are_two(house: House) -> None:
    identifier = make_company(house)
    path = f"/rest/companies/{identifier}"
    house.ask("PATCH", path, {"employees": 1})
    activities(house)
    schema = schema_of(house)
    house.run(
        house.database.execute(
            f"""UPDATE "{schema}"."timelineActivity" SET "happensAt" = "happensAt" - interval '11 minutes'"""
        )
    )
    house.ask("PATCH", path, {"employees": 2})
    assert [each["name"] for each in activities(house, targetCompanyId=identifier)] == [
        "company.created",
        "company.updated",
        "company.updated",
    ]


def test_a_note_is_told_of_on_the_records_that_it_is_about(house: House) -> None:
    identifier = make_company(house)
    note = house.make("notes", [{"title": "Call back"}])[0]["id"]
    house.make("noteTargets", [{"noteId": note, "targetCompanyId": identifier}])
    house.ask("PATCH", f"/rest/notes/{note}", {"title": "Called back"})
    told = [each for each in activities(house, targetCompanyId=identifier) if each["name"].startswith("linked")]
    assert [each["name"] for each in told] == ["linked-note.created", "linked-note.updated"]
    assert {each["linkedRecordId"] for each in told} == {note}
    assert [each["linkedRecordCachedName"] for each in told][1] == "Called back"
    assert told[0]["linkedObjectMetadataId"] is not None
    own = activities(house, targetNoteId=note)
    assert [each["name"] for each in own] == ["note.created", "note.updated"]


def test_custom_objects_have_a_timeline_and_counts_know_of_it(house: House) -> None:
    names = {"nameSingular": "boat", "namePlural": "boats", "labelSingular": "Boat", "labelPlural": "Boats"}
    assert house.ask("POST", "/rest/metadata/objects", names).status == 201
    before = house.ask("GET", "/rest/timelineActivities?limit=1").json["totalCount"]
    boat = house.make("boats", [{"name": "Nina"}])[0]["id"]
    assert [each["name"] for each in activities(house, targetBoatId=boat)] == ["boat.created"]
    assert house.ask("GET", "/rest/timelineActivities?limit=1").json["totalCount"] > before


def test_who_is_gone_is_no_obstacle(house: House) -> None:
    identifier = make_company(house)
    house.ask("PATCH", f"/rest/companies/{identifier}", {"employees": 1})
    house.ask("DELETE", f"/rest/companies/{identifier}")
    other = make_company(house)
    assert [each["name"] for each in activities(house, targetCompanyId=other)] == ["company.created"]
    assert activities(house, targetCompanyId=identifier) == []
