"""REST `/rest/metadata/…` and its older aliases: routes, rights and the form of answers (`metadata.md` sections 2, 3, 14)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Any

import orjson

from icosa.access.caller import Caller
from icosa.access.feature_flags import DIRECT_FORMAT
from icosa.errors import BadInput, IcosaError, NotFound
from icosa.fields.uuids import is_uuid
from icosa.metadata.context import Context, Services
from icosa.metadata.rest_reply import Route
from icosa.metadata.rest_routes import ROUTES
from icosa.modeling.problems import Invalid
from icosa.records.access import Access
from icosa.transport.bodies import Malformed, read_json
from icosa.transport.errors import error_response, plain_error
from icosa.transport.messages import Request, Response
from icosa.transport.parameters import Parameters

WITH_BODY = frozenset({"POST", "PATCH", "PUT"})
IGNORED = b"x-ignored-parameters"
Known = Callable[[Request], Awaitable[tuple[Caller, Access]]]


class MetadataRestHandler:
    """Answers the routes below `/rest/metadata`, `/rest/apiKeys` and `/rest/webhooks`.

    Args:
        services: what operations work with.
        known: returns the caller and its access, or raises Unauthenticated.
    """

    def __init__(self, services: Services, known: Known) -> None:
        self._services = services
        self._known = known

    async def __call__(self, request: Request) -> Response:
        """Return the answer, refusals in REST's envelope."""
        try:
            body = read_json(request) if request.method in WITH_BODY else None
        except Malformed as problem:
            return plain_error(400, "Bad Request", str(problem))
        try:
            context = Context(self._services, request, await self._known(request))
        except IcosaError as problem:
            return metadata_error(problem)
        return await self._answer(context, request, body)

    async def _answer(self, context: Context, request: Request, body: Any) -> Response:
        segments = [segment for segment in request.path.split("/") if segment][1:]
        if segments[0] == "metadata":
            segments = segments[1:]
        parameters = Parameters(request.query, frozenset())
        try:
            method = "GET" if request.method == "HEAD" else request.method
            route, arguments = find_route(method, segments)
            parameters = Parameters(request.query, route.parameters)
            if route.needs_session:
                context.caller.require_session()
            if route.flag is not None:
                context.caller.require_flag(route.flag)
            if body is None and route.bare:
                body = {}
            if request.method in WITH_BODY and not isinstance(body, dict):
                raise BadInput("The body must be a JSON object, sent as application/json")
            with nullcontext() if method == "GET" else context.changing():
                reply = await route.run(context, parameters, body, *arguments)
            direct = DIRECT_FORMAT in context.full.flags
            response = Response(reply.status, orjson.dumps(reply.content(direct=direct)))
        except IcosaError as problem:
            response = metadata_error(problem)
        ignored = parameters.ignored()
        if ignored is not None:
            response.headers.append((IGNORED, ignored))
        return response


def find_route(method: str, segments: list[str]) -> tuple[Route, list[str]]:
    """Return the route of a path, and its variable parts.

    Raises:
        NotFound: there is no such path.
        BadInput: the path has no such method, an id is none.
    """
    path_known = False
    for route in ROUTES:
        if len(route.path) != len(segments):
            continue
        pairs = list(zip(route.path, segments, strict=True))
        if any(part != given for part, given in pairs if not part.startswith("{")):
            continue
        path_known = True
        if method not in route.methods:
            continue
        for part, given in pairs:
            if part == "{id}" and not is_uuid(given):
                if route.missing is not None:
                    raise NotFound(f"There is nothing with the id '{given[:60]}'", route.missing)
                raise BadInput(f"'{given[:60]}' is not an id: it must be a UUID", "INVALID_ID")
        return route, [given for part, given in pairs if part.startswith("{")]
    path = "/".join(segments)
    if path_known:
        raise BadInput(f"There is no route {method} /rest/metadata/{path}")
    raise NotFound(f"There is no route /rest/metadata/{path}")


def metadata_error(problem: IcosaError) -> Response:
    """Return a refusal; a broken rule of the model brings its report, and every one its text twice (section 13)."""
    response = error_response(problem)
    body: dict[str, Any] = orjson.loads(response.body)
    body["message"] = problem.message
    if isinstance(problem, Invalid):
        body["error"] = "METADATA_VALIDATION_ERROR"
        body["userFriendlyMessage"] = problem.message
    response.body = orjson.dumps(body)
    return response
