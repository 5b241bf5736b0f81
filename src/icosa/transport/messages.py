"""A request with its body read, and a response, as small as they can be."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from icosa.access.caller import Caller

JSON = b"application/json; charset=utf-8"


@dataclass(slots=True)
class Request:
    """One HTTP request.

    Attributes:
        method: in capitals.
        path: decoded, below the server's base path.
        query: the raw query string.
        headers: by lower-case name; of a repeated one the last.
        body: at most the server's limit.
        id: the request's id, which the answer and the log carry.
        client: the caller's address.
        answer_headers: what every answer to this request carries, whatever it says.
        charge: counts further operations of this request; None where nobody counts.
        caller: whose token it brought, as soon as that is known.
        allow: gives the request so many seconds more than others have; None where nobody looks at the time.
    """

    method: str
    path: str
    query: bytes
    headers: dict[bytes, bytes]
    body: bytes
    id: str
    client: str | None = None
    answer_headers: Sequence[tuple[bytes, bytes]] = ()
    charge: Callable[[int], Awaitable[None]] | None = None
    caller: Caller | None = None
    allow: Callable[[float], None] | None = None

    def header(self, name: bytes) -> str | None:
        """Return a header's text, None when it is missing."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")


@dataclass(slots=True)
class Response:
    """One HTTP response; the server adds length, request id and CORS.

    Attributes:
        status: the status code.
        body: the whole body, or what of it is there at once.
        headers: further headers.
        content_type: empty for none.
        stream: the rest of a body that comes piece by piece; it ends when the client leaves.
    """

    status: int
    body: bytes
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    content_type: bytes = JSON
    stream: AsyncIterator[bytes] | None = None
