"""What is remembered of a request: never a token, never a body that was good (`web-app.md` part 3, "Request log")."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, unquote_plus

import orjson

from icosa.access.caller import Caller

GRAPHQL_PATHS = frozenset({"/graphql", "/metadata"})
LONGEST_TEXT = 4000
LONGEST_NAME = 200
SECRET_NAME = re.compile(r"token|key|secret|passw|auth|signature|credential|code|jwt", re.IGNORECASE)
DOCUMENT_NAMES = frozenset({"query", "variables", "extensions"})
JWT = re.compile(r"eyJ[\w-]+\.[\w-]*(?:\.[\w-]*)?", re.ASCII)
HIDDEN = "…"
NAMED_OPERATION = re.compile(r"\b(?:query|mutation|subscription)\s+([A-Za-z_]\w*)", re.ASCII)
FIRST_FIELD = re.compile(r"\{\s*(?:[A-Za-z_]\w*\s*:\s*)?([A-Za-z_]\w*)", re.ASCII)


@dataclass(slots=True)
class Sighting:
    """A request as it went by; what takes time to find out is found out later.

    Attributes:
        at: when it came (seconds since the epoch).
        path: without the server's base path.
        query: the raw query string.
        document: the body of a GraphQL request, empty for any other and for one that is too long.
        status: of HTTP.
        answer: the body of a refusal; empty for a good answer.
        seconds: how long the answer took.
        caller: None where nobody was known.
    """

    at: float
    method: str
    path: str
    query: bytes
    document: bytes
    status: int
    answer: bytes
    seconds: float
    caller: Caller | None
    client: str | None
    request_id: str

    def row(self) -> dict[str, Any]:
        """Return the request as the table keeps it."""
        path = self.path.rstrip("/") or "/"
        caller = self.caller
        code, error = refusal(self.answer, is_graphql=path in GRAPHQL_PATHS)
        return {
            "workspace_id": None if caller is None else str(caller.workspace_id),
            "requested_at": dt.datetime.fromtimestamp(self.at, dt.UTC).isoformat(),
            "method": self.method,
            "path": without_tokens(path)[:LONGEST_TEXT],
            "query": kept_query(self.query, is_graphql=path in GRAPHQL_PATHS),
            "operation": operation_name(self.document) if path in GRAPHQL_PATHS else None,
            "status": self.status,
            "code": code,
            "duration_ms": round(self.seconds * 1000, 3),
            "api_key_id": None if caller is None or caller.api_key_id is None else str(caller.api_key_id),
            "user_id": None if caller is None or caller.user_id is None else str(caller.user_id),
            "caller_name": None if caller is None else caller.name,
            "client_address": self.client,
            "request_id": self.request_id,
            "error": error,
        }


def without_tokens(text: str) -> str:
    """Return a text in which nothing that looks like a token is left, nor what PostgreSQL cannot keep."""
    return JWT.sub(HIDDEN, text).replace("\x00", "").encode("utf-8", "replace").decode()


def kept_query(query: bytes, *, is_graphql: bool) -> str | None:
    """Return a query string without the values of names that may hold secrets; None when there is none.

    Args:
        query: as it came.
        is_graphql: whether `query` and `variables` are a document, which is a body by another way.
    """
    if not query:
        return None
    parts = []
    for part in query.decode("latin-1").split("&"):
        name, separator, value = part.partition("=")
        plain = unquote_plus(name)
        if SECRET_NAME.search(plain) or (is_graphql and plain in DOCUMENT_NAMES):
            value = quote(HIDDEN) if separator else ""
        parts.append(f"{name}{separator}{value}")
    return without_tokens("&".join(parts))[:LONGEST_TEXT]


def operation_name(document: bytes) -> str | None:
    """Return a GraphQL request's operation: its name, else its first root field; None when it has none."""
    try:
        content = orjson.loads(document)
    except orjson.JSONDecodeError:
        content = dict(parse_qsl(document.decode("utf-8", "replace")))
    if not isinstance(content, dict):
        return None
    name, query = content.get("operationName"), content.get("query")
    if isinstance(name, str) and name:
        return without_tokens(name)[:LONGEST_NAME]
    found = (NAMED_OPERATION.search(query) or FIRST_FIELD.search(query)) if isinstance(query, str) else None
    return None if found is None else found[1][:LONGEST_NAME]


def refusal(answer: bytes, *, is_graphql: bool) -> tuple[str | None, str | None]:
    """Return the code and the text of a refusal; of a GraphQL answer its errors alone, since data is nobody's business."""
    if not answer:
        return None, None
    try:
        body = orjson.loads(answer)
    except orjson.JSONDecodeError:
        return None, without_tokens(answer.decode("utf-8", "replace"))[:LONGEST_TEXT]
    if not isinstance(body, dict):
        return None, None
    errors = body.get("errors")
    if is_graphql and isinstance(errors, list):
        extensions = errors[0].get("extensions", {}) if errors and isinstance(errors[0], dict) else {}
        code = extensions.get("subCode") or extensions.get("code")
        return code and str(code), _text({"errors": errors})
    if is_graphql and "data" in body:
        return None, None
    code = body.get("code") or body.get("error")
    return code and str(code), _text(body)


def _text(body: Any) -> str:
    return without_tokens(orjson.dumps(body).decode())[:LONGEST_TEXT]
