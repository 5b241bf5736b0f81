"""The audit table: who did what to which credential, when and from where; never a secret (`auth.md` section 12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

INSERT = """
insert into core.audit (workspace_id, actor_kind, actor_id, action, target_id, details, from_address)
values ($1, $2, $3, $4, $5, $6, $7)
"""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as the audit table tells it.

    Attributes:
        kind: `CLI`, `USER`, `API_KEY`, or `NOBODY` for a sign-in that failed.
        id: of the user or the key.
        address: where the request came from.
    """

    kind: str
    id: UUID | None = None
    address: str | None = None


COMMAND_LINE = Actor("CLI")


async def audit(
    connection: Any, by: Actor, workspace_id: UUID | None, action: str, target: UUID | None, **details: Any
) -> None:
    """Write an action down, in the transaction that does it.

    Args:
        connection: inside that transaction.
        by: who did it.
        workspace_id: where it was done; None when no workspace is known.
        action: such as `api_key.revoked`.
        target: what it was done to.
        details: what changed, secrets left out by the caller.
    """
    text = orjson.dumps(details, default=str).decode()
    await connection.execute(INSERT, workspace_id, by.kind, by.id, action, target, text, by.address)
