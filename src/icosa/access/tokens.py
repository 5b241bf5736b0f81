"""JSON Web Tokens: made and checked (`auth.md` section 3).

The algorithm is ours and never read from the token. Each kind of token has a secret of its own, derived from the
server's (HKDF, RFC 5869), and names the secret by `kid`, so that the server's secret can be changed while the tokens of
the one before still hold.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any
from uuid import uuid4

import jwt

from icosa.errors import Unauthenticated

ALGORITHM = "HS256"
LEEWAY_SECONDS = 30.0
JWT_FORM = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
SALT = b"icosa tokens"
LONGEST = 4096


class TokenKind(Enum):
    """What a token is for (`auth.md` section 1)."""

    API_KEY = "API_KEY"
    ACCESS = "ACCESS"
    WORKSPACE_AGNOSTIC = "WORKSPACE_AGNOSTIC"
    PLAYGROUND = "PLAYGROUND"
    REFRESH = "REFRESH"
    LOGIN = "LOGIN"
    FILE = "FILE"


BEARERS = frozenset({TokenKind.API_KEY, TokenKind.ACCESS, TokenKind.PLAYGROUND})

# Time is checked here and not by the library, against the clock that the caller of this module sets.
CHECKS: Any = {
    "require": ["exp", "iat", "jti"],
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_aud": False,
}


def derived_secret(secret: str, kind: TokenKind) -> bytes:
    """Return the secret of one kind of token: HKDF-SHA256 with the kind as `info` (RFC 5869), one block."""
    extracted = hmac.digest(SALT, secret.encode(), hashlib.sha256)
    return hmac.digest(extracted, kind.value.encode() + b"\x01", hashlib.sha256)


def secret_id(secret: str) -> str:
    """Return the `kid` of a server's secret, which tells nothing of it."""
    return hmac.digest(SALT, b"kid:" + secret.encode(), hashlib.sha256).hex()[:16]


class Tokens:
    """Signs and verifies tokens.

    Args:
        secret: the server's secret.
        previous: the one before, whose tokens still hold.
        clock: seconds since the epoch; tests set it.
    """

    def __init__(self, secret: str, previous: str | None = None, clock: Callable[[], float] = time.time) -> None:
        secrets = [secret, *([previous] if previous else [])]
        self._clock = clock
        self._current = secret_id(secret)
        self._secrets = {secret_id(each): {kind: derived_secret(each, kind) for kind in TokenKind} for each in secrets}

    def now(self) -> dt.datetime:
        """Return the time by the clock that tokens are checked against."""
        return dt.datetime.fromtimestamp(self._clock(), dt.UTC)

    def sign(self, kind: TokenKind, claims: Mapping[str, Any], issued: dt.datetime, expires: dt.datetime) -> str:
        """Return a token with the claims and, beside them, its kind, its times and, when they name none, an id."""
        payload = {"jti": str(uuid4()), **claims, "type": kind.value, "iat": issued, "exp": expires}
        return jwt.encode(payload, self._secrets[self._current][kind], ALGORITHM, headers={"kid": self._current})

    def verify(self, token: str) -> tuple[TokenKind, dict[str, Any]]:
        """Return a token's kind and claims.

        Raises:
            Unauthenticated: `TOKEN_MALFORMED` when the signature does not hold, else `TOKEN_EXPIRED` when it is past
                its time (`auth.md` section 5).
        """
        kind, secret = self._secret_of(token)
        try:
            claims: dict[str, Any] = jwt.decode(token, secret, [ALGORITHM], options=CHECKS)
            expires = float(claims["exp"])
        except (jwt.InvalidTokenError, ValueError, TypeError):
            raise malformed() from None
        if self._clock() >= expires + LEEWAY_SECONDS:
            raise Unauthenticated("The token has expired", "TOKEN_EXPIRED")
        return kind, claims

    def _secret_of(self, token: str) -> tuple[TokenKind, bytes]:
        """Return what an unverified token says it is, and the secret it then must be signed with."""
        if len(token) > LONGEST or not JWT_FORM.fullmatch(token) or not is_canonical(token):
            raise malformed()
        try:
            header = jwt.get_unverified_header(token)
            if "crit" in header:  # RFC 7515, section 4.1.11: no extension is understood here
                raise malformed()
            claims = jwt.decode(token, options={"verify_signature": False})
            kind = TokenKind(claims.get("type"))
            return kind, self._secrets[header["kid"]][kind]
        except (jwt.InvalidTokenError, ValueError, KeyError, TypeError, RecursionError):
            raise malformed() from None


def malformed() -> Unauthenticated:
    """Return the refusal of a token that this server has not made."""
    return Unauthenticated("The token is not one that this server has made", "TOKEN_MALFORMED")


def is_canonical(token: str) -> bool:
    """Return whether each part is the one spelling of its bytes: base64url leaves bits of a last sign unused.

    Not every version of the library looks at them.
    """
    for part in token.split("."):
        try:
            decoded = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        except ValueError:
            return False
        if base64.urlsafe_b64encode(decoded).rstrip(b"=").decode() != part:
            return False
    return True
