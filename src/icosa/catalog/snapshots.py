"""The current snapshot of each workspace's model, the same in every process within a moment.

Whoever changes a model announces it on the channel `icosa_catalog` in the same transaction; each process drops its
snapshot when it hears of it, and the process that made the change drops its own at once.
"""

from __future__ import annotations

import asyncio
from uuid import UUID

from icosa.catalog.load import load_catalog
from icosa.catalog.model import Catalog
from icosa.store.database import Database

CHANNEL = "icosa_catalog"


class Snapshots:
    """Keeps one catalog for each workspace.

    Args:
        database: where the models are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: dict[UUID, Catalog] = {}
        self._loading = asyncio.Lock()
        self._forgotten = 0

    async def start(self) -> None:
        """Begin to listen for changes."""
        await self._database.listen(CHANNEL, self._heard)

    def current(self, workspace_id: UUID) -> Catalog | None:
        """Return the kept snapshot without a trip to the database."""
        return self._kept.get(workspace_id)

    async def get(self, workspace_id: UUID) -> Catalog | None:
        """Return the workspace's model, loading it when it is not kept; None when there is no such workspace."""
        kept = self._kept.get(workspace_id)
        if kept is not None:
            return kept
        async with self._loading:
            while workspace_id not in self._kept:
                forgotten = self._forgotten
                loaded = await load_catalog(self._database, workspace_id)
                if loaded is None:
                    return None
                # A change that was announced while the model was being read may be missing from it.
                if forgotten == self._forgotten:
                    self._kept[workspace_id] = loaded
            return self._kept[workspace_id]

    def forget(self, workspace_id: UUID) -> None:
        """Drop a snapshot, so that the next request reads the model anew."""
        self._forgotten += 1
        self._kept.pop(workspace_id, None)

    def forget_all(self) -> None:
        """Drop every snapshot."""
        self._forgotten += 1
        self._kept.clear()

    def _heard(self, payload: str) -> None:
        if payload:
            self.forget(UUID(payload))
        else:
            self.forget_all()
