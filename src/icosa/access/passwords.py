"""Passwords: argon2id, 8 to 128 characters (`auth.md` section 6).

Hashing takes tens of milliseconds of a processor by design, so both functions do it in a thread.
"""

from __future__ import annotations

import asyncio
from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError
from pwdlib.hashers.argon2 import Argon2Hasher

from icosa.errors import BadInput

SHORTEST, LONGEST = 8, 128


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


@cache
def _dummy() -> str:
    return _hasher().hash("nobody's password")


def check_password(password: str) -> None:
    """Raise unless a password may be chosen.

    Raises:
        BadInput: too short, too long, or not text.
    """
    if not SHORTEST <= len(password) <= LONGEST or not _is_text(password):
        raise BadInput(f"password: must have {SHORTEST} to {LONGEST} characters", "INVALID_PASSWORD")


async def hash_password(password: str) -> str:
    """Return the hash to store.

    Raises:
        BadInput: see `check_password`.
    """
    check_password(password)
    return await asyncio.to_thread(_hasher().hash, password)


async def verify_password(password: str, password_hash: str | None) -> bool:
    """Return whether a password is the one that was hashed.

    Without a hash, because nobody has the e-mail address, it takes the same time and returns False: strangers shall not
    learn who has an account.
    """
    return await asyncio.to_thread(_verify, password, password_hash)


def _verify(password: str, password_hash: str | None) -> bool:
    known = len(password) <= LONGEST and _is_text(password)
    try:
        holds = _hasher().verify(password if known else "", password_hash or _dummy())
    except PwdlibError:
        return False
    return holds and known and bool(password_hash)


def _is_text(password: str) -> bool:
    try:
        password.encode()
    except UnicodeEncodeError:
        return False
    return True
