"""From an empty server to a workspace over the API, as the web app's welcome page does it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from icosa.access.setup import Setup
from icosa.settings import Settings
from support.house import House, empty_house
from support.serving import SECRET

EMAIL, PASSWORD = "grace@example.com", "a long enough password"
ORIGIN = "http://localhost:3000"
TOKENS = "tokens { accessOrWorkspaceAgnosticToken { token expiresAt } refreshToken { token } }"
SIGN_UP = f"""
mutation ($email: String!, $password: String!, $first: String, $setup: String) {{
  signUp(email: $email, password: $password, firstName: $first, lastName: "Hopper", locale: "ro-RO", setupToken: $setup) {{
    {TOKENS} availableWorkspaces {{ availableWorkspacesForSignIn {{ id }} }} }} }}
"""
FOUND = """
mutation ($name: String!) { signUpInNewWorkspace(input: {displayName: $name}) {
  loginToken { token } workspace { id workspaceUrls { subdomainUrl customUrl } } } }
"""
EXCHANGE = f"""
mutation ($login: String!, $origin: String!) {{ getAuthTokensFromLoginToken(loginToken: $login, origin: $origin) {{
  {TOKENS} }} }}
"""
ACTIVATE = """
mutation ($data: ActivateWorkspaceInput!) { activateWorkspace(data: $data) { id displayName activationStatus } }
"""
SIGN_IN = f"""
mutation ($email: String!, $password: String!) {{ signIn(email: $email, password: $password) {{
  {TOKENS} availableWorkspaces {{ availableWorkspacesForSignIn {{ id displayName loginToken workspaceUrls {{ subdomainUrl }} }} }}
}} }}
"""
RENEW = f"mutation ($refresh: String!) {{ renewToken(appToken: $refresh) {{ {TOKENS} }} }}"
ME = "{ currentUser { email firstName canAccessFullAdminPanel locale workspaceMember { roles { label } } } }"
PUBLIC = "query ($origin: String!) { getPublicWorkspaceDataByDomain(origin: $origin) { id displayName } }"


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    with empty_house(database_url, host="127.0.0.1", files_dir=tmp_path / "files") as house:
        yield house


def sign_up(house: House, **given: Any) -> Any:
    return house.operate(SIGN_UP, **{"email": EMAIL, "password": PASSWORD, "first": "Grace", **given})


def access_of(answer: Any) -> str:
    (body,) = answer["data"].values()
    return str(body["tokens"]["accessOrWorkspaceAgnosticToken"]["token"])


def found(house: House, name: str = "Navy") -> Any:
    return house.operate(FOUND, bearer=access_of(sign_up(house)), name=name)["data"]["signUpInNewWorkspace"]


def session(house: House, name: str = "Navy") -> str:
    login = found(house, name)["loginToken"]["token"]
    return access_of(house.operate(EXCHANGE, login=login, origin=ORIGIN))


def refusal(answer: Any) -> tuple[str, str]:
    extensions = answer["errors"][0]["extensions"]
    return extensions["code"], extensions["subCode"]


def setup_told(house: House) -> Any:
    return house.ask("GET", "/client-config").json["setup"]


def test_four_calls_make_a_workspace(house: House) -> None:
    assert setup_told(house) == {"isNeeded": True, "isTokenRequired": False}
    assert refusal(house.operate(PUBLIC, origin=ORIGIN)) == ("NOT_FOUND", "WORKSPACE_NOT_FOUND")
    token = session(house)
    assert setup_told(house) == {"isNeeded": False, "isTokenRequired": False}
    made = house.operate(ACTIVATE, bearer=token, data={})["data"]["activateWorkspace"]
    assert (made["displayName"], made["activationStatus"]) == ("Navy", "ACTIVE")
    me = house.operate(ME, bearer=token)["data"]["currentUser"]
    assert me == {
        "email": EMAIL,
        "firstName": "Grace",
        "canAccessFullAdminPanel": True,
        "locale": "ro-RO",
        "workspaceMember": {"roles": [{"label": "Admin"}]},
    }
    assert house.operate(PUBLIC, origin=ORIGIN)["data"]["getPublicWorkspaceDataByDomain"]["displayName"] == "Navy"
    assert house.ask("GET", "/rest/companies", key=token).json["totalCount"] == 0
    record = house.ask("GET", "/rest/workspaceMembers", key=token).json["data"]["workspaceMembers"][0]
    assert (record["userEmail"], record["locale"]) == (EMAIL, "ro-RO")


def test_sample_data_is_filled_in_once(house: House) -> None:
    token = session(house)
    house.operate(ACTIVATE, bearer=token, data={"withSampleData": True, "displayName": "Fleet"})
    companies = house.ask("GET", "/rest/companies", key=token).json["totalCount"]
    assert companies > 20
    assert house.ask("GET", "/rest/subscriptions?limit=1", key=token).status == 200
    again = house.operate(ACTIVATE, bearer=token, data={"withSampleData": True, "displayName": "Other"})
    assert again["data"]["activateWorkspace"]["displayName"] == "Fleet"
    assert house.ask("GET", "/rest/companies", key=token).json["totalCount"] == companies
    hashes = house.run(house.database.fetch_all('select password_hash from core."user" where email <> $1', EMAIL))
    assert [row["password_hash"] for row in hashes] == [None] * 4


def test_nobody_signs_up_once_there_is_a_workspace(house: House) -> None:
    agnostic = access_of(sign_up(house))
    session(house)
    assert refusal(sign_up(house, email="other@example.com")) == ("FORBIDDEN", "SIGNUP_DISABLED")
    assert refusal(house.operate(FOUND, bearer=agnostic, name="Second")) == ("FORBIDDEN", "SIGNUP_DISABLED")
    assert house.run(house.database.fetch_value('select count(*) from core."user"')) == 1
    assert house.run(house.database.fetch_value("select count(*) from core.workspace")) == 1


def test_a_first_run_that_broke_off_is_taken_up_by_the_same_password_only(house: House) -> None:
    sign_up(house)
    assert refusal(sign_up(house, password="another long password")) == ("FORBIDDEN", "FORBIDDEN_EXCEPTION")
    answer = house.operate(SIGN_IN, email=EMAIL, password=PASSWORD)["data"]["signIn"]
    assert answer["availableWorkspaces"]["availableWorkspacesForSignIn"] == []
    renewed = house.operate(RENEW, refresh=answer["tokens"]["refreshToken"]["token"])
    assert "loginToken" in house.operate(FOUND, bearer=access_of(renewed), name="Navy")["data"]["signUpInNewWorkspace"]


def test_a_token_without_a_workspace_opens_nothing_else(house: House) -> None:
    token = access_of(sign_up(house))
    for method, path in (("GET", "/rest/companies"), ("GET", "/rest/metadata/objects"), ("GET", "/open-api/core")):
        answer = house.ask(method, path, key=token)
        assert (answer.status, answer.json["code"]) == (401, "WRONG_TOKEN_KIND"), path
    for path in ("/graphql", "/metadata"):
        answer = house.ask("POST", path, {"query": "{ __schema { queryType { name } } }"}, key=token)
        assert (answer.status, answer.json["errors"][0]["extensions"]["subCode"]) == (401, "WRONG_TOKEN_KIND")


@pytest.mark.parametrize("token", [None, "rubbish"])
def test_founding_needs_a_signed_in_user(house: House, token: str | None) -> None:
    answer = house.ask(
        "POST",
        "/metadata",
        {"query": FOUND, "variables": {"name": "Navy"}},
        headers={"authorization": f"Bearer {token}" if token else ""},
    )
    code = "TOKEN_MALFORMED" if token else "TOKEN_MISSING"
    assert (answer.status, answer.json["errors"][0]["extensions"]["subCode"]) == (401, code)
    assert "data" not in answer.json


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"email": "nobody"}, "BAD_USER_INPUT"),
        ({"password": "short"}, "BAD_USER_INPUT"),
        ({"password": "x" * 129}, "BAD_USER_INPUT"),
        ({"first": "x" * 101}, "BAD_USER_INPUT"),
    ],
)
def test_what_does_not_fit_is_refused(house: House, given: Any, code: str) -> None:
    assert sign_up(house, **given)["errors"][0]["extensions"]["code"] == code
    assert house.run(house.database.fetch_value('select count(*) from core."user"')) == 0


def test_a_workspace_without_a_name_leaves_nothing_behind(house: House) -> None:
    token = access_of(sign_up(house))
    assert refusal(house.operate(FOUND, bearer=token, name="  "))[0] == "BAD_USER_INPUT"
    assert house.run(house.database.fetch_value("select count(*) from core.workspace")) == 0


@pytest.mark.parametrize(
    ("settings", "needed"),
    [
        ({"host": "127.0.0.1"}, False),
        ({"host": "::1"}, False),
        ({"host": "localhost"}, False),
        ({"host": "0.0.0.0"}, True),
        ({"host": "::"}, True),
        ({"host": "crm.example.com"}, True),
        ({"host": "127.0.0.1", "setup_token": "told by the operator"}, True),
    ],
)
def test_a_server_that_others_reach_asks_for_the_token_of_its_log(
    database_url: str, settings: dict[str, Any], needed: bool
) -> None:
    with empty_house(database_url, **settings) as house:
        assert setup_told(house) == {"isNeeded": True, "isTokenRequired": needed}
        given = Settings(database_url=database_url, **settings)
        token = Setup(house.database, given, SECRET).token
        if needed:
            for wrong in (None, "", "wrong", token[:-1], token + "x"):
                assert refusal(sign_up(house, setup=wrong)) == ("FORBIDDEN", "SETUP_TOKEN_REQUIRED")
            assert house.run(house.database.fetch_value('select count(*) from core."user"')) == 0
        assert access_of(sign_up(house, setup=token if needed else None))
        assert token == (settings.get("setup_token") or token) and len(token) >= 20


def test_another_secret_gives_another_token(house: House) -> None:
    settings = Settings(database_url="postgresql://nowhere")
    tokens = {Setup(house.database, settings, f"{number} a secret that is long enough").token for number in range(3)}
    assert len(tokens) == 3


def test_several_workspaces_are_told_apart_by_their_host_names(database_url: str, tmp_path: Path) -> None:
    given = {"is_multiworkspace_enabled": True, "server_url": "https://crm.example.com", "files_dir": tmp_path}
    with empty_house(database_url, host="127.0.0.1", **given) as house:
        first = found(house, "Navy  Blue!")
        assert first["workspace"]["workspaceUrls"]["subdomainUrl"] == "https://navy-blue.crm.example.com"
        other = sign_up(house, email="bob@example.com")
        second = house.operate(FOUND, bearer=access_of(other), name="Navy Blue")["data"]["signUpInNewWorkspace"]
        assert second["workspace"]["workspaceUrls"]["subdomainUrl"] == "https://navy-blue-2.crm.example.com"
        public = house.operate(PUBLIC, origin="https://navy-blue-2.crm.example.com")
        assert public["data"]["getPublicWorkspaceDataByDomain"]["id"] == second["workspace"]["id"]
        assert refusal(house.operate(PUBLIC, origin="https://nope.crm.example.com"))[1] == "WORKSPACE_NOT_FOUND"
        login = first["loginToken"]["token"]
        wrong = house.operate(EXCHANGE, login=login, origin="https://navy-blue-2.crm.example.com")
        assert refusal(wrong) == ("FORBIDDEN", "FORBIDDEN_EXCEPTION")
        right = access_of(house.operate(EXCHANGE, login=login, origin="https://navy-blue.crm.example.com"))
        assert house.operate(ME, bearer=right)["data"]["currentUser"]["canAccessFullAdminPanel"] is True
        theirs = access_of(house.operate(EXCHANGE, login=second["loginToken"]["token"], origin=ORIGIN))
        assert house.operate(ME, bearer=theirs)["data"]["currentUser"]["canAccessFullAdminPanel"] is False
        third = house.operate(FOUND, bearer=right, name="Third")["data"]["signUpInNewWorkspace"]
        answer = house.operate(SIGN_IN, email=EMAIL, password=PASSWORD)["data"]["signIn"]
        available = answer["availableWorkspaces"]["availableWorkspacesForSignIn"]
        assert [each["id"] for each in available] == [first["workspace"]["id"], third["workspace"]["id"]]
        inside = access_of(house.operate(EXCHANGE, login=available[1]["loginToken"], origin=ORIGIN))
        current = house.operate("{ currentWorkspace { id } }", bearer=inside)["data"]["currentWorkspace"]
        assert current["id"] == third["workspace"]["id"]
        house.operate(ACTIVATE, bearer=theirs, data={"withSampleData": True})
        filled = house.operate(ACTIVATE, bearer=inside, data={"withSampleData": True})
        assert filled["data"]["activateWorkspace"]["activationStatus"] == "ACTIVE"
