"""Every route, played with every kind of token and every role: status and body (`auth.md` section 5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from icosa.access.tokens import TokenKind, Tokens
from icosa.metadata.rest_routes import ROUTES
from icosa.metadata.schema import make_schema, operations
from support.accounts import sign_in
from support.documents import documents
from support.house import Answer, House, open_house
from support.serving import SECRET

NOBODY = "01234567-89ab-4def-8123-456789abcdef"
RECORDS = [
    ("GET", "/rest/companies"),
    ("GET", "/rest/companies/{id}"),
    ("GET", '/rest/companies/groupBy?group_by=[{"name":true}]'),
    ("POST", "/rest/companies"),
    ("POST", "/rest/batch/companies"),
    ("POST", "/rest/companies/duplicates"),
    ("PATCH", "/rest/companies/{id}"),
    ("PUT", "/rest/companies/{id}"),
    ("PATCH", "/rest/companies"),
    ("PATCH", "/rest/companies/merge"),
    ("PATCH", "/rest/restore/companies"),
    ("PATCH", "/rest/restore/companies/{id}"),
    ("DELETE", "/rest/companies/{id}"),
    ("DELETE", "/rest/companies"),
]
OTHERS = [
    ("GET", "/rest"),
    ("GET", "/rest/"),
    ("GET", "/rest/noSuchThings"),
    ("DELETE", "/rest/no/such/thing/at/all"),
    ("GET", "/rest/open-api/core"),
    ("GET", "/rest/open-api/metadata"),
    ("GET", "/rest/apiKeys"),
    ("GET", "/rest/webhooks"),
    ("POST", "/rest/companies/"),
    ("HEAD", "/rest/companies"),
]
OPEN = {
    "checkUserExists",
    "emailPasswordResetLink",
    "findInvitation",
    "getAuthTokensFromLoginToken",
    "getLoginTokenFromCredentials",
    "getPublicWorkspaceDataByDomain",
    "renewToken",
    "signIn",
    "signUp",
    "signUpInWorkspace",
    "updatePasswordViaResetToken",
    "validatePasswordResetToken",
}


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with open_house(database_url, host="127.0.0.1") as house:
        yield house


def rest_routes() -> Iterator[tuple[str, str]]:
    yield from ((method, path.replace("{id}", NOBODY)) for method, path in [*RECORDS, *OTHERS])
    for route in ROUTES:
        path = "/".join("companies" if part == "{name}" else NOBODY if part == "{id}" else part for part in route.path)
        yield from ((method, f"/rest/metadata/{path}") for method in sorted(route.methods))


@dataclass(frozen=True)
class BadToken:
    """A header that opens nothing, and why."""

    header: str
    code: str


def bad_tokens(house: House) -> dict[str, BadToken]:
    """Return a header for each way in which a token may not hold."""
    now = dt.datetime.now(dt.UTC)
    later, hour = now + dt.timedelta(hours=1), dt.timedelta(hours=1)
    tokens, workspace = Tokens(SECRET), str(house.workspace_id)

    def key_claims(change: str) -> dict[str, str]:
        house.make_key()
        row = house.run(house.database.fetch_row("select id from core.api_key order by created_at desc limit 1"))
        house.run(house.database.execute(f"update core.api_key set {change} where id = $1", row["id"]))
        return {"workspaceId": workspace, "jti": str(row["id"])}

    def key(claims: dict[str, str], secret: str = SECRET) -> str:
        return Tokens(secret).sign(TokenKind.API_KEY, claims, now, later)

    session = sign_in(house)
    good = key_claims("name = name")
    elsewhere = house.run(
        house.database.fetch_value(
            "insert into core.workspace (display_name, schema_name) values ('Other', 'other') returning id"
        )
    )
    stranger = {"userId": str(uuid4()), "workspaceId": workspace}
    return {
        "none": BadToken("", "TOKEN_MISSING"),
        "other scheme": BadToken("Basic dXNlcjpwYXNz", "TOKEN_MISSING"),
        "rubbish": BadToken("Bearer rubbish", "TOKEN_MALFORMED"),
        "forged": BadToken(f"Bearer {key(good, 'another secret that is long enough')}", "TOKEN_MALFORMED"),
        "longer signature": BadToken(f"Bearer {house.key}x", "TOKEN_MALFORMED"),
        "expired": BadToken(
            f"Bearer {tokens.sign(TokenKind.API_KEY, good, now - 2 * hour, now - hour)}", "TOKEN_EXPIRED"
        ),
        "expired row": BadToken(f"Bearer {key(key_claims('expires_at = now()'))}", "API_KEY_EXPIRED"),
        "revoked": BadToken(f"Bearer {key(key_claims('revoked_at = now()'))}", "API_KEY_REVOKED"),
        "gone": BadToken(f"Bearer {key({'workspaceId': workspace, 'jti': str(uuid4())})}", "API_KEY_REVOKED"),
        "foreign": BadToken(f"Bearer {key({**good, 'workspaceId': str(elsewhere)})}", "UNKNOWN_WORKSPACE"),
        "no workspace": BadToken(f"Bearer {key({**good, 'workspaceId': str(uuid4())})}", "UNKNOWN_WORKSPACE"),
        "refresh": BadToken(f"Bearer {session.refresh}", "WRONG_TOKEN_KIND"),
        "login": BadToken(
            f"Bearer {tokens.sign(TokenKind.LOGIN, {'workspaceId': workspace}, now, later)}", "WRONG_TOKEN_KIND"
        ),
        "no user": BadToken(f"Bearer {tokens.sign(TokenKind.ACCESS, stranger, now, later)}", "UNKNOWN_USER"),
    }


def check_rest_401(answer: Answer, code: str, place: str) -> None:
    assert answer.status == 401, place
    assert answer.headers["www-authenticate"].startswith("Bearer"), place
    if answer.content:
        body = answer.json
        assert set(body) - {"message"} == {"statusCode", "error", "messages", "code"}, place
        assert (body["statusCode"], body["error"], body["code"]) == (401, "UNAUTHENTICATED", code), place
        assert len(body["messages"]) == 1 and isinstance(body["messages"][0], str), place


def check_graphql_401(answer: Answer, code: str, place: str) -> None:
    assert answer.status == 401, place
    assert answer.headers["www-authenticate"].startswith("Bearer"), place
    assert set(answer.json) == {"errors"} and len(answer.json["errors"]) == 1, place
    extensions = answer.json["errors"][0]["extensions"]
    assert (extensions["code"], extensions["subCode"]) == ("UNAUTHENTICATED", code), place
    assert isinstance(extensions["userFriendlyMessage"], str), place


def test_no_route_opens_to_a_token_that_does_not_hold(house: House) -> None:
    with_body = {"POST", "PATCH", "PUT"}
    guarded = {name: each for name, each in documents(make_schema()).items() if name not in OPEN}
    core = [
        "{ __typename }",
        "{ __schema { types { name } } }",
        "{ companies { totalCount } }",
        "mutation { createCompany(data: {}) { id } }",
        "{ noSuchThing }",
        "{",
    ]
    played = 0
    for kind, token in bad_tokens(house).items():
        header = {"authorization": token.header}
        for method, path in rest_routes():
            body: Any = [{}] if "batch" in path else {} if method in with_body else None
            check_rest_401(house.ask(method, path, body, headers=header), token.code, f"{kind}: {method} {path}")
            played += 1
        for document in core:
            answer = house.ask("POST", "/graphql", {"query": document}, headers=header)
            check_graphql_401(answer, token.code, f"{kind}: {document}")
        for name, (document, variables) in guarded.items():
            answer = house.ask("POST", "/metadata", {"query": document, "variables": variables}, headers=header)
            check_graphql_401(answer, token.code, f"{kind}: {name}")
            played += 1
    assert played > 2000
    records = house.ask("GET", "/rest/companies").json
    assert records["totalCount"] == 0


def test_open_operations_are_these_and_look_at_no_header(house: House) -> None:
    assert {name for name, each in operations().items() if each.is_open} == OPEN
    for name, (document, variables) in documents(make_schema()).items():
        if name in OPEN:
            answer = house.ask(
                "POST", "/metadata", {"query": document, "variables": variables}, headers={"authorization": "Bearer x"}
            )
            assert answer.status == 200, name
            house.run(house.database.execute("delete from core.sign_in_failure"))


# ---- who holds, and what the role lets them do ----

READ, WRITE, DELETE, DESTROY, ANY = "read", "write", "delete", "destroy", ""
KEYS, MODEL, ROLES, PEOPLE, SPACE, VIEWS = (
    "API_KEYS_AND_WEBHOOKS",
    "DATA_MODEL",
    "ROLES",
    "WORKSPACE_MEMBERS",
    "WORKSPACE",
    "VIEWS",
)
FLAGS = {KEYS, MODEL, ROLES, PEOPLE, SPACE}


@dataclass(frozen=True)
class Holder:
    """Somebody with a token that holds."""

    token: str
    rights: frozenset[str]
    is_session: bool


def holders(house: House) -> dict[str, Holder]:
    nothing = house.run(
        house.database.fetch_value(
            "insert into core.role (workspace_id, label) values ($1, 'Nothing') returning label", house.workspace_id
        )
    )
    session = sign_in(house)
    records = frozenset({ANY, READ, WRITE, DELETE, DESTROY})
    return {
        "admin key": Holder(house.key, records | FLAGS | {VIEWS}, False),
        "admin session": Holder(session.access, records | FLAGS | {VIEWS}, True),
        "reader key": Holder(house.make_key("Read only"), frozenset({ANY, READ}), False),
        "nothing key": Holder(house.make_key(nothing), frozenset({ANY}), False),
    }


REST_TABLE = [
    # method, path, body, right, status for who has it
    ("GET", "/rest/companies", None, READ, 200),
    ("GET", "/rest/companies/{id}", None, READ, 404),
    ("GET", '/rest/companies/groupBy?group_by=[{"name":true}]', None, READ, 200),
    ("POST", "/rest/companies/duplicates", {"data": [{"name": "x"}]}, READ, 200),
    ("POST", "/rest/companies", {"name": "x"}, WRITE, 201),
    ("POST", "/rest/batch/companies", [{"name": "x"}], WRITE, 201),
    ("PATCH", "/rest/companies/{id}", {"name": "x"}, WRITE, 404),
    ("PUT", "/rest/companies/{id}", {"name": "x"}, WRITE, 404),
    ("PATCH", "/rest/companies?filter=id[eq]:{id}", {"name": "x"}, WRITE, 200),
    ("DELETE", "/rest/companies/{id}?soft_delete=true", None, DELETE, 404),
    ("DELETE", "/rest/companies?filter=id[eq]:{id}&soft_delete=true", None, DELETE, 200),
    ("PATCH", "/rest/restore/companies/{id}", None, DELETE, 404),
    ("PATCH", "/rest/restore/companies?filter=id[eq]:{id}", None, DELETE, 200),
    ("DELETE", "/rest/companies/{id}", None, DESTROY, 404),
    ("DELETE", "/rest/companies?filter=id[eq]:{id}", None, DESTROY, 200),
    ("GET", "/rest/metadata/objects", None, ANY, 200),
    ("GET", "/rest/metadata/objects/{id}", None, ANY, 404),
    ("POST", "/rest/metadata/objects", {}, MODEL, 400),
    ("PATCH", "/rest/metadata/objects/{id}", {}, MODEL, 404),
    ("DELETE", "/rest/metadata/objects/{id}", None, MODEL, 404),
    ("GET", "/rest/metadata/fields", None, ANY, 200),
    ("GET", "/rest/metadata/fields/{id}", None, ANY, 404),
    ("POST", "/rest/metadata/fields", {}, MODEL, 400),
    ("PATCH", "/rest/metadata/fields/{id}", {}, MODEL, 404),
    ("DELETE", "/rest/metadata/fields/{id}", None, MODEL, 404),
    ("GET", "/rest/metadata/picklists", None, ANY, 200),
    ("GET", "/rest/metadata/views", None, ANY, 200),
    ("GET", "/rest/metadata/webhooks", None, KEYS, 200),
    ("GET", "/rest/metadata/webhooks/{id}", None, KEYS, 404),
    ("POST", "/rest/metadata/webhooks", {}, KEYS, 400),
    ("PATCH", "/rest/metadata/webhooks/{id}", {}, KEYS, 404),
    ("DELETE", "/rest/metadata/webhooks/{id}", None, KEYS, 404),
    ("GET", "/rest/metadata/apiKeys", None, KEYS, 200),
    ("GET", "/rest/metadata/apiKeys/{id}", None, KEYS, 404),
    ("POST", "/rest/metadata/apiKeys", {}, f"session {KEYS}", 400),
    ("PATCH", "/rest/metadata/apiKeys/{id}", {}, f"session {KEYS}", 404),
    ("DELETE", "/rest/metadata/apiKeys/{id}", None, f"session {KEYS}", 404),
    ("GET", "/rest/open-api/core", None, ANY, 200),
    ("GET", "/rest/open-api/metadata", None, ANY, 200),
]
GRAPHQL_TABLE = {
    "objects": ANY,
    "fields": ANY,
    "indexMetadatas": ANY,
    "minimalMetadata": ANY,
    "currentWorkspace": ANY,
    "objectRecordCounts": MODEL,
    "createOneObject": MODEL,
    "updateOneObject": MODEL,
    "deleteOneObject": MODEL,
    "createOneField": MODEL,
    "updateOneField": MODEL,
    "deleteOneField": MODEL,
    "createOneIndex": MODEL,
    "deleteOneIndex": MODEL,
    "apiKeys": KEYS,
    "apiKey": KEYS,
    "createApiKey": f"session {KEYS}",
    "generateApiKeyToken": f"session {KEYS}",
    "updateApiKey": f"session {KEYS}",
    "revokeApiKey": f"session {KEYS}",
    "assignRoleToApiKey": f"session {ROLES}",
    "webhooks": KEYS,
    "webhook": KEYS,
    "createWebhook": KEYS,
    "updateWebhook": KEYS,
    "deleteWebhook": KEYS,
    "getRoles": ROLES,
    "createOneRole": ROLES,
    "updateOneRole": ROLES,
    "deleteOneRole": ROLES,
    "upsertObjectPermissions": ROLES,
    "upsertFieldPermissions": ROLES,
    "upsertPermissionFlags": ROLES,
    "updateWorkspaceMemberRole": f"session {ROLES}",
    "updateWorkspace": f"session {SPACE}",
    "activateWorkspace": f"session {SPACE}",
    "findWorkspaceInvitations": PEOPLE,
    "sendInvitations": f"session {PEOPLE}",
    "resendWorkspaceInvitation": f"session {PEOPLE}",
    "deleteWorkspaceInvitation": f"session {PEOPLE}",
    "deleteUserFromWorkspace": f"session {PEOPLE}",
    "currentUser": "session ",
    "generatePlaygroundToken": "session ",
    "changePassword": "session ",
    "signUpInNewWorkspace": "session ",
}


def refused_as(holder: Holder, right: str) -> str | None:
    """Return the code of the refusal that is due, None when the holder may."""
    needs_session, _, wanted = right.rpartition(" ")
    if needs_session and not holder.is_session:
        return "FORBIDDEN_EXCEPTION"
    return None if wanted in holder.rights else "PERMISSION_DENIED"


def test_each_role_does_over_rest_what_it_may(house: House) -> None:
    problems = []
    for name, holder in holders(house).items():
        for method, path, body, right, status in REST_TABLE:
            answer = house.ask(method, path.replace("{id}", NOBODY), body, key=holder.token)
            code = refused_as(holder, right)
            told = (answer.status, answer.json.get("code") if code and isinstance(answer.json, dict) else None)
            if told != ((status, None) if code is None else (403, code)):
                problems.append((name, method, path, answer.status, answer.content[:200]))
            if code is not None and answer.json.get("error") != "ForbiddenException":
                problems.append((name, method, path, answer.content[:200]))
    assert problems == []


def test_each_role_does_over_graphql_what_it_may(house: House) -> None:
    made = documents(make_schema())
    problems = []
    for name, holder in holders(house).items():
        for operation, right in GRAPHQL_TABLE.items():
            document, variables = made[operation]
            answer = house.ask("POST", "/metadata", {"query": document, "variables": variables}, key=holder.token)
            due = refused_as(holder, right)
            extensions = (answer.json.get("errors") or [{}])[0].get("extensions", {})
            denied = (
                extensions.get("subCode")
                if extensions.get("subCode") in {"PERMISSION_DENIED", "FORBIDDEN_EXCEPTION"}
                else None
            )
            # Who knows the wrong password is refused with the same code.
            if operation == "changePassword" and holder.is_session:
                denied = None
            if answer.status != 200 or denied != due or (due and extensions["code"] != "FORBIDDEN"):
                problems.append((name, operation, answer.status, answer.content[:200]))
    assert problems == []
