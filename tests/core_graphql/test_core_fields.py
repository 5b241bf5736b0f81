"""The fixed core fields beside `search`: what there is nothing of is answered empty, and bad input is told (section 12)."""

from __future__ import annotations

from typing import Any

import pytest

from support.house import House

ID = "9320837f-310e-482a-b6c1-4521510ffee9"
THREADS = "{ __typename totalNumberOfThreads timelineThreads { id subject firstParticipant { handle } } }"
EVENTS = "{ total: totalNumberOfCalendarEvents timelineCalendarEvents { id conferenceLink { primaryLinkUrl } } }"


def ask(house: House, document: str, key: str | None = None, **variables: Any) -> Any:
    answer = house.ask("POST", "/graphql", {"query": document, "variables": variables}, key=key)
    assert answer.status == 200, answer.content
    return answer.json


def test_timelines_are_empty_pages(house: House) -> None:
    page = "page: 1, pageSize: 20"
    for kind, told, expected in (
        (
            "Threads",
            THREADS,
            {"__typename": "TimelineThreadsWithTotal", "totalNumberOfThreads": 0, "timelineThreads": []},
        ),
        ("CalendarEvents", EVENTS, {"total": 0, "timelineCalendarEvents": []}),
    ):
        for name in ("person", "company", "opportunity"):
            field = f"getTimeline{kind}From{name.capitalize()}Id"
            document = f"query ($id: UUID!) {{ a: {field}({name}Id: $id, {page}) {told} companies {{ totalCount }} }}"
            assert ask(house, document, id=ID) == {"data": {"a": expected, "companies": {"totalCount": 0}}}
        document = (
            f'query ($id: UUID!) {{ getTimeline{kind}FromObjectRecord(objectNameSingular: "company", recordId: $id, {page})'
            f" {told} }}"
        )
        assert ask(house, document, id=ID) == {"data": {f"getTimeline{kind}FromObjectRecord": expected}}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (f'objectNameSingular: "ship", recordId: "{ID}", page: 1, pageSize: 1', "BAD_USER_INPUT"),
        (f'objectNameSingular: "company", recordId: "{ID}", page: 0, pageSize: 1', "BAD_USER_INPUT"),
        (f'objectNameSingular: "company", recordId: "{ID}", page: 1, pageSize: 51', "BAD_USER_INPUT"),
        ('objectNameSingular: "company", recordId: "x", page: 1, pageSize: 1', None),
    ],
)
def test_bad_arguments_of_a_timeline(house: House, arguments: str, code: str | None) -> None:
    document = f"{{ getTimelineThreadsFromObjectRecord({arguments}) {THREADS} }}"
    error = ask(house, document)["errors"][0]
    assert error["extensions"]["code"] == code or code is None


def test_a_timeline_of_records_that_a_role_may_not_read(house: House) -> None:
    house.run(
        house.database.execute(
            "insert into core.object_permission (role_id, object_id, can_read) "
            "select r.id, o.id, false from core.role r, core.object_metadata o "
            "where r.label = 'Read only' and o.name_singular = 'person'"
        )
    )
    document = f'{{ getTimelineThreadsFromPersonId(personId: "{ID}", page: 1, pageSize: 5) {THREADS} }}'
    error = ask(house, document, house.make_key("Read only"))["errors"][0]
    assert error["extensions"]["code"] == "FORBIDDEN"


def test_banners(house: House) -> None:
    assert ask(house, "{ isMaintenanceModeBannerDismissed }") == {"data": {"isMaintenanceModeBannerDismissed": False}}
    document = f'mutation {{ dismissMaintenanceModeBanner dismissReconnectAccountBanner(connectedAccountId: "{ID}") }}'
    told = {"dismissMaintenanceModeBanner": True, "dismissReconnectAccountBanner": True}
    assert ask(house, document) == {"data": told}


def test_an_upload_needs_a_file(house: House) -> None:
    document = 'mutation ($file: Upload!) { uploadFilesFieldFile(file: $file, fieldMetadataId: "x") { id } }'
    for value in ("a path", {"name": "x"}, 5):
        error = ask(house, document, file=value)["errors"][0]
        assert error["extensions"]["code"] == "BAD_USER_INPUT", value


def test_they_stand_in_the_schema(house: House) -> None:
    document = '{ __type(name: "Query") { fields { name } } upload: __type(name: "Upload") { kind } }'
    data = ask(house, document)["data"]
    assert {"search", "getTimelineThreadsFromPersonId"} <= {each["name"] for each in data["__type"]["fields"]}
    assert data["upload"] == {"kind": "SCALAR"}
