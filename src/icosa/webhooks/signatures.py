"""How a request is signed: as Twenty's receivers check it, and by Standard Webhooks (`webhooks.md` sections 3 and 5)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

PREFIX = "whsec_"
SHORTEST_KEY, LONGEST_KEY = 24, 64


def twenty_signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return `X-Twenty-Webhook-Signature`.

    Args:
        secret: its characters are the key.
        timestamp: Unix time in milliseconds, as the header tells it.
        body: the exact bytes sent.
    """
    return hmac.digest(secret.encode(), timestamp.encode() + b":" + body, hashlib.sha256).hex()


def standard_key(secret: str) -> bytes:
    """Return the key of Standard Webhooks: the bytes of a base64 secret of 24 to 64 bytes, else its characters."""
    text = secret.removeprefix(PREFIX)
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    return key if SHORTEST_KEY <= len(key) <= LONGEST_KEY else text.encode()


def standard_signature(secrets: Sequence[str], message_id: str, timestamp: str, body: bytes) -> str:
    """Return `webhook-signature`: one signature for each secret that holds, the newest first.

    Args:
        secrets: more than one while a secret is being rotated.
        message_id: `webhook-id`.
        timestamp: Unix time in seconds, as the header tells it.
        body: the exact bytes sent.
    """
    message = f"{message_id}.{timestamp}.".encode() + body
    digests = (hmac.digest(standard_key(secret), message, hashlib.sha256) for secret in secrets)
    return " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)
