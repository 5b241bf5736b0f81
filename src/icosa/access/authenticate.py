"""From the `Authorization` header to the caller (`auth.md` sections 4 and 5).

A token that was checked is kept with what its row said, so that a request costs a look-up and no trip to the database.
A change tells every process at once over NOTIFY; a process that did not hear of it looks again after five seconds.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

from icosa.access.caller import Caller
from icosa.access.changes import CHANNEL, Change, read_change
from icosa.access.identities import Identities
from icosa.access.tokens import TokenKind, Tokens, malformed
from icosa.errors import Unauthenticated
from icosa.store.database import Database

KEPT_SECONDS = 5.0
MOST_KEPT = 10_000
NOTED_SECONDS = 60.0
WARNED_DAYS = 14
DAY = 86400
TOKENS_IN_URLS = frozenset({"token", "access_token", "apiKey"})

# Several processes note the use of one key: the condition keeps it at once a minute among them all.
NOTE_USE = """
update core.api_key set last_used_at = now(), last_used_ip = $2
where id = $1 and (last_used_at is null or last_used_at < now() - interval '59 seconds')
returning expires_at
"""

log = structlog.get_logger("icosa.access")


@dataclass(slots=True)
class Kept:
    """A checked token.

    Attributes:
        caller: whose it is.
        expires: when it stops to hold (seconds since the epoch).
        fresh_until: when its row has to be looked at again (monotonic seconds).
    """

    caller: Caller
    expires: float
    fresh_until: float


class Authenticator:
    """Checks bearer tokens.

    Args:
        database: where keys, people and roles are.
        tokens: verifies signatures.
        clock: seconds since the epoch; tests set it.
        monotonic: seconds of a clock that never jumps; tests set it.
        most_kept: how many checked tokens are kept.
    """

    def __init__(
        self,
        database: Database,
        tokens: Tokens,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        most_kept: int = MOST_KEPT,
    ) -> None:
        self._database = database
        self._identities = Identities(database, tokens, clock)
        self._clock = clock
        self._monotonic = monotonic
        self._most_kept = most_kept
        self._kept: dict[str, Kept] = {}
        self._checks: dict[str, asyncio.Task[Kept]] = {}
        self._changes = 0
        self._noted: dict[UUID, float] = {}
        self._warned: dict[UUID, int] = {}
        self._background: set[asyncio.Task[Any]] = set()

    async def start(self) -> None:
        """Begin to hear of revoked keys and changed roles."""
        await self._database.listen(CHANNEL, self._heard)

    async def close(self) -> None:
        """Wait for what is still being written down."""
        if self._background:
            await asyncio.wait(self._background)

    def _heard(self, payload: str) -> None:
        self.forget(read_change(payload))

    def forget(self, change: Change | None = None) -> None:
        """Drop what a change may concern, so that each token's row is looked at again on its next use.

        Args:
            change: the change; None drops everything.
        """
        # A check that is under way may have read its row before the change: nobody may join it, nor keep its result.
        self._changes += 1
        self._checks.clear()
        if change is None:
            self._kept.clear()
            return
        for header in [each for each, kept in self._kept.items() if kept.caller.workspace_id == change.workspace_id]:
            del self._kept[header]

    async def authenticate(
        self, header: str | None, client: str | None = None, *, token_in_query: bool = False
    ) -> Caller:
        """Return the caller of a request.

        Args:
            header: the `Authorization` header; tokens anywhere else are not looked at.
            client: the caller's address, noted as the last use of a key.
            token_in_query: whether the request brings a query parameter of `TOKENS_IN_URLS`, for the error's text.

        Raises:
            Unauthenticated: with the subcodes of `DECISIONS.md` items 6 and 15.
            Unavailable: the database does not answer.
        """
        if header is not None:
            kept = self._kept.get(header)
            if kept is not None:
                now = self._monotonic()
                if now < kept.fresh_until and self._clock() < kept.expires:
                    key_id = kept.caller.api_key_id
                    if key_id is not None and now >= self._noted.get(key_id, now):
                        self._note_use(key_id, client, now)
                    return kept.caller
                self._kept.pop(header, None)
        return await self._authenticate(header, client, token_in_query)

    async def user(self, header: str | None, client: str | None = None, *, token_in_query: bool = False) -> UUID:
        """Return the id of the signed-in user, whose token may be for a workspace or for none.

        Raises:
            Unauthenticated: the token is missing or does not hold.
            Forbidden: an API key or a playground token calls.
        """
        token = bearer(header, token_in_query=token_in_query)
        if self._identities.kind_of(token) is TokenKind.WORKSPACE_AGNOSTIC:
            return await self._identities.identify_user(token)
        caller = await self.authenticate(header, client, token_in_query=token_in_query)
        caller.require_session()
        if caller.user_id is None:
            raise malformed()
        return caller.user_id

    async def _authenticate(self, header: str | None, client: str | None, token_in_query: bool) -> Caller:
        token = bearer(header, token_in_query=token_in_query)
        started = self._changes
        kept = await self._checked(token)
        if header is not None and self._changes == started:
            self._keep(header, kept)
        key_id = kept.caller.api_key_id
        now = self._monotonic()
        if key_id is not None and now >= self._noted.get(key_id, now):
            self._note_use(key_id, client, now)
        return kept.caller

    def _keep(self, header: str, kept: Kept) -> None:
        if len(self._kept) >= self._most_kept:
            del self._kept[next(iter(self._kept))]
        self._kept[header] = kept

    async def _checked(self, token: str) -> Kept:
        """Return the result of a check, one for all requests that need it at the same time."""
        check = self._checks.get(token)
        if check is None:
            check = self._checks[token] = asyncio.create_task(self._check(token))
            check.add_done_callback(lambda done: self._done(token, done))
        return await asyncio.shield(check)

    def _done(self, token: str, check: asyncio.Task[Kept]) -> None:
        if self._checks.get(token) is check:
            del self._checks[token]
        if not check.cancelled():
            check.exception()

    async def _check(self, token: str) -> Kept:
        fresh_until = self._monotonic() + KEPT_SECONDS
        caller, expires = await self._identities.identify(token)
        return Kept(caller, expires, fresh_until)

    def _note_use(self, key_id: UUID, client: str | None, now: float) -> None:
        """Write down that a key was used, at most once a minute and not on the request's path."""
        if len(self._noted) >= self._most_kept:
            self._noted.clear()
        self._noted[key_id] = now + NOTED_SECONDS
        task = asyncio.create_task(self._write_use(key_id, client))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _write_use(self, key_id: UUID, client: str | None) -> None:
        try:
            expires = await self._database.fetch_value(NOTE_USE, key_id, client)
            if expires is not None:
                self._warn(key_id, expires.timestamp() - self._clock())
        except Exception as problem:
            log.warning("the use of an API key could not be noted", api_key_id=str(key_id), problem=repr(problem))

    def _warn(self, key_id: UUID, seconds: float) -> None:
        """Say once a day that a key which is in use expires soon."""
        today = int(self._clock() // DAY)
        if seconds < WARNED_DAYS * DAY and self._warned.get(key_id) != today:
            self._warned[key_id] = today
            log.warning("an API key that is in use expires soon", api_key_id=str(key_id), days=int(seconds // DAY))


def bearer(header: str | None, *, token_in_query: bool = False) -> str:
    """Return the token of an `Authorization` header, whose scheme may have any letter case.

    Args:
        header: the header's value.
        token_in_query: whether the request brings a token as a query parameter, which the error's text then speaks of.

    Raises:
        Unauthenticated: `TOKEN_MISSING`: no header, another scheme, or no token.
    """
    scheme, _, token = (header or "").partition(" ")
    token = token.strip(" \t")
    if scheme.lower() != "bearer" or not token:
        text = "A token is required, in the header 'Authorization: Bearer …'; nothing else is looked at"
        if token_in_query:
            text = "Only the header 'Authorization: Bearer …' is read; a token in the address is not looked at"
        raise Unauthenticated(text, "TOKEN_MISSING")
    return token
