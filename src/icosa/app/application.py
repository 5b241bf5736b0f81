"""The ASGI application: started, serving and stopped."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable
from typing import Any

from icosa.app.foundation import Foundation, lay_foundation
from icosa.app.observing import Observer
from icosa.app.rooms import MetadataRooms, RecordRooms, metadata_rooms, record_rooms
from icosa.app.router import Router
from icosa.errors import Misconfigured
from icosa.logs import configure_logs
from icosa.mail.mailers import Mailer, make_mailer
from icosa.settings import Settings, load_secret, load_settings
from icosa.store.database import Database
from icosa.transport.asgi import HttpApp, Receive, Scope, Send
from icosa.transport.cors import Cors
from icosa.web.handler import WebApp


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
        self._closing = asyncio.Event()
        self._web = WebApp(settings.base_path)
        self._http: HttpApp | None = None
        self.base: Foundation | None = None
        self.records: RecordRooms | None = None
        self.metadata: MetadataRooms | None = None

    @property
    def database(self) -> Database | None:
        """The database, once the application is started."""
        return None if self.base is None else self.base.database

    async def start(self) -> None:
        """Connect, migrate and get ready to answer.

        Raises:
            Misconfigured: the database cannot be reached or does not fit this program.
        """
        settings = self._settings
        base = self.base = await lay_foundation(settings, self._secret, self._clock, self._closing)
        records = self.records = record_rooms(base)
        metadata = self.metadata = metadata_rooms(base, self._secret, self._mailer)
        router = Router(base, records, metadata, self._web)
        requests = metadata.services.request_log
        self._http = HttpApp(
            Observer(router, requests, self._clock) if requests.size else router,
            Cors(settings.cors_allowed_origins),
            settings.body_limit,
            settings.base_path,
            proxies=settings.trust_proxy,
        )

    def close(self) -> None:
        """Let go of those who wait for news: the process is about to stop."""
        self._closing.set()

    async def stop(self) -> None:
        """Finish what is under way and let the database go."""
        self.close()
        if self.base is None:
            return
        await self.base.news.stop()
        if self.metadata is not None:
            await self.metadata.stop()
        await self.base.stop()

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
        # What there is by now stays: looking through it for garbage would hold up every request for a tenth of a second.
        gc.collect()
        gc.freeze()
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
