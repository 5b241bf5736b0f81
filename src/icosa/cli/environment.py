"""What every command needs: the settings, and the database of a data folder or of an address."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from icosa.settings import Settings
from icosa.store.database import Database
from icosa.store.embedded import EmbeddedServer
from icosa.store.migrations import migrate


@asynccontextmanager
async def open_url(settings: Settings) -> AsyncIterator[str]:
    """Give the address of the database: the one that is set, or that of the data folder's embedded server.

    The embedded server is joined when it runs and started when it does not; it stops with the last process that uses it.

    Raises:
        Misconfigured: the server does not start.
    """
    if settings.database_url is not None:
        yield settings.database_url
        return
    server = await EmbeddedServer.start(settings.data_dir)
    try:
        yield server.url
    finally:
        await server.stop()


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """Give the database, migrated.

    Raises:
        Misconfigured: it cannot be reached, or does not fit this program.
    """
    async with open_url(settings) as url:
        database = await Database.connect(url, size=4, prepared_statements=settings.prepared_statements)
        try:
            await migrate(database)
            yield database
        finally:
            await database.close()


def pass_on(url: str, secret: str, settings: Settings) -> None:
    """Put what worker processes need into the environment they inherit."""
    os.environ["ICOSA_DATABASE_URL"] = url
    os.environ["APP_SECRET"] = secret
    os.environ["ICOSA_HOST"] = settings.host
    os.environ["NODE_PORT"] = str(settings.port)
