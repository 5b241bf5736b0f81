"""All rows of the demo, object by object, in an order in which each row's relations are there before it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from icosa.catalog.model import Catalog
from icosa.demo.activities import ActivityMaker
from icosa.demo.attachments import attachments
from icosa.demo.calendar import calendar
from icosa.demo.deals import opportunities, subscriptions
from icosa.demo.lists import dashboards, list_members, message_lists
from icosa.demo.mail import mail
from icosa.demo.makers import Makers, Member
from icosa.demo.people import companies, people
from icosa.demo.plan import Body, Dice


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """How the demo is made.

    Attributes:
        seed: the same seed gives the same rows.
        scale: multiplies companies, people, deals, notes and tasks.
        anchor: the day that moments are counted from; today when it is None.
        with_mail: make threads of messages too.
        with_calendar: make events of calendars too.
    """

    seed: int = 2026
    scale: int = 1
    anchor: dt.date | None = None
    with_mail: bool = False
    with_calendar: bool = False


def demo_rows(catalog: Catalog, members: list[Member], options: DemoOptions) -> dict[str, list[Body]]:
    """Return the bodies of the demo's records by object.

    Args:
        catalog: the workspace's model, with the demo's custom object.
        members: the owner first.
        options: see there.
    """
    day = options.anchor or dt.datetime.now(dt.UTC).date()
    anchor = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    dice = Dice(options.seed, anchor)
    makers = Makers(dice, members)
    sellers = [member.id for member in members[1:]]
    legacy = "employees" in catalog.by_singular["company"].field_by_name
    firms, company_bodies = companies(dice, makers, sellers, options.scale, legacy)
    person_bodies = people(dice, makers, firms, options.scale, legacy)
    deals = opportunities(dice, makers, firms, sellers, options.scale)
    activities = ActivityMaker(dice, makers, firms, [member.id for member in members])
    activities.notes(options.scale)
    activities.tasks(options.scale)
    done = activities.made
    papers = attachments(dice, makers, firms, done.notes, done.tasks, catalog.workspace_id)
    rows = {
        "company": company_bodies,
        "person": person_bodies,
        "opportunity": deals,
        "note": done.notes,
        "noteTarget": done.note_targets,
        "task": done.tasks,
        "taskTarget": done.task_targets,
        "attachment": papers,
        "subscription": subscriptions(dice, makers, firms),
        "messageList": message_lists(dice, makers),
        "messageListMember": list_members(dice, makers, person_bodies),
        "dashboard": dashboards(dice, makers),
    }
    # Each with dice of its own: what is made besides changes nothing of a row.
    live = firms[: 60 * options.scale]
    if options.with_mail:
        own = Dice(f"{options.seed}:mail", anchor)
        letters = mail(own, Makers(own, members), live, members, person_bodies)
        rows |= {
            "messageThread": letters.threads,
            "message": letters.messages,
            "messageParticipant": letters.participants,
        }
    if options.with_calendar:
        own = Dice(f"{options.seed}:calendar", anchor)
        calls = calendar(own, Makers(own, members), live, members, person_bodies)
        rows |= {"calendarEvent": calls.events, "calendarEventParticipant": calls.participants}
    return rows
