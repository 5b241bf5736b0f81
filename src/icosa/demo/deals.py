"""Opportunities and subscriptions of the demo (`demo-data.md`, "Opportunities", "How many")."""

from __future__ import annotations

from icosa.demo.makers import Makers
from icosa.demo.people import Contact, Deal, Firm
from icosa.demo.plan import Body, Dice, demo_id, written
from icosa.demo.words import SUBJECTS, TAGS

STAGES = ("NEW",) * 14 + ("SCREENING",) * 12 + ("MEETING",) * 12 + ("PROPOSAL",) * 10 + ("CUSTOMER",) * 12
TRASHED_FIRMS_DEAL = 27
CLOSES = {"NEW": (1, 150), "SCREENING": (1, 120), "MEETING": (1, 90), "PROPOSAL": (1, 45), "CUSTOMER": (-300, -1)}


def opportunities(dice: Dice, makers: Makers, firms: list[Firm], sellers: list[str], scale: int) -> list[Body]:
    """Return the bodies of the deals, and put them to their firms."""
    customers = [firm for firm in firms[: 60 * scale] if firm.kind == "customer"]
    prospects = [firm for firm in firms[: 60 * scale] if firm.kind == "prospect"]
    bodies = []
    for number in range(60 * scale + 3):
        place = number % 60
        stage = STAGES[place]
        group = customers if stage == "CUSTOMER" or place % 3 == 0 else prospects
        firm = firms[0] if place in {20, 30, 40} else group[number % len(group)]
        if number == TRASHED_FIRMS_DEAL:
            firm = firms[60 * scale]
        contact: Contact | None = None
        if firm.people and place % 8 != 7:
            contact = firm.people[0] if firm is firms[0] else dice.pick(firm.people)
        created = max(dice.day(-300, -1), contact.created if contact else firm.created)
        deal = Deal(demo_id(f"opportunity:{number}"), f"{firm.name.split(' ')[0]} {SUBJECTS[number % 20]}", created)
        body: Body = {"id": deal.id, "name": deal.name, "stage": stage, "companyId": firm.id}
        if not (stage == "NEW" and place < 6):
            amount = min(750_000, max(1_500, round(dice.log_normal(24_000, 0.9) / 500) * 500))
            body["amount"] = {"amountMicros": amount * 1_000_000, "currencyCode": firm.currency}
        if not (stage == "NEW" and place < 4):
            low, high = (-20, -3) if place in {38, 39} else CLOSES[stage]
            body["closeDate"] = written(dice.day(low, high))
        if contact:
            body["pointOfContactId"] = contact.id
        if place not in {5, 25, 45}:
            body["ownerId"] = firm.owner or dice.pick(sellers)
        body |= makers.made(created, position=number + 1)
        if number >= 60 * scale:
            body["deletedAt"] = written(dice.day(-20, -1))
        else:
            firm.deals.append(deal)
        bodies.append(body)
    return bodies


def _options(*values: tuple[str, str, str]) -> list[Body]:
    return [
        {"id": demo_id(f"option:{value}"), "value": value, "label": label, "color": color, "position": place}
        for place, (value, label, color) in enumerate(values)
    ]


SUBSCRIPTION: Body = {
    "nameSingular": "subscription",
    "namePlural": "subscriptions",
    "labelSingular": "Subscription",
    "labelPlural": "Subscriptions",
    "icon": "IconRepeat",
    "description": "What a company has subscribed to",
}
PLANS = _options(("BASIC", "Basic", "gray"), ("TEAM", "Team", "blue"), ("SCALE", "Scale", "purple"))
CHANNELS = _options(("WEB", "Web", "sky"), ("MAIL", "Mail", "green"), ("PARTNER", "Partner", "orange"))
SUBSCRIPTION_FIELDS: tuple[Body, ...] = (
    {"name": "plan", "type": "SELECT", "label": "Plan", "icon": "IconTag", "options": PLANS},
    {"name": "seats", "type": "NUMBER", "label": "Seats", "icon": "IconUsers", "settings": {"dataType": "int"}},
    {"name": "monthlyFee", "type": "CURRENCY", "label": "Monthly fee", "icon": "IconCoins"},
    {"name": "startsOn", "type": "DATE", "label": "Starts on", "icon": "IconCalendar"},
    {"name": "renews", "type": "BOOLEAN", "label": "Renews", "icon": "IconRefresh", "defaultValue": True},
    {"name": "tags", "type": "ARRAY", "label": "Tags", "icon": "IconTags"},
    {"name": "channels", "type": "MULTI_SELECT", "label": "Channels", "icon": "IconBroadcast", "options": CHANNELS},
    {"name": "satisfaction", "type": "RATING", "label": "Satisfaction", "icon": "IconStar"},
    {"name": "extra", "type": "RAW_JSON", "label": "Extra", "icon": "IconBraces"},
)
SUBSCRIBER: Body = {
    "type": "MANY_TO_ONE",
    "targetFieldLabel": "Subscriptions",
    "targetFieldIcon": "IconRepeat",
}


def subscriptions(dice: Dice, makers: Makers, firms: list[Firm]) -> list[Body]:
    """Return the bodies of the custom object's records: every field type that the core objects lack, filled and empty."""
    bodies = []
    customers = [firm for firm in firms if firm.kind == "customer"][:20]
    for number in range(30):
        firm = customers[number % len(customers)]
        created = max(dice.day(-300, -1), firm.created)
        body: Body = {
            "id": demo_id(f"subscription:{number}"),
            "name": f"{firm.name[:30]} {('Basic', 'Team', 'Scale')[number % 3]}",
            "renews": number % 4 != 0,
            "companyId": firm.id if number % 10 != 9 else None,
        }
        if number % 10 != 8:
            body |= {
                "plan": ("BASIC", "TEAM", "SCALE")[number % 3],
                "seats": dice.between(1, 250),
                "monthlyFee": {"amountMicros": dice.between(20, 2_000) * 1_000_000, "currencyCode": firm.currency},
                "startsOn": dice.day(-300, 30).date().isoformat(),
                "tags": dice.some(TAGS, dice.between(1, 3)),
                "channels": dice.some(("WEB", "MAIL", "PARTNER"), dice.between(1, 3)),
                "satisfaction": f"RATING_{number % 5 + 1}",
                "extra": {"contract": f"C-{1000 + number}", "sla": {"hours": dice.pick((4, 8, 24))}},
            }
        bodies.append(body | makers.made(created, position=number + 1))
    return bodies
