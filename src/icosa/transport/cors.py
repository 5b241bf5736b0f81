"""Cross-origin requests (`auth.md` section 8): any origin, no credentials, since no cookie authenticates the API."""

from __future__ import annotations

from icosa.transport.messages import Request, Response

METHODS = b"GET,HEAD,PUT,PATCH,POST,DELETE"
EXPOSED = (
    b"WWW-Authenticate, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, "
    b"X-Ignored-Parameters, X-Request-Id, Server-Timing"
)


class Cors:
    """Adds the headers of cross-origin requests.

    Args:
        origins: `CORS_ALLOWED_ORIGINS`: `*`, or origins separated by commas.
    """

    def __init__(self, origins: str) -> None:
        allowed = [origin.strip() for origin in origins.split(",")]
        self._any = "*" in allowed
        self._allowed = {origin.encode("latin-1") for origin in allowed}

    def headers(self, request_headers: dict[bytes, bytes]) -> list[tuple[bytes, bytes]]:
        """Return the headers of an answer."""
        if self._any:
            return [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", EXPOSED)]
        origin = request_headers.get(b"origin", b"")
        if origin not in self._allowed:
            return [(b"vary", b"Origin")]
        return [
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", EXPOSED),
            (b"vary", b"Origin"),
        ]

    @staticmethod
    def preflight(request: Request) -> Response:
        """Return the answer to OPTIONS, which needs no token."""
        asked = request.headers.get(b"access-control-request-headers")
        headers = [(b"access-control-allow-methods", METHODS), (b"access-control-max-age", b"600")]
        if asked is not None:
            headers += [(b"access-control-allow-headers", asked), (b"vary", b"Access-Control-Request-Headers")]
        return Response(204, b"", headers, content_type=b"")
