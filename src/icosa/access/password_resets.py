"""New passwords: by a link that is sent to the address, or by the old one (`auth.md` section 6).

A new password ends every session that began before it.
"""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import structlog

from icosa.access.audit import Actor, audit
from icosa.access.changes import Change, ChangeKind, announce
from icosa.access.letters import reset_letter
from icosa.access.link_tokens import digest_of, new_link_token
from icosa.access.passwords import hash_password
from icosa.access.sessions import end_sessions
from icosa.access.sign_in_limits import SignInLimits
from icosa.access.tokens import Tokens
from icosa.errors import Forbidden
from icosa.fields.email_addresses import normalise_email
from icosa.mail.mailers import Mailer
from icosa.settings import Lifetimes
from icosa.store.database import Database

FIND = """
select r.id, r.user_id, u.email from core.password_reset r
join core."user" u on u.id = r.user_id and u.deleted_at is null
where r.token_hash = $1 and r.expires_at > $2
"""
STORE = """
update core."user" set password_hash = $2, sessions_end_at = $3, is_email_verified = is_email_verified or $4,
    updated_at = now()
where id = $1
"""
WORKSPACES = "select workspace_id from core.user_workspace where user_id = $1 and deleted_at is null"

log = structlog.get_logger("icosa.access")


class PasswordResets:
    """Changes passwords.

    Args:
        database: where people are.
        tokens: its clock counts.
        lifetimes: how long links hold.
        mailer: sends the links.
        address: the server's public address, which links begin with.
    """

    def __init__(self, database: Database, tokens: Tokens, lifetimes: Lifetimes, mailer: Mailer, address: str) -> None:
        self._database = database
        self._tokens = tokens
        self._time = lifetimes.password_reset
        self._mailer = mailer
        self._address = address
        self._limits = SignInLimits(database, "reset")
        self._background: set[asyncio.Task[None]] = set()

    async def ask(self, email: str, client: str | None) -> None:
        """Send a link to an address, if somebody has it; whether so, neither the answer nor its time tells.

        Raises:
            BadInput: it is no e-mail address.
            RateLimited: too many questions from there or about this address.
        """
        address = normalise_email(email)
        await self._limits.check(client, address)
        await self._limits.note(client, address)
        task = asyncio.create_task(self._send(address, client))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def close(self) -> None:
        """Wait for the letters that are on their way."""
        if self._background:
            await asyncio.wait(self._background)

    async def _send(self, address: str, client: str | None) -> None:
        try:
            user = await self._database.fetch_row(
                'select id, locale from core."user" where email = $1 and deleted_at is null', address
            )
            if user is None:
                return
            token = new_link_token()
            async with self._database.transaction() as connection:
                await connection.execute(
                    "insert into core.password_reset (user_id, token_hash, expires_at) values ($1, $2, $3)",
                    user["id"],
                    digest_of(token),
                    self._tokens.now() + self._time,
                )
                by = Actor("NOBODY", None, client)
                await audit(connection, by, None, "password.reset_asked", user["id"])
            link = f"{self._address}/reset-password#{token}"
            letter = reset_letter(address, user["locale"], link=link, seconds=self._time.total_seconds())
            await self._mailer.send(letter)
        except Exception as problem:
            log.error("a password reset could not be sent", problem=repr(problem))

    async def find(self, token: str) -> Any:
        """Return id and address of the user whose password a link may set.

        Raises:
            Forbidden: `INVALID_RESET_TOKEN`: the link was used, has expired, or never was one.
        """
        row = await self._database.fetch_row(FIND, digest_of(token), self._tokens.now())
        if row is None:
            raise _invalid()
        return row

    async def reset(self, token: str, password: str, client: str | None) -> UUID:
        """Set a password by a link, which is used up along with all others of the user, and return the user's id.

        Raises:
            Forbidden: see `find`.
            BadInput: a password that is too short or too long.
        """
        user_id: UUID = (await self.find(token))["user_id"]
        hashed = await hash_password(password)
        async with self._database.transaction() as connection:
            taken = await connection.fetchval(
                "delete from core.password_reset where token_hash = $1 returning user_id", digest_of(token)
            )
            if taken is None:
                raise _invalid()
            await connection.execute("delete from core.password_reset where user_id = $1", user_id)
            await self._set(connection, user_id, hashed, Actor("USER", user_id, client), by_link=True)
        return user_id

    async def change(self, user_id: UUID, password: str, by: Actor) -> None:
        """Set the password of somebody who has shown to know the old one.

        Raises:
            BadInput: a password that is too short or too long.
        """
        hashed = await hash_password(password)
        async with self._database.transaction() as connection:
            await self._set(connection, user_id, hashed, by, by_link=False)

    async def _set(self, connection: Any, user_id: UUID, hashed: str, by: Actor, *, by_link: bool) -> None:
        await connection.execute(STORE, user_id, hashed, self._tokens.now(), by_link)
        await end_sessions(connection, user_id)
        action = "password.reset" if by_link else "password.changed"
        await audit(connection, by, None, action, user_id)
        for row in await connection.fetch(WORKSPACES, user_id):
            await announce(connection, Change(row["workspace_id"], ChangeKind.USER, user_id))


def _invalid() -> Forbidden:
    return Forbidden("The link was used or has expired; ask for a new one", "INVALID_RESET_TOKEN")
