"""Tokens of links that are sent by e-mail: random, kept as a digest only, good for one use."""

from __future__ import annotations

import hashlib
import secrets

BYTES = 32
LONGEST = 200


def new_link_token() -> str:
    """Return a new token: 256 random bits in letters that need no escaping."""
    return secrets.token_urlsafe(BYTES)


def digest_of(token: str) -> bytes:
    """Return what the database keeps of a token. A random token needs no salt and no slow hash."""
    return hashlib.sha256(token[:LONGEST].encode("utf-8", "replace")).digest()
