"""Writes that the server makes itself, inside a transaction of its own, past the rules of what an API client may do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from icosa.catalog.model import Object
from icosa.plan.reads import Record, Source
from icosa.plan.writes import Create, Removal, Remove, Target
from icosa.records.access import Access
from icosa.records.documents import Documents
from icosa.records.service import WRITE_PARAMETERS, to_json
from icosa.sql.creates import compile_create
from icosa.sql.removals import compile_remove


async def insert_records(connection: Any, access: Access, owner: Object, bodies: Sequence[Any]) -> None:
    """Make records inside a transaction of the caller's.

    Raises:
        BadInput: a body that breaks a rule of a field.
        asyncpg.PostgresError: what PostgreSQL refuses.
    """
    reader = Documents(access.view, owner, access.author)
    documents = [reader.create(body, index) for index, body in enumerate(bodies)]
    plan = Create(owner, reader.columns(documents), Record(owner, ()), many=True)
    statement = compile_create(access.full, access.view, plan)
    await connection.fetchrow(statement.sql, to_json(documents), access.actor_json)


async def remove_record(connection: Any, access: Access, owner: Object, identifier: UUID, removal: Removal) -> None:
    """Soft-delete, restore or destroy a record inside a transaction of the caller's, if it is there.

    Raises:
        asyncpg.PostgresError: what PostgreSQL refuses.
    """
    plan = Remove(Target(Source(owner, with_deleted=True), WRITE_PARAMETERS), removal, Record(owner, ()))
    statement = compile_remove(access.full, access.view, plan)
    document = Documents(access.full, owner, access.author).update({})
    await connection.fetchrow(statement.sql, to_json(document), access.actor_json, identifier)
