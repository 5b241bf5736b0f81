from __future__ import annotations

import asyncio
import datetime as dt
from uuid import uuid4

import pytest

from icosa.access.authenticate import Authenticator, bearer
from icosa.access.caller import Caller
from icosa.access.changes import CHANNEL, Change, ChangeKind, announce, read_change
from icosa.access.tokens import TokenKind
from icosa.errors import Forbidden, Unauthenticated


async def refusal(authenticator: Authenticator, token: str) -> str | None:
    with pytest.raises(Unauthenticated) as caught:
        await authenticator.authenticate(f"Bearer {token}")
    return caught.value.code


async def call(house, token: str) -> Caller:
    return await house.authenticator.authenticate(f"Bearer {token}")


@pytest.mark.parametrize("header", ["Bearer t", "bearer t", "BEARER   t", "bEaReR t  "])
def test_the_scheme_may_have_any_letter_case(header: str) -> None:
    assert bearer(header) == "t"


@pytest.mark.parametrize(
    "header", [None, "", " ", "t", "Bearer", "Bearer ", "Basic dTpw", "Token t", "Bearert", " Bearer t"]
)
def test_anything_else_is_no_token(header: str | None) -> None:
    with pytest.raises(Unauthenticated) as caught:
        bearer(header)
    assert caught.value.code == "TOKEN_MISSING"


async def test_a_token_in_the_address_gets_a_word_of_its_own(house) -> None:
    with pytest.raises(Unauthenticated, match="in the address") as caught:
        await house.authenticator.authenticate(None, token_in_query=True)
    assert caught.value.code == "TOKEN_MISSING"


async def test_a_key_tells_who_calls(house) -> None:
    key, token = await house.key("Read only")
    caller = await call(house, token)
    assert (caller.kind, caller.workspace_id, caller.api_key_id) == (TokenKind.API_KEY, house.workspace_id, key)
    assert (caller.source, caller.name, caller.workspace_member_id, caller.user_id) == ("API", "Key", None, None)
    assert caller.role_id == (await house.role("Read only"))["id"]
    assert caller.identity == {"apiKeyId": str(key)}
    assert not caller.permissions.records.update
    with pytest.raises(Forbidden) as caught:
        caller.require_session()
    assert caught.value.code == "FORBIDDEN_EXCEPTION"


@pytest.mark.parametrize("kind", [TokenKind.ACCESS, TokenKind.PLAYGROUND])
async def test_a_session_tells_who_calls(house, kind: TokenKind) -> None:
    user = await house.person()
    caller = await call(house, house.session(user, kind))
    assert (caller.kind, caller.user_id, caller.api_key_id) == (kind, user, None)
    assert (caller.source, caller.name, caller.is_person) == ("MANUAL", "Ada Lovelace", True)
    assert caller.workspace_member_id is not None and caller.user_workspace_id is not None
    if kind is TokenKind.ACCESS:
        caller.require_session()
    else:
        with pytest.raises(Forbidden):
            caller.require_session()


@pytest.mark.parametrize("kind", [TokenKind.REFRESH, TokenKind.LOGIN, TokenKind.FILE])
async def test_other_kinds_are_no_bearers(house, kind: TokenKind) -> None:
    user = await house.person()
    token = house.session(user, kind)
    assert await refusal(house.authenticator, token) == "WRONG_TOKEN_KIND"
    house.clock.go(3600)
    assert await refusal(house.authenticator, token) == "TOKEN_EXPIRED"


@pytest.mark.parametrize("missing", ["workspaceId", "jti"])
async def test_claims_that_are_no_ids_are_malformed(house, missing: str) -> None:
    claims = {"workspaceId": str(house.workspace_id), "jti": str(uuid4()), missing: "rubbish"}
    token = house.tokens.sign(TokenKind.API_KEY, claims, house.clock.now, house.clock.now + dt.timedelta(hours=1))
    assert await refusal(house.authenticator, token) == "TOKEN_MALFORMED"


async def test_a_kept_token_costs_no_statement(house) -> None:
    _, token = await house.key()
    caller = await call(house, token)
    await house.authenticator.close()
    before = house.database.statements
    assert await call(house, token) is caller
    assert house.database.statements == before


async def test_a_check_costs_one_statement_for_all_who_wait(house) -> None:
    user = await house.person()
    token = house.session(user)
    before = house.database.statements
    callers = await asyncio.gather(*(call(house, token) for _ in range(20)))
    assert len({id(each) for each in callers}) == 1
    assert house.database.statements == before + 1


async def test_a_request_that_goes_away_does_not_take_the_others_along(house) -> None:
    token = house.session(await house.person())
    first, second = (asyncio.create_task(call(house, token)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).is_person


async def test_revoking_holds_on_the_next_request_of_this_process(house) -> None:
    key, token = await house.key()
    await call(house, token)
    await house.keys.revoke(house.workspace_id, key)
    assert await refusal(house.authenticator, token) == "API_KEY_REVOKED"


async def test_a_check_that_was_under_way_when_a_key_was_revoked_is_not_kept(house, monkeypatch) -> None:
    key, token = await house.key()
    looked, go_on = asyncio.Event(), asyncio.Event()
    fetch_row = house.database.fetch_row

    async def slow(sql: str, *args: object) -> object:
        row = await fetch_row(sql, *args)
        looked.set()
        await go_on.wait()
        return row

    monkeypatch.setattr(house.database, "fetch_row", slow)
    early = asyncio.create_task(call(house, token))
    await looked.wait()
    monkeypatch.undo()
    await house.keys.revoke(house.workspace_id, key)
    late = asyncio.create_task(refusal(house.authenticator, token))
    assert await asyncio.wait_for(late, 10) == "API_KEY_REVOKED", "it joined the check that began before the change"
    go_on.set()
    await early
    assert await refusal(house.authenticator, token) == "API_KEY_REVOKED"


async def test_another_process_hears_of_a_revoked_key(house) -> None:
    other = Authenticator(house.database, house.tokens, house.clock, house.clock)
    heard: asyncio.Queue[str] = asyncio.Queue()
    await other.start()
    await house.database.listen(CHANNEL, heard.put_nowait)
    key, token = await house.key()
    await other.authenticate(f"Bearer {token}")
    await house.keys.revoke(house.workspace_id, key)
    payload = await asyncio.wait_for(heard.get(), 10)
    assert read_change(payload) == Change(house.workspace_id, ChangeKind.API_KEY, key)
    assert await refusal(other, token) == "API_KEY_REVOKED"
    await other.close()


async def test_a_process_that_hears_nothing_looks_again_after_five_seconds(house) -> None:
    deaf = Authenticator(house.database, house.tokens, house.clock, house.clock)
    key, token = await house.key()
    await deaf.authenticate(f"Bearer {token}")
    await house.keys.revoke(house.workspace_id, key)
    house.clock.go(4.9)
    await deaf.authenticate(f"Bearer {token}")
    house.clock.go(0.1)
    assert await refusal(deaf, token) == "API_KEY_REVOKED"
    await deaf.close()


async def test_a_change_elsewhere_leaves_a_workspace_alone_and_an_unknown_one_drops_all(house) -> None:
    _, token = await house.key()
    caller = await call(house, token)
    house.authenticator.forget(Change(uuid4(), ChangeKind.ROLE, uuid4()))
    assert await call(house, token) is caller
    house.authenticator.forget(read_change(""))
    again = await call(house, token)
    assert again is not caller
    assert again.permissions is caller.permissions


async def test_a_changed_role_gives_other_permissions_at_once(house) -> None:
    _, token = await house.key()
    before = (await call(house, token)).permissions
    change = Change(house.workspace_id, ChangeKind.ROLE, before.role_id)
    async with house.database.transaction() as connection:
        await connection.execute("update core.role set can_destroy_all_object_records = false where id = $1", change.id)
        await announce(connection, change)
    house.authenticator.forget(change)
    after = (await call(house, token)).permissions
    assert after is not before
    assert (before.records.destroy, after.records.destroy) == (True, False)


async def test_a_token_expires_while_it_is_kept(house) -> None:
    _, token = await house.key(expires_at=house.clock.now + dt.timedelta(seconds=2))
    await call(house, token)
    house.clock.go(31.9)
    await call(house, token)
    house.clock.go(0.1)
    assert await refusal(house.authenticator, token) == "TOKEN_EXPIRED"


async def test_the_row_expires_while_its_token_is_kept(house) -> None:
    key, token = await house.key()
    soon = house.clock.now + dt.timedelta(seconds=2)
    await house.keys.update(house.workspace_id, key, expires_at=soon)
    await call(house, token)
    house.clock.go(1.9)
    await call(house, token)
    house.clock.go(0.1)
    assert await refusal(house.authenticator, token) == "API_KEY_EXPIRED"
    await house.keys.update(house.workspace_id, key, expires_at=soon + dt.timedelta(days=1))
    await call(house, token)


async def test_revoked_comes_before_expired(house) -> None:
    key, token = await house.key()
    await house.keys.update(house.workspace_id, key, expires_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    await house.keys.revoke(house.workspace_id, key)
    assert await refusal(house.authenticator, token) == "API_KEY_REVOKED"


async def test_a_key_that_is_gone_counts_as_revoked(house) -> None:
    key, token = await house.key()
    await house.database.execute("delete from core.api_key where id = $1", key)
    assert await refusal(house.authenticator, token) == "API_KEY_REVOKED"


async def test_a_foreign_key_or_user_is_of_an_unknown_workspace(house) -> None:
    other = await house.workspace("Other")
    key, _ = await house.key()
    claims = {"sub": str(other), "workspaceId": str(other), "jti": str(key)}
    token = house.tokens.sign(TokenKind.API_KEY, claims, house.clock.now, house.clock.now + dt.timedelta(hours=1))
    assert await refusal(house.authenticator, token) == "UNKNOWN_WORKSPACE"
    user = await house.person()
    assert await refusal(house.authenticator, house.session(user, workspace_id=other)) == "UNKNOWN_WORKSPACE"


async def test_a_workspace_that_is_gone(house) -> None:
    _, token = await house.key()
    session = house.session(await house.person())
    await house.database.execute("update core.workspace set deleted_at = now() where id = $1", house.workspace_id)
    assert await refusal(house.authenticator, token) == "UNKNOWN_WORKSPACE"
    assert await refusal(house.authenticator, session) == "UNKNOWN_WORKSPACE"
    assert await refusal(house.authenticator, house.session(uuid4(), workspace_id=uuid4())) == "UNKNOWN_WORKSPACE"
    await house.database.execute("delete from core.workspace where id = $1", house.workspace_id)
    assert await refusal(house.authenticator, token) == "UNKNOWN_WORKSPACE"


@pytest.mark.parametrize(
    "sql",
    [
        'delete from core."user" where id = $1',
        'update core."user" set deleted_at = now() where id = $1',
        "delete from core.user_workspace where user_id = $1",
        "update core.user_workspace set deleted_at = now() where user_id = $1",
    ],
)
async def test_a_user_that_is_gone_or_no_member_any_more(house, sql: str) -> None:
    user = await house.person()
    await house.database.execute(sql, user)
    assert await refusal(house.authenticator, house.session(user)) == "UNKNOWN_USER"


async def test_the_last_use_is_noted_once_a_minute_and_in_the_background(house) -> None:
    key, token = await house.key()
    await house.authenticator.authenticate(f"Bearer {token}", "192.0.2.7")
    await house.authenticator.close()
    row = await house.keys.find(house.workspace_id, key)
    assert row["last_used_at"] is not None
    assert row["last_used_ip"] == "192.0.2.7"
    assert row["updated_at"] == row["created_at"]
    await house.database.execute("update core.api_key set last_used_at = null where id = $1", key)
    house.clock.go(59)
    await call(house, token)
    await house.authenticator.close()
    assert (await house.keys.find(house.workspace_id, key))["last_used_at"] is None
    house.clock.go(1)
    await call(house, token)
    await house.authenticator.close()
    assert (await house.keys.find(house.workspace_id, key))["last_used_at"] is not None


async def test_no_more_tokens_are_kept_than_asked_for(house) -> None:
    small = Authenticator(house.database, house.tokens, house.clock, house.clock, most_kept=3)
    headers = [f"Bearer {house.session(await house.person(f'{number}@example.com'))}" for number in range(5)]
    for header in headers:
        await small.authenticate(header)
    before = house.database.statements
    for header in headers[2:]:
        await small.authenticate(header)
    assert house.database.statements == before
    await small.authenticate(headers[0])
    assert house.database.statements == before + 1


@pytest.mark.parametrize(
    "payload", ["", "{}", "[]", "null", '"x"', "rubbish", '{"workspace": 1, "kind": "role", "id": 2}']
)
def test_a_payload_that_tells_nothing_may_mean_anything(payload: str) -> None:
    assert read_change(payload) is None
