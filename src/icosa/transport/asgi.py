"""The ASGI application around a handler: reads the body, adds what every answer carries, and never shows a traceback."""

from __future__ import annotations

import asyncio
import ipaddress
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

import orjson
import structlog

from icosa.store.database import SPENT
from icosa.transport.cors import Cors
from icosa.transport.messages import Request, Response
from icosa.transport.time_limit import TimeLimit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Handler = Callable[[Request], Awaitable[Response]]

log = structlog.get_logger("icosa.http")

TIMING_ASKED = b"x-server-timing"
MOST_DISCARDED = 4
TIME_LIMIT_SECONDS = 30.0
NO_SNIFFING = (b"x-content-type-options", b"nosniff")
TOO_LARGE = orjson.dumps(
    {"statusCode": 413, "error": "PayloadTooLargeException", "messages": ["The body is over the limit of this server"]}
)
TOO_SLOW = orjson.dumps(
    {"statusCode": 503, "error": "TimeoutException", "messages": ["The request took too long"], "code": "TIMEOUT"}
)
FAILED = orjson.dumps(
    {"statusCode": 500, "error": "InternalServerErrorException", "messages": ["Something went wrong on the server"]}
)


class TooLong(Exception):
    """The body is over the limit."""


class HttpApp:
    """Serves HTTP requests with a handler.

    Args:
        handler: answers a request whose body is read; a refusal is its own business.
        cors: adds the headers of cross-origin requests.
        body_limit: bytes that a body may have.
        base_path: what stands before every path (`SERVER_URL`).
        proxies: how many proxies stand before the server and tell the caller's address (`TRUST_PROXY`).
        time_limit: ends requests that take too long.
    """

    def __init__(
        self,
        handler: Handler,
        cors: Cors,
        body_limit: int,
        base_path: str = "",
        *,
        proxies: int = 0,
        time_limit: TimeLimit | None = None,
    ) -> None:
        self._handler = handler
        self._cors = cors
        self._body_limit = body_limit
        self._base_path = base_path.rstrip("/")
        self._proxies = proxies
        self._time_limit = time_limit or TimeLimit(TIME_LIMIT_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; see the ASGI specification, "HTTP Connection Scope"."""
        started = time.perf_counter()
        headers = dict(scope["headers"])
        spent: list[float] = []
        if TIMING_ASKED in headers:
            SPENT.set(spent)
        # It keeps requests apart and guards nothing: no need to ask the kernel for randomness.
        request_id = f"{random.getrandbits(64):016x}"
        task = self._time_limit.begin(started)
        try:
            response = await self._answer(scope, headers, receive, request_id)
        except TooLong:
            response = Response(413, TOO_LARGE, [(b"connection", b"close")])
        except asyncio.CancelledError:
            if not self._time_limit.is_overdue(task):
                raise
            log.warning("request took too long", request_id=request_id, method=scope["method"], path=scope["path"])
            response = Response(503, TOO_SLOW, [(b"connection", b"close")])
        except Exception:
            log.exception("request failed", request_id=request_id, method=scope["method"], path=scope["path"])
            response = Response(500, FAILED)
        finally:
            self._time_limit.end(task)
        sent = [
            (b"x-request-id", request_id.encode("ascii")),
            NO_SNIFFING,
            *self._cors.headers(headers),
            *response.headers,
        ]
        if response.content_type:
            sent.append((b"content-type", response.content_type))
        if TIMING_ASKED in headers:
            sent.append((b"server-timing", _timing(sum(spent), time.perf_counter() - started)))
        if response.status != 204 and response.stream is None:
            sent.append((b"content-length", str(len(response.body)).encode("ascii")))
        await send({"type": "http.response.start", "status": response.status, "headers": sent})
        body = b"" if scope["method"] == "HEAD" else response.body
        if response.stream is None or scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": body})
        else:
            await _stream(response.stream, body, receive, send)

    async def _answer(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive, request_id: str) -> Response:
        path: str = scope["path"]
        if self._base_path and f"{path}/".startswith(f"{self._base_path}/"):
            path = path[len(self._base_path) :]
        request = Request(
            scope["method"],
            path,
            scope["query_string"],
            headers,
            await self._body(headers, receive),
            request_id,
            self._client(scope, headers),
            allow=self._time_limit.allow,
        )
        if request.method == "OPTIONS":
            return self._cors.preflight(request)
        response = await self._handler(request)
        if request.answer_headers:
            response.headers.extend(request.answer_headers)
        return response

    def _client(self, scope: Scope, headers: dict[bytes, bytes]) -> str | None:
        """Return the caller's address: the connection's, or what the outermost proxy of ours has noted down.

        Each proxy appends whom it was called by, so that only as many entries from the end can be believed.
        """
        peer = scope.get("client")
        told = headers.get(b"x-forwarded-for") if self._proxies else None
        if told is not None:
            entries = told.decode("latin-1").split(",")
            entry = entries[max(0, len(entries) - self._proxies)].strip()
            try:
                return str(ipaddress.ip_address(entry))
            except ValueError:
                pass
        return peer[0] if peer else None

    async def _body(self, headers: dict[bytes, bytes], receive: Receive) -> bytes:
        if b"content-length" not in headers and b"transfer-encoding" not in headers:
            return b""
        announced = int(headers.get(b"content-length", b"0"))
        if announced > self._body_limit:
            await self._discard(receive, announced)
            raise TooLong
        body = b""
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise asyncio.CancelledError
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._body_limit:
                raise TooLong
        return body

    async def _discard(self, receive: Receive, announced: int) -> None:
        """Read a body that nobody keeps, so that its sender comes to read the answer; one far too long is cut off."""
        if announced > self._body_limit * MOST_DISCARDED:
            return
        more = True
        while more:
            message = await receive()
            more = message["type"] != "http.disconnect" and message.get("more_body", False)


async def _stream(pieces: AsyncIterator[bytes], first: bytes, receive: Receive, send: Send) -> None:
    """Send a body piece by piece until it ends or the client has left."""

    async def pass_on() -> None:
        await send({"type": "http.response.body", "body": first, "more_body": True})
        async for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})

    async def leave() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    sending, leaving = asyncio.create_task(pass_on()), asyncio.create_task(leave())
    try:
        await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if sending.done() and not leaving.done():
            sending.result()
            await send({"type": "http.response.body", "body": b""})
    finally:
        for task in (sending, leaving):
            task.cancel()
        await asyncio.gather(sending, leaving, return_exceptions=True)


def _timing(database: float, total: float) -> bytes:
    """Return a `Server-Timing` value in milliseconds: planning and writing, the database, and both together."""
    marks = {"plan": total - database, "db": database, "total": total}
    return ", ".join(f"{name};dur={seconds * 1000:.3f}" for name, seconds in marks.items()).encode("ascii")
