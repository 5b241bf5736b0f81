"""`icosa quickstart`: what `make run` does, from an empty folder to a server and a `curl` line that works."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from uuid import UUID

from icosa.access.api_keys import ApiKeys
from icosa.access.roles import ADMIN, find_role
from icosa.access.tokens import Tokens
from icosa.access.workspaces import Person, find_workspace
from icosa.app.foundation import open_uploads
from icosa.cli.environment import open_database
from icosa.cli.serve import serve
from icosa.demo.rows import DemoOptions
from icosa.demo.seeder import seed_demo
from icosa.errors import NotFound
from icosa.founding.workspaces import found_workspace
from icosa.settings import Settings, load_secret, load_settings
from icosa.store.database import Database

OWNER = Person("ada@example.com", "icosa-demo", "Ada", "Marlowe")
KEY_NAME = "Quickstart"
KEY_LIFE = dt.timedelta(days=365)
WELCOME = """
  Address    {url}
  Sign-in    {email}, password {password}
  API key    {token}

  Try it:
  curl -s -H 'Authorization: Bearer {token}' '{url}/rest/companies?limit=3'
"""


async def quickstart(*, port: int | None = None, data_dir: Path | None = None) -> None:
    """Serve a demo workspace: made on the first start, found again on the next.

    Args:
        port: Port to listen on, by default 3000.
        data_dir: The data folder.
    """
    settings = load_settings(port=port, data_dir=data_dir)
    async with open_database(settings) as database:
        tokens = Tokens(load_secret(settings), settings.app_secret_previous)
        workspace_id = await _workspace(database, settings, tokens)
        token = await _token(database, tokens, workspace_id)
    url = settings.server_url or f"http://localhost:{settings.port}"
    print(WELCOME.format(url=url.rstrip("/"), email=OWNER.email, password=OWNER.password, token=token), flush=True)
    await serve(port=port, data_dir=data_dir)


async def _workspace(database: Database, settings: Settings, tokens: Tokens) -> UUID:
    """Return the id of the workspace, which is made and filled when there is none."""
    try:
        found: UUID = (await find_workspace(database))["id"]
    except NotFound:
        made = await found_workspace(database, "Demo", OWNER, legacy_fields=settings.legacy_fields, several=False)
        found = made.workspace_id
        await seed_demo(database, open_uploads(settings, database, tokens), found, DemoOptions(), _tell)
    return found


async def _token(database: Database, tokens: Tokens, workspace_id: UUID) -> str:
    keys = ApiKeys(database, tokens)
    now = dt.datetime.now(dt.UTC)
    for row in await keys.list(workspace_id):
        if row["name"] == KEY_NAME and row["expires_at"] > now:
            return await keys.token(workspace_id, row["id"])
    role = await find_role(database, workspace_id, ADMIN)
    made = await keys.create(workspace_id, KEY_NAME, role, now + KEY_LIFE)
    return await keys.token(workspace_id, made["id"])


def _tell(name: str, number: int) -> None:
    print(f"{number:6} {name}", file=sys.stderr, flush=True)
