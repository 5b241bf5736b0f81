"""Invitations to a workspace: made, sent again, withdrawn and taken (`auth.md` section 6, "others join by invitation")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from icosa.access.audit import Actor, audit
from icosa.access.link_tokens import digest_of, new_link_token
from icosa.access.tokens import Tokens
from icosa.errors import BadInput, Forbidden, NotFound
from icosa.fields.email_addresses import normalise_email
from icosa.settings import Lifetimes
from icosa.store.database import Database

MOST_AT_ONCE = 50
LONGEST_EMAIL = 254

INVITE = """
insert into core.invitation (workspace_id, email, role_id, token_hash, invited_by, expires_at)
values ($1, $2, $3, $4, $5, $6)
on conflict (workspace_id, email) do update set role_id = excluded.role_id, token_hash = excluded.token_hash,
    invited_by = excluded.invited_by, expires_at = excluded.expires_at
returning *
"""
RENEW = """
update core.invitation set token_hash = $3, expires_at = $4, invited_by = $5 where id = $1 and workspace_id = $2
returning *
"""
IS_MEMBER = """
select exists (
    select from core.user_workspace m join core."user" u on u.id = m.user_id
    where m.workspace_id = $1 and u.email = $2 and m.deleted_at is null
)
"""
FIND = """
select i.*, w.display_name, coalesce(i.role_id, w.default_role_id) as given_role_id
from core.invitation i join core.workspace w on w.id = i.workspace_id and w.deleted_at is null
where i.token_hash = $1 and i.expires_at > $2
"""


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that was made.

    Attributes:
        row: its row.
        token: what the link carries; it is told this once.
    """

    row: Any
    token: str


class Invitations:
    """The invitations of all workspaces.

    Args:
        database: where they are.
        tokens: its clock counts.
        lifetimes: how long they hold.
    """

    def __init__(self, database: Database, tokens: Tokens, lifetimes: Lifetimes) -> None:
        self._database = database
        self._tokens = tokens
        self._time = lifetimes.invitation

    async def invite(
        self, workspace_id: UUID, emails: Sequence[str], role_id: UUID | None, by: Actor
    ) -> tuple[list[Invited], list[str]]:
        """Invite people; who was invited before gets a new link, and the old one does not hold any more.

        Args:
            workspace_id: where to.
            emails: their addresses, 50 at the most.
            role_id: the role they get; None for the workspace's default one.
            by: who invites.

        Returns:
            The invitations, and a sentence for each address that cannot be invited.

        Raises:
            BadInput: no address or too many; a role that people may not have.
            NotFound: there is no such role.
        """
        if not 1 <= len(emails) <= MOST_AT_ONCE:
            raise BadInput(f"emails: must be 1 to {MOST_AT_ONCE} addresses", "INVALID_INVITATION_INPUT")
        made: list[Invited] = []
        refused: list[str] = []
        async with self._database.transaction() as connection:
            if role_id is not None:
                await _check_role(connection, workspace_id, role_id)
            for given in dict.fromkeys(emails):
                try:
                    email = normalise_email(given[: LONGEST_EMAIL + 1])
                except BadInput as problem:
                    refused.append(f"{given[:LONGEST_EMAIL]}: {problem.message}")
                    continue
                if len(email) > LONGEST_EMAIL or await connection.fetchval(IS_MEMBER, workspace_id, email):
                    refused.append(f"{email[:LONGEST_EMAIL]}: is a member of the workspace already, or too long")
                    continue
                token = new_link_token()
                row = await connection.fetchrow(
                    INVITE, workspace_id, email, role_id, digest_of(token), by.id, self._tokens.now() + self._time
                )
                await audit(connection, by, workspace_id, "invitation.made", row["id"], email=email)
                made.append(Invited(row, token))
        return made, refused

    async def renew(self, workspace_id: UUID, invitation_id: UUID, by: Actor) -> Invited:
        """Give an invitation a new link and a new term; the old link does not hold any more.

        Raises:
            NotFound: there is no such invitation.
        """
        token = new_link_token()
        async with self._database.transaction() as connection:
            expires = self._tokens.now() + self._time
            row = await connection.fetchrow(RENEW, invitation_id, workspace_id, digest_of(token), expires, by.id)
            if row is None:
                raise _not_found()
            await audit(connection, by, workspace_id, "invitation.renewed", invitation_id)
        return Invited(row, token)

    async def withdraw(self, workspace_id: UUID, invitation_id: UUID, by: Actor) -> None:
        """Withdraw an invitation; raises NotFound."""
        async with self._database.transaction() as connection:
            found = await connection.fetchval(
                "delete from core.invitation where id = $1 and workspace_id = $2 returning id",
                invitation_id,
                workspace_id,
            )
            if found is None:
                raise _not_found()
            await audit(connection, by, workspace_id, "invitation.withdrawn", invitation_id)

    async def list(self, workspace_id: UUID) -> Sequence[Any]:
        """Return the rows of a workspace's invitations, expired ones too."""
        return await self._database.fetch_all(
            "select * from core.invitation where workspace_id = $1 order by created_at, id", workspace_id
        )

    async def find(self, token: str) -> Any:
        """Return the row of the invitation that a link carries, with the workspace's name.

        Raises:
            Forbidden: `INVALID_INVITATION`: there is none, or it has expired, been used or withdrawn.
        """
        row = await self._database.fetch_row(FIND, digest_of(token), self._tokens.now())
        if row is None:
            raise invalid_invitation()
        return row

    @staticmethod
    async def take(connection: Any, invitation_id: UUID, token: str) -> None:
        """Use an invitation up, in the transaction that lets the person in.

        Raises:
            Forbidden: somebody was faster, or the link was replaced.
        """
        found = await connection.fetchval(
            "delete from core.invitation where id = $1 and token_hash = $2 returning id",
            invitation_id,
            digest_of(token),
        )
        if found is None:
            raise invalid_invitation()


def invalid_invitation() -> Forbidden:
    """Return the refusal of an invitation, whose reason a stranger does not learn."""
    return Forbidden("The invitation does not hold, or is for another address; ask for a new one", "INVALID_INVITATION")


def _not_found() -> NotFound:
    return NotFound("There is no such invitation", "INVITATION_NOT_FOUND")


async def _check_role(connection: Any, workspace_id: UUID, role_id: UUID) -> None:
    role = await connection.fetchrow(
        "select * from core.role where id = $1 and workspace_id = $2 for share", role_id, workspace_id
    )
    if role is None:
        raise NotFound("There is no role with this id", "ROLE_NOT_FOUND")
    if not role["can_be_assigned_to_users"]:
        raise BadInput(f"roleId: the role {role['label']} may not be given to people", "ROLE_NOT_ASSIGNABLE")
