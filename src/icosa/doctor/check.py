"""The whole examination of a workspace."""

from __future__ import annotations

from uuid import UUID

from icosa.catalog.load import load_catalog
from icosa.doctor.documents import document_problems
from icosa.doctor.schemas import schema_problems
from icosa.doctor.tables import table_problems
from icosa.errors import NotFound
from icosa.store.database import Database


async def examine(database: Database, workspace_id: UUID) -> list[str]:
    """Return what does not agree in a workspace, a line each; nothing when all is well.

    Args:
        database: where the workspace is; only read.
        workspace_id: the workspace.

    Raises:
        NotFound: there is no such workspace.
    """
    catalog = await load_catalog(database, workspace_id)
    if catalog is None:
        raise NotFound("There is no such workspace", "WORKSPACE_NOT_FOUND")
    tables = await table_problems(database, catalog)
    return [*tables, *schema_problems(catalog), *document_problems(catalog)]
