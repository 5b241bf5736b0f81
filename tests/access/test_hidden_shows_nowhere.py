"""For random roles and random reads, nothing that a role may not see decides anything of what it is answered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from support.house import Answer, House, open_house
from support.two_worlds import SHOWN, World, Worlds

FIELDS: dict[str, dict[str, str]] = {
    # object: field: a path of it that can be filtered, sorted and grouped by
    "company": {
        "employees": "employees",
        "idealCustomerProfile": "idealCustomerProfile",
        "annualRecurringRevenue": "annualRecurringRevenue.amountMicros",
        "domainName": "domainName.primaryLinkUrl",
        "address": "address.addressCity",
        "people": "",
        "opportunities": "",
    },
    "person": {
        "emails": "emails.primaryEmail",
        "jobTitle": "jobTitle",
        "city": "city",
        "company": "companyId",
        "pointOfContactForOpportunities": "",
    },
    "opportunity": {
        "stage": "stage",
        "amount": "amount.amountMicros",
        "company": "companyId",
        "pointOfContact": "pointOfContactId",
    },
    "note": {"noteTargets": ""},
    "task": {"status": "status", "taskTargets": ""},
}
PLURALS = {"company": "companies", "person": "people", "opportunity": "opportunities", "note": "notes", "task": "tasks"}
NAMES = {"company": "name", "person": "name.firstName", "opportunity": "name", "note": "title", "task": "title"}
BEHIND = {"person": ("company",), "opportunity": ("company", "pointOfContact")}
TARGETS = {"company": "company", "pointOfContact": "person"}
VALUES = ("Cluj", "Buyer", "NEW", "TODO", "20", "true", "5000000", "%a%", "Company A", "person1@example.com")
OPERATORS = ("eq", "neq", "gt", "lte", "ilike", "is", "in")
DIRECTIONS = ("AscNullsFirst", "AscNullsLast", "DescNullsFirst", "DescNullsLast")
AGGREGATES = {
    "company": (
        "sumEmployees",
        "maxEmployees",
        "countUniqueValuesEmployees",
        "percentageEmptyDomainName",
        "totalCount",
    ),
    "person": ("countEmptyJobTitle", "countUniqueValuesCity", "countNotEmptyEmails", "totalCount"),
    "opportunity": ("sumAmountAmountMicros", "minAmountAmountMicros", "countUniqueValuesStage", "totalCount"),
    "note": ("totalCount",),
    "task": ("countUniqueValuesStatus", "totalCount"),
}
Read = tuple[str, str, Any]


def paths(owner: str) -> st.SearchStrategy[str]:
    """Return paths of an object's own fields and of those behind its relations."""
    own = [path for path in FIELDS[owner].values() if path]
    behind = [
        f"{relation}.{path}"
        for relation in BEHIND.get(owner, ())
        for path in (*FIELDS[TARGETS[relation]].values(), NAMES[TARGETS[relation]])
        if path and not path.endswith("Id")
    ]
    return st.sampled_from([*own, *behind, NAMES[owner], "createdAt", "searchVector", "id"])


@st.composite
def conditions(draw: st.DrawFn, owner: str) -> str:
    path, operator = draw(paths(owner)), draw(st.sampled_from(OPERATORS))
    value = draw(st.sampled_from(VALUES))
    text = {"is": draw(st.sampled_from(["NULL", "NOT_NULL"])), "in": f'["{value}"]'}.get(operator, f'"{value}"')
    condition = f"{path}[{operator}]:{text}"
    return draw(st.sampled_from([condition, f"not({condition})", f"or({condition},id[is]:NULL)"]))


@st.composite
def rest_lists(draw: st.DrawFn) -> Read:
    owner = draw(st.sampled_from(SHOWN))
    parameters = [f"limit={draw(st.integers(1, 4))}", f"depth={draw(st.integers(0, 1))}"]
    if draw(st.booleans()):
        parameters.append(f"filter={quote(draw(conditions(owner)))}")
    if draw(st.booleans()):
        parameters.append(f"order_by={draw(paths(owner))}[{draw(st.sampled_from(DIRECTIONS))}]")
    return "GET", f"/rest/{PLURALS[owner]}?{'&'.join(parameters)}", None


def nested(path: str, value: Any) -> Any:
    for part in reversed(path.split(".")):
        value = {part: value}
    return value


@st.composite
def rest_groups(draw: st.DrawFn) -> Read:
    owner = draw(st.sampled_from(SHOWN))
    dimension = nested(draw(paths(owner)), True)
    aggregates = draw(st.lists(st.sampled_from(AGGREGATES[owner]), max_size=3, unique=True))
    parameters = [f"group_by={quote(json.dumps([dimension]))}"]
    if aggregates:
        parameters.append(f"aggregate={quote(json.dumps(aggregates))}")
    if draw(st.booleans()):
        parameters.append(f"filter={quote(draw(conditions(owner)))}")
    if draw(st.booleans()):
        parameters.append("include_records_sample=true")
    return "GET", f"/rest/{PLURALS[owner]}/groupBy?{'&'.join(parameters)}", None


def selected(owner: str, names: list[str]) -> str:
    """Return a selection of fields, composites and relations with what they need."""
    parts = {
        "annualRecurringRevenue": "{ amountMicros }",
        "amount": "{ amountMicros currencyCode }",
        "domainName": "{ primaryLinkUrl }",
        "address": "{ addressCity }",
        "emails": "{ primaryEmail }",
        "people": "{ totalCount edges { node { id jobTitle } } }",
        "opportunities": "{ totalCount edges { node { id stage } } }",
        "pointOfContactForOpportunities": "{ totalCount }",
        "company": "{ id name employees }",
        "pointOfContact": "{ id city }",
        "noteTargets": "{ totalCount edges { node { id } } }",
        "taskTargets": "{ totalCount edges { node { id } } }",
    }
    return " ".join(["id", *(f"{name} {parts.get(name, '')}" for name in names)])


@st.composite
def graphql_lists(draw: st.DrawFn) -> Read:
    owner = draw(st.sampled_from(SHOWN))
    names = draw(st.lists(st.sampled_from(sorted(FIELDS[owner])), max_size=4, unique=True))
    aggregates = draw(st.lists(st.sampled_from(AGGREGATES[owner]), min_size=1, max_size=2, unique=True))
    given = [f"first: {draw(st.integers(1, 4))}"]
    if draw(st.booleans()):
        operator = draw(st.sampled_from(["eq", "neq", "in", "is"]))
        value: Any = draw(st.sampled_from([*VALUES, 20, True]))
        value = {"in": [value], "is": draw(st.sampled_from(["NULL", "NOT_NULL"]))}.get(operator, value)
        given.append(f"filter: {graphql(nested(draw(paths(owner)), {operator: value}), {'is'})}")
    if draw(st.booleans()):
        order = nested(draw(paths(owner)), draw(st.sampled_from(DIRECTIONS)))
        given.append(f"orderBy: [{graphql(order, None)}]")
    inner = f"{' '.join(aggregates)} edges {{ cursor node {{ {selected(owner, names)} }} }} pageInfo {{ endCursor }}"
    return "POST", "/graphql", {"query": f"{{ {PLURALS[owner]}({', '.join(given)}) {{ {inner} }} }}"}


def graphql(value: Any, words: set[str] | None, key: str = "") -> str:
    """Return a value as GraphQL writes it; texts under the named keys, or all, are enumeration values."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {graphql(each, words, name)}" for name, each in value.items()) + "}"
    if isinstance(value, str) and (words is None or key in words):
        return value
    return json.dumps(value)


@st.composite
def searches(draw: st.DrawFn) -> Read:
    text = draw(st.sampled_from(["Cluj", "person", "Company", "firm1", "Buyer", "Last", "Deal", "example", "Note"]))
    chosen = f'searchInput: "{text}", limit: 10, includedObjectNameSingulars: {json.dumps(SHOWN)}'
    edges = "edges { cursor node { recordId objectNameSingular label } } pageInfo { hasNextPage }"
    query = f"{{ search({chosen}) {{ {edges} }} }}"
    return "POST", "/graphql", {"query": query}


@st.composite
def others(draw: st.DrawFn) -> Read:
    path = draw(
        st.sampled_from(
            [
                "/rest/open-api/core",
                "/rest/metadata/objects",
                "/rest/metadata/fields",
                "/rest/metadata/picklists",
                "/rest/noteTargets?depth=1",
                "/rest/taskTargets?depth=1",
                "/rest/workspaceMembers?depth=1",
                "/rest/workspaceMembers?filter=assignedTasks.title[ilike]:%25a%25",
            ]
        )
    )
    return "GET", path, None


@st.composite
def singles(draw: st.DrawFn) -> Read:
    owner, place = draw(st.sampled_from(SHOWN)), draw(st.integers(0, 2))
    how = draw(st.sampled_from(["read", "duplicates"]))
    return how, owner, place


READS = st.one_of(rest_lists(), rest_groups(), graphql_lists(), searches(), others(), singles())
HIDDEN_FIELDS = st.sets(st.sampled_from([(owner, name) for owner in SHOWN for name in FIELDS[owner]]), max_size=4)
HIDDEN_OBJECTS = st.sets(st.sampled_from(SHOWN), max_size=2)


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with open_house(database_url, is_multiworkspace_enabled=True) as house:
        yield house


def plain(answer: Answer, *, model: bool) -> tuple[int, str]:
    """Return an answer without what differs by itself: request ids, and ids, moments and order of the model's parts."""
    text = re.sub(r'"requestId":"\w+"', "", answer.content.decode())
    if model:
        text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<id>", text)
        text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "<moment>", text)
        text = re.sub(r'"(start|end)Cursor": ?"\w+=*"', r'"\1Cursor":""', text)
        text = json.dumps(unordered(json.loads(text.replace("adb@example.com", "ada@example.com"))))
    return answer.status, text


def difference(one: str, other: str) -> tuple[str, str]:
    """Return where two texts begin to differ."""
    place = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[max(0, place - 80) : place + 80], other[max(0, place - 80) : place + 80]


def unordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: unordered(each) for name, each in value.items()}
    return sorted((unordered(each) for each in value), key=json.dumps) if isinstance(value, list) else value


def played(house: House, worlds: Worlds, world: World, read: Read) -> Answer:
    method, path, body = read
    if method in {"read", "duplicates"}:
        ids = house.run(
            house.database.fetch_all(f"select id from {worlds.one.catalog.by_singular[path].sql_name} order by id")
        )
        identifier = str(ids[body]["id"])
        if method == "read":
            return house.ask("GET", f"/rest/{PLURALS[path]}/{identifier}?depth=1", key=world.key)
        return house.ask("POST", f"/rest/{PLURALS[path]}/duplicates", {"ids": [identifier]}, key=world.key)
    return house.ask(method, path, body, key=world.key)


def test_what_is_hidden_decides_nothing(house: House) -> None:
    worlds = Worlds(house)
    statuses: set[int] = set()
    denied = 0

    @settings(
        max_examples=30,
        deadline=None,
        # An example takes a second; to make a failing one smaller would take minutes.
        phases=[Phase.generate],
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(HIDDEN_OBJECTS, HIDDEN_FIELDS, st.lists(READS, min_size=8, max_size=16))
    def check(objects: set[str], fields: set[tuple[str, str]], reads: list[Read]) -> None:
        nonlocal denied
        worlds.hide(objects, fields)
        for read in reads:
            answers = [played(house, worlds, world, read) for world in (worlds.one, worlds.other)]
            model = "metadata" in read[1] or "workspaceMembers" in read[1] or "open-api" in read[1]
            one, other = (plain(each, model=model) for each in answers)
            assert one == other, (objects, fields, read, difference(one[1], other[1]))
            assert one[0] < 500, (objects, fields, read, one)
            statuses.add(one[0])
            denied += b"PERMISSION_DENIED" in answers[0].content

    check()
    assert {200, 403} <= statuses and denied > 20, "the reads must meet what is hidden"


def test_the_other_world_does_differ(house: House) -> None:
    """The test above means something only if a role that sees everything can tell the worlds apart."""
    worlds = Worlds(house)
    worlds.hide({"opportunity"}, {("person", "jobTitle"), ("company", "employees"), ("person", "company")})
    house.run(house.database.execute("delete from core.object_permission"))
    house.run(house.database.execute("delete from core.field_permission"))
    house.base.authenticator.forget()
    for read in (
        ("GET", "/rest/opportunities", None),
        ("GET", "/rest/people?filter=jobTitle[eq]:Buyer", None),
        ("GET", "/rest/people?order_by=jobTitle", None),
        ("GET", '/rest/companies/groupBy?group_by=[{"employees":true}]', None),
        ("POST", "/graphql", {"query": "{ companies { sumEmployees } }"}),
        ("GET", "/rest/companies?depth=1", None),
    ):
        one, other = (plain(played(house, worlds, world, read), model=False) for world in (worlds.one, worlds.other))
        assert one[0] == other[0] == 200 and one != other, read
