"""`viewId` narrows groups by what the view filters by, over both protocols (`graphql-core.md` section 9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from icosa.errors import BadInput
from icosa.modeling.view_periods import relative_span
from support.clock import Clock
from support.house import House, open_house
from support.model import Model, options

NOW = dt.datetime(2026, 11, 25, 10, 30, tzinfo=dt.UTC)
GROUPS = """
query ($view: UUID, $filter: TripFilterInput) {
  tripsGroupBy(groupBy: [{name: true}], viewId: $view, filter: $filter) { groupByDimensionValues totalCount }
}
"""
HIDE = """
insert into core.field_permission (role_id, object_id, field_id, can_read)
select r.id, f.object_id, f.id, false
from core.role r, core.field_metadata f where r.label = 'Read only' and f.id = $1
"""


class Views:
    """An object with records, and its views."""

    def __init__(self, house: House, model: Model) -> None:
        self.house = house
        self.owner = model.create_object("trip", "trips")
        for kind, name, more in (
            ("SELECT", "mood", {"options": options("CALM", "WILD")}),
            ("MULTI_SELECT", "tags", {"options": options("SEA", "SNOW")}),
            ("NUMBER", "days", {}),
            ("CURRENCY", "price", {}),
            ("EMAILS", "contact", {}),
            ("DATE", "startsOn", {}),
            ("DATE_TIME", "bookedAt", {}),
            ("BOOLEAN", "paid", {}),
            ("RATING", "stars", {}),
            ("ARRAY", "places", {}),
        ):
            model.create_field(self.owner, kind, name, **more)
        model.create_relation(self.owner, "guide", model.objects()["workspaceMember"], "Trips")
        self.owner = model.objects()["trip"]
        self.member = house.ask("GET", "/rest/workspaceMembers").json["data"]["workspaceMembers"][0]["id"]
        house.make(
            "trips",
            [
                {
                    "name": "Fjord",
                    "mood": "CALM",
                    "tags": ["SEA", "SNOW"],
                    "days": 7,
                    "price": {"amountMicros": 900_000_000, "currencyCode": "EUR"},
                    "contact": {"primaryEmail": "kai@example.com", "additionalEmails": ["nora@example.com"]},
                    "startsOn": "2026-11-24",
                    "bookedAt": "2026-11-25T09:00:00Z",
                    "paid": True,
                    "stars": "RATING_5",
                    "places": ["Bergen"],
                    "guideId": self.member,
                },
                {
                    "name": "Desert 50%",
                    "mood": "WILD",
                    "tags": ["SNOW"],
                    "days": 3,
                    "price": {"amountMicros": 100_000_000, "currencyCode": "EUR"},
                    "contact": {"primaryEmail": "omar@example.com"},
                    "startsOn": "2026-12-24",
                    "bookedAt": "2026-10-01T09:00:00Z",
                    "paid": False,
                    "stars": "RATING_2",
                    "places": ["Siwa"],
                },
                {"name": "Blank"},
            ],
        )

    def field(self, name: str) -> str:
        return str(next(each["id"] for each in self.owner["fieldsList"] if each["name"] == name))

    def post(self, path: str, body: Any) -> Any:
        answer = self.house.ask("POST", f"/rest/metadata/{path}", body)
        assert answer.status == 201, answer.content
        return answer.json

    def make(self, *filters: tuple[str, str, Any], **more: Any) -> str:
        view = self.post("views", {"name": "Some", "objectMetadataId": self.owner["id"], "icon": "IconList", **more})[
            "id"
        ]
        for name, operand, value in filters:
            self.add(view, name, operand, value)
        return str(view)

    def add(self, view: str, name: str, operand: str, value: Any, **more: Any) -> None:
        part = {"viewId": view, "fieldMetadataId": self.field(name), "operand": operand, "value": value}
        self.post("viewFilters", part | more)

    def names(self, view: str, **variables: Any) -> list[str]:
        """Return the names that GraphQL groups, after REST has said the same."""
        answer = self.house.ask("POST", "/graphql", {"query": GROUPS, "variables": {"view": view, **variables}}).json
        assert "errors" not in answer, answer
        found = sorted(each["groupByDimensionValues"][0] for each in answer["data"]["tripsGroupBy"])
        for parameter in ("viewId", "view_id"):
            if not variables:
                path = "/rest/trips/groupBy"
                parameters = {"group_by": '[{"name":true}]', parameter: view}
                rest = self.house.ask("GET", path, parameters=parameters).json
                assert sorted(each["groupByDimensionValues"][0] for each in rest) == found
        return found


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with open_house(database_url, clock=NOW.timestamp) as house:
        yield house


@pytest.fixture
def views(house: House, model: Model) -> Views:
    return Views(house, model)


FJORD, DESERT, BLANK = "Fjord", "Desert 50%", "Blank"


def test_a_relative_operand_goes_with_the_clock(database_url: str) -> None:
    clock = Clock(NOW.timestamp())
    with open_house(database_url, clock=clock) as house:
        views = Views(house, Model(house))
        views.house.quiet()
        view = views.make(("bookedAt", "IS_RELATIVE", {"direction": "PAST", "amount": 2, "unit": "HOUR"}))
        assert views.names(view) == views.names(view) == [FJORD]
        clock.go(3 * 3600)
        assert views.names(view) == []


def test_each_operand_finds_what_it_says(views: Views) -> None:
    for name, operand, value, expected in (
        ("name", "CONTAINS", "JOR", [FJORD]),
        ("name", "CONTAINS", "%", [DESERT]),
        ("name", "DOES_NOT_CONTAIN", "jor", [BLANK, DESERT]),
        ("name", "CONTAINS", "", [BLANK, DESERT, FJORD]),
        ("mood", "IS", ["CALM"], [FJORD]),
        ("mood", "IS", '["WILD",""]', [BLANK, DESERT]),
        ("mood", "IS_NOT", ["CALM"], [BLANK, DESERT]),
        ("mood", "IS_EMPTY", "", [BLANK]),
        ("mood", "IS_NOT_EMPTY", "", [DESERT, FJORD]),
        ("tags", "CONTAINS", ["SEA"], [FJORD]),
        ("tags", "DOES_NOT_CONTAIN", ["SEA"], [BLANK, DESERT]),
        ("days", "GREATER_THAN_OR_EQUAL", "3", [DESERT, FJORD]),
        ("days", "LESS_THAN_OR_EQUAL", 3, [DESERT]),
        ("days", "IS", "7", [FJORD]),
        ("days", "IS_NOT", "7", [BLANK, DESERT]),
        ("price", "GREATER_THAN_OR_EQUAL", "500", [FJORD]),
        ("price", "IS_EMPTY", "", [BLANK]),
        ("contact", "CONTAINS", "kai@", [FJORD]),
        ("contact", "CONTAINS", "nora@", [FJORD]),
        ("contact", "DOES_NOT_CONTAIN", "nora@", [BLANK, DESERT]),
        ("startsOn", "IS_IN_PAST", "", [FJORD]),
        ("startsOn", "IS_IN_FUTURE", "", [DESERT]),
        ("startsOn", "IS", "2026-12-24", [DESERT]),
        ("startsOn", "IS_BEFORE", "2026-12-24", [FJORD]),
        ("startsOn", "IS_AFTER", "2026-11-24", [DESERT]),
        ("bookedAt", "IS_TODAY", "", [FJORD]),
        ("bookedAt", "IS", "2026-10-01", [DESERT]),
        ("bookedAt", "IS", "2026-10-01T09:00:30Z", [DESERT]),
        ("bookedAt", "IS_AFTER", "2026-10-01", [FJORD]),
        ("bookedAt", "IS_RELATIVE", {"direction": "PAST", "amount": 2, "unit": "HOUR"}, [FJORD]),
        ("bookedAt", "IS_RELATIVE", "PAST_3_MONTH", [DESERT, FJORD]),
        ("startsOn", "IS_RELATIVE", {"direction": "THIS", "unit": "MONTH"}, [FJORD]),
        ("startsOn", "IS_RELATIVE", "NEXT_29_DAY", [DESERT]),
        ("startsOn", "IS_RELATIVE", "NEXT_28_DAY", []),
        ("paid", "IS", "true", [FJORD]),
        ("paid", "IS", False, [DESERT]),
        ("stars", "GREATER_THAN_OR_EQUAL", "3", [FJORD]),
        ("stars", "IS", "RATING_2", [DESERT]),
        ("places", "CONTAINS", "berg", [FJORD]),
        ("guide", "IS", {"isCurrentWorkspaceMemberSelected": False, "selectedRecordIds": [views.member]}, [FJORD]),
        ("guide", "IS_NOT", f'["{views.member}"]', [BLANK, DESERT]),
        ("guide", "IS", {"isCurrentWorkspaceMemberSelected": True, "selectedRecordIds": []}, []),
        ("guide", "IS_EMPTY", "", [BLANK, DESERT]),
    ):
        assert views.names(views.make((name, operand, value))) == expected, (name, operand, value)


def test_filters_and_groups_of_filters_are_joined_as_the_view_says(views: Views) -> None:
    both = views.make(("mood", "IS_NOT_EMPTY", ""), ("days", "LESS_THAN_OR_EQUAL", 5))
    assert views.names(both) == [DESERT]
    assert views.names(both, filter={"name": {"like": "Fj%"}}) == []
    for operator, expected in (("OR", [DESERT, FJORD]), ("AND", []), ("NOT", [BLANK, DESERT, FJORD])):
        view = views.make()
        group = views.post("viewFilterGroups", {"viewId": view, "logicalOperator": operator})["id"]
        views.add(view, "name", "CONTAINS", "fjord", viewFilterGroupId=group)
        inner = views.post("viewFilterGroups", {"viewId": view, "parentViewFilterGroupId": group})["id"]
        views.add(view, "name", "CONTAINS", "desert", viewFilterGroupId=inner)
        assert views.names(view) == expected, operator


def test_the_any_field_filter_looks_everywhere(views: Views) -> None:
    for text, expected in (("omar@", [DESERT]), ("bergen", [FJORD]), ("wild", [DESERT]), ("7", [FJORD]), ("zz", [])):
        assert views.names(views.make(anyFieldFilterValue=text)) == expected, text


def test_a_filter_goes_through_a_relation(views: Views, model: Model) -> None:
    view = views.make()
    address = next(
        each["id"] for each in model.objects()["workspaceMember"]["fieldsList"] if each["name"] == "userEmail"
    )
    views.add(view, "guide", "IS_NOT_EMPTY", "", relationTargetFieldMetadataId=address)
    assert views.names(view) == [FJORD]


def test_a_view_that_changes_is_followed_at_once(views: Views) -> None:
    view = views.make(("name", "CONTAINS", "fjord"))
    assert views.names(view) == [FJORD]
    views.add(view, "paid", "IS", "false")
    assert views.names(view) == []


def both_ways(views: Views, view: str, key: str | None = None) -> tuple[Any, Any]:
    graphql = views.house.ask("POST", "/graphql", {"query": GROUPS, "variables": {"view": view}}, key=key)
    parameters = {"group_by": '[{"name":true}]', "viewId": view}
    return graphql.json, views.house.ask("GET", "/rest/trips/groupBy", parameters=parameters, key=key)


def test_views_that_do_not_fit_are_refused(views: Views, model: Model) -> None:
    graphql, rest = both_ways(views, str(uuid4()))
    assert graphql["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert (rest.status, rest.json["code"]) == (404, "VIEW_NOT_FOUND")
    other = views.house.ask(
        "GET", "/rest/metadata/views", parameters={"objectMetadataId": model.objects()["task"]["id"]}
    )
    graphql, rest = both_ways(views, other.json[0]["id"])
    assert graphql["errors"][0]["extensions"]["subCode"] == "INVALID_QUERY_INPUT"
    assert rest.status == 400
    for name, operand, value in (("days", "IS", "many"), ("startsOn", "IS", "soon"), ("guide", "IS", ["nobody"])):
        graphql, rest = both_ways(views, views.make((name, operand, value)))
        assert graphql["errors"][0]["extensions"]["subCode"] == "INVALID_ARGS_FILTER", value
        assert rest.status == 400
        assert name in rest.json["messages"][0]


def test_a_view_tells_nothing_of_a_hidden_field(views: Views) -> None:
    """Counts under a filter on a hidden field would tell what is in it, and so would the filter's own value."""
    view = views.make(("contact", "CONTAINS", "omar@example.com"), ("name", "CONTAINS", "e"))
    views.house.run(views.house.database.execute(HIDE, views.field("contact")))
    key = views.house.make_key("Read only")
    graphql, rest = both_ways(views, view, key)
    assert graphql["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert (rest.status, rest.json["code"]) == (403, "PERMISSION_DENIED")
    assert "contact" not in rest.json["messages"][0]
    told = views.house.ask("GET", f"/rest/metadata/views/{view}", key=key)
    assert b"omar@" not in told.content
    assert [each["value"] for each in told.json["viewFilters"]] == ["e"]
    hidden = next(
        each["id"]
        for each in views.house.ask("GET", f"/rest/metadata/views/{view}").json["viewFilters"]
        if each["value"] != "e"
    )
    assert views.house.ask("GET", f"/rest/metadata/viewFilters/{hidden}", key=key).status == 404
    anywhere = views.make(anyFieldFilterValue="omar@")
    assert both_ways(views, anywhere, key)[1].json == []


def test_spans_of_time() -> None:
    for value, start, end in (
        ("PAST_1_MONTH", "2026-10-25T10:30", "2026-11-25T10:30"),
        ({"direction": "NEXT", "amount": 1, "unit": "YEAR"}, "2026-11-25T10:30", "2027-11-25T10:30"),
        ("THIS_1_WEEK", "2026-11-23T00:00", "2026-11-30T00:00"),
        ("THIS_1_QUARTER", "2026-10-01T00:00", "2027-01-01T00:00"),
        ("THIS_1_HOUR", "2026-11-25T10:00", "2026-11-25T11:00"),
        ("PAST_7_DAY;;UTC;;", "2026-11-18T10:30", "2026-11-25T10:30"),
    ):
        expected = tuple(dt.datetime.fromisoformat(f"{each}+00:00") for each in (start, end))
        assert relative_span(value, NOW) == expected, value
    assert relative_span("NEXT_1_MONTH", dt.datetime(2026, 1, 31, tzinfo=dt.UTC))[1].day == 28
    for value in ("YESTERDAY", "PAST_999999999_YEAR", {"direction": "PAST", "amount": -1, "unit": "DAY"}, 5, {}):
        with pytest.raises(BadInput):
            relative_span(value, NOW)
