from __future__ import annotations

import datetime as dt
from uuid import uuid4

import orjson
import pytest

from icosa.access.api_keys import parse_expiry
from icosa.access.audit import Actor
from icosa.access.tokens import TokenKind
from icosa.errors import BadInput, Forbidden, NotFound

PAST = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


async def test_a_key_is_made_and_listed_with_its_role(house) -> None:
    key, token = await house.key("Read only")
    (row,) = await house.keys.list(house.workspace_id)
    assert (row["id"], row["name"], row["role_label"], row["revoked_at"]) == (key, "Key", "Read only", None)
    kind, claims = house.tokens.verify(token)
    assert kind is TokenKind.API_KEY
    assert claims["sub"] == claims["workspaceId"] == str(house.workspace_id)
    assert claims["jti"] == str(key)
    assert claims["exp"] == row["expires_at"].timestamp()


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x00b", "\ud800"])
async def test_a_bad_name_is_refused(house, name: str) -> None:
    with pytest.raises(BadInput, match="name"):
        await house.keys.create(house.workspace_id, name, await house.role("Admin"), house.clock.now + dt.timedelta(1))
    key, _ = await house.key()
    with pytest.raises(BadInput, match="name"):
        await house.keys.update(house.workspace_id, key, name=name)


async def test_a_name_is_trimmed(house) -> None:
    key, _ = await house.key()
    assert (await house.keys.update(house.workspace_id, key, name=f" {'x' * 100}\n"))["name"] == "x" * 100


async def test_a_key_is_not_made_for_the_past(house) -> None:
    with pytest.raises(BadInput, match="expiresAt"):
        await house.keys.create(house.workspace_id, "Key", await house.role("Admin"), house.clock.now)
    assert not await house.keys.list(house.workspace_id)


async def test_a_role_has_to_be_the_workspaces_own_and_fit_for_keys(house) -> None:
    other = await house.workspace("Other")
    later = house.clock.now + dt.timedelta(1)
    key, _ = await house.key()
    for role, refusal in (
        (await house.role("Member"), BadInput),
        (await house.role("Admin", other), NotFound),
        ({"id": uuid4(), "label": "Nobody"}, NotFound),
    ):
        with pytest.raises(refusal):
            await house.keys.create(house.workspace_id, "Key", role, later)
        with pytest.raises(refusal):
            await house.keys.assign_role(house.workspace_id, key, role)
    assert len(await house.keys.list(house.workspace_id)) == 1


async def test_a_role_is_given_and_holds_at_once(house) -> None:
    key, token = await house.key("Admin")
    header = f"Bearer {token}"
    assert (await house.authenticator.authenticate(header)).permissions.restricts_nothing
    for _ in range(2):
        await house.keys.assign_role(house.workspace_id, key, await house.role("Read only"))
    assert not (await house.authenticator.authenticate(header)).permissions.writes_anything


async def test_tokens_are_made_as_the_contract_says(house) -> None:
    key, _ = await house.key(days=30)
    row = await house.keys.find(house.workspace_id, key)
    longer = await house.keys.token(house.workspace_id, key, row["expires_at"] + dt.timedelta(days=9))
    assert house.tokens.verify(longer)[1]["exp"] == row["expires_at"].timestamp()
    with pytest.raises(BadInput, match="expiresAt"):
        await house.keys.token(house.workspace_id, key, house.clock.now)
    with pytest.raises(NotFound):
        await house.keys.token(house.workspace_id, uuid4())
    await house.keys.update(house.workspace_id, key, expires_at=PAST)
    with pytest.raises(BadInput) as expired:
        await house.keys.token(house.workspace_id, key)
    assert expired.value.code == "API_KEY_EXPIRED"
    await house.keys.revoke(house.workspace_id, key)
    with pytest.raises(Forbidden):
        await house.keys.token(house.workspace_id, key)


async def test_renaming_leaves_tokens_valid(house) -> None:
    key, token = await house.key()
    await house.keys.update(house.workspace_id, key, name="Renamed")
    assert (await house.authenticator.authenticate(f"Bearer {token}")).name == "Renamed"


async def test_a_revoked_key_stays_revoked(house) -> None:
    key, _ = await house.key()
    assert (await house.keys.update(house.workspace_id, key, revoked=False))["revoked_at"] is None
    first = await house.keys.update(house.workspace_id, key, revoked=True)
    assert first["revoked_at"] is not None
    with pytest.raises(BadInput, match="revoked"):
        await house.keys.update(house.workspace_id, key, revoked=False, name="Lazarus")
    again = await house.keys.revoke(house.workspace_id, key)
    assert (again["revoked_at"], again["name"]) == (first["revoked_at"], "Key")
    assert not await house.keys.list(house.workspace_id)
    assert (await house.keys.find(house.workspace_id, key))["revoked_at"] == first["revoked_at"]


async def test_keys_of_a_neighbour_are_not_found(house) -> None:
    other = await house.workspace("Other")
    key, token = await house.key()
    assert await house.keys.find(other, key) is None
    assert not await house.keys.list(other)
    for refused in (
        house.keys.revoke(other, key),
        house.keys.update(other, key, name="Mine"),
        house.keys.update(other, key, revoked=False),
        house.keys.assign_role(other, key, await house.role("Admin", other)),
        house.keys.token(other, key),
    ):
        with pytest.raises(NotFound):
            await refused
    await house.authenticator.authenticate(f"Bearer {token}")


async def test_the_audit_table_tells_who_did_what_and_no_secret(house) -> None:
    key, token = await house.key()
    by = Actor("USER", uuid4(), "192.0.2.7")
    await house.keys.update(house.workspace_id, key, name="Renamed", by=by)
    await house.keys.update(house.workspace_id, key, expires_at=PAST, by=by)
    await house.keys.assign_role(house.workspace_id, key, await house.role("Read only"), by=by)
    await house.keys.revoke(house.workspace_id, key, by=by)
    rows = await house.database.fetch_all("select * from core.audit where target_id = $1 order by id", key)
    assert [row["action"].removeprefix("api_key.") for row in rows] == [
        "created",
        "token_made",
        "renamed",
        "changed",
        "role_changed",
        "revoked",
    ]
    assert {row["actor_kind"] for row in rows[:2]} == {"CLI"}
    assert {(row["actor_kind"], row["actor_id"], row["from_address"]) for row in rows[2:]} == {
        ("USER", by.id, by.address)
    }
    assert orjson.loads(rows[2]["details"]) == {"name": "Renamed"}
    assert orjson.loads(rows[4]["details"]) == {"role": "Read only"}
    assert not any(token in str(value) for row in rows for value in row.values())


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2040-01-01T00:00:00.000Z", dt.datetime(2040, 1, 1, tzinfo=dt.UTC)),
        ("2040-01-01T02:00:00+02:00", dt.datetime(2040, 1, 1, tzinfo=dt.UTC)),
        ("2040-01-01", dt.datetime(2040, 1, 1, tzinfo=dt.UTC)),
    ],
)
def test_an_expiry_is_read(text: str, moment: dt.datetime) -> None:
    assert parse_expiry(text) == moment


@pytest.mark.parametrize("value", ["", "tomorrow", "2040-13-01", "9999-99-99T00:00:00Z", 5, None, [], {}, True])
def test_what_is_no_date_is_refused(value: object) -> None:
    with pytest.raises(BadInput, match="expiresAt"):
        parse_expiry(value)
