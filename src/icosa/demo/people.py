"""Companies and people of the demo (`demo-data.md`, "Companies", "People")."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from icosa.demo.makers import Makers
from icosa.demo.plan import Body, Dice, ascii_name, demo_id, rounded, written
from icosa.demo.words import AREAS, CITIES, COMPANY_NAMES, FIRST_NAMES, LAST_NAMES, RANKS, TRADES

SHARES = ("customer",) * 20 + ("prospect",) * 30 + ("partner",) * 5 + ("former",) * 5
PEOPLE_OF = {"customer": (3, 5), "prospect": (2, 4), "partner": (1, 1), "former": (1, 1)}
LONG_NAME = "The Very Long Established Society for the Improvement of Everything That Could Conceivably Be Improved in Company Names Ltd"
ODD_NAMES = {3: LONG_NAME[:120], 7: 'Salt & "Pepper", Partners', 11: "7th Meridian", 15: "KELPWOOD POWER"}
BARE, NAMELESS = 58, 59


@dataclass
class Firm:
    """What later rows need to know of a company."""

    key: str
    id: str
    name: str
    kind: str
    domain: str | None
    currency: str
    owner: str | None
    created: Any
    people: list[Contact] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)


@dataclass
class Deal:
    """What later rows need to know of an opportunity."""

    id: str
    name: str
    created: Any


@dataclass
class Contact:
    """What later rows need to know of a person."""

    id: str
    first: str
    firm: Firm | None
    created: Any


def companies(
    dice: Dice, makers: Makers, sellers: list[str], scale: int, legacy: bool
) -> tuple[list[Firm], list[Body]]:
    """Return the firms and the bodies of their records, deleted ones behind the live ones."""
    firms, bodies = [], []
    owners = sellers[:1] * 20 + sellers[1:2] * 15 + sellers[2:3] * 10 + sellers[3:4] * 5 + [""] * 10
    for number in range(60 * scale + 4):
        place = number % 60
        kind = SHARES[place]
        trade = list(TRADES)[place % 8]
        base = COMPANY_NAMES[place] + (f" {number // 60 + 1}" if number >= 60 else "")
        name = ODD_NAMES.get(number, base if place % 3 == 0 else f"{base} {dice.pick(TRADES[trade])}")
        slug = ascii_name(base.replace(" ", ""))
        domain = f"{slug}.example.{('com', 'org', 'net')[place % 3]}" if place % 15 != 14 else None
        created = dice.day(-540, -30)
        firm = Firm(
            f"company:{number}", demo_id(f"company:{number}"), name, kind, domain,
            ("USD", "USD", "USD", "USD", "USD", "USD", "EUR", "EUR", "EUR", "GBP")[place % 10],
            owners[place] or None, created,
        )  # fmt: skip
        body = _company(dice, firm, place, slug, legacy=legacy)
        if number == BARE:
            body = {"id": firm.id, "name": firm.name}
        elif number == NAMELESS:
            body = {"id": firm.id}
        body |= makers.made(created, position=number + 1)
        if number >= 60 * scale:
            body["deletedAt"] = written(dice.day(-20, -1))
        firms.append(firm)
        bodies.append(body)
    return firms, bodies


def _company(dice: Dice, firm: Firm, place: int, slug: str, *, legacy: bool) -> Body:
    body: Body = {"id": firm.id, "name": firm.name}
    if firm.domain:
        link: Body = {"primaryLinkUrl": f"https://{firm.domain}"}
        if place % 4 == 0:
            link["primaryLinkLabel"] = firm.name[:40]
        if place in {1, 2, 4}:
            link["secondaryLinks"] = [{"url": f"https://shop.{firm.domain}", "label": "Shop"}]
        body["domainName"] = link
    if place % 8 != 7:
        city, country, postcode, state, latitude, longitude, street = CITIES[place % 12]
        body["address"] = {
            "addressStreet1": f"{dice.between(1, 180)} {street}",
            "addressStreet2": f"Floor {dice.between(1, 9)}" if place % 6 == 0 else "",
            "addressCity": city,
            "addressPostcode": postcode,
            "addressState": state,
            "addressCountry": country,
            **({"addressLat": latitude, "addressLng": longitude} if place % 2 == 0 else {}),
        }
    if place % 3 != 2:
        page = f"https://www.linkedin.com/company/example-{slug}"
        body["linkedinLink"] = _page(page, labelled=place % 6 == 0, several=place % 18 == 1)
    revenue = rounded(dice.log_uniform(200_000, 400_000_000), 2)
    if place % 4 != 3:
        body["annualRevenue"] = {"amountMicros": revenue * 1_000_000, "currencyCode": firm.currency}
    if firm.owner:
        body["accountOwnerId"] = firm.owner
    if legacy:
        body |= _legacy(dice, firm, place, slug, revenue)
    return body


def _legacy(dice: Dice, firm: Firm, place: int, slug: str, revenue: int) -> Body:
    body: Body = {"idealCustomerProfile": place % 4 == 0}
    if place % 6 != 5:
        body["employees"] = int(dice.log_uniform(3, 12_000))
    if firm.kind == "customer":
        share = dice.between(10, 30) / 1000
        body["annualRecurringRevenue"] = {
            "amountMicros": int(revenue * share) * 1_000_000,
            "currencyCode": firm.currency,
        }
    if place % 4 == 1:
        body["xLink"] = _page(f"https://x.com/example-{slug}", labelled=place % 8 == 1, several=place % 16 == 5)
    return body


def _page(url: str, *, labelled: bool, several: bool) -> Body:
    """Return a link with or without a label of its own and a second address."""
    link: Body = {"primaryLinkUrl": url}
    if labelled:
        link["primaryLinkLabel"] = "Profile"
    if several:
        link["secondaryLinks"] = [{"url": f"{url}-news", "label": "News"}]
    return link


def people(dice: Dice, makers: Makers, firms: list[Firm], scale: int, legacy: bool) -> list[Body]:
    """Return the bodies of the people, and put them to their firms; duplicates are planned among them."""
    pairs = _pairs(dice, 200 * scale + 8)
    employers = _employers(dice, firms[: 60 * scale], 180 * scale)
    # A company in the trash whose people, and deals, are not.
    employers[-2:] = [firms[60 * scale]] * 2
    bodies = []
    for number, (first, last) in enumerate(pairs):
        firm = employers[number] if number < len(employers) else None
        created = max(dice.day(-500, -10), firm.created) if firm else dice.day(-500, -10)
        contact = Contact(demo_id(f"person:{number}"), first, firm, created)
        if firm and number < 200 * scale:
            firm.people.append(contact)
        body = _person(contact, number, first, last, legacy=legacy)
        body |= makers.made(created, position=number + 1, person=True)
        if number >= 200 * scale:
            body["deletedAt"] = written(dice.day(-20, -1))
        bodies.append(body)
    return bodies


def _pairs(dice: Dice, number: int) -> list[tuple[str, str]]:
    combinations = [(first, last) for first in FIRST_NAMES for last in LAST_NAMES]
    pairs = dice.some(combinations, min(number, len(combinations)))
    pairs += [dice.pick(combinations) for _ in range(number - len(pairs))]
    for original, copy in ((10, 11), (20, 60), (30, 90), (40, 120)):
        pairs[copy] = pairs[original]
    pairs[50], pairs[51] = ("José", "Rosenvang"), ("Jose", "Rosenvang")
    pairs[52], pairs[53] = ("Zoë", "Tidewell"), ("Zoe", "Tidewell")
    pairs[198], pairs[199] = ("", "Silverlake"), ("", "")
    return pairs


def _employers(dice: Dice, firms: list[Firm], number: int) -> list[Firm]:
    employers = [firms[0]] * 12
    for firm in firms[1:]:
        employers += [firm] * dice.between(*PEOPLE_OF[firm.kind])
    filling = [firm for firm in firms if firm.kind in {"customer", "prospect"}][:-1]
    while len(employers) < number:
        employers.append(dice.pick(filling))
    return employers[:number]


def _person(contact: Contact, number: int, first: str, last: str, *, legacy: bool) -> Body:
    body: Body = {"id": contact.id, "name": {"firstName": first, "lastName": last}}
    local = f"{ascii_name(first)}.{ascii_name(last)}".strip(".") or f"contact{number}"
    domain = contact.firm.domain if contact.firm and contact.firm.domain else "example.org"
    if number % 20 != 19 or number == 199:
        address = f"{local}.{number}@{domain}" if number >= 10 else f"{local}@{domain}"
        body["emails"] = {"primaryEmail": address}
        if number % 8 == 0:
            body["emails"]["additionalEmails"] = [f"{local}.{number}.private@example.net"]
    if number % 5 < 3:
        body["phones"] = _phone(number)
    if number % 13 != 12:
        body["jobTitle"] = f"{RANKS[number % 4]} {AREAS[(number // 4) % 10]}"
    if number % 20 < 11:
        shared = 1 if number == 2 else number
        page = f"https://www.linkedin.com/in/example-{shared}"
        body["linkedinLink"] = _page(page, labelled=number % 20 == 3, several=number % 40 == 4)
    if legacy and number % 14 == 3:
        body["xLink"] = _page(f"https://x.com/example-{number}", labelled=number % 28 == 3, several=number % 42 == 17)
    if contact.firm:
        body["companyId"] = contact.firm.id
    return body


def _phone(number: int) -> Body:
    forms = (
        {"primaryPhoneNumber": f"+1 212 555 {100 + number % 100:04}"},
        {"primaryPhoneNumber": f"+44 7700 {900000 + number % 1000}"},
        {"primaryPhoneNumber": f"+33 6 39 98 {number // 100 % 100:02} {number % 100:02}"},
    )
    phone: Body = dict(forms[number % 3])
    if number % 6 == 0:
        phone["additionalPhones"] = [{"number": f"+44 7700 {900999 - number % 500}"}]
    return phone
