"""How somebody who was invited becomes a member (`auth.md` section 6, `signUpInWorkspace`)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from icosa.access.audit import Actor, audit
from icosa.access.invitations import Invitations, invalid_invitation
from icosa.access.sessions import Sessions
from icosa.access.sign_in_limits import SignInLimits
from icosa.access.workspaces import Person, create_user
from icosa.catalog.load import load_catalog
from icosa.errors import Forbidden
from icosa.fields.email_addresses import normalise_email
from icosa.founding.members import enter_workspace
from icosa.store.database import Database

PUBLIC_LINK = "isPublicInviteLinkEnabled"
LINKED = "select * from core.workspace where deleted_at is null and invite_hash = $1"


@dataclass(frozen=True, slots=True)
class Door:
    """The way in that somebody may take.

    Attributes:
        workspace_id: to where.
        role_id: with which role.
        invitation_id: of an invitation of one's own, which is used up; None for the workspace's public link.
    """

    workspace_id: UUID
    role_id: UUID
    invitation_id: UUID | None = None


class Joining:
    """Lets people in.

    Args:
        database: where they are.
        sessions: checks passwords.
        invitations: finds invitations.
    """

    def __init__(self, database: Database, sessions: Sessions, invitations: Invitations) -> None:
        self._database = database
        self._sessions = sessions
        self._invitations = invitations
        self._limits = SignInLimits(database)

    async def __call__(self, person: Person, token: str | None, invite_hash: str | None, client: str | None) -> Any:
        """Make somebody a member and return the workspace's row. Who has an account shows it by its password.

        Args:
            person: who it is.
            token: of an invitation of their own.
            invite_hash: of the workspace's public link.
            client: where the request comes from; a door that is none counts as a failed sign-in.

        Raises:
            Forbidden: `SIGNUP_DISABLED` without either, `INVALID_INVITATION` when it does not hold, or a wrong password.
            BadInput: a member already, or values that do not fit.
            RateLimited: too many attempts.
        """
        address = normalise_email(person.email)
        if not token and not invite_hash:
            raise Forbidden("A workspace is joined by invitation", "SIGNUP_DISABLED")
        await self._limits.check(client)
        try:
            door = await (self._invited(token, address) if token else self._linked(invite_hash or ""))
        except Forbidden:
            await self._limits.note(client)
            raise
        known = await self._database.fetch_value('select exists (select from core."user" where email = $1)', address)
        user_id = await self._sessions.prove(address, person.password, client) if known else None
        full = await load_catalog(self._database, door.workspace_id)
        if full is None:
            raise invalid_invitation()
        async with self._database.transaction() as connection:
            if token and door.invitation_id is not None:
                await self._invitations.take(connection, door.invitation_id, token)
            entering = user_id or await create_user(connection, person, admin=False)
            await enter_workspace(connection, full, entering, door.role_id)
            by = Actor("USER", entering, client)
            await audit(connection, by, door.workspace_id, "member.joined", entering)
        return await self._database.fetch_row("select * from core.workspace where id = $1", door.workspace_id)

    async def _invited(self, token: str, address: str) -> Door:
        row = await self._invitations.find(token)
        if not hmac.compare_digest(row["email"].encode(), address.encode()):
            raise invalid_invitation()
        return Door(row["workspace_id"], row["given_role_id"], row["id"])

    async def _linked(self, invite_hash: str) -> Door:
        row = await self._database.fetch_row(LINKED, invite_hash[:100].replace("\x00", ""))
        if row is None or not orjson.loads(row["settings"]).get(PUBLIC_LINK, False):
            raise invalid_invitation()
        return Door(row["id"], row["default_role_id"])
