"""Walks 3 and 4: the life of a key, and its regeneration while the old one still works."""

from __future__ import annotations

import datetime as dt
import re

import httpx
from playwright.sync_api import expect

from support.serving import Server
from web.conftest import Visit
from web.steps import NEW_KEY, choose, confirm, make_key, read_token

OVERVIEW = "/settings/api-webhooks"


def call(server: Server, token: str, method: str = "GET") -> int:
    body = {"name": "From a walk"} if method == "POST" else None
    headers = {"authorization": f"Bearer {token}"}
    return httpx.request(method, f"{server.url}/rest/companies", json=body, headers=headers).status_code


def test_a_key_is_renamed_limited_and_revoked(visit: Visit, web_server: Server) -> None:
    page = visit(web_server.url).go(NEW_KEY)
    expect(page.get_by_role("button", name="Create key")).to_be_disabled()
    token = make_key(page, "Importer")
    assert call(web_server, token, "POST") == 201

    page.get_by_role("textbox", name="Name").fill("Importer of leads")
    expect(page.get_by_text("Name saved")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Importer of leads")
    choose(page, "Role", "Read only")
    expect(page.get_by_text("Role saved")).to_be_visible()
    assert call(web_server, token, "POST") == 403
    assert call(web_server, token) == 200

    page.get_by_role("button", name="Revoke").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Importer of leads")
    expect(dialog.get_by_role("button", name="Revoke")).to_be_disabled()
    confirm(page, "Revoke")
    expect(page).to_have_url(web_server.url + OVERVIEW)
    assert call(web_server, token) == 401
    expect(page.get_by_role("link", name="Tests")).to_be_visible()
    expect(page.get_by_role("link", name="Importer of leads")).to_have_count(0)
    page.get_by_label("Show revoked").check(force=True)
    expect(page.get_by_role("row", name=re.compile("Importer of leads.*Revoked"))).to_be_visible()


def test_a_dialog_opens_again_before_the_browser_has_told_of_its_closing(visit: Visit, web_server: Server) -> None:
    page = visit(web_server.url).go(NEW_KEY)
    make_key(page, "Of the dialog")
    page.get_by_role("button", name="Revoke").click()
    typed = page.get_by_role("dialog").get_by_role("textbox")
    expect(typed).to_be_focused()
    page.evaluate(
        """() => { document.querySelector('dialog[open]').requestClose();
                   [...document.querySelectorAll('main button')].find((each) => each.innerText === 'Revoke').click(); }"""
    )
    # What the browser tells comes in a task of its own.
    page.evaluate("() => new Promise((done) => setTimeout(done))")
    expect(typed).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Revoke")).to_be_focused()


def test_a_token_is_shown_once_and_leaving_without_storing_it_asks_first(visit: Visit, web_server: Server) -> None:
    page = visit(web_server.url).go(NEW_KEY)
    page.get_by_role("textbox", name="Name").fill("Shown once")
    page.get_by_role("button", name="Create key").click()
    token = read_token(page)
    expect(page.get_by_role("region", name="Try it")).to_contain_text(token)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download .env").click()
    assert f"ICOSA_KEY={token}" in download.value.path().read_text()

    page.get_by_role("link", name="Members").click()
    dialog = page.get_by_role("dialog", name="Have you stored the key?")
    dialog.get_by_role("button", name="Stay").click()
    expect(page.get_by_role("textbox", name="API key")).to_have_value(token)
    page.get_by_label("I have stored it").check()
    page.get_by_role("link", name="Members").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Members")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Shown once")
    expect(page.get_by_role("textbox", name="API key")).to_have_count(0)
    assert token not in page.content()


def test_a_regenerated_key_works_beside_the_old_one_for_a_day(visit: Visit, web_server: Server) -> None:
    page = visit(web_server.url).go(NEW_KEY)
    old = make_key(page, "Rolled over")
    page.get_by_role("link", name="APIs & Webhooks").first.click()
    page.get_by_role("link", name="Rolled over").click()
    page.get_by_role("button", name="Regenerate").click()
    expect(page.get_by_label("Keep the old one for 24 hours")).to_be_checked()
    confirm(page, "Regenerate")
    new = read_token(page)
    page.get_by_label("I have stored it").check()
    assert new != old
    assert call(web_server, old) == 200
    assert call(web_server, new) == 200
    rows = httpx.get(f"{web_server.url}/rest/metadata/apiKeys", headers={"authorization": f"Bearer {new}"}).json()
    expiries = sorted(dt.datetime.fromisoformat(row["expiresAt"]) for row in rows if row["name"] == "Rolled over")
    now = dt.datetime.now(dt.UTC)
    assert expiries[0] - now < dt.timedelta(hours=25)
    assert expiries[1] - now > dt.timedelta(days=89)
