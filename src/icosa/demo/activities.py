"""Notes and tasks of the demo, with what they are about (`demo-data.md`, "Notes and tasks")."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import orjson

from icosa.demo.makers import Makers
from icosa.demo.people import Contact, Firm
from icosa.demo.plan import Body, Dice, demo_id, written
from icosa.demo.words import MIDDLES, NOTE_TITLES, OPENINGS, TASK_TITLES
from icosa.fields.rich_text_markdown import blocks_from_markdown

LONG_BODY = 30_000


@dataclass
class Activities:
    """Bodies by object."""

    notes: list[Body] = field(default_factory=list)
    note_targets: list[Body] = field(default_factory=list)
    tasks: list[Body] = field(default_factory=list)
    task_targets: list[Body] = field(default_factory=list)


class ActivityMaker:
    """Makes notes and tasks about firms, people and deals.

    Args:
        dice: chance.
        makers: creators and moments.
        firms: with their people and deals.
        members: ids of the members, the owner first.
    """

    def __init__(self, dice: Dice, makers: Makers, firms: list[Firm], members: list[str]) -> None:
        self._dice = dice
        self._makers = makers
        self._firms = [firm for firm in firms if firm.people and firm.deals]
        self._members = members
        self.made = Activities()

    def notes(self, scale: int) -> None:
        """Make the notes and their targets."""
        for number in range(90 * scale + 3):
            firm = self._dice.pick(self._firms)
            contact = self._dice.pick(firm.people)
            body: Body = {"id": demo_id(f"note:{number}")}
            if number % 11 != 10:
                body["title"] = NOTE_TITLES[number % 25].format(first=contact.first, company=firm.name[:40])
            markdown = self._markdown(number % 90)
            if markdown:
                body["bodyV2"] = _rich_text(f"note:{number}", markdown)
            created = max(self._dice.day(-250, -1), firm.created, contact.created)
            body |= self._makers.made(created, position=number + 1)
            if number >= 90 * scale:
                body["deletedAt"] = written(self._dice.day(-20, -1))
            self.made.notes.append(body)
            for place, target in enumerate(self._targets(number % 90, firm, contact, alone=60, several=85)):
                key = demo_id(f"noteTarget:{number}:{place}")
                self.made.note_targets.append({"id": key, "noteId": body["id"], **target})

    def tasks(self, scale: int) -> None:
        """Make the tasks and their targets."""
        states = ["TODO"] * 40 + ["IN_PROGRESS"] * 15 + ["DONE"] * 22 + [None] * 3
        for number in range(80 * scale + 4):
            place = number % 80
            firm = self._dice.pick(self._firms)
            contact = self._dice.pick(firm.people)
            title = TASK_TITLES[number % 12].format(first=contact.first or "them", company=firm.name[:40])
            body: Body = {"id": demo_id(f"task:{number}"), "title": title, "status": states[place]}
            due = self._due(place)
            if due is not None:
                body["dueAt"] = written(due)
            if place % 8 != 7:
                owner = place % 4 == 0 and place < 72
                body["assigneeId"] = self._members[0] if owner else self._dice.pick(self._members[1:])
            if place < 35:
                markdown = "\n\n".join(self._paragraph() for _ in range(1 + place % 2))
                body["bodyV2"] = _rich_text(f"task:{number}", markdown)
            created = max(self._dice.day(-120, -1), firm.created, contact.created)
            body |= self._makers.made(created, position=number + 1)
            if number >= 80 * scale:
                body["deletedAt"] = written(self._dice.day(-20, -1))
            self.made.tasks.append(body)
            for order, target in enumerate(self._targets(place, firm, contact, alone=52, several=74)):
                key = demo_id(f"taskTarget:{number}:{order}")
                self.made.task_targets.append({"id": key, "taskId": body["id"], **target})

    def _due(self, place: int) -> dt.datetime | None:
        if place >= 60:
            return None
        if place < 12:
            return self._dice.day(-30, -1)
        if place < 18:
            return self._dice.day(0, 0)
        return self._dice.day(1, 30) if place < 48 else self._dice.day(-60, -1)

    def _targets(self, place: int, firm: Firm, contact: Contact, *, alone: int, several: int) -> list[Body]:
        to_firm, to_person = {"targetCompanyId": firm.id}, {"targetPersonId": contact.id}
        to_deal = {"targetOpportunityId": firm.deals[0].id}
        if place < alone:
            return [(to_firm, to_firm, to_person, to_person, to_deal)[place % 5]]
        if place < several:
            return [to_firm, to_person, to_deal] if place % 5 == 0 else [to_person, to_firm]
        return []

    def _markdown(self, place: int) -> str:
        if place % 18 == 17:
            return ""
        parts = [self._paragraph() for _ in range(1 + place % 6)]
        if place == 44:
            while sum(map(len, parts)) < LONG_BODY:
                parts.append(self._paragraph())
        if place % 3 == 0:
            parts.append("\n".join(f"- {self._dice.pick(MIDDLES)}" for _ in range(3)))
        if place % 9 == 1:
            parts.append(f"- [ ] {self._dice.pick(MIDDLES)}\n- [x] {self._dice.pick(MIDDLES)}")
        if place % 18 == 2:
            parts.append("| Item | Seats |\n| --- | --- |\n| Basic | 10 |\n| Team | 25 |")
        if place % 9 == 4:
            parts.append("See [the offer](https://example.com/offer).")
        if place % 30 == 5:
            parts.append("```\nSELECT 1\n```")
        return "\n\n".join(parts)

    def _paragraph(self) -> str:
        sentences = (
            f"{self._dice.pick(OPENINGS)} {self._dice.pick(MIDDLES)}." for _ in range(self._dice.between(2, 5))
        )
        return " ".join(sentences)


def _rich_text(key: str, markdown: str) -> Body:
    """Return both halves of a text: the server gives blocks new ids each time, the demo's are always the same."""
    blocks = blocks_from_markdown(markdown)
    pending, number = list(blocks), 0
    while pending:
        block = pending.pop()
        block["id"] = demo_id(f"{key}:block:{number}")
        pending += block["children"]
        number += 1
    return {"markdown": markdown, "blocknote": orjson.dumps(blocks).decode()}
