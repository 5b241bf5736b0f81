"""Keep what is uploaded, and find it again."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID, uuid4

from icosa.catalog.model import Catalog, Field
from icosa.errors import BadInput, Forbidden, NotFound
from icosa.fields.uuids import is_uuid
from icosa.files.links import FOLDER, FileLinks
from icosa.files.store import FileStore
from icosa.store.database import Database

LONGEST_NAME = 255
LONGEST_EXTENSION = 20
UNKNOWN_TYPE = "application/octet-stream"


class Uploads:
    """The uploads of all workspaces.

    Args:
        database: has a row for each.
        store: has their contents.
        links: makes their links.
    """

    def __init__(self, database: Database, store: FileStore, links: FileLinks) -> None:
        self._database = database
        self._store = store
        self.links = links

    async def keep(
        self, view: Catalog, field_id: Any, name: str, content: bytes, file_id: UUID | None = None
    ) -> dict[str, Any]:
        """Keep a file for a field of type FILES and return what is told of it.

        Args:
            view: what the caller may see, with what it may write marked on it.
            field_id: the field that will name it.
            name: as the client calls it; only its extension is believed, and only for the type of a download.
            content: what is in it.
            file_id: the file's id, of which there is none yet; a new one when it is None.

        Raises:
            NotFound: there is no such field.
            BadInput: the field holds no files, the name is too long.
            Forbidden: the caller may not write the field.
        """
        field = _files_field(view, field_id)
        shown = PurePosixPath(name.replace("\\", "/")).name
        shown = "".join(sign for sign in shown if sign.isprintable()) or "file"
        if len(shown) > LONGEST_NAME:
            raise BadInput(f"file: its name may have {LONGEST_NAME} characters", "INVALID_INPUT")
        extension = PurePosixPath(shown).suffix.removeprefix(".").lower()[:LONGEST_EXTENSION]
        kind = mimetypes.guess_type(shown)[0] or UNKNOWN_TYPE
        file_id = file_id or uuid4()
        # The content comes first: a row never tells of a file that is not there.
        await self._store.put(view.workspace_id, file_id, content)
        try:
            created = await self._database.fetch_value(
                "insert into core.file (id, workspace_id, field_id, name, extension, content_type, size) "
                "values ($1, $2, $3, $4, $5, $6, $7) returning created_at",
                file_id,
                view.workspace_id,
                field.id,
                shown,
                extension,
                kind,
                len(content),
            )
        except Exception:
            await self._store.drop(view.workspace_id, file_id)
            raise
        return {
            "id": str(file_id),
            "path": f"{FOLDER}/{file_id}",
            "size": len(content),
            "createdAt": created.strftime("%Y-%m-%dT%H:%M:%S.") + f"{created.microsecond // 1000:03}Z",
            "url": self.links.link(str(file_id)),
        }

    async def forget(self, workspace_id: UUID, file_ids: Sequence[UUID]) -> None:
        """Drop files that no record names any more; those that are not there are passed over.

        Args:
            workspace_id: whose they are.
            file_ids: which.
        """
        # The rows go first: a row never tells of a file that is not there.
        rows = await self._database.fetch_all(
            "delete from core.file where workspace_id = $1 and id = any($2) returning id", workspace_id, list(file_ids)
        )
        for row in rows:
            await self._store.drop(workspace_id, row["id"])

    async def fetch(self, file_id: UUID, token: str) -> tuple[Any, bytes]:
        """Return a file's row and content to whoever has its link.

        Raises:
            Unauthenticated: the token does not open it.
            NotFound: the file is gone.
        """
        self.links.check(token, file_id)
        row = await self._database.fetch_row("select * from core.file where id = $1", file_id)
        content = None if row is None else await self._store.get(row["workspace_id"], file_id)
        if content is None:
            raise NotFound("There is no such file", "FILE_NOT_FOUND")
        return row, content


def _files_field(view: Catalog, field_id: Any) -> Field:
    if not is_uuid(field_id):
        raise BadInput("fieldMetadataId: must be the id of a field", "INVALID_INPUT")
    wanted = UUID(str(field_id))
    fields = view.field_by_id.values()
    found = view.field_by_id.get(wanted) or next((one for one in fields if one.universal_identifier == wanted), None)
    if found is None:
        raise NotFound("fieldMetadataId: there is no such field", "FIELD_METADATA_NOT_FOUND")
    if not found.type.holds_files:
        raise BadInput(f"{found.name}: holds no files", "INVALID_INPUT")
    owner = view.by_id[found.object_id]
    if found.id in owner.unwritable or not owner.can_update:
        raise Forbidden(f"{found.name}: your role may not write this field", "PERMISSION_DENIED")
    return found
