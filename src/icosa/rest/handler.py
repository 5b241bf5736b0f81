"""The order of a REST request's checks (`auth.md` section 5): unreadable body, token, route, then the operation itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from icosa.errors import IcosaError
from icosa.records.access import Access
from icosa.rest.api import RestApi, etag
from icosa.rest.routes import find_route
from icosa.transport.bodies import Malformed, read_json
from icosa.transport.errors import error_response, plain_error
from icosa.transport.messages import Request, Response

WITH_BODY = frozenset({"POST", "PATCH", "PUT"})
KNOWN = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"})

Authorize = Callable[[Request], Awaitable[Access]]


class RestHandler:
    """Answers every path below `/rest/` that no other room has taken.

    Args:
        api: the operations.
        authorize: returns the caller's access, or raises Unauthenticated.
    """

    def __init__(self, api: RestApi, authorize: Authorize) -> None:
        self._api = api
        self._authorize = authorize

    async def __call__(self, request: Request) -> Response:
        """Return the answer, refusals in REST's envelope."""
        try:
            body = read_json(request) if request.method in WITH_BODY else None
        except Malformed as problem:
            return plain_error(400, "Bad Request", str(problem))
        try:
            access = await self._authorize(request)
            return await self._answer(access, request, body)
        except IcosaError as problem:
            return error_response(problem)

    async def _answer(self, access: Access, request: Request, body: object) -> Response:
        segments = [segment for segment in request.path.split("/") if segment][1:]
        if not segments or request.method not in KNOWN:
            return plain_error(404, "Not Found", f"Cannot {request.method} {request.path}")
        reading = request.method in {"GET", "HEAD"}
        route = find_route("GET" if reading else request.method, segments)
        response = await self._api.answer(access, route, request, body)
        return _conditional(request, response) if reading else response


def _conditional(request: Request, response: Response) -> Response:
    """Add the entity tag of a read, and answer 304 to a client that has it (RFC 9110, section 13.1.2)."""
    tag = etag(response.body)
    response.headers.append((b"etag", tag))
    known = request.headers.get(b"if-none-match")
    if known is not None and (known.strip() == b"*" or tag in [each.strip() for each in known.split(b",")]):
        return Response(304, b"", response.headers)
    return response
