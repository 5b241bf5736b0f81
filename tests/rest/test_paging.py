"""Pages, either way, under any order, over nulls and ties: each record is met exactly once."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.house import House

KEYS = (
    "title",
    "status",
    "dueAt",
    "position",
    "createdBy.name",
    "assigneeId",
    "assignee.name.firstName",
    "id",
    "bodyV2.markdown",
)
DIRECTIONS = ("AscNullsFirst", "AscNullsLast", "DescNullsFirst", "DescNullsLast")
ORDERS = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(DIRECTIONS)), max_size=3)
FILTERS = (None, "title[is]:NOT_NULL", "or(status[eq]:TODO,dueAt[is]:NULL)", "not(position[gt]:2)")
DATES = (None, "2031-01-01T00:00:00Z", "2031-01-01T00:00:00.000001Z", "2030-01-01T12:00:00.999Z")


def tasks() -> list[dict[str, Any]]:
    titles = (None, "", "alpha", "Alpha", "ALPHA", "b,eta", 'quo"te', "ß", "é", "zz")
    return [
        {
            "title": titles[number % 10],
            "status": (None, "TODO", "IN_PROGRESS", "DONE")[number % 4],
            "dueAt": DATES[number % 3 if number % 2 else 3],
            "position": number % 5,
            "bodyV2": {"markdown": "x"} if number % 3 else None,
        }
        for number in range(37)
    ]


def walk(house: House, parameters: dict[str, str], *, backward: bool) -> list[str]:
    met: list[str] = []
    cursor = None
    name, end, more = ("ending_before", "startCursor", "hasPreviousPage") if backward else (
        "starting_after", "endCursor", "hasNextPage",
    )  # fmt: skip
    if backward:
        last = house.ask("GET", "/rest/tasks", parameters={**parameters, "limit": "200"}).json
        met, cursor = [last["data"]["tasks"][-1]["id"]], last["pageInfo"]["endCursor"]
    for _ in range(60):
        answer = house.ask("GET", "/rest/tasks", parameters={**parameters, **({name: cursor} if cursor else {})})
        assert answer.status == 200, answer.content
        ids = [task["id"] for task in answer.json["data"]["tasks"]]
        met = ids + met if backward else met + ids
        if not answer.json["pageInfo"][more]:
            return met
        cursor = answer.json["pageInfo"][end]
    raise AssertionError("the walk does not end")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ORDERS, st.sampled_from(FILTERS), st.integers(1, 12))
def test_each_record_is_met_once(house: House, order: list[tuple[str, str]], condition: str | None, limit: int) -> None:
    if house.ask("GET", "/rest/tasks?limit=0").json["totalCount"] == 0:
        member = house.ask("GET", "/rest/workspaceMembers").json["data"]["workspaceMembers"][0]["id"]
        house.make("tasks", [{**task, "assigneeId": member if n % 4 == 1 else None} for n, task in enumerate(tasks())])
    parameters = {"limit": str(limit)}
    if order:
        parameters["order_by"] = ",".join(f"{key}[{direction}]" for key, direction in order)
    if condition:
        parameters["filter"] = condition
    everything = house.ask("GET", "/rest/tasks", parameters={**parameters, "limit": "200"}).json
    expected = [task["id"] for task in everything["data"]["tasks"]]
    assert len(set(expected)) == everything["totalCount"] == len(expected)
    assert walk(house, parameters, backward=False) == expected
    assert walk(house, parameters, backward=True) == expected
