"""Sessions of people: signing in, access and refresh tokens, rotation and its misuse (`auth.md` section 6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from icosa.access.audit import Actor, audit
from icosa.access.caller import Caller
from icosa.access.passwords import verify_password
from icosa.access.sign_in_limits import SignInLimits
from icosa.access.tokens import TokenKind, Tokens
from icosa.errors import BadInput, Forbidden, Unauthenticated
from icosa.fields.email_addresses import normalise_email
from icosa.settings import Lifetimes
from icosa.store.database import Database

# A person with one membership: that of the workspace which is asked for, else the oldest; null when there is none.
PERSON = """
select u.id, u.email, u.password_hash, m.id as user_workspace_id, m.workspace_id, m.workspace_member_id
from core."user" u
left join (
    select m.* from core.user_workspace m join core.workspace w on w.id = m.workspace_id and w.deleted_at is null
    where m.deleted_at is null and ($2::uuid is null or m.workspace_id = $2)
) m on m.user_id = u.id
where u.email = $1 and u.deleted_at is null
order by m.created_at, m.id
limit 1
"""
MEMBERSHIPS = """
select w.id, w.display_name, w.logo, w.subdomain
from core.user_workspace m join core.workspace w on w.id = m.workspace_id and w.deleted_at is null
where m.user_id = $1 and m.deleted_at is null
order by m.created_at, m.id
"""
INSERT_REFRESH = """
insert into core.refresh_token (id, user_id, workspace_id, family, expires_at) values ($1, $2, $3, $4, $5)
"""
REVOKE_ALL = """
update core.refresh_token set revoked_at = now()
where user_id = $1 and revoked_at is null and ($2::uuid is null or workspace_id = $2)
"""


@dataclass(frozen=True, slots=True)
class Issued:
    """A token and when it expires."""

    token: str
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Pair:
    """An access token with the refresh token that renews it."""

    access: Issued
    refresh: Issued


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who has signed in.

    Attributes:
        pair: tokens for the first of the workspaces, or for none.
        workspaces: rows of the workspaces that the person is a member of, each with a login token.
    """

    pair: Pair
    workspaces: Sequence[tuple[Any, Issued]]


class Sessions:
    """The sessions of all workspaces.

    Args:
        database: where people and refresh tokens are.
        tokens: signs and verifies; its clock counts.
        lifetimes: how long tokens hold.
    """

    def __init__(self, database: Database, tokens: Tokens, lifetimes: Lifetimes | None = None) -> None:
        self._database = database
        self._tokens = tokens
        self._lifetimes = lifetimes or Lifetimes()
        self._limits = SignInLimits(database)

    async def login_token(self, email: Any, password: Any, client: str | None, workspace: UUID | None = None) -> Issued:
        """Return a login token for an address and its password.

        Whether the address is unknown or the password wrong, the answer and its time are the same.

        Args:
            email: the address.
            password: its password.
            client: where the request comes from.
            workspace: the workspace to sign in to; None for the first that the person is a member of.

        Raises:
            BadInput: it is no e-mail address.
            Forbidden: `FORBIDDEN_EXCEPTION`: they do not go together, or the person is no member.
            RateLimited: too many failures from this address or for this e-mail.
        """
        row = await self._credentials(email, password, client, workspace)
        return self.login_token_for(row["email"], row["workspace_id"])

    async def sign_in(self, email: Any, password: Any, client: str | None, *, without_workspace: bool) -> SignedIn:
        """Sign somebody in to all workspaces at once; see `login_token`.

        Args:
            email: the address.
            password: its password.
            client: where the request comes from.
            without_workspace: whether somebody may come in who is a member of none, to found one.
        """
        row = await self._credentials(email, password, client, without_workspace=without_workspace)
        workspaces = await self._database.fetch_all(MEMBERSHIPS, row["id"])
        tokens = [(each, self.login_token_for(row["email"], each["id"])) for each in workspaces]
        return SignedIn(await self._pair(row, uuid4()), tokens)

    def login_token_for(self, email: str, workspace_id: UUID) -> Issued:
        """Return a login token of somebody who has shown who it is."""
        claims = {"sub": email, "workspaceId": str(workspace_id), "authProvider": "password"}
        return self._issue(TokenKind.LOGIN, claims, self._lifetimes.login)

    async def prove(self, email: str, password: Any, client: str | None) -> UUID:
        """Return the id of the user that an address and a password belong to, member of a workspace or not.

        Raises:
            Forbidden: they do not go together.
            RateLimited: too many failures.
        """
        found: UUID = (await self._credentials(email, password, client, without_workspace=True))["id"]
        return found

    async def _credentials(
        self,
        email: Any,
        password: Any,
        client: str | None,
        workspace: UUID | None = None,
        *,
        without_workspace: bool = False,
    ) -> Any:
        address = normalise_email(email if isinstance(email, str) else "")
        await self._limits.check(client, address)
        row = await self._database.fetch_row(PERSON, address, workspace)
        holds = await verify_password(str(password), None if row is None else row["password_hash"])
        if not holds or row is None or (row["workspace_id"] is None and not without_workspace):
            await self._limits.note(client, address)
            async with self._database.transaction() as connection:
                by = Actor("NOBODY", None, client)
                await audit(connection, by, None if row is None else row["workspace_id"], "session.refused", None)
            raise Forbidden("The e-mail address and the password do not go together", "FORBIDDEN_EXCEPTION")
        async with self._database.transaction() as connection:
            await audit(connection, Actor("USER", row["id"], client), row["workspace_id"], "session.started", row["id"])
        return row

    async def is_known(self, address: str, client: str | None) -> bool:
        """Return whether an address has an account; each question counts as a failed sign-in from where it came.

        Raises:
            RateLimited: too many questions.
        """
        await self._limits.check(client)
        await self._limits.note(client)
        return await self._database.fetch_row(PERSON, address, None) is not None

    async def from_login_token(self, token: Any, workspace: UUID | None = None) -> Pair:
        """Return the pair that a login token is exchanged for.

        Args:
            token: the login token.
            workspace: the one that the page belongs to, when that is known.

        Raises:
            Unauthenticated: it does not hold, or its user is gone.
            Forbidden: `INVALID_JWT_TOKEN_TYPE`: it is another kind of token; or it is for another workspace.
        """
        claims = self._claims(token, TokenKind.LOGIN)
        wanted = UUID(str(claims["workspaceId"]))
        if workspace is not None and workspace != wanted:
            raise Forbidden("The login token is for another workspace", "FORBIDDEN_EXCEPTION")
        row = await self._database.fetch_row(PERSON, str(claims["sub"]), wanted)
        if row is None or row["workspace_id"] is None:
            raise Unauthenticated("The token's user is no member of the workspace any more", "UNKNOWN_USER")
        return await self._pair(row, uuid4())

    async def new_pair(self, email: str, workspace: UUID | None = None) -> Pair:
        """Return tokens of somebody who has shown who it is, for a workspace or, while there is none, without."""
        return await self._pair(await self._database.fetch_row(PERSON, email, workspace), uuid4())

    async def renew(self, token: Any) -> Pair:
        """Return a new pair for a refresh token, which is used up.

        A token that is used a second time within a minute gets another pair, since two tabs may race; after that it is
        taken for stolen, and all that grew out of its sign-in is revoked.

        Raises:
            BadInput: no token.
            Unauthenticated: it does not hold.
            Forbidden: another kind of token, or one that was used up.
        """
        claims = self._claims(token, TokenKind.REFRESH)
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(
                "select r.*, u.email from core.refresh_token r "
                'left join core."user" u on u.id = r.user_id and u.deleted_at is null '
                "where r.id = $1 for update of r",
                UUID(str(claims["jti"])),
            )
            now = self._tokens.now()
            if row is None or row["expires_at"] <= now:
                raise Unauthenticated("The refresh token does not hold", "TOKEN_MALFORMED")
            reused = row["replaced_at"] is not None and now - row["replaced_at"] > self._lifetimes.reuse_grace
            if not reused and row["revoked_at"] is None:
                await connection.execute(
                    "update core.refresh_token set replaced_at = coalesce(replaced_at, $2) where id = $1",
                    row["id"],
                    now,
                )
        if reused:
            await self.revoke_family(row["family"])
        if reused or row["revoked_at"] is not None:
            raise Forbidden("The refresh token was used before; sign in again", "FORBIDDEN_EXCEPTION")
        person = await self._database.fetch_row(PERSON, row["email"], row["workspace_id"])
        if person is None or (person["workspace_id"] is None and row["workspace_id"] is not None):
            raise Unauthenticated("The token's user is no member of the workspace any more", "UNKNOWN_USER")
        return await self._pair(person, row["family"])

    async def revoke_family(self, family: UUID) -> None:
        """Revoke every refresh token that grew out of one sign-in."""
        await self._database.execute(
            "update core.refresh_token set revoked_at = coalesce(revoked_at, now()) where family = $1", family
        )

    def playground_token(self, caller: Caller) -> Issued:
        """Return a token that acts as the caller for two hours, but manages no credentials.

        Raises:
            Forbidden: the caller is no signed-in person.
        """
        caller.require_session()
        return self._issue(TokenKind.PLAYGROUND, _person_claims(caller.user_id, caller), self._lifetimes.playground)

    async def _pair(self, row: Any, family: UUID) -> Pair:
        claims: dict[str, Any] = {"sub": str(row["id"]), "userId": str(row["id"]), "authProvider": "password"}
        kind = TokenKind.WORKSPACE_AGNOSTIC
        if row["workspace_id"] is not None:
            kind = TokenKind.ACCESS
            claims["workspaceId"] = str(row["workspace_id"])
        identifier = uuid4()
        renewing = {**claims, "targetedTokenType": kind.value, "jti": str(identifier)}
        if kind is TokenKind.ACCESS:
            claims["workspaceMemberId"] = str(row["workspace_member_id"])
            claims["userWorkspaceId"] = str(row["user_workspace_id"])
            claims["isImpersonating"] = False
        access = self._issue(kind, claims, self._lifetimes.access)
        refresh = self._issue(TokenKind.REFRESH, renewing, self._lifetimes.refresh)
        await self._database.execute(
            INSERT_REFRESH, identifier, row["id"], row["workspace_id"], family, refresh.expires_at
        )
        return Pair(access, refresh)

    def _issue(self, kind: TokenKind, claims: dict[str, Any], time: dt.timedelta) -> Issued:
        now = self._tokens.now()
        return Issued(self._tokens.sign(kind, claims, now, now + time), now + time)

    def _claims(self, token: Any, wanted: TokenKind) -> dict[str, Any]:
        if not isinstance(token, str) or not token:
            raise BadInput("The token must not be empty", "INVALID_INPUT")
        kind, claims = self._tokens.verify(token)
        if kind is not wanted:
            raise Forbidden(f"This takes a {wanted.value.lower()} token", "INVALID_JWT_TOKEN_TYPE")
        return claims


async def end_sessions(connection: Any, user_id: UUID, workspace_id: UUID | None = None) -> None:
    """Revoke the refresh tokens of a user, all of them or those of one workspace.

    Args:
        connection: inside the transaction that has a reason for it.
        user_id: whose.
        workspace_id: of which workspace; None for all.
    """
    await connection.execute(REVOKE_ALL, user_id, workspace_id)


def _person_claims(user_id: UUID | None, caller: Caller) -> dict[str, Any]:
    return {
        "sub": str(user_id),
        "userId": str(user_id),
        "workspaceId": str(caller.workspace_id),
        "workspaceMemberId": str(caller.workspace_member_id),
        "userWorkspaceId": str(caller.user_workspace_id),
        "authProvider": "password",
    }
