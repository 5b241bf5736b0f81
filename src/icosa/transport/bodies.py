"""Request bodies: JSON or form fields (`rest-core.md` section 9)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import orjson

from icosa.errors import BadInput
from icosa.transport.messages import Request

JSON_TYPE = "application/json"
DEEPEST = 100
# `dict | list` would be made anew for each value of a batch.
CONTAINERS = (dict, list)
FORM_TYPE = "application/x-www-form-urlencoded"


TOO_DEEP = f"The body is nested more than {DEEPEST} levels deep"


class Malformed(Exception):
    """The body is no JSON object or array; it is answered before anything else is looked at."""


def read_json(request: Request) -> Any:
    """Return the parsed body of a write, None when there is none that can be read as JSON or as a form.

    Raises:
        Malformed: it says that it is JSON and is none, or holds neither an object nor an array.
    """
    kind = (request.header(b"content-type") or "").partition(";")[0].strip().lower()
    if kind == FORM_TYPE:
        return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    if kind != JSON_TYPE or not request.body:
        return None
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError as problem:
        raise Malformed(f"The body is not JSON: {problem}") from None
    if not isinstance(body, CONTAINERS):
        raise Malformed("The body must be a JSON object or array")
    if is_too_deep(request.body, body):
        raise Malformed(TOO_DEEP)
    return body


def is_too_deep(text: bytes, parsed: Any) -> bool:
    """Return whether JSON is nested deeper than anybody needs; most texts are too short for it to be looked at."""
    if text.count(b"{") + text.count(b"[") <= DEEPEST:
        return False
    level = [parsed]
    for _ in range(DEEPEST):
        inner = (each.values() if isinstance(each, dict) else each for each in level)
        level = [part for parts in inner for part in parts if isinstance(part, CONTAINERS)]
        if not level:
            return False
    return True


def one_object(body: Any) -> dict[str, Any]:
    """Return the body of a write to one record.

    Raises:
        BadInput: it is missing, or an array.
    """
    if not isinstance(body, dict):
        raise BadInput("The body must be one JSON object, sent as application/json")
    return body


def many_objects(body: Any) -> list[Any]:
    """Return the body of a batch.

    Raises:
        BadInput: it is missing, or no array.
    """
    if not isinstance(body, list):
        raise BadInput("The body must be a JSON array of objects, sent as application/json")
    return body
