"""A migrated database with one workspace, its standard roles and a clock that stands still until it is told to go."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from icosa.access.api_keys import ApiKeys
from icosa.access.authenticate import Authenticator
from icosa.access.roles import find_role, seed_roles
from icosa.access.tokens import TokenKind, Tokens
from icosa.access.workspaces import Person, create_user, create_workspace, join_workspace
from icosa.store.database import Database
from icosa.store.migrations import migrate
from support.clock import Clock

SECRET = "a secret of the tests that is long enough"


@dataclass
class House:
    """One workspace and what checks its callers."""

    database: Database
    clock: Clock
    tokens: Tokens
    authenticator: Authenticator
    keys: ApiKeys
    workspace_id: UUID
    secret: str = SECRET

    async def role(self, label: str, workspace_id: UUID | None = None) -> Any:
        return await find_role(self.database, workspace_id or self.workspace_id, label)

    async def key(self, role: str = "Admin", days: float = 30, **more: Any) -> tuple[UUID, str]:
        """Make a key and return its id and its token."""
        row = await self.keys.create(
            self.workspace_id, "Key", await self.role(role), self.clock.now + dt.timedelta(days=days)
        )
        return row["id"], await self.keys.token(self.workspace_id, row["id"], **more)

    async def person(self, email: str = "ada@example.com", workspace_id: UUID | None = None) -> UUID:
        workspace = workspace_id or self.workspace_id
        role = await self.role("Member", workspace)
        async with self.database.transaction() as connection:
            user = await create_user(connection, Person(email, "correct horse", "Ada", "Lovelace"), admin=False)
            await join_workspace(connection, workspace, user, uuid4(), role["id"])
        return user

    def session(self, user: UUID, kind: TokenKind = TokenKind.ACCESS, workspace_id: UUID | None = None) -> str:
        claims = {"sub": str(user), "userId": str(user), "workspaceId": str(workspace_id or self.workspace_id)}
        return self.tokens.sign(kind, claims, self.clock.now, self.clock.now + dt.timedelta(minutes=30))

    async def workspace(self, name: str) -> UUID:
        async with self.database.transaction() as connection:
            made, _ = await create_workspace(connection, name)
            await seed_roles(connection, made)
        return made


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    await migrate(database)
    clock = Clock()
    tokens = Tokens(SECRET, clock=clock)
    authenticator = Authenticator(database, tokens, clock, clock)
    keys = ApiKeys(database, tokens, authenticator.forget)
    async with database.transaction() as connection:
        made, _ = await create_workspace(connection, "Acme")
        await seed_roles(connection, made)
    yield House(database, clock, tokens, authenticator, keys, made)
    await authenticator.close()
