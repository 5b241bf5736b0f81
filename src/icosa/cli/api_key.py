"""`icosa api-key`: keys from the command line, since a server without a screen needs them (`auth.md` section 2)."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from cyclopts import App, Parameter

from icosa.access.api_keys import ApiKeys, parse_expiry
from icosa.access.roles import find_role
from icosa.access.tokens import Tokens
from icosa.access.workspaces import find_workspace
from icosa.cli.environment import open_database
from icosa.errors import BadInput
from icosa.fields.uuids import is_uuid
from icosa.settings import load_secret, load_settings, seconds_of
from icosa.store.database import Database

NEVER = dt.timedelta(days=36500)
SOON = dt.timedelta(days=14)

Workspace = Annotated[str | None, Parameter(help="Id or name; not needed when there is one workspace.")]
DataDir = Annotated[Path | None, Parameter(env_var="ICOSA_DATA_DIR", help="The data folder.")]

app = App(name="api-key", help="Make, list and revoke API keys.")


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works with."""

    database: Database
    keys: ApiKeys
    workspace: Any


@asynccontextmanager
async def _desk(data_dir: Path | None, workspace: str | None) -> AsyncIterator[Desk]:
    settings = load_settings(data_dir=data_dir)
    async with open_database(settings) as database:
        keys = ApiKeys(database, Tokens(load_secret(settings), settings.app_secret_previous))
        yield Desk(database, keys, await find_workspace(database, workspace))


@app.command
async def create(
    *,
    name: Annotated[str, Parameter(help="What the key is for.")],
    role: Annotated[str, Parameter(help="Label or id of its role, such as 'Read only'.")],
    expires: Annotated[str, Parameter(help="A duration such as 90d, a date, or never.")] = "90d",
    workspace: Workspace = None,
    data_dir: DataDir = None,
) -> None:
    """Make a key and print its token, which is shown this once."""
    expires_at = _expiry(expires, dt.datetime.now(dt.UTC))
    async with _desk(data_dir, workspace) as desk:
        workspace_id = desk.workspace["id"]
        found = await find_role(desk.database, workspace_id, role)
        row = await desk.keys.create(workspace_id, name, found, expires_at)
        token = await desk.keys.token(workspace_id, row["id"])
    print(token)
    print(f"Key {row['name']} ({row['id']}), role {found['label']}, holds until {_day(expires_at)}", file=sys.stderr)


@app.command(name="list")
async def list_keys(*, workspace: Workspace = None, data_dir: DataDir = None) -> None:
    """Print the keys that are not revoked: id, name, role, expiry, last use."""
    async with _desk(data_dir, workspace) as desk:
        rows = await desk.keys.list(desk.workspace["id"])
    now = dt.datetime.now(dt.UTC)
    lines = [("ID", "NAME", "ROLE", "EXPIRES", "LAST USED"), *(_line(row, now) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


@app.command
async def revoke(
    key: Annotated[str, Parameter(help="The key's id; see 'icosa api-key list'.")],
    *,
    workspace: Workspace = None,
    data_dir: DataDir = None,
) -> None:
    """Revoke a key for good. It is refused from its next request on."""
    if not is_uuid(key):
        raise BadInput(f"'{key}' is not the id of an API key; see 'icosa api-key list'")
    async with _desk(data_dir, workspace) as desk:
        row = await desk.keys.revoke(desk.workspace["id"], UUID(key))
    print(f"Key {row['name']} ({row['id']}) is revoked", file=sys.stderr)


def _expiry(text: str, now: dt.datetime) -> dt.datetime:
    """Return the moment that `--expires` means.

    Raises:
        BadInput: it is neither a duration nor a date nor `never`.
    """
    if text.strip().lower() == "never":
        return now + NEVER
    try:
        return now + min(dt.timedelta(seconds=seconds_of(text)), NEVER)
    except OverflowError:
        return now + NEVER
    except ValueError:
        pass
    try:
        return parse_expiry(text)
    except BadInput:
        raise BadInput("--expires: must be a duration such as 90d, a date such as 2030-01-31, or never") from None


def _line(row: Any, now: dt.datetime) -> tuple[str, ...]:
    expires = _day(row["expires_at"])
    if row["expires_at"] <= now:
        expires += " (expired)"
    elif row["expires_at"] - now <= SOON:
        expires += " (soon)"
    elif row["expires_at"] - now > NEVER / 10:
        expires = "never"
    used = "never" if row["last_used_at"] is None else _day(row["last_used_at"])
    if row["last_used_ip"] is not None:
        used += f" from {row['last_used_ip']}"
    # A name's control characters (a cursor movement, say) have no business on a terminal.
    name = "".join(sign if sign.isprintable() else "?" for sign in row["name"])
    return str(row["id"]), name, row["role_label"], expires, used


def _day(moment: dt.datetime) -> str:
    return moment.date().isoformat()
