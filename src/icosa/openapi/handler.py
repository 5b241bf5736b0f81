"""The routes of the OpenAPI documents (`openapi.md` section 1)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from icosa.access.caller import Caller
from icosa.access.feature_flags import DIRECT_FORMAT
from icosa.errors import IcosaError, Unauthenticated
from icosa.openapi.documents import Documents, etag
from icosa.openapi.frame import Kind
from icosa.openapi.metadata import CREDENTIALS, DATA_MODEL, VIEW_RIGHT, Rights
from icosa.records.access import Access
from icosa.settings import Settings
from icosa.transport.errors import error_response
from icosa.transport.messages import Request, Response
from icosa.transport.parameters import Parameters

HOST = re.compile(r"[\w.:\[\]-]{1,255}", re.ASCII)
ROUTES = {f"{start}/open-api/{kind.value}": (kind, start == "/rest") for kind in Kind for start in ("", "/rest")}
AS_YAML = ".yaml"
YAML = b"application/yaml"
IGNORED = b"x-ignored-parameters"
CACHING = [(b"cache-control", b"private, no-cache"), (b"vary", b"Authorization")]
Known = Callable[[Request], Awaitable[tuple[Caller, Access]]]


class OpenApiHandler:
    """Answers `/open-api/…` and `/rest/open-api/…`.

    Args:
        known: returns the caller and its access, or raises Unauthenticated.
        settings: the operator's, for the server's address.
    """

    def __init__(self, known: Known, settings: Settings) -> None:
        self._known = known
        self._settings = settings
        self._documents = Documents()

    @staticmethod
    def answers(request: Request) -> bool:
        """Return whether a request is for one of the documents."""
        return request.method in {"GET", "HEAD"} and _route(request) in ROUTES

    async def __call__(self, request: Request) -> Response:
        """Return the document that the caller may see."""
        kind, guarded = ROUTES[_route(request)]
        server = self._server(request)
        try:
            caller, access = await self._known(request)
            content = await self._document(kind, caller, access, server)
        except IcosaError as problem:
            if guarded or not (isinstance(problem, Unauthenticated) and problem.code == "TOKEN_MISSING"):
                return error_response(problem)
            content = self._documents.base(kind, server)
        if _wants_yaml(request):
            response = _conditional(request, await self._documents.as_yaml(content))
            response.content_type = YAML
        else:
            response = _conditional(request, content)
        ignored = Parameters(request.query, frozenset()).ignored()
        if ignored is not None:
            response.headers.append((IGNORED, ignored))
        return response

    async def _document(self, kind: Kind, caller: Caller, access: Access, server: str) -> bytes:
        if kind is Kind.CORE:
            return await self._documents.core(access.view, by_person=caller.is_person, server=server)
        has = caller.permissions.has_flag
        # A person without the right still has unlisted views of their own.
        rights = Rights(has(DATA_MODEL), has(CREDENTIALS), has(VIEW_RIGHT) or caller.is_person)
        return self._documents.metadata(rights, server, direct=DIRECT_FORMAT in access.full.flags)

    def _server(self, request: Request) -> str:
        """Return the address that clients use: the operator's setting, else what this one has called."""
        if self._settings.server_url is not None:
            return self._settings.server_url.rstrip("/")
        host = request.header(b"host") or ""
        if not HOST.fullmatch(host):
            host = f"localhost:{self._settings.port}"
        scheme = request.header(b"x-forwarded-proto") if self._settings.trust_proxy else None
        return f"{scheme if scheme in {'http', 'https'} else 'http'}://{host}"


def _wants_yaml(request: Request) -> bool:
    return request.path.rstrip("/").endswith(AS_YAML)


def _route(request: Request) -> str:
    return request.path.rstrip("/").removesuffix(AS_YAML)


def _conditional(request: Request, content: bytes) -> Response:
    """Return a document with its entity tag, or 304 to a client that has it (RFC 9110, section 13.1.2)."""
    tag = etag(content)
    headers = [(b"etag", tag), *CACHING]
    asked = request.headers.get(b"if-none-match", b"")
    if asked.strip() == b"*" or tag in [each.strip().removeprefix(b"W/") for each in asked.split(b",")]:
        return Response(304, b"", headers)
    return Response(200, content, headers)
