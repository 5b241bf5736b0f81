"""The files that a write names: whether they were uploaded, and for that field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from icosa.catalog.model import Object
from icosa.errors import BadInput
from icosa.records.documents import Document

UPLOADED = (
    "select id::text, field_id, extension from core.file where workspace_id = $1 and id = any($2::text[]::uuid[])"
)


class Rows(Protocol):
    """What reads rows."""

    async def fetch_all(self, sql: str, *args: Any) -> list[Any]:
        """Return all rows."""


async def complete_files(rows: Rows, workspace_id: Any, owner: Object, documents: Sequence[Document]) -> None:
    """Check the files that documents name, and put down their extensions; without files nothing is asked.

    Raises:
        BadInput: a file that was never uploaded, or for another field.
    """
    named = [
        (leaf, each) for leaf in owner.file_leaves for document in documents for each in document.get(leaf.column) or ()
    ]
    if not named:
        return
    ids = sorted({each["fileId"] for _, each in named})
    found = {row["id"]: row for row in await rows.fetch_all(UPLOADED, workspace_id, ids)}
    fields = {leaf.column: each.id for each in owner.fields for leaf in each.leaves}
    for leaf, each in named:
        row = found.get(each["fileId"])
        if row is None or row["field_id"] != fields[leaf.column]:
            raise BadInput(f"{leaf.label}: there is no uploaded file with that fileId", "INVALID_ARGS_DATA")
        each["extension"] = row["extension"]
