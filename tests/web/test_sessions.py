"""Walk 2: sign out, sign in, a wrong password, a session that is renewed without anybody noticing."""

from __future__ import annotations

from playwright.sync_api import Page, Request, Route, expect

from support.serving import EMAIL, PASSWORD, Server
from web.conftest import Visit


def enter(page: Page, password: str) -> None:
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_signing_in_and_out(visit: Visit, web_server: Server) -> None:
    page = visit(web_server.url, signed_in=False).go("/settings/about")
    expect(page).to_have_url(f"{web_server.url}/sign-in?next=%2Fsettings%2Fabout")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Enter your password.")).to_be_visible()
    enter(page, "not the password")
    expect(page.get_by_role("alert")).to_contain_text("do not go together")
    expect(page.get_by_role("textbox", name="Password")).to_have_value("not the password")
    enter(page, PASSWORD)
    expect(page).to_have_url(f"{web_server.url}/settings/about")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("About")
    page.get_by_role("button", name="Account menu").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page).to_have_url(f"{web_server.url}/sign-in?next=%2Fsettings%2Fabout")
    assert page.evaluate("localStorage.getItem('tokenPairState')") is None


def test_a_link_from_elsewhere_cannot_lead_away_after_the_sign_in(visit: Visit, web_server: Server) -> None:
    page = visit(web_server.url, signed_in=False).go("/sign-in?next=//example.com")
    enter(page, PASSWORD)
    expect(page).to_have_url(f"{web_server.url}/")


def test_nobody_notices_that_a_session_is_renewed(visit: Visit, web_server: Server) -> None:
    page = visit(web_server.url).go("/settings/api-webhooks")
    renewals: list[str] = []
    refused: list[str] = []

    def note(request: Request) -> None:
        if "renewToken" in (request.post_data or ""):
            renewals.append(request.url)

    def refuse_once(route: Route) -> None:
        if "renewToken" in (route.request.post_data or "") or refused:
            route.continue_()
            return
        refused.append(route.request.url)
        # What the server answers once the half hour of an access token is over.
        route.fulfill(status=401, json={"errors": [{"message": "gone", "extensions": {"code": "UNAUTHENTICATED"}}]})

    page.on("request", note)
    page.route("**/metadata", refuse_once)
    page.get_by_role("link", name="Create key").click()
    expect(page.get_by_role("textbox", name="Name")).to_be_visible()
    assert refused
    assert len(renewals) == 1
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_session_that_was_ended_elsewhere_leads_to_the_sign_in(visit: Visit, web_server: Server) -> None:
    page = visit(web_server.url, signed_in=False).go("/sign-in")
    broken = '{"refreshToken": {"token": "not a token", "expiresAt": ""}}'
    page.evaluate(f"localStorage.setItem('tokenPairState', '{broken}')")
    page.goto(f"{web_server.url}/settings/roles")
    expect(page).to_have_url(f"{web_server.url}/sign-in?next=%2Fsettings%2Froles")
