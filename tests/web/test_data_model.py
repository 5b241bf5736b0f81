"""Walk 7: a field added in the browser is in the table, in REST and in GraphQL at once; and an object."""

from __future__ import annotations

from uuid import uuid4

import httpx
from playwright.sync_api import expect

from support.serving import Server
from web.conftest import Visit
from web.steps import choose


def test_a_new_field_is_everywhere_without_a_restart(visit: Visit, web_server: Server) -> None:
    word = f"Mood{uuid4().hex[:6]}"
    name = word.lower()
    page = visit(web_server.url).go("/settings/data-model/opportunities")
    page.get_by_role("button", name="Add field").click()
    page.get_by_role("button", name="Add field").last.click()
    expect(page.get_by_text("This is needed.").first).to_be_visible()
    page.get_by_role("textbox", name="Label", exact=True).fill(word)
    expect(page.get_by_role("textbox", name="API name")).to_have_value(name)
    choose(page, "Type", "Choice")
    options = page.get_by_role("textbox", name="Options").or_(page.get_by_role("combobox", name="Options"))
    for option in ("Very good", "Poor"):
        options.first.fill(option)
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Add field").last.click()
    expect(page.get_by_text(f"Field {word} added")).to_be_visible()
    expect(page.get_by_role("row", name=word)).to_contain_text("Very good")

    page.get_by_role("link", name="Records", exact=True).click()
    expect(page.get_by_role("columnheader", name=word)).to_be_attached()

    page.goto(f"{web_server.url}/settings/playground/rest/core#tag/opportunities/POST/opportunities")
    expect(page.locator(".playground-rest").get_by_text(name).first).to_be_attached(timeout=30_000)

    page.goto(f"{web_server.url}/settings/data-model/opportunities")
    page.get_by_role("link", name="Open the playground").last.click()
    expect(page.locator(".graphiql-query-editor")).to_contain_text("opportunities")
    page.get_by_role("button", name="Show GraphiQL Explorer").click()
    expect(page.locator(".graphiql-explorer-root")).to_contain_text(name, timeout=20_000)

    headers = {"authorization": f"Bearer {web_server.key}"}
    answer = httpx.post(f"{web_server.url}/rest/opportunities", json={name: "VERY_GOOD"}, headers=headers)
    assert answer.status_code == 201, answer.text


def test_a_new_object_has_its_own_address(visit: Visit, web_server: Server) -> None:
    word = f"Ship{uuid4().hex[:6]}"
    page = visit(web_server.url).go("/settings/data-model")
    page.get_by_role("button", name="Add object").click()
    page.get_by_role("textbox", name="Label, singular").fill(word)
    page.get_by_role("textbox", name="Label, plural").fill(f"{word}s")
    page.get_by_role("button", name="Add object").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{word}s")
    plural = f"{word.lower()}s"
    expect(page.get_by_role("region", name="REST address")).to_contain_text(f"/rest/{plural}?limit=3")
    page.get_by_role("link", name="Records", exact=True).click()
    expect(page.get_by_text("There are no records yet.")).to_be_visible()
    page.goto(f"{web_server.url}/settings/data-model/nothings")
    expect(page.get_by_text("There is no such object")).to_be_visible()
