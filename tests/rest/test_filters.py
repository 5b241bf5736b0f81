"""Random filters against a plain evaluation in Python."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.house import House

NAMES = (None, "alpha", "Alpha", "al%ha", "beta, x", "quo'te", "b(racket", "NULL", "back\\slash")
NUMBERS = (None, -1.5, 0, 3, 250)
STAGES = ("NEW", "SCREENING", "MEETING", "PROPOSAL", "CUSTOMER")
# Between two milliseconds: what is told and compared is the millisecond, what is stored is not.
BETWEEN = "2030-01-01T00:00:00.000400Z"
DAYS = (None, "2030-01-01T00:00:00.000Z", "2030-01-01T00:00:00.001Z", "2031-06-05T10:00:00.500Z")

Tested = tuple[str, Any]


def deals() -> list[dict[str, Any]]:
    return [
        {
            "name": NAMES[n % len(NAMES)],
            "stage": STAGES[n % 5],
            "closeDate": BETWEEN if n % 7 == 1 else DAYS[n % 4],
            "amount": {"amountMicros": NUMBERS[n % 5], "currencyCode": (None, "EUR", "USD")[n % 3]},
        }
        for n in range(45)
    ]


def value_of(deal: dict[str, Any], path: str) -> Any:
    value: Any = deal
    for step in path.split("."):
        value = value[step]
    return None if value == "" else value


def quoted(text: str) -> str:
    return f'"{text}"' if "'" in text else f"'{text}'"


def compare(operator: str, left: Any, right: Any) -> bool | None:
    """SQL's three-valued comparison."""
    if left is None:
        return None
    return {
        "eq": left == right, "neq": left != right, "gt": left > right,
        "gte": left >= right, "lt": left < right, "lte": left <= right,
    }[operator]  # fmt: skip


@st.composite
def predicates(draw: st.DrawFn) -> tuple[str, Any]:
    """A predicate's text, and a function that evaluates it on a record."""
    operator = draw(st.sampled_from(["eq", "neq", "gt", "gte", "lt", "lte", "is", "in"]))
    path = draw(st.sampled_from(["name", "stage", "closeDate", "amount.amountMicros", "amount.currencyCode"]))
    values: dict[str, list[Any]] = {
        "name": [name for name in NAMES if name],
        "stage": list(STAGES),
        "closeDate": [day for day in DAYS if day],
        "amount.amountMicros": [-2, 0, 3, 100],
        "amount.currencyCode": ["EUR", "USD", "GBP"],
    }
    ranks: Any = (
        STAGES.index if path == "stage" else dt.datetime.fromisoformat if path == "closeDate" else lambda each: each
    )
    if operator == "is":
        wanted = draw(st.sampled_from(["NULL", "NOT_NULL"]))
        return f"{path}[is]:{wanted}", lambda deal: (value_of(deal, path) is None) == (wanted == "NULL")
    if operator == "in":
        listed = draw(st.lists(st.sampled_from(values[path]), min_size=1, max_size=3))
        text = ",".join(quoted(str(each)) for each in listed)
        return (
            f"{path}[in]:[{text}]",
            lambda deal: None if value_of(deal, path) is None else value_of(deal, path) in listed,
        )
    if operator in {"gt", "gte", "lt", "lte"} and path in {"name", "amount.currencyCode"}:
        operator = "eq"
    right = draw(st.sampled_from(values[path]))

    def evaluate(deal: dict[str, Any]) -> bool | None:
        left = value_of(deal, path)
        return compare(operator, None if left is None else ranks(left), ranks(right))

    return f"{path}[{operator}]:{quoted(str(right))}", evaluate


def joined(children: Any) -> Any:
    def conjunction(kind: str, items: list[tuple[str, Any]]) -> tuple[str, Any]:
        def evaluate(deal: dict[str, Any]) -> bool | None:
            found = [item[1](deal) for item in items]
            decisive = kind == "or"
            return decisive if decisive in found else None if None in found else not decisive

        return f"{kind}({','.join(item[0] for item in items)})", evaluate

    def negation(item: tuple[str, Any]) -> tuple[str, Any]:
        def evaluate(deal: dict[str, Any]) -> bool | None:
            found = item[1](deal)
            return None if found is None else not found

        return f"not({item[0]})", evaluate

    several = st.lists(children, min_size=1, max_size=3)
    return st.one_of(
        st.builds(conjunction, st.sampled_from(["and", "or"]), several),
        st.builds(negation, children),
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.recursive(predicates(), joined, max_leaves=6))
def test_a_filter_finds_what_python_finds(house: House, tested: tuple[str, Any]) -> None:
    everything = house.ask("GET", "/rest/opportunities?limit=200").json["data"]["opportunities"]
    if not everything:
        everything = house.make("opportunities", deals())
    text, evaluate = tested
    answer = house.ask("GET", "/rest/opportunities", parameters={"filter": text, "limit": "200"})
    assert answer.status == 200, (text, answer.content)
    found = {deal["id"] for deal in answer.json["data"]["opportunities"]}
    assert found == {deal["id"] for deal in everything if evaluate(deal)}, text
    assert answer.json["totalCount"] == len(found)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from("""name[eq]:stage"',()[]\\ %and(or(not(inisNULL.$1;"""), max_size=40))
def test_no_filter_is_our_fault(house: House, text: str) -> None:
    for parameter in ("filter", "order_by", "starting_after", "limit", "depth", "colour"):
        assert house.ask("GET", "/rest/opportunities", parameters={parameter: text}).status in {200, 400}
    assert house.ask("GET", "/rest/opportunities/groupBy", parameters={"group_by": text}).status in {200, 400}
