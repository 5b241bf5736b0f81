"""What is revoked in one process does not hold in another: two servers on one database, over HTTP."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import Any

import pytest

from support.accounts import EXCHANGE, LOG_IN
from support.serving import EMAIL, PASSWORD, Server, icosa, running_server, serving

# NOTIFY crosses between processes in a millisecond or two; without it a kept check would live for five seconds.
SOON_SECONDS = 2.0


def ask(url: str, key: str, path: str, body: Any = None, method: str | None = None) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read() or b"null")


def operate(url: str, token: str, document: str, **variables: Any) -> Any:
    return ask(url, token, "/metadata", {"query": document, "variables": variables})[1]["data"]


def session(url: str) -> str:
    origin = {"origin": url}
    login = operate(url, "", LOG_IN, email=EMAIL, password=PASSWORD, **origin)["getLoginTokenFromCredentials"]
    tokens = operate(url, "", EXCHANGE, login=login["loginToken"]["token"], **origin)["getAuthTokensFromLoginToken"]
    return str(tokens["tokens"]["accessOrWorkspaceAgnosticToken"]["token"])


def becomes(expected: tuple[int, str | None], url: str, key: str, path: str = "/rest/companies") -> None:
    """See that an answer is as expected before anything that was kept could have expired by itself."""
    deadline = time.monotonic() + SOON_SECONDS
    while True:
        status, body = ask(url, key, path)
        told = (status, body.get("code"))
        if told == expected or time.monotonic() > deadline:
            assert told == expected
            return


@pytest.fixture
def server(database_url: str) -> Any:
    with running_server(database_url) as server:
        yield server


def test_revocation_and_roles_hold_in_the_other_process(server: Server) -> None:
    with serving(server.environment) as second:
        admin = session(server.url)
        key = icosa(server.environment, "api-key", "create", "--name", "Short-lived", "--role", "Admin")
        for url in (server.url, second):
            assert ask(url, key, "/rest/companies")[0] == 200
        keys = operate(server.url, admin, "{ apiKeys { id name } getRoles { id label } }")
        key_id = next(each["id"] for each in keys["apiKeys"] if each["name"] == "Short-lived")
        reader = next(each["id"] for each in keys["getRoles"] if each["label"] == "Read only")

        assign = "mutation ($k: UUID!, $r: UUID!) { assignRoleToApiKey(apiKeyId: $k, roleId: $r) }"
        assert operate(server.url, admin, assign, k=key_id, r=reader) == {"assignRoleToApiKey": True}
        deadline = time.monotonic() + SOON_SECONDS
        while ask(second, key, "/rest/companies", {"name": "x"})[0] != 403:
            assert time.monotonic() < deadline

        revoke = "mutation ($k: UUID!) { revokeApiKey(input: {id: $k}) { revokedAt } }"
        assert operate(server.url, admin, revoke, k=key_id)["revokeApiKey"]["revokedAt"]
        assert ask(server.url, key, "/rest/companies")[1]["code"] == "API_KEY_REVOKED", "here at once"
        becomes((401, "API_KEY_REVOKED"), second, key)
