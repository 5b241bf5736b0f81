"""The ASGI application: the rooms put together, started and stopped."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from icosa.access.api_keys import ApiKeys
from icosa.access.authenticate import Authenticator
from icosa.access.sessions import Sessions
from icosa.access.tokens import Tokens
from icosa.access.vault import Vault
from icosa.app.access import Authorizer
from icosa.app.open_routes import client_config, healthz, readyz, unknown
from icosa.catalog.snapshots import Snapshots
from icosa.errors import Misconfigured
from icosa.graphql.execution import GraphqlApi
from icosa.graphql.handler import GraphqlHandler
from icosa.metadata.context import Services
from icosa.metadata.handler import MetadataHandler
from icosa.metadata.rest_handler import MetadataRestHandler
from icosa.modeling.change import Modeler
from icosa.modeling.install import complete_workspaces
from icosa.modeling.table_work import TableWork
from icosa.modeling.view_filters import Clock, ViewFilters, utc_now
from icosa.openapi.handler import OpenApiHandler
from icosa.records.engine import Engine, StaleModel
from icosa.records.service import RecordService
from icosa.rest.api import RestApi
from icosa.rest.handler import RestHandler
from icosa.settings import Settings, load_secret, load_settings
from icosa.store.database import Database
from icosa.store.migrations import migrate
from icosa.transport.asgi import HttpApp, Receive, Scope, Send
from icosa.transport.cors import Cors
from icosa.transport.messages import Request, Response
from icosa.webhooks.registrations import Webhooks

METADATA_PATHS = ("/rest/metadata/", "/rest/apiKeys/", "/rest/webhooks/")


class Application:
    """One process of the server.

    Args:
        settings: the operator's; `database_url` must be set.
        secret: what tokens are signed with.
        clock: tells the time that relative filters of views are relative to.
    """

    def __init__(self, settings: Settings, secret: str, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._settings = settings
        self._secret = secret
        self._http: HttpApp | None = None
        self.database: Database | None = None
        self._authenticator: Authenticator | None = None
        self._snapshots: Snapshots | None = None
        self._rest: RestHandler | None = None
        self._graphql: GraphqlHandler | None = None
        self._metadata: MetadataHandler | None = None
        self._metadata_rest: MetadataRestHandler | None = None
        self._openapi: OpenApiHandler | None = None
        self.table_work: TableWork | None = None

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
        tokens = Tokens(self._secret, settings.app_secret_previous)
        authenticator = Authenticator(database, tokens)
        snapshots = Snapshots(database)
        await authenticator.start()
        await snapshots.start()
        self.table_work = work = TableWork(database)
        work.wake()
        service = RecordService(Engine(database), allow_unfiltered=settings.allow_unfiltered_bulk_writes)
        authorize = Authorizer(authenticator, snapshots)
        views = ViewFilters(database, self._clock)
        self._rest = RestHandler(RestApi(service, views), authorize)
        graphql = GraphqlApi(service, settings.graphql_limits, views)
        self._graphql = GraphqlHandler(graphql, authorize, strict=settings.graphql_strict)
        services = Services(
            database=database,
            snapshots=snapshots,
            modeler=Modeler(database, snapshots, work),
            authenticator=authenticator,
            api_keys=ApiKeys(database, tokens, authenticator.forget),
            sessions=Sessions(database, tokens),
            webhooks=Webhooks(database, Vault(self._secret, settings.app_secret_previous)),
            settings=settings,
        )
        self._metadata = MetadataHandler(services, authorize.known)
        self._metadata_rest = MetadataRestHandler(services, authorize.known)
        self._openapi = OpenApiHandler(authorize.known, settings)
        self._authenticator = authenticator
        self._snapshots = snapshots
        self.database = database
        self._http = HttpApp(self._handle, Cors(settings.cors_allowed_origins), settings.body_limit, settings.base_path)

    async def stop(self) -> None:
        """Finish what is under way and let the database go."""
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
        if self._rest is not None and (path.startswith("/rest/") or path == "/rest"):
            return await self._renewed(self._rest, request)
        match path.rstrip("/"):
            case "/graphql" if self._graphql is not None:
                return await self._renewed(self._graphql, request)
            case "/metadata" if self._metadata is not None:
                return await self._metadata(request)
            case "/healthz":
                return healthz()
            case "/readyz" if self.database is not None:
                return await readyz(self.database)
            case "/client-config":
                return client_config(self._settings)
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
    settings = load_settings(**given)
    return Application(settings, load_secret(settings))
