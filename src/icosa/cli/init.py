"""`icosa init`: the first workspace and its admin."""

from __future__ import annotations

import sys
from pathlib import Path

from icosa.access.workspaces import Person
from icosa.cli.environment import open_database
from icosa.founding.workspaces import found_workspace
from icosa.settings import load_settings


async def init(
    *,
    workspace_name: str,
    email: str,
    password: str,
    first_name: str = "",
    last_name: str = "",
    data_dir: Path | None = None,
) -> None:
    """Make a workspace with its standard model and roles, and its first admin; print the workspace's id.

    Args:
        workspace_name: What the workspace is called.
        email: The admin's e-mail address.
        password: The admin's password, 8 characters or more.
        first_name: The admin's first name.
        last_name: The admin's last name.
        data_dir: The data folder.
    """
    settings = load_settings(data_dir=data_dir)
    person = Person(email, password, first_name, last_name)
    async with open_database(settings) as database:
        made = await found_workspace(
            database,
            workspace_name,
            person,
            legacy_fields=settings.legacy_fields,
            several=settings.is_multiworkspace_enabled,
        )
    print(made.workspace_id)
    print(f"Workspace '{workspace_name}' is ready; next: icosa serve, icosa api-key create", file=sys.stderr)
