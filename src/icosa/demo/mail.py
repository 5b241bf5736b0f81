"""Mail of the demo: threads between a member and people of one company (`demo-data.md`, "Attachments and mail")."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from icosa.demo.makers import Makers, Member
from icosa.demo.people import Contact, Firm
from icosa.demo.plan import Body, Dice, demo_id, written
from icosa.demo.words import MIDDLES, OPENINGS

# How many messages each thread has, and how many people: 45 messages, and 30 of them with a copy to the second one.
THREADS = (
    (2, 1), (3, 2), (4, 2), (3, 1), (3, 2), (2, 2), (5, 2), (3, 2), (2, 2), (4, 1), (3, 2), (3, 2), (2, 2), (3, 1), (3, 1),
)  # fmt: skip
# A thread of five messages, six days apart, is over by today.
BACK_DAYS = (-150, -30)


@dataclass(frozen=True, slots=True)
class Address:
    """Whom an e-mail address belongs to: a person or a member."""

    handle: str
    name: str
    owner: Body


@dataclass
class Mail:
    """Bodies by object."""

    threads: list[Body] = field(default_factory=list)
    messages: list[Body] = field(default_factory=list)
    participants: list[Body] = field(default_factory=list)


def addresses(people: list[Body]) -> dict[str, Address]:
    """Return the addresses of the people who have one, by person."""
    return {
        person["id"]: Address(
            person["emails"]["primaryEmail"],
            f"{person['name']['firstName']} {person['name']['lastName']}".strip(),
            {"personId": person["id"]},
        )
        for person in people
        if "emails" in person and "deletedAt" not in person
    }


def member_address(member: Member) -> Address:
    """Return a member's address."""
    return Address(member.email, member.name, {"workspaceMemberId": member.id})


def mail(dice: Dice, makers: Makers, firms: list[Firm], members: list[Member], people: list[Body]) -> Mail:
    """Return threads, messages and participants.

    Args:
        dice: chance.
        makers: creators and moments.
        firms: with their people and deals.
        members: who writes with them.
        people: the bodies of the people.
    """
    known = addresses(people)
    latest = dice.anchor + dt.timedelta(days=BACK_DAYS[1])
    writers = [
        (firm, reached)
        for firm in firms
        if firm.deals and firm.deals[0].created <= latest and len(reached := _reached(firm, known, latest)) > 1
    ]
    done = Mail()
    for number, (length, size) in enumerate(THREADS):
        firm, contacts = writers[number % len(writers)]
        deal = firm.deals[0]
        guests = [known[contact.id] for contact in contacts[:size]]
        member = member_address(dice.pick(members))
        moment = max(dice.day(*BACK_DAYS), deal.created, *(contact.created for contact in contacts[:size]))
        thread: Body = {"id": demo_id(f"messageThread:{number}"), "subject": deal.name}
        done.threads.append(thread | makers.made(moment, position=number + 1))
        for place in range(length):
            outward = place % 2 == 0
            ends = (member, guests[0]) if outward else (guests[0], member)
            _write(done, makers, thread, moment, (*ends, *guests[1:]), _text(dice, ends))
            moment += dt.timedelta(days=dice.between(1, 5), minutes=dice.between(0, 24 * 60))
    return done


def _reached(firm: Firm, known: dict[str, Address], latest: dt.datetime) -> list[Contact]:
    return [contact for contact in firm.people if contact.id in known and contact.created <= latest]


def _text(dice: Dice, ends: tuple[Address, Address]) -> str:
    sentences = " ".join(f"{dice.pick(OPENINGS)} {dice.pick(MIDDLES)}." for _ in range(dice.between(2, 4)))
    return f"Hello {ends[1].name.split(' ')[0]},\n\n{sentences}\n\n{ends[0].name}"


def _write(
    done: Mail, makers: Makers, thread: Body, moment: dt.datetime, parties: tuple[Address, ...], text: str
) -> None:
    number = len(done.messages)
    first = not done.messages or done.messages[-1]["messageThreadId"] != thread["id"]
    message: Body = {
        "id": demo_id(f"message:{number}"),
        "messageThreadId": thread["id"],
        "headerMessageId": f"<{demo_id(f'message:{number}')}@example.com>",
        "subject": thread["subject"] if first else f"Re: {thread['subject']}",
        "text": text,
        "receivedAt": written(moment),
    }
    done.messages.append(message | makers.made(moment, position=number + 1))
    for role, party in zip(("FROM", "TO", "CC"), parties, strict=False):
        place = len(done.participants)
        participant: Body = {
            "id": demo_id(f"messageParticipant:{place}"),
            "messageId": message["id"],
            "role": role,
            "handle": party.handle,
            "displayName": party.name,
            **party.owner,
        }
        done.participants.append(participant | makers.made(moment, position=place + 1))
