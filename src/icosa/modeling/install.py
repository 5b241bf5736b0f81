"""Make a new workspace's schema: tables, event log and catalog rows of the standard model, in one transaction."""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID

import orjson

from icosa.catalog.load import build_catalog, load_catalog
from icosa.catalog.model import Catalog
from icosa.modeling import ddl
from icosa.modeling.default_views import ensure_default_views
from icosa.modeling.search_vectors import keep_search_vector
from icosa.modeling.standard import Row, StandardModel
from icosa.naming import quoted
from icosa.store.database import Database


class Writer(Protocol):
    """A connection inside a transaction."""

    async def execute(self, sql: str, *args: Any) -> Any:
        """Run statements."""

    async def executemany(self, sql: str, args: Any) -> Any:
        """Run a statement for each of many rows."""

    async def fetchval(self, sql: str, *args: Any) -> Any:
        """Return the first value."""


async def install_workspace(connection: Writer, workspace_id: UUID, schema: str, *, legacy_fields: bool) -> Catalog:
    """Create the schema of a workspace whose row is there already, and its standard model.

    Args:
        connection: inside a transaction; a failure leaves nothing behind.
        workspace_id: the row in `core.workspace`.
        schema: the schema's name, as in that row.
        legacy_fields: `ICOSA_LEGACY_FIELDS` (`DECISIONS.md` item 1).

    Returns:
        The model as it was made.
    """
    model = StandardModel(workspace_id, legacy_fields=legacy_fields)
    catalog = build_catalog(workspace_id, schema, 1, _filled(model.objects), _filled(model.fields), model.indexes)
    await connection.execute(f"CREATE SCHEMA {quoted(schema)}")
    await connection.execute(";\n".join(_statements(catalog)))
    for table, rows in (
        ("object_metadata", model.objects),
        ("field_metadata", model.fields),
        ("index_metadata", model.indexes),
    ):
        await insert_rows(connection, table, workspace_id, rows)
    # Nobody knows an older version of the model.
    await connection.execute("DELETE FROM core.model_version WHERE workspace_id = $1", workspace_id)
    await ensure_default_views(connection, catalog)
    await connection.execute("INSERT INTO core.publication (workspace_id) VALUES ($1)", workspace_id)
    return catalog


async def complete_workspaces(database: Database) -> None:
    """Give every workspace what newer versions of the program make with it: the default views."""
    rows = await database.fetch_all(
        "select w.id from core.workspace w where w.deleted_at is null "
        "and not exists (select from core.view v where v.workspace_id = w.id)"
    )
    for row in rows:
        async with database.transaction() as connection:
            await connection.execute("select from core.workspace where id = $1 for update", row["id"])
            catalog = await load_catalog(database, row["id"])
            if catalog is not None:
                await ensure_default_views(connection, catalog)


async def insert_rows(connection: Writer, table: str, workspace_id: UUID, rows: list[Row]) -> None:
    """Insert catalog rows, all of the same keys, into one of the `core` tables."""
    columns = ", ".join(quoted(name) for name in ("workspace_id", *rows[0]))
    document = orjson.dumps([{**row, "workspace_id": str(workspace_id)} for row in rows]).decode()
    await connection.execute(
        f"INSERT INTO core.{table} ({columns}) "
        f"SELECT {columns} FROM jsonb_populate_recordset(NULL::core.{table}, $1::jsonb)",
        document,
    )


def _filled(rows: list[Row]) -> list[Row]:
    return [{"created_at": None, "updated_at": None, **row} for row in rows]


def _statements(catalog: Catalog) -> list[str]:
    owners = catalog.objects
    return [
        ddl.create_event_log(catalog),
        *(ddl.create_table(owner) for owner in owners),
        *(ddl.watch_others(owner) for owner in owners),
        *(statement for owner in owners for statement in keep_search_vector(owner)),
        *(ddl.foreign_key(catalog, owner, each) for owner in owners for each in owner.fields if each.join_column),
        *(ddl.unique_index(owner, key) for owner in owners for key in owner.unique_keys),
        *(statement for owner in owners for statement in ddl.standing_indexes(owner)),
    ]
