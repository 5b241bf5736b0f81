r"""Signed links to files (`auth.md` section 12: a token of a day, bound to the file's id).

PostgreSQL writes answers, and cannot sign: where a link belongs it leaves a text that begins with a control sign and goes on
with the file's id. The sign is written as the escape `\u000F` with a capital letter. No text of a record can be mistaken
for it: PostgreSQL writes that sign as `\u000f`, and a backslash in front of the letters as two.
"""

from __future__ import annotations

import datetime as dt
import re
from uuid import UUID

from icosa.access.tokens import TokenKind, Tokens
from icosa.errors import Unauthenticated
from icosa.fields.files import LINK_SIGN

FOLDER = "files-field"
ROUTE = f"/file/{FOLDER}/"
SIGN = LINK_SIGN.encode()
PLACE = re.compile(re.escape(SIGN) + rb'([0-9a-f-]{36})"')
HOUR = dt.timedelta(hours=1)


class FileLinks:
    """Makes links and checks their tokens.

    Args:
        tokens: signs.
        server: the address that links begin with.
        lifetime: how long a link holds (`FILE_TOKEN_EXPIRES_IN`).
    """

    def __init__(self, tokens: Tokens, server: str, lifetime: dt.timedelta) -> None:
        self._tokens = tokens
        self._server = server.rstrip("/")
        self._lifetime = lifetime

    def fill(self, body: bytes) -> bytes:
        """Return an answer's body with its links put in."""
        return PLACE.sub(lambda found: b'"%s"' % self.link(found[1].decode()).encode(), body) if SIGN in body else body

    def link(self, file_id: str) -> str:
        """Return the link to a file; it stays the same for an hour, so that entity tags and browsers' caches hold."""
        now = self._tokens.now()
        issued = now.replace(minute=0, second=0, microsecond=0)
        claims = {"fileId": file_id, "jti": file_id}
        token = self._tokens.sign(TokenKind.FILE, claims, issued, issued + HOUR + self._lifetime)
        return f"{self._server}{ROUTE}{file_id}?token={token}"

    def check(self, token: str, file_id: UUID) -> None:
        """Raise unless a token opens a file.

        Raises:
            Unauthenticated: it is missing, forged, expired, of another kind or of another file.
        """
        if not token:
            raise Unauthenticated("The link has no token", "TOKEN_MISSING")
        kind, claims = self._tokens.verify(token)
        if kind is not TokenKind.FILE or claims.get("fileId") != str(file_id):
            raise Unauthenticated("The token is not that of this file", "WRONG_TOKEN_KIND")
