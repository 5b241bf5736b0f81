"""The headers of a request: both signatures, and what the log shows of them."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence

from icosa.webhooks.signatures import standard_signature, twenty_signature

MASK = "…"


def signed_headers(message_id: str, body: bytes, keys: Sequence[str], now: dt.datetime) -> dict[str, str]:
    """Return the headers of one attempt; without a secret nothing is signed (`webhooks.md` sections 3 and 5).

    Args:
        message_id: the delivery's id, the same in each attempt.
        body: the exact bytes sent.
        keys: the secrets that hold, the newest first; an empty one signs nothing.
        now: the moment of the attempt.
    """
    seconds = str(int(now.timestamp()))
    headers = {"webhook-id": message_id, "webhook-timestamp": seconds}
    signing = [key for key in keys if key]
    if not signing:
        return headers
    milliseconds = str(int(now.timestamp() * 1000))
    return {
        **headers,
        "webhook-signature": standard_signature(signing, message_id, seconds, body),
        "X-Twenty-Webhook-Timestamp": milliseconds,
        "X-Twenty-Webhook-Signature": twenty_signature(signing[0], milliseconds, body),
        "X-Twenty-Webhook-Nonce": secrets.token_hex(16),
    }


def masked(headers: dict[str, str]) -> dict[str, str]:
    """Return headers as the log shows them: what proves or made a signature is hidden."""
    return {name: MASK if name.lower().endswith(("signature", "nonce")) else value for name, value in headers.items()}
