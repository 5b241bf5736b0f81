"""One change of a workspace's model: in line with others, whole or not at all, and known to every process.

Rules are checked against the model as it is under the lock; rows and tables change in the same transaction, whose commit
announces the new version (`catalog.snapshots`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg

from icosa.catalog.load import load_catalog
from icosa.catalog.model import Catalog, Field, Object
from icosa.catalog.renew import renew_catalog
from icosa.catalog.snapshots import Snapshots, announce
from icosa.errors import NotFound, Unavailable
from icosa.modeling import ddl
from icosa.modeling.table_work import TableWork
from icosa.store.database import Database

LOCK_TIMEOUT = "5s"
# Shorter than PostgreSQL's deadlock_timeout (1 s): who changes a model gives way before a reader or writer is stopped.
TABLE_LOCK_TIMEOUT = "300ms"
TABLE_LOCK_ATTEMPTS = 20
TABLE_LOCK_PAUSE_SECONDS = 0.05
# A table of more bytes is worked on after the change, so that nobody waits for it (`table_work`).
LARGE_BYTES = 8 * 1024 * 1024


class Change:
    """A change under way.

    Args:
        connection: inside the transaction.
        catalog: the model as it is.
    """

    def __init__(self, connection: Any, catalog: Catalog) -> None:
        self.connection = connection
        self.catalog = catalog
        self.has_left_work = False

    @property
    def workspace_id(self) -> UUID:
        """Whose model it is."""
        return self.catalog.workspace_id

    async def reload(self) -> Catalog:
        """Return the model that the catalog's rows describe by now, and go on with it; only what has changed is read."""
        changed = await renew_catalog(_Rows(self.connection), self.catalog)
        if changed is None:
            raise LookupError(self.workspace_id)
        self.catalog = changed
        return changed

    async def lock(self, owners: Iterable[Object], mode: str = "ACCESS EXCLUSIVE") -> None:
        """Take the tables of objects for this change, all of them or, for a moment, none.

        Nobody else waits for a lock of ours while we wait for one of theirs, so a change is never part of a deadlock.

        Args:
            owners: the objects whose tables change.
            mode: `SHARE` where reads may go on.

        Raises:
            asyncpg.LockNotAvailableError: the tables are in use for too long.
        """
        tables = ", ".join(sorted({owner.sql_name for owner in owners}))
        if not tables:
            return
        for attempt in range(1, TABLE_LOCK_ATTEMPTS + 1):
            try:
                async with self.connection.transaction():
                    await self.connection.execute(f"SET LOCAL lock_timeout = '{TABLE_LOCK_TIMEOUT}'")
                    await self.connection.execute(f"LOCK TABLE {tables} IN {mode} MODE")
                    await self.connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            except asyncpg.LockNotAvailableError:
                if attempt == TABLE_LOCK_ATTEMPTS:
                    raise
                await asyncio.sleep(TABLE_LOCK_PAUSE_SECONDS)
            else:
                return

    async def lock_fields(self, fields: Iterable[Field]) -> None:
        """Take the tables of fields and those that relations among them lead to; see `lock`."""
        listed = list(fields)
        targets = [self.catalog.target(each) for each in listed]
        owners = [self.catalog.by_id[each.object_id] for each in listed]
        await self.lock([*owners, *(target for target in targets if target is not None)])

    async def run(self, *statements: str) -> None:
        """Run statements about tables that are locked."""
        if statements:
            await self.connection.execute(";\n".join(statements))

    async def touch(self, object_id: UUID) -> None:
        """Tell that records of an object changed by other means than a write, so that nothing is kept of it any longer."""
        await self.connection.execute(ddl.touched(self.catalog), object_id, ddl.NOBODY)

    async def is_large(self, owner: Object) -> bool:
        """Return whether an object has so many records that work on all of them is left for later."""
        size = await self.connection.fetchval("SELECT coalesce(pg_relation_size(to_regclass($1)), 0)", owner.sql_name)
        return bool(size > LARGE_BYTES)

    async def leave(self, owner: Object, *, renew_search: bool = False) -> None:
        """Leave what a large table needs for after the commit; see `table_work`."""
        await self.connection.execute(
            "INSERT INTO core.table_work (workspace_id, object_id, renew_search) VALUES ($1, $2, $3)",
            self.workspace_id,
            owner.id,
            renew_search,
        )
        self.has_left_work = True

    async def make_index(self, owner: Object, statement: str) -> None:
        """Make an index that the catalog's rows speak of: now, or after the commit when the table is large."""
        if await self.is_large(owner):
            await self.leave(owner)
        else:
            await self.run(statement)

    async def bump(self) -> Catalog:
        """Raise the version, announce it with the commit, and return the model as it is then."""
        await announce(self.connection, self.workspace_id)
        return await self.reload()


class _Rows:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def fetch_row(self, sql: str, *args: Any) -> Any:
        return await self._connection.fetchrow(sql, *args)


class Modeler:
    """Makes changes.

    Args:
        database: where models are.
        snapshots: what this process keeps of them.
        work: does what changes leave for later.
    """

    def __init__(self, database: Database, snapshots: Snapshots, work: TableWork) -> None:
        self._database = database
        self._work = work
        self._snapshots = snapshots

    @asynccontextmanager
    async def change(self, workspace_id: UUID) -> AsyncIterator[Change]:
        """Give a change; it is committed when the block ends, and rolled back when it raises.

        Raises:
            NotFound: there is no such workspace.
            Unavailable: the tables are in use for too long, so that the change could not be made.
        """
        try:
            async with self._database.transaction() as connection:
                await connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
                version = await connection.fetchval(
                    "SELECT metadata_version FROM core.workspace WHERE id = $1 FOR UPDATE", workspace_id
                )
                catalog = self._snapshots.known(workspace_id)
                # Every change raises the version under this lock, so a snapshot of the same version is the model.
                if catalog is None:
                    catalog = await load_catalog(_Rows(connection), workspace_id)
                elif catalog.version != version:
                    catalog = await renew_catalog(_Rows(connection), catalog)
                if catalog is None:
                    raise NotFound("There is no such workspace", "WORKSPACE_NOT_FOUND")
                change = Change(connection, catalog)
                yield change
                made = await change.bump()
        except asyncpg.LockNotAvailableError:
            raise Unavailable("The tables are in use; nothing was changed, try again in a moment", "TIMEOUT") from None
        self._snapshots.keep(made)
        if change.has_left_work:
            self._work.wake()
