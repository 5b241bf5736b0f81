"""Accounts that people make for themselves, to found a workspace (`auth.md` section 6, "First run")."""

from __future__ import annotations

from uuid import UUID

from icosa.access.audit import Actor, audit
from icosa.access.sessions import Pair, Sessions
from icosa.access.setup import Setup
from icosa.access.sign_in_limits import SignInLimits
from icosa.access.workspaces import Person, create_user
from icosa.errors import BadInput
from icosa.fields.email_addresses import normalise_email
from icosa.store.database import Database


class SignUp:
    """Signs people up.

    Args:
        database: where people are.
        sessions: issues their tokens.
        setup: knows whether people may.
    """

    def __init__(self, database: Database, sessions: Sessions, setup: Setup) -> None:
        self._database = database
        self._sessions = sessions
        self._setup = setup
        self._limits = SignInLimits(database)

    async def __call__(self, person: Person, setup_token: str | None, client: str | None) -> Pair:
        """Make an account that belongs to no workspace yet, and return its tokens.

        While the server is empty, who has signed up before may do so again with the same password, so that a first run
        that broke off can be taken up.

        Args:
            person: who it is.
            setup_token: what the page has sent along.
            client: where the request comes from; each attempt counts as a failed sign-in.

        Raises:
            Forbidden: see `Setup.check`; or a known address with another password.
            BadInput: a known address, or values that do not fit.
            RateLimited: too many attempts.
        """
        address = normalise_email(person.email)
        await self._limits.check(client)
        await self._limits.note(client)
        await self._setup.check(setup_token)
        is_known = await self._database.fetch_value('select exists (select from core."user" where email = $1)', address)
        if not is_known:
            await self._create(person, client)
        elif await self._setup.is_done():
            raise BadInput(f"There is a user with the address {address} already", "USER_ALREADY_EXISTS")
        else:
            await self._sessions.prove(address, person.password, client)
        return await self._sessions.new_pair(address)

    async def _create(self, person: Person, client: str | None) -> None:
        async with self._database.transaction() as connection:
            made: UUID = await create_user(connection, person, admin=False)
            await audit(connection, Actor("USER", made, client), None, "user.signed_up", made)
