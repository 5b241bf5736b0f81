from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from icosa.transport.messages import Request
from icosa.web.files import DIST
from icosa.web.handler import WebApp
from support.house import House, open_house

PAGES = (
    "/",
    "/welcome",
    "/sign-in",
    "/sign-in/",
    "/invite",
    "/reset-password",
    "/objects/companies",
    "/objects/companies/1",
    "/settings/about",
)
needs_build = pytest.mark.skipif(
    not DIST.is_dir(), reason="the web app is not built: npm could not run at installation"
)


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with open_house(database_url) as house:
        yield house


def asset_of(page: str, suffix: str) -> str:
    found = re.search(rf'="(/[^"]*assets/index-[^"]*\.{suffix})"', page)
    assert found is not None, page
    return found[1]


@needs_build
def test_every_page_of_the_app_is_the_same_file_with_headers_that_keep_strangers_out(house: House) -> None:
    for path in PAGES:
        answer = house.ask("GET", path, headers={"authorization": ""})
        assert answer.status == 200, path
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "connect-src 'self'" in answer.headers["content-security-policy"]
        assert "script-src 'self';" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-cache"
    head = house.ask("HEAD", "/")
    assert head.status == 200
    assert head.content == b""
    known = house.ask("GET", "/", headers={"if-none-match": head.headers["etag"]})
    assert known.status == 304


@needs_build
def test_assets_may_be_kept_for_ever_and_come_compressed_to_who_takes_that(house: House) -> None:
    script = asset_of(house.ask("GET", "/").content.decode(), "js")
    plain = house.ask("GET", script)
    packed = house.ask("GET", script, headers={"accept-encoding": "br, gzip"})
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert plain.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.content) == plain.content
    assert house.ask("GET", script, headers={"if-none-match": plain.headers["etag"]}).status == 304


def test_what_is_not_the_app_stays_what_it_was(house: House) -> None:
    for method, path in (
        ("GET", "/nope"),
        ("GET", "/assets/nope.js"),
        ("GET", "/assets/../handler.py"),
        ("GET", "/index.html"),
        ("GET", "/objectsx"),
        ("POST", "/"),
        ("POST", "/settings/about"),
    ):
        answer = house.ask(method, path)
        assert answer.status == 404, path
        assert answer.json == {"message": f"Cannot {method} {path}", "error": "Not Found", "statusCode": 404}
    assert house.ask("GET", "/rest/nope").status in {400, 404}
    assert house.ask("GET", "/healthz").json["status"] == "ok"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/settings/mcp-apis", "/settings/api-webhooks"),
        ("/settings/mcp-apis/", "/settings/api-webhooks"),
        ("/settings/mcp-apis/apis/new", "/settings/api-webhooks/apis/new"),
        ("/settings/mcp-apis/webhooks/1", "/settings/api-webhooks/webhooks/1"),
        ("/settings/apis", "/settings/api-webhooks"),
        ("/settings/apis/1", "/settings/api-webhooks/apis/1"),
        ("/settings/webhooks", "/settings/api-webhooks"),
        ("/settings/webhooks/new", "/settings/api-webhooks/webhooks/new"),
        ("/settings/developers", "/settings/api-webhooks"),
        ("/settings/developers/api-keys/1", "/settings/api-webhooks"),
    ],
)
async def test_older_addresses_lead_to_the_newer_ones(old: str, new: str) -> None:
    for base in ("", "/crm"):
        answer = await WebApp(base)(Request("GET", old, b"a=1", {}, b"", "id"))
        assert answer.status == 308
        assert dict(answer.headers)[b"location"] == f"{base}{new}?a=1".encode()


@needs_build
def test_the_app_stands_behind_the_path_of_the_public_address(database_url: str) -> None:
    with open_house(database_url, server_url="https://example.com/crm") as house:
        page = house.ask("GET", "/crm/settings/about").content.decode()
        script = asset_of(page, "js")
        assert script.startswith("/crm/assets/")
        assert 'name="icosa-base" content="/crm/"' in page
        assert house.ask("GET", script).status == 200


async def test_without_the_built_app_a_page_says_how_to_build_it(tmp_path: Path) -> None:
    answer = await WebApp("", tmp_path / "none")(Request("GET", "/", b"", {}, b"", "id"))
    assert answer.status == 503
    assert b"ICOSA_WEB=need pip install" in answer.body
