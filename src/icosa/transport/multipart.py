"""Requests with files: the graphql-multipart-request-spec (`graphql-core.md` section 1, "Body limit").

A body has the part `operations`, the JSON request with null where a file belongs; the part `map`, which says at which paths
of it each file goes; and the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from icosa.transport.bodies import TOO_DEEP, is_too_deep

MULTIPART_TYPE = "multipart/form-data"
MOST_FILES = 10
MOST_PARTS = MOST_FILES + 2


class BadMultipart(Exception):
    """The body is no request with files; says why."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request.

    Attributes:
        name: what the client calls it, empty when it has no name.
        content: what is in it.
    """

    name: str
    content: bytes


@dataclass(slots=True)
class _Part:
    headers: dict[bytes, bytes] = field(default_factory=dict)
    content: bytearray = field(default_factory=bytearray)


class _Reader:
    """Collects the parts of a body."""

    def __init__(self) -> None:
        self.parts: list[_Part] = []
        self._name = bytearray()
        self._value = bytearray()

    def read(self, boundary: bytes, body: bytes) -> list[_Part]:
        """Return the parts; raises BadMultipart."""
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._name.extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
                "on_header_end": self._header,
                "on_part_data": lambda data, start, end: self.parts[-1].content.extend(data[start:end]),
                "on_end": self._end,
            },
        )
        self.is_whole = False
        try:
            parser.write(body)
            parser.finalize()
        except FormParserError as problem:
            raise BadMultipart(f"The body is no multipart form: {problem}") from None
        if not self.is_whole:
            raise BadMultipart("The body is no multipart form: it ends too early")
        return self.parts

    def _begin(self) -> None:
        if len(self.parts) == MOST_PARTS:
            raise BadMultipart(f"At most {MOST_FILES} files may come with a request")
        self.parts.append(_Part())

    def _header(self) -> None:
        self.parts[-1].headers[bytes(self._name).lower()] = bytes(self._value)
        self._name.clear()
        self._value.clear()

    def _end(self) -> None:
        self.is_whole = True


def read_multipart(content_type: str, body: bytes) -> dict[str, Any]:
    """Return the GraphQL request of a body, with an `Upload` wherever `map` puts a file.

    Raises:
        BadMultipart: the body does not keep to the convention.
    """
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary")
    if not boundary:
        raise BadMultipart("The content type names no boundary")
    texts: dict[str, bytes] = {}
    files: dict[str, Upload] = {}
    for part in _Reader().read(boundary, body):
        _, named = parse_options_header(part.headers.get(b"content-disposition"))
        name = named.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" in named:
            files[name] = Upload(named[b"filename"].decode("utf-8", "replace"), bytes(part.content))
        else:
            texts[name] = bytes(part.content)
    request = _object(texts, "operations")
    for name, paths in _object(texts, "map").items():
        if name not in files:
            raise BadMultipart(f"map: there is no file '{name[:60]}'")
        if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
            raise BadMultipart("map: each file needs a list of paths")
        for path in paths:
            _put(request, path.split("."), files[name])
    return request


def _object(texts: Mapping[str, bytes], name: str) -> dict[str, Any]:
    try:
        value = orjson.loads(texts[name])
    except KeyError:
        raise BadMultipart(f"There is no part '{name}'") from None
    except orjson.JSONDecodeError as problem:
        raise BadMultipart(f"{name}: is not JSON: {problem}") from None
    if isinstance(value, list):
        raise BadMultipart("Send one operation at a time, not an array")
    if not isinstance(value, dict):
        raise BadMultipart(f"{name}: must be a JSON object")
    if is_too_deep(texts[name], value):
        raise BadMultipart(TOO_DEEP)
    return value


def _put(request: dict[str, Any], steps: list[str], upload: Upload) -> None:
    """Put a file where a path leads, which must be a null inside the variables."""
    where: Any = request
    for step in steps[:-1]:
        where = _step(where, step)
    last = steps[-1]
    if steps[0] != "variables" or len(steps) < 2 or _step(where, last) is not None:
        raise BadMultipart(f"map: '{'.'.join(steps)[:100]}' is no null of the variables")
    if isinstance(where, list):
        where[int(last)] = upload
    else:
        where[last] = upload


def _step(where: Any, step: str) -> Any:
    if isinstance(where, dict) and step in where:
        return where[step]
    if isinstance(where, list) and step.isdecimal() and len(step) < 6 and int(step) < len(where):
        return where[int(step)]
    raise BadMultipart(f"map: there is no '{step[:60]}' in the variables")
