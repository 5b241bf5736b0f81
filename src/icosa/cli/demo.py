"""`icosa demo`: fill a workspace with invented people and deals (`demo-data.md`)."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from icosa.access.tokens import Tokens
from icosa.access.workspaces import find_workspace
from icosa.app.foundation import open_uploads
from icosa.cli.environment import open_database
from icosa.demo.rows import DemoOptions
from icosa.demo.seeder import remove_demo, seed_demo
from icosa.errors import BadInput
from icosa.settings import load_secret, load_settings


async def demo(
    *,
    workspace: str | None = None,
    scale: int = 1,
    seed: int = 2026,
    anchor: str | None = None,
    with_mail: bool = False,
    with_calendar: bool = False,
    reset: bool = False,
    data_dir: Path | None = None,
) -> None:
    """Fill a workspace with demo data; running it again changes nothing.

    Args:
        workspace: Id or name; not needed when there is one workspace.
        scale: Multiplies companies, people, opportunities, notes and tasks.
        seed: The same seed gives the same rows.
        anchor: The day that all moments are counted from, by default today.
        with_mail: Make threads of messages too.
        with_calendar: Make events of calendars too.
        reset: Destroy the rows and files that this command has made, and make none.
        data_dir: The data folder.
    """
    settings = load_settings(data_dir=data_dir)
    options = DemoOptions(seed, max(1, scale), _day(anchor), with_mail, with_calendar)
    async with open_database(settings) as database:
        uploads = open_uploads(settings, database, Tokens(load_secret(settings), settings.app_secret_previous))
        row = await find_workspace(database, workspace)
        if reset:
            print(await remove_demo(database, uploads, row["id"], options))
            return
        made = await seed_demo(database, uploads, row["id"], options, _tell)
    print(sum(made.values()))


def _day(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadInput("--anchor: must be a date such as 2026-11-25") from None


def _tell(name: str, number: int) -> None:
    print(f"{number:6} {name}", file=sys.stderr, flush=True)
