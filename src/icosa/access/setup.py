"""Who may claim an empty server, and who may add workspaces to another (`web-app.md`, "First run"; `auth.md` section 6)."""

from __future__ import annotations

import base64
import hashlib
import hmac

from icosa.errors import Forbidden
from icosa.settings import Settings
from icosa.store.database import Database

SALT = b"icosa setup"
SIGNS = 24


class Setup:
    """Guards the first sign-up.

    The token is derived from the server's secret, so that every process and machine asks for the same one.

    Args:
        database: where workspaces are.
        settings: the operator's.
        secret: the server's secret.
    """

    def __init__(self, database: Database, settings: Settings, secret: str) -> None:
        self._database = database
        self._several = settings.is_multiworkspace_enabled
        self._is_done = False
        self.is_token_needed = settings.setup_token is not None or not settings.listens_on_loopback
        self.token = settings.setup_token or _derived(secret)

    async def is_done(self) -> bool:
        """Return whether there is a workspace; once there is one, there always is."""
        if not self._is_done:
            self._is_done = await self._database.fetch_value("select exists (select from core.workspace)")
        return self._is_done

    async def takes_workspaces(self) -> bool:
        """Return whether somebody without a workspace may found one."""
        return self._several or not await self.is_done()

    async def check(self, token: str | None) -> None:
        """Raise unless somebody may sign up to found a workspace.

        Args:
            token: what the page has sent along; counts on an empty server.

        Raises:
            Forbidden: `SIGNUP_DISABLED`: there is a workspace and there may be no other;
                `SETUP_TOKEN_REQUIRED`: the server is empty, and the token missing or wrong.
        """
        if not await self.takes_workspaces():
            raise Forbidden("This server has its workspace; others join it by invitation", "SIGNUP_DISABLED")
        if not self.is_token_needed or await self.is_done():
            return
        if not hmac.compare_digest((token or "").strip().encode("utf-8", "replace"), self.token.encode()):
            raise Forbidden(
                "setupToken: must be the token that the server has written to its log at start", "SETUP_TOKEN_REQUIRED"
            )


def _derived(secret: str) -> str:
    digest = hmac.digest(SALT, secret.encode(), hashlib.sha256)
    return base64.b32encode(digest).decode().lower()[:SIGNS]
