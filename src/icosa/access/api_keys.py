"""API keys: made, signed, changed, revoked (`auth.md` section 2). A token is signed on demand and never stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from icosa.access.audit import COMMAND_LINE, Actor, audit
from icosa.access.changes import Change, ChangeKind, announce
from icosa.access.texts import checked_text
from icosa.access.tokens import TokenKind, Tokens
from icosa.errors import BadInput, Forbidden, NotFound
from icosa.fields.moments import parse_date_time
from icosa.store.database import Database

LONGEST_NAME = 100
INVALID = "INVALID_API_KEY_INPUT"

ROW = """
select k.*, r.label as role_label from core.api_key k join core.role r on r.id = k.role_id
"""
INSERT = "insert into core.api_key (workspace_id, role_id, name, expires_at) values ($1, $2, $3, $4) returning *"
UPDATE = """
update core.api_key set
    name = coalesce($3, name),
    expires_at = coalesce($4, expires_at),
    revoked_at = case when $5 then coalesce(revoked_at, now()) else revoked_at end,
    role_id = coalesce($6, role_id),
    updated_at = now()
where id = $1 and workspace_id = $2
returning *
"""


class ApiKeys:
    """The keys of all workspaces.

    Args:
        database: where they are.
        tokens: signs them; its clock counts.
        changed: called after each change is committed; `Authenticator.forget` in a server, so that the process that
            made the change is the first to act on it.
    """

    def __init__(
        self, database: Database, tokens: Tokens, changed: Callable[[Change], None] = lambda change: None
    ) -> None:
        self._database = database
        self._tokens = tokens
        self._changed = changed

    async def create(
        self, workspace_id: UUID, name: str, role: Any, expires_at: dt.datetime, *, by: Actor = COMMAND_LINE
    ) -> Any:
        """Make a key and return its row.

        Args:
            workspace_id: its workspace.
            name: 1 to 100 characters once trimmed.
            role: the row of its role; see `find_role`.
            expires_at: when it stops to hold.
            by: who makes it.

        Raises:
            BadInput: a bad name, a time in the past, a role that keys may not have.
            NotFound: the workspace has no such role.
        """
        name = _name(name)
        if expires_at <= self._tokens.now():
            raise BadInput("expiresAt: must lie in the future", INVALID)
        async with self._database.transaction() as connection:
            await _check_role(connection, workspace_id, role["id"])
            row = await connection.fetchrow(INSERT, workspace_id, role["id"], name, expires_at)
            details = {"name": name, "role": role["label"], "expiresAt": expires_at.isoformat()}
            await audit(connection, by, workspace_id, "api_key.created", row["id"], **details)
        return row

    async def token(
        self, workspace_id: UUID, key_id: UUID, expires_at: dt.datetime | None = None, *, by: Actor = COMMAND_LINE
    ) -> str:
        """Return a token of a key; it expires with the key at the latest.

        Raises:
            NotFound: no such key.
            BadInput: the key has expired, or the time lies in the past.
            Forbidden: the key has been revoked.
        """
        row = await self.find(workspace_id, key_id)
        if row is None:
            raise _not_found()
        if row["revoked_at"] is not None:
            raise Forbidden("The API key has been revoked", "API_KEY_REVOKED")
        now = self._tokens.now()
        if row["expires_at"] <= now:
            raise BadInput("The API key has expired", "API_KEY_EXPIRED")
        expires = min(expires_at or row["expires_at"], row["expires_at"])
        if expires <= now:
            raise BadInput("expiresAt: must lie in the future", INVALID)
        async with self._database.transaction() as connection:
            told = expires.isoformat()
            await audit(connection, by, workspace_id, "api_key.token_made", key_id, expiresAt=told)
        claims = {"sub": str(workspace_id), "workspaceId": str(workspace_id), "jti": str(key_id)}
        return self._tokens.sign(TokenKind.API_KEY, claims, now, expires)

    async def list(self, workspace_id: UUID, *, with_revoked: bool = False) -> Sequence[Any]:
        """Return the rows of a workspace's keys, oldest first, with the labels of their roles.

        Args:
            workspace_id: whose keys.
            with_revoked: whether revoked ones come too.
        """
        return await self._database.fetch_all(
            f"{ROW} where k.workspace_id = $1 and (k.revoked_at is null or $2) order by k.created_at, k.id",
            workspace_id,
            with_revoked,
        )

    async def find(self, workspace_id: UUID, key_id: UUID) -> Any:
        """Return the row of a key, a revoked one too, with the label of its role; None when there is no such key."""
        return await self._database.fetch_row(
            f"{ROW} where k.id = $1 and k.workspace_id = $2",
            key_id,
            workspace_id,
        )

    async def update(
        self,
        workspace_id: UUID,
        key_id: UUID,
        *,
        name: str | None = None,
        expires_at: dt.datetime | None = None,
        revoked: bool | None = None,
        by: Actor = COMMAND_LINE,
    ) -> Any:
        """Change a key and return its row. What is None stays as it is; issued tokens stay valid.

        Args:
            workspace_id: its workspace.
            key_id: which.
            name: 1 to 100 characters once trimmed.
            expires_at: a time in the past stops the key; a later one does not lengthen its tokens.
            revoked: True revokes; False, which is `revokedAt: null`, is refused on a revoked key.
            by: who changes it.

        Raises:
            NotFound: no such key.
            BadInput: a bad name, or a key that was to be brought back to life.
        """
        checked = None if name is None else _name(name)
        if revoked is False:
            row = await self.find(workspace_id, key_id)
            if row is not None and row["revoked_at"] is not None:
                raise BadInput("revokedAt: a revoked API key stays revoked; make a new one", INVALID)
        action = "api_key.revoked" if revoked else "api_key.changed" if expires_at else "api_key.renamed"
        details = {"name": checked, "expiresAt": expires_at and expires_at.isoformat()}
        values = (checked, expires_at, bool(revoked), None)
        return await self._change(workspace_id, key_id, values, by=by, action=action, details=details)

    async def revoke(self, workspace_id: UUID, key_id: UUID, *, by: Actor = COMMAND_LINE) -> Any:
        """Revoke a key for good, in every process at once, and return its row.

        Raises:
            NotFound: no such key.
        """
        return await self._change(
            workspace_id, key_id, (None, None, True, None), by=by, action="api_key.revoked", details={}
        )

    async def assign_role(self, workspace_id: UUID, key_id: UUID, role: Any, *, by: Actor = COMMAND_LINE) -> Any:
        """Give a key another role and return its row.

        Args:
            workspace_id: its workspace.
            key_id: which.
            role: the row of the role; see `find_role`.
            by: who gives it.

        Raises:
            NotFound: no such key, or no such role.
            BadInput: a role that keys may not have.
        """
        values = (None, None, False, role["id"])
        details = {"role": role["label"]}
        return await self._change(workspace_id, key_id, values, by=by, action="api_key.role_changed", details=details)

    async def _change(
        self,
        workspace_id: UUID,
        key_id: UUID,
        values: tuple[str | None, dt.datetime | None, bool, UUID | None],
        *,
        by: Actor,
        action: str,
        details: dict[str, Any],
    ) -> Any:
        change = Change(workspace_id, ChangeKind.API_KEY, key_id)
        async with self._database.transaction() as connection:
            if values[3] is not None:
                await _check_role(connection, workspace_id, values[3])
            row = await connection.fetchrow(UPDATE, key_id, workspace_id, *values)
            if row is None:
                raise _not_found()
            await announce(connection, change)
            told = {name: value for name, value in details.items() if value is not None}
            await audit(connection, by, workspace_id, action, key_id, **told)
        self._changed(change)
        return row


def parse_expiry(value: Any) -> dt.datetime:
    """Return the moment that a client's `expiresAt` means.

    Raises:
        BadInput: it is not a date.
    """
    try:
        return parse_date_time(value)
    except (ValueError, TypeError, OverflowError):
        raise BadInput("expiresAt: must be a date such as 2030-01-31T00:00:00.000Z", INVALID) from None


def _name(name: str) -> str:
    return checked_text(name, "name", LONGEST_NAME, INVALID)


def _not_found() -> NotFound:
    return NotFound("There is no API key with this id", "API_KEY_NOT_FOUND")


async def _check_role(connection: Any, workspace_id: UUID, role_id: UUID) -> None:
    """Raise unless a role may be given to keys, and see to it that it stays until the transaction ends."""
    role = await connection.fetchrow(
        "select * from core.role where id = $1 and workspace_id = $2 for share", role_id, workspace_id
    )
    if role is None:
        raise NotFound("There is no role with this id", "ROLE_NOT_FOUND")
    if not role["can_be_assigned_to_api_keys"]:
        raise BadInput(f"roleId: the role {role['label']} may not be given to API keys", "ROLE_NOT_ASSIGNABLE")
