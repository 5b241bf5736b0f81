"""Message lists with their members, and the dashboard of the demo (`demo-data.md`, "How many")."""

from __future__ import annotations

import datetime as dt

from icosa.demo.makers import Makers
from icosa.demo.plan import Body, Dice, demo_id

LISTS = (("Newsletter", 25), ("Event invitations", 15))


def message_lists(dice: Dice, makers: Makers) -> list[Body]:
    """Return the bodies of the message lists."""
    return [
        {"id": demo_id(f"messageList:{number}"), "name": name} | makers.made(dice.day(-300, -200), position=number + 1)
        for number, (name, _) in enumerate(LISTS)
    ]


def list_members(dice: Dice, makers: Makers, people: list[Body]) -> list[Body]:
    """Return the bodies of the lists' members: people with an e-mail, each once in a list."""
    reached = [person for person in people if "emails" in person and "deletedAt" not in person]
    bodies: list[Body] = []
    for number, (_, size) in enumerate(LISTS):
        for person in dice.some(reached, size):
            place = len(bodies)
            body: Body = {
                "id": demo_id(f"messageListMember:{place}"),
                "listId": demo_id(f"messageList:{number}"),
                "personId": person["id"],
            }
            joined = max(dice.day(-180, -1), dt.datetime.fromisoformat(person["createdAt"]))
            bodies.append(body | makers.made(joined, position=place + 1))
    return bodies


def dashboards(dice: Dice, makers: Makers) -> list[Body]:
    """Return the body of the dashboard; the model keeps its title, and no layout of charts."""
    return [{"id": demo_id("dashboard:0"), "title": "Pipeline"} | makers.made(dice.day(-200, -100), position=1)]
