"""The pages that links in letters lead to: an invitation, and a new password."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import asyncpg
from playwright.sync_api import expect

from icosa.access.link_tokens import digest_of
from support.serving import Server
from web.conftest import Visit

INVITE = """
insert into core.invitation (workspace_id, email, token_hash, expires_at)
select id, 'bob@example.com', $1, now() + interval '1 day' from core.workspace
"""
# Of Bob alone: whoever's password is set signs out everywhere, and the other tests are Ada.
RESET = """
insert into core.password_reset (user_id, token_hash, expires_at)
select id, $1, now() + interval '5 minutes' from core."user" where email = 'bob@example.com'
"""


def leave_link(server: Server, statement: str, token: str) -> None:
    """Leave in the database what the letter with this token would have left."""

    async def run() -> Any:
        connection = await asyncpg.connect(server.environment["ICOSA_DATABASE_URL"])
        await connection.execute(statement, digest_of(token))
        await connection.close()

    with ThreadPoolExecutor(1) as other_thread:
        other_thread.submit(asyncio.run, run()).result()


def test_somebody_invited_joins_and_later_sets_a_new_password(visit: Visit, web_server: Server) -> None:
    leave_link(web_server, INVITE, "invitation-for-bob")
    page = visit(web_server.url, signed_in=False).go("/invite#invitation-for-bob")
    expect(page.get_by_text("Make your account to join Tests.")).to_be_visible()
    expect(page.get_by_label("E-mail address")).to_have_value("bob@example.com")
    page.get_by_label("First name").fill("Bob")
    page.get_by_role("textbox", name="Password").fill("a first password")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Good to see you, Bob")
    # What a member's role does not allow is not offered.
    expect(page.get_by_role("link", name="Data model").first).to_be_visible()
    expect(page.get_by_role("link", name="APIs & Webhooks")).to_have_count(0)

    leave_link(web_server, RESET, "reset-for-bob")
    page = visit(web_server.url, signed_in=False).go("/reset-password#reset-for-bob")
    page.get_by_role("textbox", name="New password").fill("short")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("At least 8 characters.")).to_be_visible()
    page.get_by_role("textbox", name="New password").fill("a second password")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("The password is set.")).to_be_visible()
    page.get_by_role("link", name="To the sign-in").click()
    page.get_by_label("E-mail address").fill("bob@example.com")
    page.get_by_role("textbox", name="Password").fill("a second password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Good to see you, Bob")


def test_a_link_that_does_not_hold_says_so(visit: Visit, web_server: Server) -> None:
    visitor = visit(web_server.url, signed_in=False)
    expect(visitor.go("/reset-password#nothing").get_by_role("alert")).to_contain_text("This link was used")
    visitor.page.goto("about:blank")
    expect(visitor.go("/invite#nothing").get_by_role("alert")).to_be_visible()


def test_who_forgot_the_password_asks_for_a_link(visit: Visit, web_server: Server) -> None:
    page = visit(web_server.url, signed_in=False).go("/sign-in")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail address").fill("nobody@example.com")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_text("If this address has an account here")).to_be_visible()
