"""Runs statements: compiles each shape once, keeps answers, and turns what PostgreSQL refuses into domain errors."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from icosa.catalog.model import Catalog, Object
from icosa.errors import BadInput
from icosa.records.gathering import Gathering
from icosa.records.kept import Kept, KeptAnswers
from icosa.records.violations import violation
from icosa.sql.statement import Statement
from icosa.store.database import Database, Deadlock

MOST_STATEMENTS = 4096
MOST_COUNTS = 4096
# Of all workspaces together, and of one answer.
MOST_BYTES_OF_ANSWERS = 16 * 1024 * 1024
LONGEST_KEPT = 256 * 1024
ATTEMPTS = 3
UNKNOWN_TO_DATABASE = (asyncpg.UndefinedColumnError, asyncpg.UndefinedTableError)


class StaleModel(Exception):
    """A statement names what the database has no more: another process changed the model a moment ago.

    Nothing was done. Whoever holds the snapshots drops them and asks again.
    """


@dataclass(frozen=True, slots=True)
class Answer:
    """What a statement gave.

    Attributes:
        body: the finished JSON; None when there is no such record.
        problem: why a write did nothing, None when it was done.
    """

    body: bytes | None
    problem: str | None = None


class Engine:
    """One for each process.

    Args:
        database: where the records are.
        wrote: is told of each workspace whose records were written.
        fill_links: puts the links of files into a finished body; returns one without any as it is.
    """

    def __init__(
        self,
        database: Database,
        wrote: Callable[[UUID], None] | None = None,
        fill_links: Callable[[bytes], bytes] = bytes,
    ) -> None:
        self._database = database
        self._gathering = Gathering(database)
        self._fill_links = fill_links
        self._wrote = wrote
        self._statements: Kept[Hashable, Statement] = Kept(MOST_STATEMENTS)
        self._answers = KeptAnswers(MOST_BYTES_OF_ANSWERS, LONGEST_KEPT)
        self._counts: Kept[Hashable, tuple[int, str]] = Kept(MOST_COUNTS)

    def statement(self, view: Catalog, plan: Hashable, compile_plan: Callable[[], Statement]) -> Statement:
        """Return the statement of a plan in a view of the model, compiled when its shape is new."""
        shape = (view.serial, plan)
        found = self._statements.get(shape)
        if found is None:
            found = compile_plan()
            self._statements.put(shape, found)
        return found

    async def read(self, statement: Statement, values: Sequence[Any]) -> bytes | None:
        """Return the body of a read; None when it found no record.

        Raises:
            Unavailable: the database does not answer in time.
            StaleModel: see there.
        """
        if statement.check is not None:
            return await self._kept_answer(statement, statement.check, values)
        if statement.is_shared:
            return self._whole(await self._shared(statement.sql, str(values[0])))
        return self._whole(await self._run(statement.sql, values))

    def _whole(self, body: bytes | None) -> bytes | None:
        return None if body is None else self._fill_links(body)

    async def _kept_answer(self, statement: Statement, check: str, values: Sequence[Any]) -> bytes | None:
        """Return the body, made now or for a request before.

        Setting up a large statement costs far more than the check in it. So an answer that held the last time is checked by
        itself; where things change all the time that would be a trip for nothing.
        """
        asked = (statement.serial, *map(_hashable, values))
        kept = self._answers.get(asked)
        if kept is not None and kept.has_held and await self._shared(check, kept.snapshot):
            return kept.body if kept.is_whole else self._fill_links(kept.body)
        count = (self._counts.get(asked) or (None, None)) if statement.is_counted else ()
        row = await self._row(statement.sql, *values, None if kept is None else kept.snapshot, *count)
        if kept is not None and row["snapshot"] is None:
            whole = self._fill_links(kept.body)
            self._answers.hold(asked, kept, is_whole=whole is kept.body)
            return whole
        if statement.is_counted:
            self._counts.put(asked, (row["total"], row["snapshot"]))
        body: bytes | None = row["body"]
        self._answers.put(asked, body, row["snapshot"])
        return self._whole(body)

    async def write(self, statement: Statement, values: Sequence[Any], full: Catalog, owner: Object) -> Answer:
        """Run a write and return its answer.

        A deadlock with another write is PostgreSQL's way to ask for another try, so it gets one.

        Raises:
            BadInput: a unique value is taken, a related record is missing, a value is out of range.
            Unavailable: the database does not answer in time.
            StaleModel: see there.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                row = await self._database.fetch_row(statement.sql, *values)
            except Deadlock:
                if attempt == ATTEMPTS:
                    raise
                continue
            except UNKNOWN_TO_DATABASE as problem:
                raise StaleModel from problem
            except asyncpg.PostgresError as problem:
                refusal = violation(problem, full, owner)
                if refusal is None:
                    raise
                raise refusal from None
            if self._wrote is not None:
                self._wrote(full.workspace_id)
            if row is None:
                return Answer(None)
            return Answer(self._whole(row["body"]), row.get("problem"))
        raise AssertionError

    async def write_apart(self, statement: Statement, values: Sequence[Any], full: Catalog) -> list[Answer]:
        """Run a write of several documents that has an answer for each, and return them in order.

        Raises:
            asyncpg.PostgresError: what PostgreSQL refuses; nothing was written.
            Deadlock: see there; each may be tried alone.
            Unavailable: the database does not answer in time.
            StaleModel: see there.
        """
        try:
            rows = await self._database.fetch_all(statement.sql, *values)
        except UNKNOWN_TO_DATABASE as problem:
            raise StaleModel from problem
        if self._wrote is not None:
            self._wrote(full.workspace_id)
        return [Answer(self._whole(row["body"])) for row in rows]

    async def fetch_all(self, sql: str, *args: Any) -> list[Any]:
        """Return the rows of a look-up."""
        return list(await self._database.fetch_all(sql, *args))

    async def find(self, statement: Statement, values: Sequence[Any]) -> Any:
        """Return the one value of a statement."""
        return await self._run(statement.sql, values)

    async def _shared(self, sql: str, value: str) -> Any:
        try:
            return await self._gathering.ask(sql, value)
        except UNKNOWN_TO_DATABASE as problem:
            raise StaleModel from problem

    async def _run(self, sql: str, values: Sequence[Any]) -> Any:
        row = await self._row(sql, *values)
        return None if row is None else row[0]

    async def _row(self, sql: str, *values: Any) -> Any:
        try:
            return await self._database.fetch_row(sql, *values)
        except UNKNOWN_TO_DATABASE as problem:
            raise StaleModel from problem
        except asyncpg.DataError:
            raise BadInput("A value is out of the range that can be compared", "INVALID_QUERY_INPUT") from None


def _hashable(value: Any) -> Hashable:
    return tuple(value) if isinstance(value, list) else value
