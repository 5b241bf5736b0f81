"""What is told of changes fits the document: the feed, the stream, a record's history, and what webhooks are sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from icosa.rest.changes import DEFAULT_LIMIT, MOST_SECONDS
from support.house import House, open_house
from support.openapi import Judge, fetch
from support.post import Post

ALL = {"created", "updated", "deleted", "restored", "destroyed"}


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with open_house(database_url, webhook_worker=False, outbound_allowed_hosts=("127.0.0.1",)) as house:
        yield house


@pytest.fixture
def post(house: House) -> Iterator[Post]:
    post = Post(house)
    yield post
    post.close()


def live(house: House, plural: str, change: dict[str, str]) -> str:
    """Make a record, change it, do with it whatever else can be done, and return its id."""
    record_id = str(house.make(plural, [{}])[0]["id"])
    path = f"/rest/{plural}/{record_id}"
    for method, asked, body in (
        ("PATCH", path, change),
        ("DELETE", f"{path}?soft_delete=true", None),
        ("PATCH", f"/rest/restore/{plural}/{record_id}", None),
        ("DELETE", path, None),
    ):
        answer = house.ask(method, asked, body)
        assert answer.status == 200, answer.content
    return record_id


def test_the_feed_and_histories(post: Post) -> None:
    judge = Judge(post.house, "core", "/rest")
    record_id = live(post.house, "companies", {"name": "Acme"})
    post.publish()
    # A key of the whole workspace sees the sample data's events too.
    told: list[Any] = []
    after, more = 0, True
    while more:
        page = judge("GET", "/changes/feed", after=after)
        told += page["data"]["changes"]
        after, more = page["pageInfo"]["endSequence"], page["pageInfo"]["hasNextPage"]
    assert {each["action"] for each in told} == ALL
    assert judge("GET", "/changes/feed", after=after, objects="companies,person", limit=0)["data"]["changes"] == []
    judge("GET", "/changes/feed", status=400, after=after + 1)
    judge("GET", "/changes/feed", status=400, objects="nothing")
    path = f"/companies/{record_id}/history"
    history = judge("GET", path)["data"]["history"]
    assert {each["action"] for each in history} == ALL
    assert judge("GET", path, limit=1)["pageInfo"]["hasNextPage"] is True
    cursor = judge("GET", path, limit=1)["pageInfo"]["endCursor"]
    assert judge("GET", path, starting_after=cursor)["data"]["history"] == history[1:]
    judge("GET", path, status=400, starting_after="x")


def test_the_feed_s_limits_are_the_server_s(house: House) -> None:
    parameters = fetch(house, "core").content["components"]["parameters"]
    assert parameters["limitOfChanges"]["schema"]["default"] == DEFAULT_LIMIT
    assert parameters["wait"]["schema"]["maximum"] == MOST_SECONDS
    for name, most in (("wait", MOST_SECONDS), ("after", parameters["after"]["schema"]["maximum"])):
        answer = house.ask("GET", "/rest/changes/feed", parameters={"after": 0, name: most + 1})
        assert answer.status == 400, answer.content


def test_the_stream_is_told(house: House) -> None:
    document = fetch(house, "core")
    told = document.operation("GET", "/changes/stream")["responses"]["200"]["content"]
    answer = house.ask("GET", "/rest/changes/stream?objects=nothing")
    assert answer.status == 400
    document.check("GET", "/changes/stream", answer)
    assert list(told) == ["text/event-stream"]


def test_an_object_may_be_called_change(house: House) -> None:
    names = {"nameSingular": "change", "namePlural": "changes", "labelSingular": "Change", "labelPlural": "Changes"}
    assert house.ask("POST", "/rest/metadata/objects", names).status == 201
    judge = Judge(house, "core", "/rest")
    judge("POST", "/changes", {"name": "One"}, 201)
    judge("GET", "/changes")
    judge("GET", "/changes/feed")


def test_what_webhooks_are_sent(post: Post) -> None:
    document = fetch(post.house, "core")
    post.register("*.*")
    thin = post.register("company.*", payload="thin")
    live(post.house, "companies", {"name": "Acme"})
    live(post.house, "tasks", {"title": "Call"})
    while True:
        count = len(post.receiver.got)
        post.deliver()
        if len(post.receiver.got) == count:
            break
    seen = set()
    for each in post.receiver.got:
        sent = json.loads(each.body)
        if "record" not in sent or sent["webhookId"] == thin["id"]:
            continue
        subject, _, action = sent["eventName"].partition(".")
        seen.add((subject, action))
        told = document.content["webhooks"][f"{subject[0].upper()}{subject[1:]} {action.capitalize()}"]["post"]
        schema = told["requestBody"]["content"]["application/json"]["schema"]
        assert document.problems(schema, sent) == []
        assert set(sent) <= set(schema["properties"])
        headers = {document.resolved(header)["name"].lower() for header in told["parameters"]}
        assert headers <= {name.lower() for name in each.headers}
    assert {(subject, action) for subject in ("company", "task") for action in ALL} <= seen
