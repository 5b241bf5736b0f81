"""From a token to the rows behind it: the key or the person, the workspace, the role (`auth.md` sections 3 and 5)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from icosa.access.caller import Caller
from icosa.access.permissions import KnownRoles
from icosa.access.tokens import BEARERS, LEEWAY_SECONDS, TokenKind, Tokens, malformed
from icosa.errors import Unauthenticated
from icosa.store.database import Database

API_KEY = """
select w.deleted_at as workspace_deleted_at, k.id, k.name, k.workspace_id, k.expires_at, k.revoked_at,
    core.role_rights(k.role_id) as rights
from core.workspace w left join core.api_key k on k.id = $1
where w.id = $2
"""
PERSON = """
select w.deleted_at as workspace_deleted_at, u.id as user_id, u.first_name, u.last_name, u.email,
    u.deleted_at as user_deleted_at, u.sessions_end_at, m.id, m.workspace_member_id, m.deleted_at,
    core.role_rights(m.role_id) as rights,
    exists (
        select from core.user_workspace o where o.user_id = u.id and o.workspace_id <> w.id and o.deleted_at is null
    ) as is_elsewhere
from core.workspace w
left join core."user" u on u.id = $1
left join core.user_workspace m on m.user_id = u.id and m.workspace_id = w.id
where w.id = $2
"""


USER = 'select id, sessions_end_at from core."user" where id = $1 and deleted_at is null'


class Identities:
    """Finds out who a token's bearer is; every call is one statement.

    Args:
        database: where keys, people and roles are.
        tokens: verifies signatures.
        clock: seconds since the epoch; tests set it.
    """

    def __init__(self, database: Database, tokens: Tokens, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._tokens = tokens
        self._clock = clock
        self._roles = KnownRoles()

    async def identify(self, token: str) -> tuple[Caller, float]:
        """Return the bearer of a token and when the token stops to hold, in seconds since the epoch.

        The checks are made in the order of `auth.md` section 5: signature, `exp`, `type`, row.

        Raises:
            Unauthenticated: with the subcodes of `DECISIONS.md` items 6 and 15.
            Unavailable: the database does not answer.
        """
        kind, claims = self._tokens.verify(token)
        if kind not in BEARERS:
            raise Unauthenticated(f"A {kind.value.lower()} token cannot be used to call the API", "WRONG_TOKEN_KIND")
        expires = float(claims["exp"]) + LEEWAY_SECONDS
        if kind is TokenKind.API_KEY:
            caller, row_expires = await self._key(_id(claims, "jti"), _id(claims, "workspaceId"))
            return caller, min(expires, row_expires)
        return await self._person(kind, claims), expires

    async def identify_user(self, token: str) -> UUID:
        """Return the user of a token that is for no workspace.

        Raises:
            Unauthenticated: see `identify`; `WRONG_TOKEN_KIND` for every other kind of token.
        """
        kind, claims = self._tokens.verify(token)
        if kind is not TokenKind.WORKSPACE_AGNOSTIC:
            raise Unauthenticated("This takes the token of a signed-in user", "WRONG_TOKEN_KIND")
        row = await self._database.fetch_row(USER, _id(claims, "userId"))
        if row is None:
            raise Unauthenticated("The token's user does not exist any more", "UNKNOWN_USER")
        _check_issued(claims, row)
        found: UUID = row["id"]
        return found

    def kind_of(self, token: str) -> TokenKind:
        """Return the kind of a token whose signature holds; raises Unauthenticated."""
        return self._tokens.verify(token)[0]

    async def _key(self, key_id: UUID, workspace_id: UUID) -> tuple[Caller, float]:
        row = _of_workspace(await self._database.fetch_row(API_KEY, key_id, workspace_id))
        if row["id"] is not None and row["workspace_id"] != workspace_id:
            raise Unauthenticated("The API key belongs to another workspace", "UNKNOWN_WORKSPACE")
        if row["id"] is None or row["revoked_at"] is not None:
            raise Unauthenticated("The API key has been revoked", "API_KEY_REVOKED")
        expires: float = row["expires_at"].timestamp()
        if expires <= self._clock():
            raise Unauthenticated("The API key has expired", "API_KEY_EXPIRED")
        caller = Caller(TokenKind.API_KEY, workspace_id, self._roles.of(row["rights"]), row["name"], api_key_id=key_id)
        return caller, expires

    async def _person(self, kind: TokenKind, claims: Mapping[str, Any]) -> Caller:
        user_id, workspace_id = _id(claims, "userId"), _id(claims, "workspaceId")
        row = _of_workspace(await self._database.fetch_row(PERSON, user_id, workspace_id))
        if row["user_id"] is not None and row["id"] is None and row["is_elsewhere"]:
            raise Unauthenticated("The token's user belongs to another workspace", "UNKNOWN_WORKSPACE")
        if row["user_id"] is None or row["user_deleted_at"] or row["id"] is None or row["deleted_at"]:
            raise Unauthenticated("The token's user is no member of the workspace any more", "UNKNOWN_USER")
        _check_issued(claims, row)
        return Caller(
            kind,
            workspace_id,
            self._roles.of(row["rights"]),
            f"{row['first_name']} {row['last_name']}".strip() or row["email"],
            user_id=user_id,
            user_workspace_id=row["id"],
            workspace_member_id=row["workspace_member_id"],
        )


def _of_workspace(row: Any) -> Any:
    if row is None or row["workspace_deleted_at"] is not None:
        raise Unauthenticated("The token's workspace does not exist", "UNKNOWN_WORKSPACE")
    return row


def _check_issued(claims: Mapping[str, Any], user: Any) -> None:
    """Refuse a token from before the user's sessions were ended, because the password was changed."""
    ended = user["sessions_end_at"]
    if ended is not None and float(claims["iat"]) < int(ended.timestamp()):
        raise Unauthenticated("The session has ended; sign in again", "TOKEN_EXPIRED")


def _id(claims: Mapping[str, Any], name: str) -> UUID:
    try:
        return UUID(str(claims[name]))
    except (KeyError, ValueError):
        raise malformed() from None
