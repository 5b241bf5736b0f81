"""The webhooks of a workspace: listed, made, changed, deleted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from icosa.access.audit import Actor, audit
from icosa.access.vault import Vault
from icosa.errors import BadInput, NotFound
from icosa.modeling.problems import Problems
from icosa.store.database import Database
from icosa.webhooks.rules import checked, made_secret

LIST = "select * from core.webhook where workspace_id = $1 order by ordinal"
FIND = "select * from core.webhook where workspace_id = $1 and id = $2"
INSERT = """
insert into core.webhook
(id, workspace_id, target_url, operations, description, secret, updated_fields, payload, is_active)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing returning *
"""
UPDATE = """
update core.webhook set target_url = $3, operations = $4, description = $5, secret = $6, updated_fields = $7, payload = $8,
    is_active = $9, inactive_reason = case when $9 then null else inactive_reason end,
    failing_since = case when $9 and not is_active then null else failing_since end,
    paused_until = case when $9 and not is_active then null else paused_until end,
    updated_at = now()
where workspace_id = $1 and id = $2 returning *
"""
ROLL = """
update core.webhook set secret = $3, previous_secret = case when $4::int > 0 then secret end,
    previous_secret_until = case when $4 > 0 then $5::timestamptz + make_interval(hours => $4) end, updated_at = now()
where workspace_id = $1 and id = $2 returning *
"""
DELETE = "delete from core.webhook where workspace_id = $1 and id = $2 returning *"
COLUMNS = ("target_url", "operations", "description", "secret", "updated_fields", "payload", "is_active")
MOST_HOURS = 24 * 30


class Webhooks:
    """The webhooks of all workspaces.

    Args:
        database: where they are.
        vault: encrypts their secrets.
    """

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def list(self, workspace_id: UUID) -> list[dict[str, Any]]:
        """Return a workspace's webhooks, oldest first, their secrets in the clear."""
        return [self._opened(row) for row in await self._database.fetch_all(LIST, workspace_id)]

    async def find(self, workspace_id: UUID, webhook_id: UUID) -> dict[str, Any] | None:
        """Return a webhook, None when the workspace has no such one."""
        row = await self._database.fetch_row(FIND, workspace_id, webhook_id)
        return None if row is None else self._opened(row)

    async def create(self, workspace_id: UUID, given: Mapping[str, Any], *, by: Actor) -> dict[str, Any]:
        """Make a webhook and return it.

        Raises:
            Invalid: a rule of its address or operations is broken, or the id is taken.
        """
        problems = Problems("webhook", "create", {"targetUrl": given.get("targetUrl")})
        columns = self._sealed(checked(given, problems, creating=True))
        webhook_id = UUID(str(given["id"])) if given.get("id") else uuid4()
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(INSERT, webhook_id, workspace_id, *(columns[name] for name in COLUMNS))
            if row is None:
                raise problems.refuse("ENTITY_ALREADY_EXISTS", "id: there is a webhook with this id", str(webhook_id))
            await audit(connection, by, workspace_id, "webhook.created", webhook_id, **_told(row))
        return self._opened(row)

    async def update(
        self, workspace_id: UUID, webhook_id: UUID, given: Mapping[str, Any], *, by: Actor
    ) -> dict[str, Any]:
        """Change what is given of a webhook and return it.

        Raises:
            NotFound: the workspace has no such webhook.
            Invalid: a rule is broken.
        """
        problems = Problems("webhook", "update", {"id": str(webhook_id)})
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(f"{FIND} for update", workspace_id, webhook_id)
            if row is None:
                raise _not_found()
            columns = dict(row) | self._sealed(checked(given, problems, creating=False))
            row = await connection.fetchrow(UPDATE, workspace_id, webhook_id, *(columns[name] for name in COLUMNS))
            await audit(connection, by, workspace_id, "webhook.updated", webhook_id, **_told(row))
        return self._opened(row)

    async def delete(self, workspace_id: UUID, webhook_id: UUID, *, by: Actor) -> dict[str, Any]:
        """Delete a webhook and return it as it was.

        Raises:
            NotFound: the workspace has no such webhook.
        """
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(DELETE, workspace_id, webhook_id)
            if row is None:
                raise _not_found()
            await audit(connection, by, workspace_id, "webhook.deleted", webhook_id, **_told(row))
        return self._opened(row)

    async def roll_secret(
        self, workspace_id: UUID, webhook_id: UUID, keep_hours: int, now: dt.datetime, *, by: Actor
    ) -> dict[str, Any]:
        """Give a webhook a new secret and return it; requests are signed with the old one too for some hours.

        Raises:
            NotFound: the workspace has no such webhook.
            BadInput: too many hours, or fewer than none.
        """
        if not 0 <= keep_hours <= MOST_HOURS:
            raise BadInput(f"keepOldForHours: must be a whole number from 0 to {MOST_HOURS}")
        sealed = self._vault.seal(made_secret())
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(ROLL, workspace_id, webhook_id, sealed, keep_hours, now)
            if row is None:
                raise _not_found()
            await audit(connection, by, workspace_id, "webhook.secret-rolled", webhook_id, keepOldForHours=keep_hours)
        return self._opened(row)

    def _sealed(self, columns: dict[str, Any]) -> dict[str, Any]:
        return {**columns, "secret": self._vault.seal(columns["secret"])} if "secret" in columns else columns

    def _opened(self, row: Any) -> dict[str, Any]:
        return {**row, "secret": self._vault.open(row["secret"])}


def _told(row: Any) -> dict[str, Any]:
    return {"targetUrl": row["target_url"], "operations": list(row["operations"])}


def _not_found() -> NotFound:
    return NotFound("There is no webhook with this id", "WEBHOOK_NOT_FOUND")
