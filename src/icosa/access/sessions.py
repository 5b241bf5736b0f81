"""Sessions of people: signing in, access and refresh tokens, rotation and its misuse (`auth.md` section 6)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from icosa.access.audit import Actor, audit
from icosa.access.caller import Caller
from icosa.access.passwords import verify_password
from icosa.access.tokens import TokenKind, Tokens
from icosa.errors import BadInput, Forbidden, RateLimited, Unauthenticated
from icosa.fields.email_addresses import normalise_email
from icosa.store.database import Database

ACCESS_TIME = dt.timedelta(minutes=30)
LOGIN_TIME = dt.timedelta(minutes=15)
PLAYGROUND_TIME = dt.timedelta(hours=2)
REFRESH_TIME = dt.timedelta(days=60)
GRACE = dt.timedelta(minutes=1)
MOST_FAILURES = 10
FAILURE_SECONDS = 60

PERSON = """
select u.id, u.email, u.password_hash, m.id as user_workspace_id, m.workspace_id, m.workspace_member_id
from core."user" u
left join core.user_workspace m on m.user_id = u.id and m.deleted_at is null
left join core.workspace w on w.id = m.workspace_id and w.deleted_at is null
where u.email = $1 and u.deleted_at is null
order by (w.id is not null) desc, m.created_at, m.id
limit 1
"""
INSERT_REFRESH = """
insert into core.refresh_token (id, user_id, workspace_id, family, expires_at) values ($1, $2, $3, $4, $5)
"""
FAILURES = "select coalesce(max(failures), 0) from core.sign_in_failure where key = any($1) and resets_at > now()"
NOTE_FAILURE = """
insert into core.sign_in_failure (key, failures, resets_at)
select key, 1, now() + make_interval(secs => $2) from unnest($1::text[]) as key
on conflict (key) do update set
    failures = case when sign_in_failure.resets_at > now() then sign_in_failure.failures + 1 else 1 end,
    resets_at = case when sign_in_failure.resets_at > now() then sign_in_failure.resets_at else excluded.resets_at end
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


class Sessions:
    """The sessions of all workspaces.

    Args:
        database: where people and refresh tokens are.
        tokens: signs and verifies; its clock counts.
    """

    def __init__(self, database: Database, tokens: Tokens) -> None:
        self._database = database
        self._tokens = tokens

    async def login_token(self, email: Any, password: Any, client: str | None) -> Issued:
        """Return a login token for an address and its password.

        Whether the address is unknown or the password wrong, the answer and its time are the same.

        Raises:
            BadInput: it is no e-mail address.
            Forbidden: `FORBIDDEN_EXCEPTION`: they do not go together.
            RateLimited: too many failures from this address or for this e-mail.
        """
        row = await self._credentials(email, password, client)
        claims = {"sub": row["email"], "workspaceId": str(row["workspace_id"]), "authProvider": "password"}
        return self._issue(TokenKind.LOGIN, claims, LOGIN_TIME)

    async def sign_in(self, email: Any, password: Any, client: str | None) -> tuple[Pair, UUID]:
        """Return a pair of tokens and the workspace they are for; see `login_token`."""
        row = await self._credentials(email, password, client)
        return await self._pair(row, uuid4()), row["workspace_id"]

    async def _credentials(self, email: Any, password: Any, client: str | None) -> Any:
        address = normalise_email(email if isinstance(email, str) else "")
        keys = [f"email:{address}", *([f"address:{client}"] if client else [])]
        if await self._database.fetch_value(FAILURES, keys) >= MOST_FAILURES:
            raise _too_many()
        row = await self._database.fetch_row(PERSON, address)
        holds = await verify_password(str(password), None if row is None else row["password_hash"])
        if not holds or row is None or row["workspace_id"] is None:
            await self._database.execute(NOTE_FAILURE, keys, float(FAILURE_SECONDS))
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
        keys = [f"address:{client}"] if client else []
        if await self._database.fetch_value(FAILURES, keys) >= MOST_FAILURES:
            raise _too_many()
        await self._database.execute(NOTE_FAILURE, keys, float(FAILURE_SECONDS))
        return await self._database.fetch_row(PERSON, address) is not None

    async def from_login_token(self, token: Any) -> Pair:
        """Return the pair that a login token is exchanged for.

        Raises:
            Unauthenticated: it does not hold, or its user is gone.
            Forbidden: `INVALID_JWT_TOKEN_TYPE`: it is another kind of token.
        """
        claims = self._claims(token, TokenKind.LOGIN)
        row = await self._database.fetch_row(PERSON, str(claims["sub"]))
        if row is None or row["workspace_id"] is None:
            raise Unauthenticated("The token's user is no member of the workspace any more", "UNKNOWN_USER")
        return await self._pair(row, uuid4())

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
                "select * from core.refresh_token where id = $1 for update", UUID(str(claims["jti"]))
            )
            now = self._tokens.now()
            if row is None or row["expires_at"] <= now:
                raise Unauthenticated("The refresh token does not hold", "TOKEN_MALFORMED")
            reused = row["replaced_at"] is not None and now - row["replaced_at"] > GRACE
            if not reused and row["revoked_at"] is None:
                person = await connection.fetchrow(
                    'select u.email from core."user" u where u.id = $1 and u.deleted_at is null', row["user_id"]
                )
                if person is None:
                    raise Unauthenticated("The token's user is gone", "UNKNOWN_USER")
                await connection.execute(
                    "update core.refresh_token set replaced_at = coalesce(replaced_at, $2) where id = $1",
                    row["id"],
                    now,
                )
        if reused:
            await self.revoke_family(row["family"])
        if reused or row["revoked_at"] is not None:
            raise Forbidden("The refresh token was used before; sign in again", "FORBIDDEN_EXCEPTION")
        person = await self._database.fetch_row(PERSON, person["email"])
        if person is None or person["workspace_id"] is None:
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
        return self._issue(TokenKind.PLAYGROUND, _person_claims(caller.user_id, caller), PLAYGROUND_TIME)

    async def _pair(self, row: Any, family: UUID) -> Pair:
        claims = {
            "sub": str(row["id"]),
            "userId": str(row["id"]),
            "workspaceId": str(row["workspace_id"]),
            "workspaceMemberId": str(row["workspace_member_id"]),
            "userWorkspaceId": str(row["user_workspace_id"]),
            "authProvider": "password",
            "isImpersonating": False,
        }
        access = self._issue(TokenKind.ACCESS, claims, ACCESS_TIME)
        identifier = uuid4()
        kept = {name: claims[name] for name in ("sub", "userId", "workspaceId", "authProvider")}
        more = {"targetedTokenType": "ACCESS", "jti": str(identifier)}
        refresh = self._issue(TokenKind.REFRESH, {**kept, **more}, REFRESH_TIME)
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


def _too_many() -> RateLimited:
    return RateLimited("Too many failed sign-ins; wait a minute", "LIMIT_REACHED", retryAfterMs=FAILURE_SECONDS * 1000)


def _person_claims(user_id: UUID | None, caller: Caller) -> dict[str, Any]:
    return {
        "sub": str(user_id),
        "userId": str(user_id),
        "workspaceId": str(caller.workspace_id),
        "workspaceMemberId": str(caller.workspace_member_id),
        "userWorkspaceId": str(caller.user_workspace_id),
        "authProvider": "password",
    }
