from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

import pytest

from icosa.access.authenticate import Authenticator
from icosa.access.tokens import Tokens
from icosa.cli import api_key
from icosa.errors import BadInput, NotFound

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def command_line(house, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICOSA_DATABASE_URL", database_url)
    monkeypatch.setenv("APP_SECRET", house.secret)


@pytest.mark.usefixtures("command_line")
async def test_a_key_is_made_and_its_token_alone_is_on_stdout(house, capsys) -> None:
    await api_key.create(name="Sync", role="read only", expires="90d")
    out, err = capsys.readouterr()
    token = out.removesuffix("\n")
    assert "\n" not in token
    assert "Sync" in err and "Read only" in err and token not in err
    caller = await Authenticator(house.database, Tokens(house.secret)).authenticate(f"Bearer {token}")
    assert (caller.name, caller.workspace_id) == ("Sync", house.workspace_id)
    assert not caller.permissions.writes_anything


@pytest.mark.usefixtures("command_line")
async def test_keys_are_listed(house, capsys) -> None:
    key, _ = await house.key(days=400)
    await house.keys.update(house.workspace_id, key, name="Sync \x1b[2J")
    await house.key(days=3)
    old, _ = await house.key()
    await house.keys.update(house.workspace_id, old, expires_at=NOW.replace(year=2020))
    never, _ = await house.key(days=36500)
    await house.database.execute(
        "update core.api_key set last_used_at = $2, last_used_ip = '192.0.2.7' where id = $1", never, NOW
    )
    await api_key.list_keys(workspace="Acme")
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split("  ")[0] == "ID"
    assert len(lines) == 4
    assert str(key) in lines[0] and "Sync ?[2J" in lines[0] and "Admin" in lines[0] and lines[0].endswith("never")
    assert "(soon)" in lines[1]
    assert "2020-01-01 (expired)" in lines[2]
    assert lines[3].endswith("  2030-01-01 from 192.0.2.7")


@pytest.mark.usefixtures("command_line")
async def test_a_key_is_revoked(house, capsys) -> None:
    key, _ = await house.key()
    await api_key.revoke(str(key))
    assert capsys.readouterr().out == ""
    assert (await house.keys.find(house.workspace_id, key))["revoked_at"] is not None


@pytest.mark.usefixtures("command_line")
async def test_mistakes_are_named(house) -> None:
    with pytest.raises(NotFound, match="no role 'Emperor'; there are Admin"):
        await api_key.create(name="Sync", role="Emperor")
    with pytest.raises(BadInput, match="Member may not be given to API keys"):
        await api_key.create(name="Sync", role="Member")
    with pytest.raises(BadInput, match="future"):
        await api_key.create(name="Sync", role="Admin", expires="2020-01-01")
    with pytest.raises(BadInput, match="--expires"):
        await api_key.create(name="Sync", role="Admin", expires="soon")
    with pytest.raises(NotFound, match="no workspace 'Other'"):
        await api_key.create(name="Sync", role="Admin", workspace="Other")
    with pytest.raises(NotFound):
        await api_key.revoke(str(uuid4()))
    with pytest.raises(BadInput, match="not the id"):
        await api_key.revoke("Sync")
    assert not await house.keys.list(house.workspace_id)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("90d", NOW + dt.timedelta(days=90)),
        ("1y", NOW + dt.timedelta(days=365)),
        ("30m", NOW + dt.timedelta(minutes=30)),
        ("Never", NOW + dt.timedelta(days=36500)),
        ("999999999y", NOW + dt.timedelta(days=36500)),
        ("2030-01-31", dt.datetime(2030, 1, 31, tzinfo=dt.UTC)),
    ],
)
def test_an_expiry_is_a_duration_a_date_or_never(text: str, moment: dt.datetime) -> None:
    assert api_key._expiry(text, NOW) == moment


def test_the_commands_take_their_words_as_documented() -> None:
    words = ["create", "--name", "N", "--role", "Admin", "--expires", "15d", "--workspace", "W", "--data-dir", "/data"]
    command, bound, _ = api_key.app.parse_args(words)
    assert command is api_key.create
    given = bound.arguments
    assert (given["name"], given["role"], given["expires"], given["workspace"]) == ("N", "Admin", "15d", "W")
    assert api_key.app.parse_args(["list"])[0] is api_key.list_keys
    _, bound, _ = api_key.app.parse_args(["revoke", str(UUID(int=7))])
    assert bound.arguments["key"] == str(UUID(int=7))
