"""Secrets that must be read again, encrypted while they lie in the database (`webhooks.md` section 1)."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from icosa.errors import Misconfigured

SALT = b"icosa vault"


class Vault:
    """Encrypts and decrypts.

    Args:
        secret: what new texts are encrypted with.
        previous: secrets from before, whose texts can still be read; None among them is passed over.
    """

    def __init__(self, secret: str, *previous: str | None) -> None:
        self._keys = MultiFernet([_key(each) for each in (secret, *previous) if each])

    def seal(self, text: str) -> bytes:
        """Return a text encrypted with the server's secret."""
        return self._keys.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """Return the text.

        Raises:
            Misconfigured: it was sealed with a secret that the server no longer has.
        """
        try:
            return self._keys.decrypt(sealed).decode()
        except InvalidToken:
            raise Misconfigured("A stored secret was encrypted with another ENCRYPTION_KEY or APP_SECRET") from None


def _key(secret: str) -> Fernet:
    """Return the key derived from a server's secret: HKDF-SHA256, one block (RFC 5869)."""
    extracted = hmac.digest(SALT, secret.encode(), hashlib.sha256)
    return Fernet(base64.urlsafe_b64encode(hmac.digest(extracted, b"fernet\x01", hashlib.sha256)))
