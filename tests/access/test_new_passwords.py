"""New passwords: by a link, by the old one, and what they end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.accounts import RENEW, Outbox, log_in, refusal, session_of, sign_in
from support.clock import Clock
from support.house import House, open_house
from support.serving import EMAIL, PASSWORD

NEW = "another horse battery"
ASK = "mutation ($email: String!) { emailPasswordResetLink(email: $email) { success } }"
VALIDATE = "query ($link: String!) { validatePasswordResetToken(passwordResetToken: $link) { email } }"
RESET = """
mutation ($link: String!, $new: String!) { updatePasswordViaResetToken(passwordResetToken: $link, newPassword: $new) {
  success } }
"""
CHANGE = """
mutation ($old: String!, $new: String!) { changePassword(currentPassword: $old, newPassword: $new) {
  tokens { accessOrWorkspaceAgnosticToken { token } refreshToken { token } } } }
"""
INVALID = ("FORBIDDEN", "INVALID_RESET_TOKEN")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outbox() -> Outbox:
    return Outbox()


@pytest.fixture
def house(database_url: str, clock: Clock, outbox: Outbox) -> Iterator[House]:
    with open_house(database_url, clock=clock, mailer=outbox, server_url="https://crm.example.com") as house:
        yield house


def ask(house: House, email: str = EMAIL) -> object:
    answer = house.operate(ASK, email=email)
    assert house.application.metadata is not None
    house.run(house.application.metadata.services.password_resets.close())
    return answer


def test_a_link_sets_a_new_password_once_and_ends_all_sessions(house: House, outbox: Outbox, clock: Clock) -> None:
    before = sign_in(house)
    assert ask(house) == {"data": {"emailPasswordResetLink": {"success": True}}}
    assert outbox.letters[0].to == EMAIL
    assert f"https://crm.example.com/reset-password#{outbox.token}\n" in outbox.letters[0].text
    assert house.operate(VALIDATE, link=outbox.token)["data"]["validatePasswordResetToken"]["email"] == EMAIL
    assert refusal(house.operate(RESET, link=outbox.token, new="short")) == ("BAD_USER_INPUT", "INVALID_PASSWORD")
    clock.go(1)
    assert house.operate(RESET, link=outbox.token, new=NEW)["data"]["updatePasswordViaResetToken"]["success"]
    assert refusal(house.operate(RESET, link=outbox.token, new=NEW)) == INVALID
    assert refusal(house.operate(VALIDATE, link=outbox.token)) == INVALID
    assert refusal(log_in(house)) == ("FORBIDDEN", "FORBIDDEN_EXCEPTION")
    assert house.ask("GET", "/rest/companies", key=before.access).json["code"] == "TOKEN_EXPIRED"
    assert refusal(house.operate(RENEW, refresh=before.refresh))[0] == "FORBIDDEN"
    after = sign_in(house, EMAIL, NEW)
    assert house.ask("GET", "/rest/companies", key=after.access).status == 200
    assert house.ask("GET", "/rest/companies").status == 200, "keys are not people"


def test_a_used_link_takes_the_others_along(house: House, outbox: Outbox) -> None:
    ask(house)
    first = outbox.token
    ask(house)
    assert house.operate(RESET, link=outbox.token, new=NEW)["data"]
    assert refusal(house.operate(RESET, link=first, new=PASSWORD)) == INVALID


def test_a_link_expires(house: House, outbox: Outbox, clock: Clock) -> None:
    ask(house)
    clock.go(5 * 60)
    assert refusal(house.operate(RESET, link=outbox.token, new=NEW)) == INVALID
    assert sign_in(house)


@pytest.mark.parametrize("link", ["", "guess", "x" * 5000, "\u0219"])
def test_what_is_no_link_is_refused(house: House, link: str) -> None:
    assert refusal(house.operate(RESET, link=link, new=NEW)) == INVALID


def test_the_answer_does_not_tell_who_has_an_account(house: House, outbox: Outbox) -> None:
    assert ask(house, "nobody@example.com") == ask(house)
    assert [each.to for each in outbox.letters] == [EMAIL]
    assert refusal(house.operate(ASK, email="no address"))[0] == "BAD_USER_INPUT"


def test_only_the_digest_of_a_link_is_kept(house: House, outbox: Outbox) -> None:
    ask(house)
    for table in ("password_reset", "audit"):
        rows = house.run(house.database.fetch_all(f"select t::text from core.{table} t"))
        assert rows and not any(outbox.token in row[0] for row in rows), table


def test_asking_is_limited_without_touching_sign_ins_of_the_account(house: House, outbox: Outbox) -> None:
    for _ in range(10):
        ask(house)
    assert refusal(house.operate(ASK, email=EMAIL)) == ("BAD_USER_INPUT", "LIMIT_REACHED")
    assert len(outbox.letters) == 10
    house.run(house.database.execute("delete from core.sign_in_failure where key like 'address:%'"))
    assert sign_in(house)


def test_the_link_never_follows_the_host_header(house: House, outbox: Outbox) -> None:
    house.ask(
        "POST",
        "/metadata",
        {"query": ASK, "variables": {"email": EMAIL}},
        headers={"host": "evil.example.com", "x-forwarded-host": "evil.example.com"},
    )
    assert house.application.metadata is not None
    house.run(house.application.metadata.services.password_resets.close())
    assert "evil" not in outbox.letters[0].text


def test_a_letter_speaks_the_language_of_its_reader(house: House, outbox: Outbox) -> None:
    house.run(house.database.execute("update core.\"user\" set locale = 'ro'"))
    ask(house)
    assert outbox.letters[0].subject == "O parolă nouă pentru Icosa" and "5 minute " in outbox.letters[0].text


def test_a_password_is_changed_by_who_knows_the_old_one(house: House, clock: Clock) -> None:
    other, session = sign_in(house), sign_in(house)
    clock.go(1)
    refused = house.operate(CHANGE, bearer=session.access, old="not the password", new=NEW)
    assert refusal(refused) == ("FORBIDDEN", "FORBIDDEN_EXCEPTION")
    assert refusal(house.operate(CHANGE, bearer=house.key, old=PASSWORD, new=NEW))[0] == "FORBIDDEN"
    fresh = session_of(house.operate(CHANGE, bearer=session.access, old=PASSWORD, new=NEW))
    assert house.ask("GET", "/rest/companies", key=fresh.access).status == 200
    for old in (other, session):
        assert house.ask("GET", "/rest/companies", key=old.access).json["code"] == "TOKEN_EXPIRED"
        assert refusal(house.operate(RENEW, refresh=old.refresh))[0] == "FORBIDDEN"
    assert sign_in(house, EMAIL, NEW)


def test_guessing_the_old_password_is_limited(house: House) -> None:
    session = sign_in(house)
    for _ in range(10):
        house.operate(CHANGE, bearer=session.access, old="not the password", new=NEW)
    house.run(house.database.execute("update core.audit set from_address = '203.0.113.9'"))
    answer = house.operate(CHANGE, bearer=session.access, old=PASSWORD, new=NEW)
    assert refusal(answer) == ("BAD_USER_INPUT", "LIMIT_REACHED")
