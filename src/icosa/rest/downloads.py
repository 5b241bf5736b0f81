"""`GET /file/files-field/{id}?token=…`: a file, to whoever has its link (`auth.md` section 12, `clients.md` section 9).

What somebody uploaded must never run as a page of this server: it is sent as a download, its type is told only where a
browser shows it harmlessly, and no type is guessed (every answer of the server says `nosniff`).
"""

from __future__ import annotations

from urllib.parse import parse_qs, quote
from uuid import UUID

from icosa.errors import IcosaError, NotFound
from icosa.fields.uuids import is_uuid
from icosa.files.links import ROUTE
from icosa.files.uploads import UNKNOWN_TYPE, Uploads
from icosa.transport.errors import error_response, plain_error
from icosa.transport.messages import Request, Response

HARMLESS = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain"})
GUARDED = [
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"cache-control", b"private, max-age=3600"),
]


class DownloadHandler:
    """Answers the links of files.

    Args:
        uploads: has the files.
    """

    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads

    @staticmethod
    def answers(request: Request) -> bool:
        """Return whether a request is for a file."""
        return request.path.startswith(ROUTE)

    async def __call__(self, request: Request) -> Response:
        """Return the file, refusals in REST's envelope."""
        if request.method not in {"GET", "HEAD"}:
            return plain_error(404, "Not Found", f"Cannot {request.method} {request.path}")
        file_id = request.path.removeprefix(ROUTE).rstrip("/")
        token = parse_qs(request.query.decode("latin-1")).get("token", [""])[0]
        try:
            if not is_uuid(file_id):
                raise NotFound("There is no such file", "FILE_NOT_FOUND")
            row, content = await self._uploads.fetch(UUID(file_id), token)
        except IcosaError as problem:
            return error_response(problem)
        kind = row["content_type"] if row["content_type"] in HARMLESS else UNKNOWN_TYPE
        # RFC 6266: the name for those who read UTF-8, and a plain one for the rest.
        plain = "".join(sign if sign.isascii() and sign not in '"\\' else "_" for sign in row["name"])
        named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(row['name'], safe='')}"
        headers = [*GUARDED, (b"content-disposition", named.encode())]
        return Response(200, content, headers, kind.encode())
