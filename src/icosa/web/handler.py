"""The web app over HTTP: caching, compression, security headers."""

from __future__ import annotations

import asyncio
import hashlib
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

from icosa.transport.messages import Request, Response
from icosa.web.addresses import is_page, newer
from icosa.web.files import DIST, PAGE, File, find_files, page_of

HTML = b"text/html; charset=utf-8"
FOR_EVER = (b"cache-control", b"public, max-age=31536000, immutable")
ASK_AGAIN = (b"cache-control", b"no-cache")
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        # The component library, the editor and the API reference set styles from their code.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
SECURITY = [
    (b"content-security-policy", POLICY.encode("ascii")),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]


class WebApp:
    """Serves the built web app.

    Args:
        base_path: what stands before every path (`SERVER_URL`).
        dist: where the built files lie.
    """

    def __init__(self, base_path: str, dist: Path = DIST) -> None:
        self._base_path = base_path
        self._files = find_files(dist)
        page = self._files.get(PAGE)
        self._page = None if page is None else page_of(page.path.read_text("utf-8"), base_path)
        self._page_tag = "" if self._page is None else f'"{hashlib.sha256(self._page).hexdigest()[:32]}"'

    def answers(self, request: Request) -> bool:
        """Return whether a request is for the app."""
        return request.method in {"GET", "HEAD"} and (
            is_page(request.path) or (request.path[1:] in self._files and request.path[1:] != PAGE)
        )

    async def __call__(self, request: Request) -> Response:
        """Return a file or a page."""
        file = self._files.get(request.path[1:])
        if file is not None:
            return await self._file(request, file)
        place = newer(request.path)
        if place is not None:
            query = b"?" + request.query if request.query else b""
            location = quote(self._base_path + place).encode("ascii") + query
            return Response(308, b"", [(b"location", location), *SECURITY], content_type=b"")
        if self._page is None:
            missing = files("icosa.web").joinpath("missing.html").read_bytes()
            return Response(503, missing, [ASK_AGAIN, *SECURITY], HTML)
        headers = [ASK_AGAIN, (b"etag", self._page_tag.encode("ascii")), *SECURITY]
        if _is_known(request, self._page_tag):
            return Response(304, b"", headers, content_type=b"")
        return Response(200, self._page, headers, HTML)

    async def _file(self, request: Request, file: File) -> Response:
        headers = [
            FOR_EVER if file.is_hashed else ASK_AGAIN,
            (b"etag", file.etag.encode("ascii")),
            (b"vary", b"Accept-Encoding"),
            *SECURITY,
        ]
        if _is_known(request, file.etag):
            return Response(304, b"", headers, content_type=b"")
        compressed = file.has_gzip and "gzip" in (request.header(b"accept-encoding") or "")
        if compressed:
            headers.append((b"content-encoding", b"gzip"))
        try:
            body = await asyncio.to_thread(file.read, compressed=compressed)
        except FileNotFoundError:
            # The app has been built anew since this process started.
            return Response(404, b"", [ASK_AGAIN, *SECURITY], content_type=b"")
        return Response(200, body, headers, file.content_type)


def _is_known(request: Request, tag: str) -> bool:
    given = request.header(b"if-none-match")
    return given is not None and tag in (each.strip().removeprefix("W/") for each in given.split(","))
