"""`GET /rest/changes` and `GET /rest/changes/stream`: what changed since a position, as pages or as server-sent events.

A workspace may have an object whose plural is `changes`: then its records are at `/rest/changes`, as ever, and the feed's
pages at `/rest/changes/feed` alone, where they are always.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from icosa.catalog.model import Object
from icosa.errors import BadInput, IcosaError, Unauthenticated
from icosa.events.feed import Feed, Page, chosen_objects
from icosa.records.access import Access
from icosa.transport.errors import error_response
from icosa.transport.messages import Request, Response
from icosa.transport.parameters import Parameters

PATH = "/rest/changes"
FEED_PATH = "/rest/changes/feed"
STREAM_PATH = "/rest/changes/stream"
PAGE_PARAMETERS = frozenset({"after", "objects", "limit", "wait"})
STREAM_PARAMETERS = frozenset({"after", "objects"})
DEFAULT_LIMIT = 100
MOST_SECONDS = 60
MOST_DIGITS = 18
KEEP_ALIVE_SECONDS = 15.0
STREAM_PAGE = 100
OBJECT = "changes"
LISTED = "c.text"
SENT = "'id: ' || c.position || E'\\nevent: ' || c.name || E'\\ndata: ' || c.text || E'\\n\\n'"
EVENT_STREAM = b"text/event-stream; charset=utf-8"
STREAM_HEADERS = ((b"cache-control", b"no-cache, no-transform"), (b"x-accel-buffering", b"no"))

Authorize = Callable[[Request], Awaitable[Access]]
Handler = Callable[[Request], Awaitable[Response]]


class ChangesHandler:
    """Answers the feed's paths.

    Args:
        feed: what is read.
        authorize: returns the caller's access, or raises Unauthenticated.
        check: the same for a request that was let in already, and is no further request.
        otherwise: answers what turns out to be about an object's records.
        closing: set when the process is about to stop, so that nobody is kept waiting.
    """

    def __init__(
        self, feed: Feed, authorize: Authorize, check: Authorize, otherwise: Handler, closing: asyncio.Event
    ) -> None:
        self._feed = feed
        self._authorize = authorize
        self._check = check
        self._otherwise = otherwise
        self._closing = closing

    async def __call__(self, request: Request) -> Response:
        """Return the answer, refusals in REST's envelope."""
        path = request.path.rstrip("/")
        if path not in {PATH, FEED_PATH, STREAM_PATH} or request.method not in {"GET", "HEAD"}:
            return await self._otherwise(request)
        streaming = path == STREAM_PATH
        parameters = Parameters(request.query, STREAM_PARAMETERS if streaming else PAGE_PARAMETERS)
        try:
            access = await self._authorize(request)
            if path == PATH and OBJECT in access.full.by_plural:
                return await self._otherwise(request)
            if streaming:
                response = await self._stream(request, access, parameters)
            else:
                response = await self._page(request, access, parameters)
        except IcosaError as problem:
            response = error_response(problem)
        ignored = parameters.ignored()
        if ignored is not None:
            response.headers.append((b"x-ignored-parameters", ignored))
        return response

    async def _page(self, request: Request, access: Access, parameters: Parameters) -> Response:
        owners = chosen_objects(access.view, _names(parameters))
        after = read_position(parameters.one("after") or "0", "after")
        limit = parameters.limit(DEFAULT_LIMIT)
        wait = _seconds(parameters.one("wait"))
        if request.allow is not None:
            request.allow(wait)
        workspace_id = access.full.workspace_id
        mark = self._feed.arrivals.mark(workspace_id)
        page = await self._feed.page(access, owners, after, limit, LISTED, ",")
        if wait and limit and not page.text and page.last == page.top:
            page = await self._wait(access, owners, page, limit, mark, wait)
        more = "true" if page.last < page.top else "false"
        body = f'{{"data":{{"changes":[{page.text}]}},"pageInfo":{{"endSequence":{page.last},"hasNextPage":{more}}}}}'
        return Response(200, body.encode())

    async def _wait(
        self, access: Access, owners: Sequence[Object], page: Page, limit: int, mark: int, seconds: float
    ) -> Page:
        """Return the first page with a change, or an empty one when the time is over."""
        ends = asyncio.get_running_loop().time() + seconds
        while not page.text:
            rest = ends - asyncio.get_running_loop().time()
            if rest <= 0 or not await self._arrived(access, mark, rest):
                break
            mark = self._feed.arrivals.mark(access.full.workspace_id)
            page = await self._feed.page(access, owners, page.last, limit, LISTED, ",")
        return page

    async def _arrived(self, access: Access, mark: int, seconds: float) -> bool:
        return await self._feed.arrivals.wait_unless(self._closing, access.full.workspace_id, mark, seconds)

    async def _stream(self, request: Request, access: Access, parameters: Parameters) -> Response:
        names = _names(parameters)
        chosen_objects(access.view, names)
        text = request.header(b"last-event-id") or parameters.one("after")
        if text:
            after = read_position(text, "after")
            await self._feed.page(access, [], after, 1, SENT, "")
        else:
            after = await self._feed.top(access.full.workspace_id)
        return Response(200, b": hello\n\n", list(STREAM_HEADERS), EVENT_STREAM, self._events(request, names, after))

    async def _events(self, request: Request, names: Sequence[str], after: int) -> AsyncIterator[bytes]:
        """Yield what happens, each time as the caller's role is by then; end when the token no longer holds."""
        while not self._closing.is_set():
            try:
                access = await self._check(request)
                mark = self._feed.arrivals.mark(access.full.workspace_id)
                page = await self._feed.page(access, chosen_objects(access.view, names), after, STREAM_PAGE, SENT, "")
            except (Unauthenticated, BadInput):
                return
            if page.text:
                yield page.text.encode()
            after = page.last
            if after == page.top and not await self._arrived(access, mark, KEEP_ALIVE_SECONDS):
                yield b": still here\n\n"


def read_position(text: str, name: str) -> int:
    """Return a position of the feed.

    Raises:
        BadInput: it is no whole number.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise BadInput(f"{name}: must be a whole number, as `sequence` told it", "INVALID_CURSOR")
    return int(text)


def _names(parameters: Parameters) -> list[str]:
    return [name.strip() for text in parameters.all("objects") for name in text.split(",") if name.strip()]


def _seconds(text: str | None) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_SECONDS):
        raise BadInput(f"wait: must be a whole number of seconds, at most {MOST_SECONDS}")
    return int(text)
