"""`icosa worker`: webhooks delivered by a process of their own, beside servers that run with `ICOSA_WEBHOOK_WORKER=false`."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

from icosa import __version__
from icosa.access.vault import Vault
from icosa.app.news import News
from icosa.catalog.snapshots import Snapshots
from icosa.cli.environment import open_database
from icosa.settings import load_secret, load_settings


async def worker(*, data_dir: Path | None = None) -> None:
    """Deliver webhooks until it is told to stop; requests under way are finished.

    Args:
        data_dir: The data folder.
    """
    settings = load_settings(data_dir=data_dir).model_copy(update={"webhook_worker": True})
    vault = Vault(*settings.vault_secrets(load_secret(settings)))
    told_to_stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, told_to_stop.set)
    async with open_database(settings) as database:
        snapshots = Snapshots(database)
        await snapshots.start()
        news = News(database, snapshots, settings, vault)
        await news.start()
        print(f"Icosa {__version__} delivers webhooks", file=sys.stderr, flush=True)
        await told_to_stop.wait()
        await news.stop()
