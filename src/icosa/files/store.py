"""The folder of files: one file for each upload, under its workspace's id."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path
from uuid import UUID


class FileStore:
    """Keeps the contents of uploads. A file appears whole or not at all, and is never changed.

    Args:
        folder: where they lie; several servers of one database share it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, workspace_id: UUID, file_id: UUID, content: bytes) -> None:
        """Keep a file's content."""
        await asyncio.to_thread(self._put, self._path(workspace_id, file_id), content)

    async def get(self, workspace_id: UUID, file_id: UUID) -> bytes | None:
        """Return a file's content, None when it is not there."""
        return await asyncio.to_thread(self._get, self._path(workspace_id, file_id))

    async def drop(self, workspace_id: UUID, file_id: UUID) -> None:
        """Forget a file's content."""
        await asyncio.to_thread(self._path(workspace_id, file_id).unlink, missing_ok=True)

    def _path(self, workspace_id: UUID, file_id: UUID) -> Path:
        return self._folder / str(workspace_id) / str(file_id)

    @staticmethod
    def _put(path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)

    @staticmethod
    def _get(path: Path) -> bytes | None:
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
