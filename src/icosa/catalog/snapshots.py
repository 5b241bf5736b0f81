"""The current snapshot of each workspace's model, the same in every process within a moment.

Whoever changes a model announces its new version on the channel `icosa_catalog` in the same transaction. The process that
made the change goes on with what it made; the others bring their snapshot up to that version with the next request.
"""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from icosa.catalog.load import load_catalog
from icosa.catalog.model import Catalog
from icosa.catalog.renew import renew_catalog
from icosa.store.database import Database

CHANNEL = "icosa_catalog"
ANNOUNCE = """
with raised as (
    update core.workspace set metadata_version = metadata_version + 1, updated_at = now() where id = $1
    returning id, metadata_version
)
select pg_notify($2, format('%s %s', id, metadata_version)) from raised
"""


async def announce(connection: Any, workspace_id: UUID) -> None:
    """Raise the version of a workspace's model, and tell every process of it with the commit.

    Args:
        connection: inside the transaction that changes the model.
        workspace_id: whose model it is.
    """
    await connection.execute(ANNOUNCE, workspace_id, CHANNEL)


class Snapshots:
    """Keeps one catalog for each workspace.

    Args:
        database: where the models are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: dict[UUID, Catalog] = {}
        # Snapshots that a newer version was heard of.
        self._former: dict[UUID, Catalog] = {}
        self._heard: dict[UUID, int] = {}
        self._loading = asyncio.Lock()
        self._forgotten = 0

    async def start(self) -> None:
        """Begin to listen for changes."""
        await self._database.listen(CHANNEL, self._listen)

    def current(self, workspace_id: UUID) -> Catalog | None:
        """Return the kept snapshot without a trip to the database; None when it is not the newest that is heard of."""
        return self._kept.get(workspace_id)

    def known(self, workspace_id: UUID) -> Catalog | None:
        """Return the kept snapshot, be it the newest or not."""
        return self._kept.get(workspace_id) or self._former.get(workspace_id)

    async def get(self, workspace_id: UUID) -> Catalog | None:
        """Return the workspace's model, reading what is not known of it; None when there is no such workspace."""
        kept = self._kept.get(workspace_id)
        if kept is not None:
            return kept
        async with self._loading:
            while workspace_id not in self._kept:
                forgotten = self._forgotten
                self._heard.pop(workspace_id, None)
                former = self._former.get(workspace_id)
                if former is None:
                    loaded = await load_catalog(self._database, workspace_id)
                else:
                    loaded = await renew_catalog(self._database, former)
                if loaded is None:
                    return None
                # What was forgotten while the model was being read was forgotten for a reason.
                if forgotten != self._forgotten:
                    continue
                if former is not None and loaded.version < former.version:
                    # The database was put back to an earlier state.
                    self._former.pop(workspace_id, None)
                self.keep(loaded)
            return self._kept[workspace_id]

    def keep(self, catalog: Catalog) -> None:
        """Go on with a whole model that is committed, unless a newer one is known."""
        workspace_id = catalog.workspace_id
        known = self.known(workspace_id)
        if known is not None and known.version > catalog.version:
            return
        # A change that was announced while the model was being read may be missing from it.
        if catalog.version >= self._heard.get(workspace_id, 0):
            self._former.pop(workspace_id, None)
            self._kept[workspace_id] = catalog
        else:
            self._former[workspace_id] = catalog

    def forget(self, workspace_id: UUID) -> None:
        """Drop a snapshot, so that the next request reads the whole model anew."""
        self._forgotten += 1
        for each in (self._kept, self._former, self._heard):
            each.pop(workspace_id, None)

    def forget_all(self) -> None:
        """Drop every snapshot."""
        self._forgotten += 1
        for each in (self._kept, self._former, self._heard):
            each.clear()

    def _listen(self, payload: str) -> None:
        workspace, _, version = payload.partition(" ")
        if not workspace:
            self.forget_all()
        elif not version:
            self.forget(UUID(workspace))
        else:
            self._hear(UUID(workspace), int(version))

    def _hear(self, workspace_id: UUID, version: int) -> None:
        self._heard[workspace_id] = max(version, self._heard.get(workspace_id, 0))
        kept = self._kept.get(workspace_id)
        if kept is not None and kept.version < version:
            self._former[workspace_id] = self._kept.pop(workspace_id)
