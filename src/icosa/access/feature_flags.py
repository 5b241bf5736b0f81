"""Switches of a workspace that its operator sets (`metadata.md` section 2)."""

from __future__ import annotations

from uuid import UUID

from icosa.catalog.snapshots import announce
from icosa.errors import BadInput
from icosa.store.database import Database

DIRECT_FORMAT = "IS_REST_METADATA_API_NEW_FORMAT_DIRECT"
KNOWN = (DIRECT_FORMAT,)

SET = """
update core.workspace set settings = jsonb_set(
    settings, '{featureFlags}', coalesce(settings -> 'featureFlags', '{}') || jsonb_build_object($2::text, $3::boolean)
)
where id = $1
"""


async def set_feature_flag(database: Database, workspace_id: UUID, key: str, *, value: bool) -> None:
    """Turn a switch of a workspace on or off; every server process follows with its next request.

    Raises:
        BadInput: there is no such switch.
    """
    if key not in KNOWN:
        raise BadInput(f"There is no feature flag '{key[:100]}'; there is {', '.join(KNOWN)}")
    async with database.transaction() as connection:
        await connection.execute(SET, workspace_id, key, value)
        # The switches are part of the snapshot of the model.
        await announce(connection, workspace_id)
