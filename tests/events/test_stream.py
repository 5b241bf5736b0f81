"""Server-sent events over a real connection: live, resumed, and cut off with the key."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson

from support.serving import icosa, running_server


@asynccontextmanager
async def stream(url: str, key: str, **headers: str) -> AsyncIterator[aiohttp.ClientResponse]:
    async with aiohttp.ClientSession() as session:
        given = {"Authorization": f"Bearer {key}", **headers}
        async with session.get(f"{url}/rest/changes/stream?objects=companies", headers=given) as answer:
            assert answer.status == 200
            assert answer.content_type == "text/event-stream"
            yield answer


async def events(answer: aiohttp.ClientResponse, count: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    kept: dict[str, str] = {}
    async with asyncio.timeout(30):
        async for line in answer.content:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name:
                kept[name] = value
            elif "data" in kept:
                found.append({**kept, "data": orjson.loads(kept["data"])})
                kept = {}
                if len(found) == count:
                    return found
    raise AssertionError(found)


async def make(url: str, key: str, *names: str) -> None:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {key}"}) as session:
        for name in names:
            async with session.post(f"{url}/rest/companies", json={"name": name}) as answer:
                assert answer.status == 201


def test_a_stream_is_live_resumes_and_ends_with_its_key(database_url: str) -> None:
    with running_server(database_url) as server:
        other = icosa(server.environment, "api-key", "create", "--name", "Other", "--role", "Admin")
        identifier = orjson.loads(base64.urlsafe_b64decode(other.split(".")[1] + "=="))["jti"]

        async def play() -> None:
            async with stream(server.url, server.key) as answer:
                await make(server.url, server.key, "One", "Two\n\nwith lines", "Three")
                told = await events(answer, 3)
            assert [each["event"] for each in told] == ["company.created"] * 3
            assert [each["data"]["record"]["name"] for each in told] == ["One", "Two\n\nwith lines", "Three"]
            assert [each["data"]["sequence"] for each in told] == [int(each["id"]) for each in told]
            async with stream(server.url, server.key, **{"Last-Event-ID": told[0]["id"]}) as answer:
                again = await events(answer, 2)
            assert [each["id"] for each in again] == [each["id"] for each in told[1:]]
            async with stream(server.url, other) as answer:
                await asyncio.to_thread(icosa, server.environment, "api-key", "revoke", identifier)
                await make(server.url, server.key, "Four")
                async with asyncio.timeout(30):
                    rest = await answer.content.read()
            assert b"Four" not in rest

        asyncio.run(play())
