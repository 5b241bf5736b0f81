"""GraphQL over HTTP: what a request brings, and the order of its checks (`graphql-core.md` section 1)."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from icosa.errors import Forbidden, IcosaError, RateLimited, Unauthenticated
from icosa.graphql.documents import Invalid
from icosa.graphql.errors import error_entry
from icosa.graphql.execution import LONGEST_KEPT, MOST_PREPARED, Asked, GraphqlApi, Text, UnknownOperation
from icosa.records.access import Access
from icosa.records.kept import Kept
from icosa.transport.graphql import (
    Refused,
    errors_response,
    one_request,
    plain_entry,
    plain_error,
    read_body,
    read_object,
    read_operation_name,
    read_query,
)
from icosa.transport.messages import Request, Response

RESPONSE_TYPE = b"application/graphql-response+json"
MOST_PERSISTED = 1000
PERSISTED = "persistedQuery"
ALLOW = [(b"allow", b"GET, POST")]

Authorize = Callable[[Request], Awaitable[Access]]


class GraphqlHandler:
    """Answers `/graphql`.

    Args:
        api: the operations.
        authorize: returns the caller's access, or raises Unauthenticated.
        strict: whether unknown fields and wrong variable types are errors for everybody.
    """

    def __init__(self, api: GraphqlApi, authorize: Authorize, *, strict: bool) -> None:
        self._api = api
        self._authorize = authorize
        self._strict = strict
        self._persisted: Kept[str, str] = Kept(MOST_PERSISTED)
        self._known: Kept[Text, bool] = Kept(MOST_PREPARED)

    async def __call__(self, request: Request) -> Response:
        """Return the answer."""
        try:
            if request.method not in {"GET", "HEAD", "POST"}:
                return plain_error(405, "Method Not Allowed", f"Cannot {request.method} {request.path}", ALLOW)
            text = self._text(request)
            # What could be read once is not read again before it is known to be needed.
            is_known = text is not None and self._known.get(text) is not None
            content = None if is_known or request.method != "POST" else read_body(request)
            access = await self._authorize(request)
            if request.method != "POST":
                content = dict(parse_qsl(request.query.decode("latin-1"), keep_blank_values=True))
            return await self._answer(access, request, content, text)
        except Refused as refused:
            return refused.response
        except Unauthenticated as problem:
            return errors_response([error_entry(problem, request.id)], 401)
        except RateLimited as problem:
            return errors_response([error_entry(problem, request.id)])

    def _text(self, request: Request) -> Text | None:
        """Return what a POST says, None when it is too long to be kept."""
        if request.method != "POST" or len(request.body) > LONGEST_KEPT:
            return None
        return Text(request.headers.get(b"content-type", b""), self._is_strict(request), request.body)

    def _is_strict(self, request: Request) -> bool:
        return self._strict or (request.header(b"x-graphql-strict") or "").lower() == "true"

    async def _answer(self, access: Access, request: Request, content: Any, text: Text | None) -> Response:
        reading = request.method != "POST"
        try:
            asked = None if content is None else self._asked(request, content, text)
            body = None if text is None else await self._api.answer_again(access, text, request.id, request.charge)
            if body is None:
                asked = asked or self._asked(request, read_body(request), text)
                body = await self._api.answer(access, asked, reading=reading)
                self._note(access, text)
        except Invalid as invalid:
            return _typed(request, errors_response(self._explained(invalid, access, request), 200), 400)
        except UnknownOperation as problem:
            return errors_response([plain_entry(str(problem))], 400)
        except Forbidden as problem:
            return plain_error(405, "Method Not Allowed", problem.message, ALLOW)
        except IcosaError as problem:
            return _typed(request, errors_response([error_entry(problem, request.id)]), 200)
        return _typed(request, Response(200, body), 200)

    def _note(self, access: Access, text: Text | None) -> None:
        """Note that a text needs no reading, unless it brings a query that is to be found by its hash from then on."""
        if text is not None and PERSISTED.encode() not in text.body and self._api.has_prepared(access, text):
            self._known.put(text, True)

    def _asked(self, request: Request, content: Any, text: Text | None) -> Asked:
        content = one_request(content)
        query = self._query(content)
        variables, name = read_object(content, "variables"), read_operation_name(content)
        return Asked(query, variables, name, self._is_strict(request), text, request.id, request.charge)

    def _query(self, content: dict[str, Any]) -> str:
        """Return the document, or the one that is kept under its hash (automatic persisted queries)."""
        query = content.get("query")
        persisted = read_object(content, "extensions").get(PERSISTED)
        if isinstance(persisted, dict):
            digest = str(persisted.get("sha256Hash")).lower()
            if query is None:
                query = self._persisted.get(digest)
                if query is None:
                    entry = plain_entry("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")
                    raise Refused(errors_response([entry]))
            elif isinstance(query, str):
                if hashlib.sha256(query.encode()).hexdigest() != digest:
                    raise Refused(errors_response([plain_entry("The hash is not that of the query")], 400))
                if len(query) <= LONGEST_KEPT:
                    self._persisted.put(digest, query)
        return read_query(query)

    @staticmethod
    def _explained(invalid: Invalid, access: Access, request: Request) -> list[dict[str, Any]]:
        """Return a document's errors; a client that knows another version of the model is told so instead."""
        known = request.header(b"x-schema-version")
        if known is not None and known != str(access.full.version):
            message = f"Schema version mismatch: the client has {known}, the workspace {access.full.version}"
            return [plain_entry(message, "GRAPHQL_VALIDATION_FAILED")]
        return invalid.errors


def _typed(request: Request, response: Response, status: int) -> Response:
    """Answer in the type of GraphQL over HTTP where a client asks for it; document errors then have a status of their own."""
    if RESPONSE_TYPE in request.headers.get(b"accept", b""):
        response.content_type = RESPONSE_TYPE + b"; charset=utf-8"
        response.status = status
    return response
