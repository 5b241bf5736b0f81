"""Work on large tables that a change of the model leaves for afterwards, so that nobody waits for it.

The change itself, with everything that a request can see of it, is committed first, together with a row of
`core.table_work`. Then one process does what the row asks for, under locks that let records be read and written: indexes
`CONCURRENTLY`, checks of foreign keys, search vectors in batches. What is missing is found by comparing the catalog with
the table, so a row that a crash left behind is simply done again at the next start.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from icosa.catalog.load import load_catalog
from icosa.catalog.model import Catalog, Object
from icosa.modeling import ddl
from icosa.modeling.search_vectors import refill_batch
from icosa.naming import quoted
from icosa.store.database import GONE, Database

BATCH = 500
ATTEMPTS = 3
PAUSE_SECONDS = 0.2
INDEX_NAME = re.compile(r'^CREATE INDEX "([^"]+)"')
CLAIM = "select * from core.table_work order by id for update skip locked limit 1"
INDEXES = """
select i.relname as name, x.indisvalid from pg_index x join pg_class i on i.oid = x.indexrelid
where x.indrelid = to_regclass($1)
"""
UNCHECKED = "select conname from pg_constraint where conrelid = to_regclass($1) and contype = 'f' and not convalidated"

log = structlog.get_logger("icosa.modeling")


class TableWork:
    """Does the work, in the background of a server process.

    Args:
        database: where the tables are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._task: asyncio.Task[None] | None = None
        self._again = False
        self._closing = False

    def wake(self) -> None:
        """Begin with what there is to do; nothing happens when it is under way already."""
        self._again = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())

    async def wait(self) -> None:
        """Wait until nothing is left that this process can do."""
        if self._task is not None:
            await self._task

    async def close(self) -> None:
        """Stop; what is not done stays for the next start."""
        self._closing = True
        # A statement that was just being cancelled may end as the database's own refusal, in place of the cancellation.
        while self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=PAUSE_SECONDS)

    async def _work(self) -> None:
        failures = 0
        while self._again and not self._closing:
            self._again = False
            try:
                async with self._database.apart() as holder, self._database.apart() as worker:
                    while await self._one(holder, worker):
                        failures = 0
            except (asyncpg.PostgresError, *GONE):
                # The model may have changed under the work; the row is still there, and another try sees the new one.
                failures += 1
                self._again = self._again or failures < ATTEMPTS
                log.exception("work on a table was not finished", failures=failures)
                await asyncio.sleep(PAUSE_SECONDS)

    async def _one(self, holder: Any, worker: Any) -> bool:
        """Do one row's work; return whether there was one. `holder` keeps the row from other processes meanwhile."""
        async with holder.transaction():
            row = await holder.fetchrow(CLAIM)
            if row is None:
                return False
            # Closes the portal of the claim, whose snapshot an index made CONCURRENTLY would wait for.
            await holder.execute("select")
            catalog = await load_catalog(self._database, row["workspace_id"])
            owner = None if catalog is None else catalog.by_id.get(row["object_id"])
            if catalog is not None and owner is not None:
                log.info("work on a table began", table=owner.table)
                await _complete(worker, owner)
                if row["renew_search"]:
                    await _refill(worker, catalog, owner)
                log.info("work on a table is done", table=owner.table)
            await holder.execute("delete from core.table_work where id = $1", row["id"])
        return True


async def _complete(connection: Any, owner: Object) -> None:
    """Make the indexes that a table lacks, those anew that were left half made, and check its foreign keys."""
    # A server that was killed may have left PostgreSQL at work: what it makes is waited for, not made a second time.
    async with connection.transaction():
        await connection.execute(f"LOCK TABLE {owner.sql_name} IN SHARE UPDATE EXCLUSIVE MODE")
    there = {row["name"]: row["indisvalid"] for row in await connection.fetch(INDEXES, owner.sql_name)}
    for statement in (*ddl.standing_indexes(owner), *(ddl.custom_index(owner, each) for each in owner.indexes)):
        named = INDEX_NAME.match(statement)
        if named is None or there.get(named[1]):
            continue
        if named[1] in there:
            await connection.execute(f"DROP INDEX CONCURRENTLY {quoted(owner.schema)}.{quoted(named[1])}")
        await connection.execute(statement.replace("CREATE INDEX", "CREATE INDEX CONCURRENTLY", 1))
    for row in await connection.fetch(UNCHECKED, owner.sql_name):
        await connection.execute(f"ALTER TABLE {owner.sql_name} VALIDATE CONSTRAINT {quoted(row['conname'])}")


async def _refill(connection: Any, catalog: Catalog, owner: Object) -> None:
    """Fill the search vector of every record, a few at a time."""
    statement, last = refill_batch(catalog, owner, BATCH), None
    while True:
        found: UUID | None = await connection.fetchval(statement, last)
        if found is None:
            break
        last = found
