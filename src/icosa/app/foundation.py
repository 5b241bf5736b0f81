"""What every room of a process stands on: the database, who is asking, the models, and what tells of changes."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from icosa.access.authenticate import Authenticator
from icosa.access.rate_limits import make_limiter
from icosa.access.tokens import Tokens
from icosa.access.vault import Vault
from icosa.app.access import Authorizer
from icosa.app.metering import MeteredAuthorizer
from icosa.app.news import News
from icosa.catalog.snapshots import Snapshots
from icosa.errors import Misconfigured
from icosa.events.feed import Feed
from icosa.files.links import FileLinks
from icosa.files.store import FileStore
from icosa.files.uploads import Uploads
from icosa.modeling.install import complete_workspaces
from icosa.modeling.table_work import TableWork
from icosa.modeling.view_filters import ViewFilters
from icosa.records.engine import Engine
from icosa.records.service import RecordService
from icosa.settings import Settings
from icosa.store.database import Database
from icosa.store.migrations import migrate

Clock = Callable[[], float]


@dataclass(frozen=True)
class Foundation:
    """One for each process.

    Attributes:
        settings: the operator's.
        clock: seconds since the epoch.
        closing: set when the process is about to stop.
        database: migrated.
        tokens: signs and reads tokens.
        authenticator: checks them.
        authorizer: gives a request its caller's access.
        authorize: the same, counted against the limits where there are any.
        snapshots: the models.
        work: does what changes of the model leave for later.
        vault: opens the webhooks' secrets.
        news: publishes events and delivers them.
        feed: tells of events.
        uploads: keeps files.
        service: the use cases on records.
        views: reads what views filter by.
    """

    settings: Settings
    clock: Clock
    closing: asyncio.Event
    database: Database
    tokens: Tokens
    authenticator: Authenticator
    authorizer: Authorizer
    authorize: Authorizer
    snapshots: Snapshots
    work: TableWork
    vault: Vault
    news: News
    feed: Feed
    uploads: Uploads
    service: RecordService
    views: ViewFilters

    async def stop(self) -> None:
        """Finish what is under way and let the database go; news are stopped before."""
        await self.authenticator.close()
        await self.work.close()
        await self.database.close()


async def connect(settings: Settings) -> Database:
    """Return the operator's database, migrated.

    Raises:
        Misconfigured: it cannot be reached or does not fit this program.
    """
    if settings.database_url is None:
        raise Misconfigured("There is no database to connect to")
    database = await Database.connect(
        settings.database_url, size=settings.pool_size, prepared_statements=settings.prepared_statements
    )
    await migrate(database)
    await complete_workspaces(database)
    return database


def open_uploads(settings: Settings, database: Database, tokens: Tokens) -> Uploads:
    """Return what keeps files in the operator's folder and makes links to them.

    Args:
        settings: the operator's.
        database: has a row for each file.
        tokens: signs the links.
    """
    links = FileLinks(tokens, settings.server_url or f"http://localhost:{settings.port}", settings.lifetimes.file)
    return Uploads(database, FileStore(settings.files_folder), links)


async def lay_foundation(settings: Settings, secret: str, clock: Clock, closing: asyncio.Event) -> Foundation:
    """Connect, and start what listens and works beside the requests.

    Args:
        settings: the operator's.
        secret: what tokens are signed with.
        clock: seconds since the epoch.
        closing: set when the process is about to stop.

    Raises:
        Misconfigured: see `connect`.
    """
    database = await connect(settings)
    tokens = Tokens(secret, settings.app_secret_previous, clock)
    authenticator = Authenticator(database, tokens, clock)
    snapshots = Snapshots(database)
    await authenticator.start()
    await snapshots.start()
    work = TableWork(database)
    work.wake()
    vault = Vault(*settings.vault_secrets(secret))
    news = News(database, snapshots, settings, vault)
    await news.start()
    authorizer = authorize = Authorizer(authenticator, snapshots)
    limiter = make_limiter(database, settings)
    if limiter is not None:
        authorize = MeteredAuthorizer(authorizer, limiter)
    uploads = open_uploads(settings, database, tokens)
    return Foundation(
        settings=settings,
        clock=clock,
        closing=closing,
        database=database,
        tokens=tokens,
        authenticator=authenticator,
        authorizer=authorizer,
        authorize=authorize,
        snapshots=snapshots,
        work=work,
        vault=vault,
        news=news,
        feed=Feed(database, news.arrivals),
        uploads=uploads,
        service=RecordService(
            Engine(database, news.wrote, uploads.links.fill), allow_unfiltered=settings.allow_unfiltered_bulk_writes
        ),
        views=ViewFilters(database, lambda: dt.datetime.fromtimestamp(clock(), dt.UTC)),
    )
