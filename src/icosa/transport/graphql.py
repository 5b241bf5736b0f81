"""What both GraphQL APIs read and answer over HTTP (`graphql-core.md` section 1)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import orjson

from icosa.transport.bodies import CONTAINERS, TOO_DEEP, is_too_deep
from icosa.transport.messages import Request, Response
from icosa.transport.multipart import MULTIPART_TYPE, BadMultipart, read_multipart

JSON_TYPES = frozenset({"application/json", "application/graphql-response+json"})
FORM_TYPE = "application/x-www-form-urlencoded"
BEARER = (b"www-authenticate", b"Bearer")


class Refused(Exception):
    """A request that is none: its answer is known before anything is looked at."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def errors_response(errors: list[dict[str, Any]], status: int = 200) -> Response:
    """Return an answer without data; nothing ran."""
    return Response(status, orjson.dumps({"errors": errors}), [BEARER] if status == 401 else [])


def plain_entry(message: str, code: str = "BAD_USER_INPUT") -> dict[str, Any]:
    """Return an entry of `errors` that has nothing but its text and code."""
    return {"message": message, "extensions": {"code": code, "userFriendlyMessage": message}}


def plain_error(status: int, error: str, message: str, headers: list[tuple[bytes, bytes]] | None = None) -> Response:
    """Return an answer about HTTP itself, in the form of the framework that clients know."""
    body = {"message": message, "error": error, "statusCode": status}
    return Response(status, orjson.dumps(body), list(headers or ()))


def read_body(request: Request) -> Any:
    """Return the parsed body of a POST.

    Raises:
        Refused: it is no JSON, no request with files, or of another content type.
    """
    kind = (request.header(b"content-type") or "").partition(";")[0].strip().lower()
    if kind == MULTIPART_TYPE:
        try:
            return read_multipart(request.header(b"content-type") or "", request.body)
        except BadMultipart as problem:
            raise Refused(errors_response([plain_entry(str(problem))], 400)) from None
    if kind == FORM_TYPE:
        return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    if kind not in JSON_TYPES or not request.body:
        raise Refused(
            plain_error(415, "Unsupported Media Type", "Send a JSON object with a query, as application/json")
        )
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError as problem:
        raise Refused(plain_error(400, "Bad Request", f"The body is not JSON: {problem}")) from None
    if isinstance(body, CONTAINERS) and is_too_deep(request.body, body):
        raise Refused(errors_response([plain_entry(TOO_DEEP)], 400))
    return body


def read_object(content: dict[str, Any], name: str) -> dict[str, Any]:
    """Return an object of the request, empty when it is left out; in a query string or a form it is JSON text.

    Raises:
        Refused: it is no object.
    """
    value = content.get(name)
    if isinstance(value, str):
        try:
            value = orjson.loads(value) if value else None
        except orjson.JSONDecodeError:
            value = value or None
    if value is not None and not isinstance(value, dict):
        raise Refused(errors_response([plain_entry(f"{name}: must be an object")], 400))
    return value or {}


def read_operation_name(content: dict[str, Any]) -> str | None:
    """Return `operationName`, None when it is left out.

    Raises:
        Refused: it is no text.
    """
    name = content.get("operationName")
    if name is not None and not isinstance(name, str):
        raise Refused(errors_response([plain_entry("operationName: must be a text")], 400))
    return name or None


def one_request(content: Any) -> dict[str, Any]:
    """Return the one request of a body.

    Raises:
        Refused: it is a list of them, or no object.
    """
    if isinstance(content, list):
        raise Refused(errors_response([plain_entry("Send one operation at a time, not an array")], 400))
    if not isinstance(content, dict):
        raise Refused(errors_response([plain_entry("The body must be a JSON object with a query")], 400))
    return content


def read_query(value: Any) -> str:
    """Return the document's text.

    Raises:
        Refused: there is none.
    """
    if not isinstance(value, str) or not value.strip():
        raise Refused(errors_response([plain_entry("The request has no query")], 400))
    return value


def read_content(content: Any) -> tuple[str, dict[str, Any], str | None]:
    """Return document, variables and operation name of a request's content; raises Refused."""
    request = one_request(content)
    return read_query(request.get("query")), read_object(request, "variables"), read_operation_name(request)
