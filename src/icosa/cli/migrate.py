"""`icosa migrate`: bring the database up to this program without serving it."""

from __future__ import annotations

import sys
from pathlib import Path

from icosa.cli.environment import open_url
from icosa.settings import load_settings
from icosa.store.database import Database
from icosa.store.migrations import migrate as run_migrations


async def migrate(*, data_dir: Path | None = None) -> None:
    """Apply the migrations that are missing and print their names.

    Args:
        data_dir: The data folder.
    """
    settings = load_settings(data_dir=data_dir)
    async with open_url(settings) as url:
        database = await Database.connect(url, size=2, prepared_statements=settings.prepared_statements)
        try:
            applied = await run_migrations(database)
        finally:
            await database.close()
    for name in applied:
        print(name)
    print(f"{len(applied)} migrations applied", file=sys.stderr)
