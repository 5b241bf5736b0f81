"""A workspace and the whole application over it, in this process, asked over ASGI."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

import orjson

from icosa.access.api_keys import ApiKeys
from icosa.access.roles import find_role
from icosa.access.tokens import Tokens
from icosa.access.workspaces import Person
from icosa.app.application import Application
from icosa.app.foundation import Foundation
from icosa.founding.workspaces import found_workspace
from icosa.mail.mailers import Mailer
from icosa.settings import Settings
from icosa.store.database import Database
from support.serving import EMAIL, PASSWORD, SECRET

# Tests count statements; the request log would write some of its own in between.
QUIET: dict[str, Any] = {"request_log_size": 0}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.content)


class House:
    """The application, driven by a loop of its own so that property tests can ask it as often as they like."""

    def __init__(self, runner: asyncio.Runner, application: Application, workspace_id: UUID) -> None:
        self._runner = runner
        self.application = application
        self.workspace_id = workspace_id
        self.key = ""

    @property
    def base(self) -> Foundation:
        assert self.application.base is not None
        return self.application.base

    @property
    def database(self) -> Database:
        return self.base.database

    def run(self, coroutine: Any) -> Any:
        return self._runner.run(coroutine)

    def quiet(self) -> None:
        """Let nothing go on beside what the test asks for: events are neither published nor delivered."""
        self.run(self.base.news.stop())

    def make_key(self, role: str = "Admin", name: str | None = None) -> str:
        async def make() -> str:
            keys = ApiKeys(self.database, Tokens(SECRET))
            found = await find_role(self.database, self.workspace_id, role)
            expires = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
            row = await keys.create(self.workspace_id, name or f"Tests {role}", found, expires)
            return await keys.token(self.workspace_id, row["id"])

        return str(self.run(make()))

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        parameters: Any = None,
        key: str | None = None,
        headers: dict[str, str] | None = None,
        raw: bytes | None = None,
    ) -> Answer:
        return self.run(  # type: ignore[no-any-return]
            self.asking(method, path, body, parameters=parameters, key=key, headers=headers, raw=raw)
        )

    def operate(self, document: str, *, bearer: str | None = None, **variables: Any) -> Any:
        """Send a document to `/metadata` and return its answer; without a bearer the header is empty."""
        headers = {} if bearer else {"authorization": ""}
        body = {"query": document, "variables": variables}
        return self.ask("POST", "/metadata", body, key=bearer, headers=headers).json

    def together(self, *requests: tuple[str, str, Any]) -> list[Answer]:
        """Send requests at the same time, each (method, path, body), and return their answers in that order."""

        async def all_of_them() -> list[Answer]:
            return list(await asyncio.gather(*(self.asking(*each) for each in requests)))

        return self.run(all_of_them())  # type: ignore[no-any-return]

    async def asking(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        parameters: Any = None,
        key: str | None = None,
        headers: dict[str, str] | None = None,
        raw: bytes | None = None,
    ) -> Answer:
        path, _, query = path.partition("?")
        if parameters:
            query = urlencode(parameters, doseq=True, quote_via=quote)
        content = raw if raw is not None else b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        told = {"authorization": f"Bearer {key or self.key}", "content-length": str(len(content))}
        if content:
            told["content-type"] = "application/json"
        told |= headers or {}
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in told.items()],
            "client": ("127.0.0.1", 1),
        }
        return await self._exchange(scope, content)

    async def _exchange(self, scope: dict[str, Any], content: bytes) -> Answer:
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.application(scope, receive, send)
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], headers, sent[1]["body"])

    def make(self, plural: str, bodies: list[Any]) -> list[Any]:
        """Make records and return them as the API tells them."""
        answer = self.ask("POST", f"/rest/batch/{plural}", bodies)
        assert answer.status == 201, answer.content
        return next(iter(answer.json["data"].values()))  # type: ignore[no-any-return]


@contextmanager
def empty_house(database_url: str, **settings: Any) -> Iterator[House]:
    """Open the application over a database without a workspace."""
    with asyncio.Runner() as runner:
        application = Application(Settings(database_url=database_url, pool_size=4, **(QUIET | settings)), SECRET)
        runner.run(application.start())
        yield House(runner, application, UUID(int=0))
        runner.run(application.stop())


@contextmanager
def open_house(
    database_url: str,
    *,
    mailer: Mailer | None = None,
    clock: Callable[[], float] = time.time,
    **settings: Any,
) -> Iterator[House]:
    with asyncio.Runner() as runner:
        given = Settings(database_url=database_url, pool_size=4, **(QUIET | settings))
        application = Application(given, SECRET, mailer=mailer, clock=clock)
        runner.run(application.start())
        assert application.database is not None
        person = Person(EMAIL, PASSWORD, "Ada", "Marlowe")
        founded = runner.run(found_workspace(application.database, "Tests", person, legacy_fields=True, several=False))
        house = House(runner, application, founded.workspace_id)
        house.key = house.make_key()
        yield house
        runner.run(application.stop())


@contextmanager
def existing_house(database_url: str, key: str, **settings: Any) -> Iterator[House]:
    """Open the application over a workspace that is there already.

    It runs only while it is asked something, so it must not stop in the middle of a publication, whose locks others wait for.
    """
    with asyncio.Runner() as runner:
        application = Application(Settings(database_url=database_url, pool_size=4, **(QUIET | settings)), SECRET)
        runner.run(application.start())
        assert application.database is not None
        house = House(
            runner, application, runner.run(application.database.fetch_value("SELECT id FROM core.workspace"))
        )
        house.key = key
        house.quiet()
        yield house
        runner.run(application.stop())
