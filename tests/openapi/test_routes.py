"""Who gets which document, at which address, and how it may be kept (`openapi.md` section 1)."""

from __future__ import annotations

import pytest
import yaml
from openapi_spec_validator import validate

from support.house import House, open_house

ROUTES = ("/open-api/core", "/open-api/metadata", "/rest/open-api/core", "/rest/open-api/metadata")
NOBODY = {"authorization": ""}


@pytest.mark.parametrize("route", ROUTES)
def test_the_workspace_s_document_is_valid(house: House, route: str) -> None:
    answer = house.ask("GET", route)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    validate(answer.json)
    assert len(answer.json["paths"]) > 20


@pytest.mark.parametrize("kind", ["core", "metadata"])
def test_without_a_token_there_is_a_base_document(house: House, kind: str) -> None:
    answer = house.ask("GET", f"/open-api/{kind}", headers=NOBODY)
    assert answer.status == 200
    validate(answer.json)
    assert list(answer.json["paths"]) == [f"/open-api/{kind}"]
    assert set(answer.json["components"]) == {"securitySchemes"}
    assert not {"tags", "webhooks"} & set(answer.json)
    refused = house.ask("GET", f"/rest/open-api/{kind}", headers=NOBODY)
    assert (refused.status, refused.json["code"]) == (401, "TOKEN_MISSING")
    assert refused.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("route", ROUTES)
def test_a_bad_token_gets_nothing(house: House, route: str) -> None:
    answer = house.ask("GET", route, key="no.such.token")
    assert (answer.status, answer.json["code"]) == (401, "TOKEN_MALFORMED")


def test_a_token_in_the_address_is_not_looked_at(house: House) -> None:
    query = f"?token={house.key}"
    assert house.ask("GET", f"/rest/open-api/core{query}", headers=NOBODY).status == 401
    assert list(house.ask("GET", f"/open-api/core{query}", headers=NOBODY).json["paths"]) == ["/open-api/core"]


@pytest.mark.parametrize("route", ROUTES)
def test_a_client_that_has_the_document_gets_none(house: House, route: str) -> None:
    first = house.ask("GET", route)
    tag = first.headers["etag"]
    assert tag.startswith('"')
    assert first.headers["cache-control"] == "private, no-cache"
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = house.ask("GET", route, headers={"if-none-match": known})
        assert (again.status, again.content, again.headers["etag"]) == (304, b"", tag)
    assert house.ask("GET", route, headers={"if-none-match": '"other"'}).content == first.content
    head = house.ask("HEAD", route)
    assert (head.status, head.content, head.headers["etag"]) == (200, b"", tag)
    assert head.headers["content-length"] == str(len(first.content))


def test_the_slash_at_the_end_and_unknown_parameters_change_nothing(house: House) -> None:
    answer = house.ask("GET", "/rest/open-api/core/?pretty=1&x=2")
    assert answer.content == house.ask("GET", "/rest/open-api/core").content
    assert answer.headers["x-ignored-parameters"] == "pretty, x"
    assert house.ask("POST", "/rest/open-api/core", {}).status == 400
    assert house.ask("POST", "/open-api/core", {}).status == 404
    assert house.ask("GET", "/open-api/other").status == 404


@pytest.mark.parametrize("route", ROUTES)
def test_the_same_document_is_there_as_yaml(house: House, route: str) -> None:
    answer = house.ask("GET", f"{route}.yaml")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/yaml")
    assert yaml.safe_load(answer.content) == house.ask("GET", route).json
    known = house.ask("GET", f"{route}.yaml", headers={"if-none-match": answer.headers["etag"]})
    assert (known.status, known.content) == (304, b"")
    assert house.ask("GET", f"{route}.yaml", key="no.such.token").status == 401


def server_of(house: House, kind: str, headers: dict[str, str]) -> str:
    (server,) = house.ask("GET", f"/open-api/{kind}", headers=headers).json["servers"]
    return str(server["url"])


def test_the_address_is_the_one_that_was_called(house: House) -> None:
    headers = {"host": "crm.example.org:8080", "x-forwarded-proto": "https"}
    assert server_of(house, "core", headers) == "http://crm.example.org:8080/rest"
    assert server_of(house, "metadata", headers) == "http://crm.example.org:8080/rest/metadata"
    assert server_of(house, "core", {**headers, **NOBODY}) == "http://crm.example.org:8080/rest"
    assert server_of(house, "core", {"host": 'a"b\\/<x>'}) == "http://localhost:3000/rest"


def test_behind_a_proxy_the_address_is_the_proxy_s(database_url: str) -> None:
    with open_house(database_url, trust_proxy=True) as house:
        assert server_of(house, "core", {"host": "crm.org", "x-forwarded-proto": "https"}) == "https://crm.org/rest"
        assert server_of(house, "core", {"host": "crm.org", "x-forwarded-proto": "gopher"}) == "http://crm.org/rest"


def test_the_operator_s_address_wins_with_its_path(database_url: str) -> None:
    with open_house(database_url, server_url="https://example.com/crm/") as house:
        assert server_of(house, "core", {"host": "elsewhere.org"}) == "https://example.com/crm/rest"
        assert house.ask("GET", "/crm/rest/open-api/core").status == 200
