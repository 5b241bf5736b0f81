"""Which workspace a page belongs to (`auth.md` section 10)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from icosa.errors import BadInput, NotFound
from icosa.settings import Settings
from icosa.store.database import Database

OLDEST = "select * from core.workspace where deleted_at is null order by created_at, id limit 1"
BY_SUBDOMAIN = "select * from core.workspace where deleted_at is null and subdomain = $1"


class Origins:
    """Finds workspaces by the address of a page.

    Args:
        database: where they are.
        settings: the operator's.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    async def workspace(self, origin: str, host: str) -> Any:
        """Return the row of an origin's workspace, None when the origin stands for none in particular.

        Without `IS_MULTIWORKSPACE_ENABLED` the origin is only parsed.

        Args:
            origin: the page's address.
            host: the name that the server was called by.

        Raises:
            BadInput: the origin is no address.
            NotFound: no workspace has that subdomain.
        """
        name = _host(origin)
        if not self._settings.is_multiworkspace_enabled:
            return None
        given = self._settings.frontend_url or self._settings.server_url
        front = _host(given) if given else host.partition(":")[0].lower()
        subdomain = name.removesuffix(f".{front}")
        if name in {front, f"{self._settings.default_subdomain}.{front}"} or subdomain == name:
            return None
        row = await self._database.fetch_row(BY_SUBDOMAIN, subdomain)
        if row is None:
            raise NotFound(f"There is no workspace '{subdomain}'", "WORKSPACE_NOT_FOUND")
        return row

    async def public(self, origin: str, host: str) -> Any:
        """Return the row of the workspace that a sign-in page shows: the origin's, else the oldest.

        Raises:
            BadInput: the origin is no address.
            NotFound: there is no workspace, or none with that subdomain.
        """
        row = await self.workspace(origin, host) or await self._database.fetch_row(OLDEST)
        if row is None:
            raise NotFound("There is no workspace yet", "WORKSPACE_NOT_FOUND")
        return row


def _host(origin: str) -> str:
    try:
        parts = urlsplit(origin)
        if parts.scheme in {"http", "https"} and parts.hostname:
            return parts.hostname
    except ValueError:
        pass
    raise BadInput("origin: must be the address of the server", "INVALID_INPUT")
