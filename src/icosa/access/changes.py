"""How a change of keys, people or roles gets to every process that keeps what it has checked.

Whoever makes the change announces it in the same transaction, so that nobody hears of it before it holds; the process
that made it drops what it keeps as soon as the transaction is committed (`Authenticator.forget`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID

import orjson

from icosa.store.database import NOTIFY

CHANNEL = "icosa_access"


class ChangeKind(Enum):
    """What has changed."""

    API_KEY = "apiKey"
    ROLE = "role"
    USER = "user"
    WORKSPACE = "workspace"


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes:
        workspace_id: whose.
        kind: of what.
        id: of which one.
    """

    workspace_id: UUID
    kind: ChangeKind
    id: UUID


async def announce(connection: Any, change: Change) -> None:
    """Tell every process of a change, when the connection's transaction is committed."""
    payload = {"workspace": str(change.workspace_id), "kind": change.kind.value, "id": str(change.id)}
    await connection.execute(NOTIFY, CHANNEL, orjson.dumps(payload).decode())


def read_change(payload: str) -> Change | None:
    """Return the change that a payload tells of; None when it tells of none, and anything may have changed."""
    try:
        told = orjson.loads(payload)
        return Change(UUID(told["workspace"]), ChangeKind(told["kind"]), UUID(told["id"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
