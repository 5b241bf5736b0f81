"""`onEventSubscription` over a real connection (`graphql-core.md` section 14)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import orjson
import pytest

from support.accounts import EXCHANGE, LOG_IN, ORIGIN
from support.serving import EMAIL, PASSWORD, running_server

SUBSCRIBE = """
subscription Listen($id: String!) {
  onEventSubscription(eventStreamId: $id) {
    eventStreamId
    objectRecordEventsWithQueryIds {
      queryIds
      objectRecordEvent { action objectNameSingular recordId workspaceMemberId properties { updatedFields before after diff } }
    }
    metadataEvents { type metadataName }
  }
}
"""
ADD = "mutation ($input: AddQueryToEventStreamInput!) { addQueryToEventStream(input: $input) }"
REMOVE = "mutation ($input: RemoveQueryFromEventStreamInput!) { removeQueryFromEventStream(input: $input) }"
STREAMING = {"Accept": "text/event-stream"}


class Client:
    """A signed-in person's session with a server."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str = "") -> None:
        self._session = session
        self.url = url
        self.token = token

    async def ask(self, document: str, path: str = "/metadata", **variables: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        body = {"query": document, "variables": variables}
        async with self._session.post(f"{self.url}{path}", json=body, headers=headers) as answer:
            return await answer.json()

    async def sign_in(self) -> None:
        given = {"email": EMAIL, "password": PASSWORD, "origin": ORIGIN}
        login = (await self.ask(LOG_IN, **given))["data"]["getLoginTokenFromCredentials"]["loginToken"]["token"]
        pair = (await self.ask(EXCHANGE, login=login, origin=ORIGIN))["data"]["getAuthTokensFromLoginToken"]["tokens"]
        self.token = pair["accessOrWorkspaceAgnosticToken"]["token"]

    async def listen(self, stream_id: str) -> AsyncIterator[Any]:
        """Yield the values of a subscription."""
        headers = {"Authorization": f"Bearer {self.token}", **STREAMING}
        body = {"query": SUBSCRIBE, "variables": {"id": stream_id}}
        async with self._session.post(f"{self.url}/metadata", json=body, headers=headers) as answer:
            assert answer.content_type == "text/event-stream"
            async for line in answer.content:
                if line.startswith(b"data: {"):
                    yield orjson.loads(line[6:])["data"]["onEventSubscription"]

    async def watch(self, stream_id: str, query_id: str, name: str, **signature: Any) -> Any:
        given = {"eventStreamId": stream_id, "queryId": query_id}
        return await self.ask(ADD, input={**given, "operationSignature": {"objectNameSingular": name, **signature}})

    async def make(self, name: str, /, **data: Any) -> str:
        document = f"mutation ($data: {name}CreateInput!) {{ create{name}(data: $data) {{ id }} }}"
        return str((await self.ask(document, "/graphql", data=data))["data"][f"create{name}"]["id"])

    async def change(self, name: str, identifier: str, /, **data: Any) -> None:
        document = f"mutation ($id: UUID!, $data: {name}UpdateInput!) {{ update{name}(id: $id, data: $data) {{ id }} }}"
        assert "errors" not in await self.ask(document, "/graphql", id=identifier, data=data)


async def collect(values: AsyncIterator[Any], count: int) -> list[Any]:
    """Return the next record events, each with the queries that it is for."""
    found: list[Any] = []
    async with asyncio.timeout(30):
        async for value in values:
            found += value["objectRecordEventsWithQueryIds"]
            if len(found) >= count:
                return found
    raise AssertionError(found)


def told(entries: list[Any]) -> list[tuple[list[str], str, Any]]:
    return [
        (
            each["queryIds"],
            each["objectRecordEvent"]["action"],
            (each["objectRecordEvent"]["properties"]["after"] or {}).get("name"),
        )
        for each in entries
    ]


def test_a_stream_tells_each_query_what_concerns_it(database_url: str) -> None:
    with running_server(database_url) as server:

        async def play() -> None:
            async with aiohttp.ClientSession() as session:
                client = Client(session, server.url)
                await client.sign_in()
                values = client.listen("mine")
                first = await anext(values)
                assert first == {"eventStreamId": "mine", "objectRecordEventsWithQueryIds": [], "metadataEvents": []}
                large = {"filter": {"employees": {"gt": 100}}}
                assert await client.watch("mine", "all", "company") == {"data": {"addQueryToEventStream": True}}
                await client.watch("mine", "large", "company", variables=large)
                await client.watch("mine", "renamed", "company", fields=["name"])
                await client.make("Person", name={"firstName": "Not", "lastName": "Asked for"})
                small = await client.make("Company", name="Small", employees=5)
                await client.change("Company", small, employees=500)
                await client.change("Company", small, employees=7)
                await client.change("Company", small, name="Renamed")
                entries = await collect(values, 4)
                assert told(entries) == [
                    (["all", "renamed"], "created", "Small"),
                    (["all", "large"], "updated", "Small"),
                    (["all", "large"], "updated", "Small"),
                    (["all", "renamed"], "updated", "Renamed"),
                ]
                event = entries[1]["objectRecordEvent"]
                assert event["properties"]["diff"] == {"employees": {"before": 5, "after": 500}}
                assert event["properties"]["before"]["employees"] == 5
                assert event["properties"]["updatedFields"] == ["employees"]
                assert event["workspaceMemberId"] is not None
                removed = await client.ask(REMOVE, input={"eventStreamId": "mine", "queryId": "all"})
                assert removed == {"data": {"removeQueryFromEventStream": True}}
                await client.change("Company", small, employees=8)
                await client.change("Company", small, name="Last")
                assert told(await collect(values, 1)) == [(["renamed"], "updated", "Last")]

        asyncio.run(play())


def test_a_stream_is_its_callers_own(database_url: str) -> None:
    with running_server(database_url) as server:

        async def play() -> None:
            async with aiohttp.ClientSession() as session:
                client, stranger = Client(session, server.url), Client(session, server.url, server.key)
                await client.sign_in()
                missing = await client.watch("nowhere", "q", "company")
                assert missing == {"data": {"addQueryToEventStream": False}}
                values = client.listen("mine")
                await anext(values)
                refused = await client.ask(SUBSCRIBE, id="mine")
                assert refused["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
                for asking, code in ((client, "EVENT_STREAM_ALREADY_EXISTS"), (stranger, None)):
                    headers = {"Authorization": f"Bearer {asking.token}", **STREAMING}
                    body = {"query": SUBSCRIBE, "variables": {"id": "mine"}}
                    async with session.post(f"{server.url}/metadata", json=body, headers=headers) as answer:
                        problem = (await answer.json())["errors"][0]["extensions"]
                    assert problem["code"] == "FORBIDDEN"
                    assert code is None or problem["subCode"] == code
                for signature in (
                    {"objectNameSingular": "nothing"},
                    {"objectNameSingular": "company", "variables": BAD},
                ):
                    given = {"eventStreamId": "mine", "queryId": "q", "operationSignature": signature}
                    problem = (await client.ask(ADD, input=given))["errors"][0]["extensions"]
                    assert problem["code"] == "BAD_USER_INPUT"

        asyncio.run(play())


BAD = {"filter": {"nothing": {"eq": 1}}}


@pytest.mark.parametrize("condition", ["deleted", "destroyed"])
def test_a_record_that_goes_is_told_of_to_who_saw_it(database_url: str, condition: str) -> None:
    with running_server(database_url) as server:

        async def play() -> None:
            async with aiohttp.ClientSession() as session:
                client = Client(session, server.url)
                await client.sign_in()
                values = client.listen("mine")
                await anext(values)
                named = {"filter": {"name": {"like": "Sea%"}, "address": {"addressCity": {"eq": "Cluj"}}}}
                await client.watch("mine", "q", "company", variables=named)
                seen = await client.make("Company", name="Seaside", address={"addressCity": "Cluj"})
                other = await client.make("Company", name="Seaside", address={"addressCity": "Iași"})
                verb = {"deleted": "delete", "destroyed": "destroy"}[condition]
                for identifier in (other, seen):
                    document = f"mutation ($id: UUID!) {{ {verb}Company(id: $id) {{ id }} }}"
                    assert "errors" not in await client.ask(document, "/graphql", id=identifier)
                entries = await collect(values, 2)
                assert [each["objectRecordEvent"]["action"] for each in entries] == ["created", condition]
                assert {each["objectRecordEvent"]["recordId"] for each in entries} == {seen}

        asyncio.run(play())
