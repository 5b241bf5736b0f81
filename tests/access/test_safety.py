"""The rules of `auth.md` section 12 that are not about tokens themselves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from icosa.access.vault import Vault
from icosa.errors import Misconfigured
from icosa.logs import configure_logs, hide_secrets
from icosa.settings import Settings, check_settings, load_secret, load_settings
from icosa.transport.bodies import DEEPEST
from support.accounts import sign_in
from support.clock import Clock
from support.house import House, open_house
from support.serving import EMAIL

STRONG = "0123456789abcdef0123456789abcdef"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJ4In0.c2lnbmF0dXJl"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(database_url: str, clock: Clock) -> Iterator[House]:
    with open_house(database_url, clock=clock, host="127.0.0.1") as house:
        yield house


@pytest.fixture
def logs() -> Iterator[None]:
    configure_logs()
    yield
    structlog.reset_defaults()


EVERYWHERE = [
    ("GET", "/rest/companies"),
    ("GET", "/rest/nothing"),
    ("GET", "/rest/metadata/objects"),
    ("GET", "/open-api/core"),
    ("POST", "/graphql"),
    ("POST", "/metadata"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/client-config"),
    ("GET", "/nowhere"),
    ("OPTIONS", "/graphql"),
]


@pytest.mark.parametrize(("method", "path"), EVERYWHERE)
def test_every_answer_has_its_id_and_sets_no_cookie(house: House, method: str, path: str) -> None:
    body = {"query": "{ __typename }"} if method == "POST" else None
    for key in (house.key, JWT):
        answer = house.ask(method, path, body, key=key)
        assert answer.headers["x-request-id"] and answer.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in answer.headers
        assert "access-control-allow-credentials" not in answer.headers
        assert answer.headers["access-control-allow-origin"] == "*"
        assert key.encode() not in answer.content and b"Traceback" not in answer.content


def nested(levels: int, inner: Any = "x") -> Any:
    for _ in range(levels):
        inner = [inner]
    return inner


@pytest.mark.parametrize("path", ["/rest/companies", "/rest/batch/companies", "/rest/metadata/objects"])
@pytest.mark.parametrize("levels", [DEEPEST + 1, 900, 5000])
def test_json_that_is_nested_too_deeply_is_refused(house: House, path: str, levels: int) -> None:
    raw = b"[" * levels + b"]" * levels
    answer = house.ask("POST", path, raw=raw)
    assert (answer.status, answer.json["error"]) == (400, "Bad Request")
    for place in ("/graphql", "/metadata"):
        body = b'{"query": "{ __typename }", "variables": {"x": %s}}' % raw
        answer = house.ask("POST", place, raw=body)
        assert answer.status == 400 and "data" not in answer.json, place


def test_json_of_ordinary_depth_is_not(house: House) -> None:
    assert house.ask("POST", "/rest/companies", nested(DEEPEST - 1)).json["error"] == "BadRequestException"
    many = [{"name": f"{number}", "address": {"addressCity": "Cluj"}} for number in range(200)]
    assert house.ask("POST", "/rest/batch/companies", many).status == 201
    body = {"query": "{ __typename }", "variables": {"x": nested(DEEPEST - 2)}}
    assert house.ask("POST", "/graphql", body).json == {"data": {"__typename": "Query"}}


def test_a_body_over_the_limit_is_413(house: House) -> None:
    answer = house.ask("POST", "/rest/companies", raw=b" " * (10 * 1024 * 1024 + 1))
    assert answer.status == 413


@pytest.mark.parametrize("body", [{}, {"query": ""}, {"query": None}, {"query": 1}, {"variables": {}}])
@pytest.mark.parametrize("path", ["/graphql", "/metadata"])
def test_a_request_without_a_query_is_answered_at_once(house: House, path: str, body: Any) -> None:
    assert house.ask("POST", path, body).status == 400


def test_a_request_that_takes_too_long_is_ended_and_harms_no_other(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.ask("GET", "/rest/companies")
    http = house.application._http
    assert http is not None
    read = house.database.fetch_row
    began = asyncio.Event()

    async def hang(*_: Any) -> Any:
        began.set()
        await asyncio.Event().wait()

    async def slow() -> Any:
        task = asyncio.create_task(house.asking("GET", "/rest/companies"))
        await began.wait()
        http._time_limit.sweep(time.perf_counter() + 29)
        await asyncio.sleep(0)
        assert not task.done()
        http._time_limit.sweep(time.perf_counter() + 31)
        return await task

    monkeypatch.setattr(house.database, "fetch_row", hang)
    answer = house.run(slow())
    assert (answer.status, answer.json["code"]) == (503, "TIMEOUT")
    monkeypatch.setattr(house.database, "fetch_row", read)
    assert house.ask("GET", "/rest/companies").status == 200
    assert not http._time_limit._running and not http._time_limit._overdue


@pytest.mark.parametrize(
    ("proxies", "told", "address"),
    [
        (0, "203.0.113.7", "127.0.0.1"),
        (1, None, "127.0.0.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "1.1.1.1, 203.0.113.7", "203.0.113.7"),
        (2, "1.1.1.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (2, "203.0.113.7", "203.0.113.7"),
        (1, "2001:DB8::7", "2001:db8::7"),
        (1, "rubbish", "127.0.0.1"),
        (1, "1.1.1.1, ", "127.0.0.1"),
    ],
)
def test_only_our_own_proxies_tell_where_a_caller_is(
    database_url: str, proxies: int, told: str | None, address: str
) -> None:
    with open_house(database_url, trust_proxy=proxies) as house:
        headers = {} if told is None else {"x-forwarded-for": told}
        document = (
            'mutation { signIn(email: "nobody@example.com", password: "wrong") { tokens { refreshToken { token } } } }'
        )
        house.ask("POST", "/metadata", {"query": document}, headers=headers)
        rows = house.run(
            house.database.fetch_all("select from_address from core.audit where action = 'session.refused'")
        )
        assert [row["from_address"] for row in rows] == [address]


def test_a_key_tells_when_and_from_where_it_was_used(house: House) -> None:
    house.ask("GET", "/rest/companies")

    house.run(house.base.authenticator.close())
    told = house.ask("GET", "/rest/metadata/apiKeys").json[0]
    assert told["lastUsedAt"] and told["lastUsedIp"] == "127.0.0.1"
    session = sign_in(house)
    answer = house.operate("{ apiKeys { lastUsedAt lastUsedIp } }", bearer=session.access)
    assert answer["data"]["apiKeys"] == [{"lastUsedAt": told["lastUsedAt"], "lastUsedIp": "127.0.0.1"}]


def test_a_key_that_expires_within_two_weeks_is_warned_of_once_a_day(house: House, clock: Clock) -> None:
    authenticator = house.base.authenticator

    async def use() -> None:
        await house.database.execute(
            "update core.api_key set last_used_at = null, expires_at = now() + interval '228 hours'"
        )
        authenticator._noted.clear()
        await house.asking("GET", "/rest/companies")
        await authenticator.close()

    with structlog.testing.capture_logs() as lines:
        house.run(use())
        house.run(use())
        assert [line["days"] for line in lines if "expires soon" in line["event"]] == [9]
        clock.go(86_400)
        house.run(use())
        assert len([line for line in lines if "expires soon" in line["event"]]) == 2


def test_strangers_get_no_hints_and_callers_do(house: House) -> None:
    document = '{ getPublicWorkspaceDataByDomain(origin: "http://localhost") { displayNam } }'
    stranger = house.operate(document)["errors"][0]["message"]
    assert "displayNam" in stranger and "displayName" not in stranger
    caller = house.operate("{ currentWorkspace { displayNam } }", bearer=house.key)["errors"][0]["message"]
    assert "displayName" in caller


@pytest.mark.parametrize(
    "text",
    [
        f"Bearer {JWT}",
        f"bearer {JWT}",
        f"token {JWT} came",
        f"GET /rest/companies?token={JWT}&limit=1",
        "GET /?access_token=opaque-value",
        "GET /?limit=1&apiKey=opaque-value",
        f"{{'authorization': 'Bearer {JWT}'}}",
        "Bearer opaque-value",
    ],
)
def test_the_log_hides_tokens(text: str) -> None:
    written = hide_secrets(None, "info", {"event": text, "number": 1})
    assert "eyJ" not in written["event"] and "opaque" not in written["event"] and "[hidden]" in written["event"]


def test_a_traceback_in_the_log_shows_no_secret(
    house: House, logs: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fail(request: Any) -> Any:
        word = "".join(["pass", "word"])
        raise RuntimeError(f"{request.headers[b'authorization'].decode()} {len(word)}")

    assert house.application._http is not None
    monkeypatch.setattr(house.application._http, "_handler", fail)
    answer = house.ask("GET", "/rest/companies")
    assert answer.status == 500 and b"Runtime" not in answer.content
    written = capsys.readouterr().err
    assert "RuntimeError" in written and answer.headers["x-request-id"] in written
    assert house.key not in written and "eyJ" not in written and "password" not in written


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"server_url": "crm.example.com"}, "SERVER_URL"),
        ({"server_url": "ftp://crm.example.com"}, "SERVER_URL"),
        ({"server_url": "https://user:word@crm.example.com"}, "SERVER_URL"),
        ({"frontend_url": "https://crm.example.com/?a=b"}, "FRONTEND_URL"),
        ({"encryption_key": "short"}, "ENCRYPTION_KEY"),
        ({"fallback_encryption_key": "a" * 40}, "FALLBACK_ENCRYPTION_KEY"),
        ({"smtp_host": "mail.example.com"}, "SERVER_URL"),
        ({"auth_password_enabled": False}, "AUTH_PASSWORD_ENABLED"),
        ({"is_email_verification_required": True}, "IS_EMAIL_VERIFICATION_REQUIRED"),
    ],
)
def test_a_server_does_not_start_on_settings_that_do_not_hold(given: Any, named: str) -> None:
    with pytest.raises(Misconfigured, match=named):
        check_settings(Settings(**given))


def test_a_server_starts_on_good_ones() -> None:
    check_settings(Settings())
    check_settings(
        Settings(
            server_url="https://crm.example.com/base",
            frontend_url="http://localhost:5173",
            encryption_key=STRONG,
            smtp_host="mail.example.com",
        )
    )


@pytest.mark.parametrize("secret", ["", "short", "a" * 64, "replace_me_with_a_random_string_at_least_32_characters"])
def test_a_weak_secret_is_refused(secret: str) -> None:
    with pytest.raises(Misconfigured, match="APP_SECRET"):
        load_secret(Settings(app_secret=secret))


@pytest.mark.parametrize(
    ("text", "hops"), [("true", 1), ("True", 1), ("false", 0), ("", 0), ("2", 2), ("-1", None), ("many", None)]
)
def test_trust_proxy_is_a_number_or_a_yes(monkeypatch: pytest.MonkeyPatch, text: str, hops: int | None) -> None:
    monkeypatch.setenv("TRUST_PROXY", text)
    if hops is None:
        with pytest.raises(Misconfigured, match="TRUST_PROXY"):
            load_settings()
    else:
        assert load_settings().trust_proxy == hops


def test_stored_secrets_survive_a_change_of_keys() -> None:
    old = Vault(*Settings().vault_secrets("the app secret"))
    sealed = old.seal("hush")
    moved = Vault(*Settings(encryption_key="new").vault_secrets("the app secret"))
    assert moved.open(sealed) == "hush"
    rotated = Vault(*Settings(encryption_key="newer", fallback_encryption_key="new").vault_secrets("another"))
    assert rotated.open(moved.seal("hush")) == "hush"
    with pytest.raises(Misconfigured):
        rotated.open(sealed)
    assert b"hush" not in sealed


def test_the_audit_tells_who_did_what_from_where_and_no_secret(house: House) -> None:
    session = sign_in(house)
    roles = house.operate("{ getRoles { id label } }", bearer=session.access)["data"]["getRoles"]
    by_label = {each["label"]: each["id"] for each in roles}
    make = 'mutation ($r: UUID!) { createApiKey(input: {name: "A", expiresAt: "2090-01-01T00:00:00Z", roleId: $r}) { id } }'
    key = house.operate(make, bearer=session.access, r=by_label["Admin"])["data"]["createApiKey"]["id"]
    token = house.operate(
        'mutation ($k: UUID!) { generateApiKeyToken(apiKeyId: $k, expiresAt: "2090-01-01T00:00:00Z") { token } }',
        bearer=session.access,
        k=key,
    )["data"]["generateApiKeyToken"]["token"]
    house.operate(
        'mutation ($k: UUID!) { updateApiKey(input: {id: $k, name: "B"}) { id } }', bearer=session.access, k=key
    )
    house.operate(
        "mutation ($k: UUID!, $r: UUID!) { assignRoleToApiKey(apiKeyId: $k, roleId: $r) }",
        bearer=session.access,
        k=key,
        r=by_label["Read only"],
    )
    hook = 'mutation { createWebhook(input: {targetUrl: "https://example.com/", operations: ["*.*"], secret: "hush-hush"}) { id } }'
    house.operate(hook, bearer=session.access)
    house.operate("mutation ($k: UUID!) { revokeApiKey(input: {id: $k}) { id } }", bearer=session.access, k=key)
    rows = house.run(house.database.fetch_all("select * from core.audit where actor_kind = 'USER' order by id"))
    assert [row["action"] for row in rows] == [
        "session.started",
        "api_key.created",
        "api_key.token_made",
        "api_key.renamed",
        "api_key.role_changed",
        "webhook.created",
        "api_key.revoked",
    ]
    user = house.run(house.database.fetch_value('select id from core."user" where email = $1', EMAIL))
    assert {(row["actor_id"], row["from_address"]) for row in rows} == {(user, "127.0.0.1")}
    told = str([list(row.items()) for row in rows])
    assert token not in told and "eyJ" not in told and "hush-hush" not in told


@pytest.mark.parametrize("path", ["/rest/companies", "/graphql", "/metadata", "/nowhere"])
def test_a_preflight_needs_no_token(house: House, path: str) -> None:
    asked = {
        "authorization": "",
        "access-control-request-headers": "authorization,x-thing",
        "origin": "https://a.example",
    }
    answer = house.ask("OPTIONS", path, headers=asked)
    assert (answer.status, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-headers"] == "authorization,x-thing"
    assert answer.headers["access-control-allow-methods"] == "GET,HEAD,PUT,PATCH,POST,DELETE"
    assert answer.headers["access-control-max-age"] == "600"


def test_origins_may_be_narrowed_down(database_url: str) -> None:
    with open_house(database_url, cors_allowed_origins="https://a.example, https://b.example") as house:
        for origin, allowed in (("https://b.example", "https://b.example"), ("https://evil.example", None)):
            answer = house.ask("GET", "/healthz", headers={"origin": origin})
            assert answer.headers.get("access-control-allow-origin") == allowed
            assert answer.headers["vary"] == "Origin"
