"""The upload of a file for a field of type FILES (`graphql-core.md` sections 1 and 3)."""

from __future__ import annotations

from typing import Any

from icosa.errors import BadInput
from icosa.metadata.context import Context, Operations
from icosa.metadata.definitions import Told
from icosa.transport.multipart import Upload

OPERATIONS = Operations()


@OPERATIONS.add("uploadFilesFieldFile", flag="UPLOAD_FILE")
async def upload_file(
    context: Context,
    file: Any,
    fieldMetadataId: str | None = None,  # noqa: N803
    fieldMetadataUniversalIdentifier: str | None = None,  # noqa: N803
) -> Told:
    """Keep a file; raises BadInput, NotFound and Forbidden."""
    if not isinstance(file, Upload):
        raise BadInput("file: must be a file of a multipart request", "INVALID_INPUT")
    field_id = fieldMetadataId or fieldMetadataUniversalIdentifier
    return await context.services.uploads.keep(context.view, field_id, file.name, file.content)
