"""Notes API requests for the request log, without making any of them wait."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from icosa.access.request_log import RequestLog
from icosa.access.sightings import GRAPHQL_PATHS, Sighting
from icosa.access.tokens import TokenKind
from icosa.transport.asgi import Handler
from icosa.transport.messages import Request, Response

LONGEST_DOCUMENT = 16_384
LONGEST_ANSWER = 65_536
ERRORS = b'{"errors"'
# Every entry of `errors` has them, and they stand at an answer's end.
EXTENSIONS = b'"extensions":'
END = 2048
OWN_FETCH = b"same-origin"
LOG_PATH = "/rest/metadata/requestLog"
FAILED = 500
TIMED_OUT = 503


class Observer:
    """A handler that notes what another one answers.

    The web app's own calls, made with the session of who is signed in, are left out: they would wash away what the log is
    for. Calls from the playground are made with another kind of token and noted.

    Args:
        handler: answers.
        log: remembers.
        clock: seconds since the epoch.
    """

    def __init__(self, handler: Handler, log: RequestLog, clock: Callable[[], float]) -> None:
        self._handler = handler
        self._log = log
        self._clock = clock

    async def __call__(self, request: Request) -> Response:
        """Answer a request; raises what the handler raises."""
        started = time.perf_counter()
        try:
            response = await self._handler(request)
        except asyncio.CancelledError:
            self._note(request, TIMED_OUT, b"", started)
            raise
        except Exception:
            self._note(request, FAILED, b"", started)
            raise
        self._note(request, response.status, response.body, started)
        return response

    def _note(self, request: Request, status: int, body: bytes, started: float) -> None:
        path = request.path
        is_rest = path.startswith("/rest/")
        is_graphql = not is_rest and path.rstrip("/") in GRAPHQL_PATHS
        if not (is_rest or is_graphql) or request.method == "OPTIONS" or path.startswith(LOG_PATH):
            return
        caller = request.caller
        own_fetch = request.headers.get(b"sec-fetch-site") == OWN_FETCH
        if own_fetch and (caller is None or caller.kind is TokenKind.ACCESS):
            return
        is_refusal = status >= 400 or (is_graphql and (body.startswith(ERRORS) or EXTENSIONS in body[-END:]))
        self._log.note(
            Sighting(
                at=self._clock(),
                method=request.method,
                path=path,
                query=request.query,
                document=request.body if is_graphql and len(request.body) <= LONGEST_DOCUMENT else b"",
                status=status,
                answer=body if is_refusal and len(body) <= LONGEST_ANSWER else b"",
                seconds=time.perf_counter() - started,
                caller=caller,
                client=request.client,
                request_id=request.id,
            )
        )
