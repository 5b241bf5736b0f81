"""Walk 1: a fresh server, the first run, a key, the first call."""

from __future__ import annotations

import httpx
from playwright.sync_api import Page, expect

from conftest import make_database
from support.serving import environment_of, serving
from web.conftest import Visit
from web.steps import make_key


def fill_form(page: Page) -> None:
    page.get_by_label("Workspace name").fill("Nordwind")
    page.get_by_label("First name").fill("Ada")
    page.get_by_label("Last name").fill("Marlowe")
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.get_by_role("textbox", name="Password").fill("correct horse battery")
    expect(page.get_by_text("Strength: Good")).to_be_visible()


def test_a_fresh_server_leads_to_the_first_call(visit: Visit, postgres_url: str) -> None:
    with serving(environment_of(make_database(postgres_url))) as url:
        visitor = visit(url, signed_in=False)
        page = visitor.go("/")
        expect(page).to_have_url(f"{url}/welcome")
        page.get_by_role("button", name="Create the workspace").click()
        expect(page.get_by_text("Enter a name for the workspace.")).to_be_visible()
        fill_form(page)
        expect(page.get_by_label("Fill with sample data")).to_be_checked()
        page.get_by_role("button", name="Create the workspace").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Good to see you, Ada")
        expect(page.get_by_role("link", name="Companies")).to_be_visible()

        page.get_by_role("link", name="Create key").click()
        token = make_key(page, "Nightly import")
        page.get_by_role("button", name="Copy", exact=True).click()
        assert page.evaluate("navigator.clipboard.readText()") == token
        answer = httpx.get(f"{url}/rest/companies?limit=3", headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 200
        assert len(answer.json()["data"]["companies"]) == 3

        page.get_by_role("link", name="Start").click()
        page.get_by_role("button", name="Run it here").click()
        expect(page.get_by_text("HTTP 200")).to_be_visible()
        expect(page.get_by_role("listitem").filter(has_text="Make a call").get_by_text("Done")).to_be_visible()
        page.goto(f"{url}/welcome")
        expect(page).to_have_url(f"{url}/")


def test_a_stranger_cannot_claim_a_server_that_has_a_setup_token(visit: Visit, postgres_url: str) -> None:
    environment = {**environment_of(make_database(postgres_url)), "SETUP_TOKEN": "open sesame"}
    with serving(environment) as url:
        page = visit(url, signed_in=False).go("/")
        fill_form(page)
        page.get_by_label("Fill with sample data").uncheck()
        token = page.get_by_role("textbox", name="Set-up token")
        token.fill("a guess")
        page.get_by_role("button", name="Create the workspace").click()
        expect(page.get_by_role("alert")).to_contain_text("setupToken")
        token.fill("open sesame")
        page.get_by_role("button", name="Create the workspace").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Good to see you, Ada")
