"""`icosa doctor`: does the model agree with the tables and with what the API tells of it?"""

from __future__ import annotations

import sys
from pathlib import Path

from icosa.cli.environment import open_database
from icosa.doctor.check import examine
from icosa.settings import load_settings


async def doctor(*, data_dir: Path | None = None) -> None:
    """Compare each workspace's data model with its tables with its GraphQL schema and with the OpenAPI documents, and print what differs.

    Nothing is changed. The status is 1 when something differs.

    Args:
        data_dir: The data folder.
    """
    async with open_database(load_settings(data_dir=data_dir)) as database:
        rows = await database.fetch_all("SELECT id, display_name FROM core.workspace ORDER BY created_at")
        problems = [f"{row['display_name']}: {each}" for row in rows for each in await examine(database, row["id"])]
    for problem in problems:
        print(problem)
    print(f"{len(rows)} workspaces examined, {len(problems)} differences", file=sys.stderr)
    if problems:
        sys.exit(1)
