"""From a request's path to the room that answers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from icosa.app.foundation import Foundation
from icosa.app.open_routes import client_config, healthz, readyz, unknown
from icosa.app.rooms import MetadataRooms, RecordRooms
from icosa.records.engine import StaleModel
from icosa.rest.changes import PATH as CHANGES_PATH
from icosa.transport.messages import Request, Response
from icosa.web.handler import WebApp

METADATA_PATHS = ("/rest/metadata/", "/rest/apiKeys/", "/rest/webhooks/")


class Router:
    """Lets each request be answered.

    Args:
        base: what the rooms stand on.
        records: answers requests for records.
        metadata: answers requests about the model and about people.
        web: serves the web app.
    """

    def __init__(self, base: Foundation, records: RecordRooms, metadata: MetadataRooms, web: WebApp) -> None:
        self._base = base
        self._records = records
        self._metadata = metadata
        self._web = web

    async def __call__(self, request: Request) -> Response:
        """Return a request's answer."""
        path = request.path
        if self._metadata.openapi.answers(request):
            return await self._metadata.openapi(request)
        if f"{path}/".startswith(METADATA_PATHS):
            return await self._metadata.rest(request)
        if f"{path}/".startswith(f"{CHANGES_PATH}/"):
            return await self._renewed(self._records.changes, request)
        if path.startswith("/rest/") or path == "/rest":
            return await self._renewed(self._records.rest, request)
        if self._records.downloads.answers(request):
            return await self._records.downloads(request)
        match path.rstrip("/"):
            case "/graphql":
                return await self._renewed(self._records.graphql, request)
            case "/metadata":
                return await self._metadata.graphql(request)
            case "/healthz":
                return healthz()
            case "/readyz":
                return await readyz(self._base.database)
            case "/client-config":
                return await client_config(self._base.settings, self._metadata.services.setup)
            case _ if self._web.answers(request):
                return await self._web(request)
            case _:
                return unknown(request)

    async def _renewed(self, answer: Callable[[Request], Awaitable[Response]], request: Request) -> Response:
        """Answer a request, once more from the newest model when another process has changed it meanwhile."""
        try:
            return await answer(request)
        except StaleModel:
            self._base.snapshots.forget_all()
            return await answer(request)
