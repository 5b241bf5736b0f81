"""`icosa feature-flag`: turn a workspace's switches on and off (`metadata.md` section 2)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from icosa.access.feature_flags import set_feature_flag
from icosa.access.workspaces import find_workspace
from icosa.cli.environment import open_database
from icosa.settings import load_settings


async def feature_flag(
    key: Annotated[str, Parameter(help="Such as IS_REST_METADATA_API_NEW_FORMAT_DIRECT.")],
    *,
    value: Annotated[bool, Parameter(name="--on", negative="--off", help="On or off.")],
    workspace: Annotated[str | None, Parameter(help="Id or name; not needed when there is one workspace.")] = None,
    data_dir: Annotated[Path | None, Parameter(env_var="ICOSA_DATA_DIR", help="The data folder.")] = None,
) -> None:
    """Turn a switch of a workspace on or off.

    IS_REST_METADATA_API_NEW_FORMAT_DIRECT: answers of /rest/metadata/objects, fields and picklists without `data` around
    them, as workspaces of Twenty have them since 2026; off in a new workspace.
    """
    async with open_database(load_settings(data_dir=data_dir)) as database:
        row = await find_workspace(database, workspace)
        await set_feature_flag(database, row["id"], key, value=value)
    print(f"{key} is {'on' if value else 'off'} in {row['display_name']}", file=sys.stderr)
