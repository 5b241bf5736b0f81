"""Calendar of the demo: calls of a member with people of one company (`demo-data.md`, "Attachments and mail")."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, available_timezones

from icosa.demo.mail import Address, addresses, member_address
from icosa.demo.makers import Makers, Member
from icosa.demo.people import Firm
from icosa.demo.plan import Body, Dice, demo_id, written

EVENTS = 20
CANCELLED, WHOLE_DAY = 13, 17
ANSWERS = ("ACCEPTED", "NEEDS_ACTION", "TENTATIVE", "DECLINED", "ACCEPTED")
SATURDAY = 5


@dataclass
class Calendar:
    """Bodies by object."""

    events: list[Body] = field(default_factory=list)
    participants: list[Body] = field(default_factory=list)


def calendar(dice: Dice, makers: Makers, firms: list[Firm], members: list[Member], people: list[Body]) -> Calendar:
    """Return events, half of them in the past and half ahead, and their participants.

    Args:
        dice: chance.
        makers: creators and moments.
        firms: with their people.
        members: who calls them.
        people: the bodies of the people.
    """
    known = addresses(people)
    called = [
        (firm, guests)
        for firm in firms
        if len(guests := [known[each.id] for each in firm.people if each.id in known]) > 1
    ]
    done = Calendar()
    for number in range(EVENTS):
        firm, guests = called[number % len(called)]
        member = dice.pick(members)
        starts, ends = _times(dice, member, number)
        planned = min(starts, dice.anchor) - dt.timedelta(days=dice.between(1, 14))
        event: Body = {
            "id": demo_id(f"calendarEvent:{number}"),
            "title": f"Call with {firm.name[:40]}",
            "startsAt": written(starts),
            "endsAt": written(ends),
            "isFullDay": number == WHOLE_DAY,
            "isCanceled": number == CANCELLED,
            "iCalUid": f"{demo_id(f'calendarEvent:{number}')}@example.com",
            "externalCreatedAt": written(planned),
            "externalUpdatedAt": written(planned),
        }
        if number % 2 == 0:
            event["conferenceSolution"] = "Video call"
            event["conferenceLink"] = {"primaryLinkUrl": f"https://meet.example.com/{number + 100}"}
        done.events.append(event | makers.made(planned, position=number + 1))
        _invite(done, makers, event["id"], planned, member_address(member), guests[: 1 if number % 7 == 6 else 2])
    return done


def _times(dice: Dice, member: Member, number: int) -> tuple[dt.datetime, dt.datetime]:
    """Return begin and end: on a weekday, between nine and five where the member is, or the whole of a day."""
    back = number < EVENTS // 2
    day = dice.anchor.date() + dt.timedelta(days=dice.between(-60, -1) if back else dice.between(1, 60))
    while day.weekday() >= SATURDAY:
        day += dt.timedelta(days=-1 if back else 1)
    begin, length = dice.between(0, 14), dice.pick((30, 60))
    if number == WHOLE_DAY:
        midnight = dt.datetime.combine(day, dt.time(), dt.UTC)
        return midnight, midnight + dt.timedelta(days=1)
    zone = ZoneInfo(member.time_zone if member.time_zone in available_timezones() else "UTC")
    starts = dt.datetime.combine(day, dt.time(9 + begin // 2, begin % 2 * 30), zone).astimezone(dt.UTC)
    return starts, starts + dt.timedelta(minutes=length)


def _invite(
    done: Calendar, makers: Makers, event_id: str, planned: dt.datetime, organiser: Address, guests: list[Address]
) -> None:
    for place, party in enumerate((organiser, *guests)):
        number = len(done.participants)
        body: Body = {
            "id": demo_id(f"calendarEventParticipant:{number}"),
            "calendarEventId": event_id,
            "handle": party.handle,
            "displayName": party.name,
            "isOrganizer": place == 0,
            "responseStatus": "ACCEPTED" if place == 0 else ANSWERS[number % len(ANSWERS)],
            **party.owner,
        }
        done.participants.append(body | makers.made(planned, position=number + 1))
