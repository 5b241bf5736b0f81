"""Who made a demo row and when (`demo-data.md`, "Who made it and when")."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from icosa.demo.plan import Body, Dice, written


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the workspace, as the demo's rows name it."""

    id: str
    name: str
    email: str
    time_zone: str


class Makers:
    """Gives rows their creator and their moments.

    Args:
        dice: chance.
        members: the owner first.
    """

    def __init__(self, dice: Dice, members: list[Member]) -> None:
        self._dice = dice
        self._members = members

    def made(self, created: dt.datetime, *, position: int, person: bool = False) -> Body:
        """Return `createdAt`, `updatedAt`, `createdBy` and `position` of a row."""
        changed = created
        if not self._dice.chance(0.4):
            span = max(1, int((self._dice.anchor - created).total_seconds()))
            changed = created + dt.timedelta(seconds=self._dice.between(0, span))
        return {
            "createdAt": written(created),
            "updatedAt": written(changed),
            "createdBy": self._actor(person=person),
            "position": position,
        }

    def _actor(self, *, person: bool) -> Body:
        draw = self._dice.between(1, 100)
        member = self._dice.pick(self._members)
        by_member: Body = {"name": member.name, "workspaceMemberId": member.id, "context": {}}
        if draw <= 55 or (75 < draw <= 83 and not person):
            return {"source": "MANUAL", **by_member}
        if draw <= 75:
            return {"source": "IMPORT", **by_member}
        if draw <= 83:
            return {"source": self._dice.pick(("EMAIL", "CALENDAR")), **by_member, "context": {"provider": "google"}}
        if draw <= 95:
            return {"source": "API", "name": "Website form", "context": {}}
        if draw <= 99:
            return {"source": "WORKFLOW", "name": "Quick Lead", "context": {}}
        return {"source": "SYSTEM", "name": "System", "context": {}}
