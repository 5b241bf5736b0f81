"""The ASGI application: the rooms put together, started and stopped."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Awaitable, Callable
from typing import Any

from icosa.access.api_keys import ApiKeys
from icosa.access.authenticate import Authenticator
from icosa.access.invitations import Invitations
from icosa.access.origins import Origins
from icosa.access.password_resets import PasswordResets
from icosa.access.rate_limits import make_limiter
from icosa.access.request_log import RequestLog
from icosa.access.sessions import Sessions
from icosa.access.setup import Setup
from icosa.access.sign_up import SignUp
from icosa.access.tokens import Tokens
from icosa.access.vault import Vault
from icosa.app.access import Authorizer
from icosa.app.metering import MeteredAuthorizer
from icosa.app.news import News
from icosa.app.observing import Observer
from icosa.app.open_routes import client_config, healthz, readyz, unknown
from icosa.catalog.snapshots import Snapshots
from icosa.demo.seeder import DemoOptions, seed_demo
from icosa.errors import Misconfigured
from icosa.events.feed import Feed
from icosa.events.history import Histories
from icosa.events.streams import Streams
from icosa.files.links import FileLinks
from icosa.files.store import FileStore
from icosa.files.uploads import Uploads
from icosa.founding.joining import Joining
from icosa.graphql.arguments import read_filter
from icosa.graphql.execution import GraphqlApi
from icosa.graphql.handler import GraphqlHandler
from icosa.logs import configure_logs
from icosa.mail.mailers import Mailer, make_mailer
from icosa.metadata.context import Services
from icosa.metadata.handler import MetadataHandler
from icosa.metadata.rest_handler import MetadataRestHandler
from icosa.metadata.subscriptions import Subscriptions
from icosa.modeling.change import Modeler
from icosa.modeling.install import complete_workspaces
from icosa.modeling.table_work import TableWork
from icosa.modeling.view_filters import ViewFilters
from icosa.openapi.handler import OpenApiHandler
from icosa.records.engine import Engine, StaleModel
from icosa.records.service import RecordService
from icosa.rest.api import RestApi
from icosa.rest.changes import PATH as CHANGES_PATH
from icosa.rest.changes import ChangesHandler
from icosa.rest.downloads import DownloadHandler
from icosa.rest.handler import RestHandler
from icosa.settings import Settings, load_secret, load_settings
from icosa.store.database import Database
from icosa.store.migrations import migrate
from icosa.transport.asgi import HttpApp, Receive, Scope, Send
from icosa.transport.cors import Cors
from icosa.transport.messages import Request, Response
from icosa.web.handler import WebApp
from icosa.webhooks.deliveries import Deliveries
from icosa.webhooks.registrations import Webhooks

METADATA_PATHS = ("/rest/metadata/", "/rest/apiKeys/", "/rest/webhooks/")


class Application:
    """One process of the server.

    Args:
        settings: the operator's; `database_url` must be set.
        secret: what tokens are signed with.
        mailer: sends e-mail; the settings' own when it is None.
        clock: seconds since the epoch; tests set it.
    """

    def __init__(
        self,
        settings: Settings,
        secret: str,
        *,
        mailer: Mailer | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._secret = secret
        self._mailer = mailer or make_mailer(settings)
        self._http: HttpApp | None = None
        self.database: Database | None = None
        self._authenticator: Authenticator | None = None
        self._snapshots: Snapshots | None = None
        self.news: News | None = None
        self._request_log: RequestLog | None = None
        self._closing = asyncio.Event()
        self._rest: RestHandler | None = None
        self._changes: ChangesHandler | None = None
        self._graphql: GraphqlHandler | None = None
        self._metadata: MetadataHandler | None = None
        self._metadata_rest: MetadataRestHandler | None = None
        self._openapi: OpenApiHandler | None = None
        self._downloads: DownloadHandler | None = None
        self.table_work: TableWork | None = None
        self._setup: Setup | None = None
        self._password_resets: PasswordResets | None = None
        self._web = WebApp(settings.base_path)

    async def start(self) -> None:
        """Connect, migrate and get ready to answer.

        Raises:
            Misconfigured: the database cannot be reached or does not fit this program.
        """
        settings = self._settings
        if settings.database_url is None:
            raise Misconfigured("There is no database to connect to")
        database = await Database.connect(
            settings.database_url, size=settings.pool_size, prepared_statements=settings.prepared_statements
        )
        await migrate(database)
        await complete_workspaces(database)
        tokens = Tokens(self._secret, settings.app_secret_previous, self._clock)
        authenticator = Authenticator(database, tokens, self._clock)
        snapshots = Snapshots(database)
        await authenticator.start()
        await snapshots.start()
        self.table_work = work = TableWork(database)
        work.wake()
        vault = Vault(*settings.vault_secrets(self._secret))
        news = self.news = News(database, snapshots, settings, vault)
        await news.start()
        server = settings.server_url or f"http://localhost:{settings.port}"
        links = FileLinks(tokens, server, settings.lifetimes.file)
        uploads = Uploads(database, FileStore(settings.files_folder), links)
        self._downloads = DownloadHandler(uploads)
        engine = Engine(database, news.wrote, links.fill)
        service = RecordService(engine, allow_unfiltered=settings.allow_unfiltered_bulk_writes)
        authorizer = authorize = Authorizer(authenticator, snapshots)
        limiter = make_limiter(database, settings)
        if limiter is not None:
            authorize = MeteredAuthorizer(authorize, limiter)
        views = ViewFilters(database, self._now)
        self._rest = RestHandler(RestApi(service, Histories(database), views), authorize)
        feed = Feed(database, news.arrivals)
        self._changes = ChangesHandler(feed, authorize, authorizer, self._rest, self._closing)
        graphql = GraphqlApi(service, settings.graphql_limits, views, uploads)
        self._graphql = GraphqlHandler(graphql, authorize, strict=settings.graphql_strict)
        sessions = Sessions(database, tokens, settings.lifetimes)
        setup = self._setup = Setup(database, settings, self._secret)
        invitations = Invitations(database, tokens, settings.lifetimes)
        self._password_resets = PasswordResets(database, tokens, settings.lifetimes, self._mailer, settings.public_url)
        requests = self._request_log = RequestLog(
            database, settings.request_log_size, with_unknown=not settings.is_multiworkspace_enabled
        )
        requests.start()
        services = Services(
            database=database,
            snapshots=snapshots,
            modeler=Modeler(database, snapshots, work),
            authenticator=authenticator,
            api_keys=ApiKeys(database, tokens, authenticator.forget),
            sessions=sessions,
            webhooks=Webhooks(database, vault),
            deliveries=Deliveries(database, news.sender, vault, news.policy.keep_bodies),
            request_log=requests,
            address_rules=news.rules,
            subscriptions=Subscriptions(
                database, feed, Streams(database), authorizer.known, read_filter, self._closing
            ),
            settings=settings,
            wrote=news.wrote,
            origins=Origins(database, settings),
            setup=setup,
            uploads=uploads,
            sign_up=SignUp(database, sessions, setup),
            invitations=invitations,
            joining=Joining(database, sessions, invitations),
            password_resets=self._password_resets,
            mailer=self._mailer,
            fill=lambda workspace_id: seed_demo(database, workspace_id, DemoOptions()),
        )
        self._metadata = MetadataHandler(services, authorize.known, authorize.user)
        self._metadata_rest = MetadataRestHandler(services, authorize.known)
        self._openapi = OpenApiHandler(authorize.known, settings)
        self._authenticator = authenticator
        self._snapshots = snapshots
        self.database = database
        self._http = HttpApp(
            Observer(self._handle, requests, self._clock) if requests.size else self._handle,
            Cors(settings.cors_allowed_origins),
            settings.body_limit,
            settings.base_path,
            proxies=settings.trust_proxy,
        )

    def _now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self._clock(), dt.UTC)

    def close(self) -> None:
        """Let go of those who wait for news: the process is about to stop."""
        self._closing.set()

    async def stop(self) -> None:
        """Finish what is under way and let the database go."""
        self.close()
        if self.news is not None:
            await self.news.stop()
        if self._request_log is not None:
            await self._request_log.stop()
        if self._password_resets is not None:
            await self._password_resets.close()
        if self._authenticator is not None:
            await self._authenticator.close()
        if self.table_work is not None:
            await self.table_work.close()
        if self.database is not None:
            await self.database.close()

    async def _handle(self, request: Request) -> Response:
        path = request.path
        if self._openapi is not None and self._openapi.answers(request):
            return await self._openapi(request)
        if self._metadata_rest is not None and f"{path}/".startswith(METADATA_PATHS):
            return await self._metadata_rest(request)
        if self._changes is not None and f"{path}/".startswith(f"{CHANGES_PATH}/"):
            return await self._renewed(self._changes, request)
        if self._rest is not None and (path.startswith("/rest/") or path == "/rest"):
            return await self._renewed(self._rest, request)
        if self._downloads is not None and self._downloads.answers(request):
            return await self._downloads(request)
        match path.rstrip("/"):
            case "/graphql" if self._graphql is not None:
                return await self._renewed(self._graphql, request)
            case "/metadata" if self._metadata is not None:
                return await self._metadata(request)
            case "/healthz":
                return healthz()
            case "/readyz" if self.database is not None:
                return await readyz(self.database)
            case "/client-config" if self._setup is not None:
                return await client_config(self._settings, self._setup)
            case _ if self._web.answers(request):
                return await self._web(request)
            case _:
                return unknown(request)

    async def _renewed(self, answer: Callable[[Request], Awaitable[Response]], request: Request) -> Response:
        """Answer a request, once more from the newest model when another process has changed it meanwhile."""
        try:
            return await answer(request)
        except StaleModel:
            if self._snapshots is not None:
                self._snapshots.forget_all()
            return await answer(request)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve HTTP and the lifespan protocol; see the ASGI specification."""
        if scope["type"] == "http" and self._http is not None:
            await self._http(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self.start()
        except Misconfigured as problem:
            await send({"type": "lifespan.startup.failed", "message": problem.message})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})


def create_app(**given: Any) -> Application:
    """Return the application of a process whose environment names its database.

    Raises:
        Misconfigured: a setting that does not fit.
    """
    configure_logs()
    settings = load_settings(**given)
    return Application(settings, load_secret(settings))
