"""Mail and calendar of the demo: made when asked for, by the rules of `demo-data.md`, "Attachments and mail"."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from icosa.demo.rows import DemoOptions
from icosa.demo.seeder import remove_demo, seed_demo
from support.house import House, open_house

PLAIN = DemoOptions(anchor=dt.date(2026, 11, 25))
BOTH = replace(PLAIN, with_mail=True, with_calendar=True)
ANCHOR = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
OPTIONAL = ("messageThreads", "messages", "messageParticipants", "calendarEvents", "calendarEventParticipants")


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    with open_house(database_url, files_dir=tmp_path / "files") as house:
        yield house


def seed(house: House, options: DemoOptions) -> dict[str, int]:
    made: dict[str, int] = house.run(seed_demo(house.database, house.base.uploads, house.workspace_id, options))
    return made


def records(house: House, plural: str) -> list[Any]:
    parameters = {"limit": "200", "order_by": "position"}
    return list(house.ask("GET", f"/rest/{plural}", parameters=parameters).json["data"][plural])


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def test_they_are_made_only_when_asked_for_and_go_with_the_rest(house: House) -> None:
    seed(house, PLAIN)
    assert [len(records(house, plural)) for plural in OPTIONAL] == [0, 0, 0, 0, 0]
    made = seed(house, BOTH)
    assert {name for name, number in made.items() if number} == {
        "messageThread",
        "message",
        "messageParticipant",
        "calendarEvent",
        "calendarEventParticipant",
    }
    assert sum(seed(house, BOTH).values()) == 0
    house.run(remove_demo(house.database, house.base.uploads, house.workspace_id, PLAIN))
    assert [len(records(house, plural)) for plural in OPTIONAL] == [0, 0, 0, 0, 0]


def test_the_calendar_is_the_same_with_mail_and_without(house: House) -> None:
    def kept() -> list[Any]:
        return [{**each, "searchVector": ""} for each in records(house, "calendarEvents")]

    seed(house, BOTH)
    before = kept()
    house.run(remove_demo(house.database, house.base.uploads, house.workspace_id, PLAIN))
    seed(house, replace(PLAIN, with_calendar=True))
    assert kept() == before
    assert records(house, "messages") == []


def test_mail_keeps_to_its_rules(house: House) -> None:
    seed(house, replace(PLAIN, with_mail=True))
    threads, messages = records(house, "messageThreads"), records(house, "messages")
    participants = records(house, "messageParticipants")
    assert (len(threads), len(messages), len(participants)) == (15, 45, 120)
    deals = {deal["name"] for deal in records(house, "opportunities")}
    assert {thread["subject"] for thread in threads} <= deals

    by_thread = defaultdict(list)
    for message in messages:
        by_thread[message["messageThreadId"]].append(moment(message["receivedAt"]))
    for moments in by_thread.values():
        assert 2 <= len(moments) <= 5
        gaps = [after - before for before, after in pairwise(moments)]
        assert all(dt.timedelta(days=1) <= gap <= dt.timedelta(days=6) for gap in gaps)
        assert moments[-1] < ANCHOR

    roles = defaultdict(Counter)
    for each in participants:
        roles[each["messageId"]][each["role"]] += 1
    assert {message["id"] for message in messages} == set(roles)
    assert all(each["FROM"] == each["TO"] == 1 for each in roles.values())
    assert sum(each["CC"] for each in roles.values()) == 30
    people = {person["id"]: person for person in records(house, "people")}
    members = {member["id"]: member for member in records(house, "workspaceMembers")}
    employers = defaultdict(set)
    thread_of = {message["id"]: message["messageThreadId"] for message in messages}
    for each in participants:
        person, member = each["personId"], each["workspaceMemberId"]
        assert (person is None) != (member is None)
        if person:
            assert people[person]["emails"]["primaryEmail"] == each["handle"]
            employers[thread_of[each["messageId"]]].add(people[person]["companyId"])
        else:
            assert members[member]["userEmail"] == each["handle"]
    assert all(len(companies) == 1 for companies in employers.values())


def test_the_calendar_keeps_to_its_rules(house: House) -> None:
    seed(house, replace(PLAIN, with_calendar=True))
    events, participants = records(house, "calendarEvents"), records(house, "calendarEventParticipants")
    assert len(events) == 20
    assert 55 <= len(participants) <= 60
    assert sum(moment(event["startsAt"]) < ANCHOR for event in events) == 10
    assert sum(event["isCanceled"] for event in events) == 1
    assert sum(event["isFullDay"] for event in events) == 1
    answers = {each["responseStatus"] for each in participants if not each["isOrganizer"]}
    assert answers == {"NEEDS_ACTION", "DECLINED", "TENTATIVE", "ACCEPTED"}
    zones = {member["id"]: member["timeZone"] for member in records(house, "workspaceMembers")}
    assert len(set(zones.values())) > 2
    for event in events:
        invited = [each for each in participants if each["calendarEventId"] == event["id"]]
        organisers = [each["workspaceMemberId"] for each in invited if each["isOrganizer"]]
        assert len(organisers) == 1
        assert sum(each["personId"] is not None for each in invited) in {1, 2}
        starts, ends = moment(event["startsAt"]), moment(event["endsAt"])
        zone = zones[organisers[0]]
        local = starts.astimezone(ZoneInfo("UTC" if event["isFullDay"] or zone == "system" else zone))
        assert local.weekday() < 5
        if event["isFullDay"]:
            assert ends - starts == dt.timedelta(days=1)
        else:
            assert ends - starts in {dt.timedelta(minutes=30), dt.timedelta(minutes=60)}
            assert local.hour >= 9
            assert (ends - starts + local.replace(tzinfo=None)).time() <= dt.time(17)
