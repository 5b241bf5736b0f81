"""Sessions over the API: signing in, rotation and its misuse, the limits on failures; clocks are set, nobody waits."""

from __future__ import annotations

from collections.abc import Iterator

import jwt
import pytest

from icosa.access import passwords
from support.accounts import EXCHANGE, ORIGIN, RENEW, Session, exchange, log_in, refusal, session_of, sign_in
from support.clock import Clock
from support.house import House, open_house
from support.serving import EMAIL, PASSWORD

ME = "{ currentUser { email } }"
PLAYGROUND = "mutation { generatePlaygroundToken { token } }"
WRONG = "not the password"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(database_url: str, clock: Clock) -> Iterator[House]:
    with open_house(database_url, clock=clock, host="127.0.0.1") as house:
        yield house


def renew(house: House, refresh: str) -> Session:
    return session_of(house.operate(RENEW, refresh=refresh))


def renewal_refused(house: House, refresh: str) -> tuple[str, str | None]:
    return refusal(house.operate(RENEW, refresh=refresh))


def subcode(house: House, token: str, path: str = "/rest/companies") -> str | None:
    answer = house.ask("GET", path, key=token)
    return answer.json.get("code") if answer.status == 401 else None


def test_tokens_last_as_long_as_they_say(house: House, clock: Clock) -> None:
    session = sign_in(house)
    playground = house.operate(PLAYGROUND, bearer=session.access)["data"]["generatePlaygroundToken"]["token"]
    for token, seconds in ((session.access, 1800), (playground, 7200), (session.refresh, 60 * 86400)):
        claims = jwt.decode(token, options={"verify_signature": False})
        assert claims["exp"] - claims["iat"] == seconds
    clock.go(1800 + 29)
    assert subcode(house, session.access) is None
    clock.go(1)
    assert subcode(house, session.access) == "TOKEN_EXPIRED"
    assert subcode(house, playground) is None
    clock.go(7200 - 1800)
    assert subcode(house, playground) == "TOKEN_EXPIRED"


def test_a_login_token_is_no_bearer_and_expires(house: House, clock: Clock) -> None:
    login = log_in(house)["data"]["getLoginTokenFromCredentials"]["loginToken"]["token"]
    assert subcode(house, login) == "WRONG_TOKEN_KIND"
    assert subcode(house, exchange(house, login).access) is None
    clock.go(15 * 60 + 30)
    assert refusal(house.operate(EXCHANGE, login=login, origin=ORIGIN)) == ("UNAUTHENTICATED", "TOKEN_EXPIRED")


def test_lifetimes_are_the_operator_s(database_url: str, clock: Clock) -> None:
    with open_house(database_url, clock=clock, access_token_time="2m", refresh_token_time="1h") as house:
        session = sign_in(house)
        clock.go(150)
        assert subcode(house, session.access) == "TOKEN_EXPIRED"
        clock.go(3600 - 150 - 1)
        session = renew(house, session.refresh)
        clock.go(3600)
        assert renewal_refused(house, session.refresh)[0] == "UNAUTHENTICATED"


def test_a_refresh_token_is_used_up_with_a_minute_of_grace(house: House, clock: Clock) -> None:
    first = sign_in(house)
    second = renew(house, first.refresh)
    clock.go(60)
    third = renew(house, first.refresh)
    assert len({first.refresh, second.refresh, third.refresh}) == 3
    assert subcode(house, third.access) is None


def test_a_refresh_token_that_is_used_again_ends_all_that_grew_out_of_it(house: House, clock: Clock) -> None:
    other = sign_in(house)
    first = sign_in(house)
    second = renew(house, first.refresh)
    third = renew(house, second.refresh)
    clock.go(61)
    assert renewal_refused(house, first.refresh) == ("FORBIDDEN", "FORBIDDEN_EXCEPTION")
    for refresh in (first.refresh, second.refresh, third.refresh):
        assert renewal_refused(house, refresh) == ("FORBIDDEN", "FORBIDDEN_EXCEPTION")
    assert subcode(house, renew(house, other.refresh).access) is None


def test_the_grace_does_not_start_again(house: House, clock: Clock) -> None:
    first = sign_in(house)
    renew(house, first.refresh)
    clock.go(50)
    renew(house, first.refresh)
    clock.go(11)
    assert renewal_refused(house, first.refresh)[0] == "FORBIDDEN"


@pytest.mark.parametrize("kind", ["access", "login", "key"])
def test_only_a_refresh_token_renews(house: House, kind: str) -> None:
    login = log_in(house)["data"]["getLoginTokenFromCredentials"]["loginToken"]["token"]
    token = {"access": exchange(house, login).access, "login": login, "key": house.key}[kind]
    assert renewal_refused(house, token) == ("FORBIDDEN", "INVALID_JWT_TOKEN_TYPE")


def test_who_has_no_account_and_who_errs_get_the_same_answer_for_the_same_work(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    verify = passwords._hasher().verify

    def counted(password: str, hashed: str) -> bool:
        compared.append(hashed[:30])
        return verify(password, hashed)

    monkeypatch.setattr(passwords._hasher(), "verify", counted)
    answers = [log_in(house, email, WRONG) for email in (EMAIL, "nobody@example.com")]
    for answer in answers:
        assert refusal(answer) == ("FORBIDDEN", "FORBIDDEN_EXCEPTION")
        answer["errors"][0]["extensions"].pop("requestId")
    assert answers[0] == answers[1]
    assert len(compared) == 2 and compared[0] == compared[1], "both compare with a hash of the same cost"


def test_ten_failures_are_enough_for_a_minute(house: House) -> None:
    for _ in range(10):
        assert refusal(log_in(house, "nobody@example.com", WRONG))[0] == "FORBIDDEN"
    answer = log_in(house)
    assert refusal(answer) == ("BAD_USER_INPUT", "LIMIT_REACHED")
    assert 0 < answer["errors"][0]["extensions"]["retryAfterMs"] <= 60_000
    house.run(house.database.execute("update core.sign_in_failure set resets_at = now()"))
    assert sign_in(house)


def test_good_sign_ins_are_free(house: House) -> None:
    for _ in range(12):
        sign_in(house)


def test_a_stranger_cannot_lock_somebody_out(house: House) -> None:
    sign_in(house)
    full = "insert into core.sign_in_failure values ($1, 10, now() + interval '1 minute')"
    house.run(house.database.execute(full, f"email:{EMAIL}"))
    assert sign_in(house), "from an address that was used before"
    house.run(house.database.execute("update core.audit set from_address = '203.0.113.9'"))
    assert refusal(log_in(house)) == ("BAD_USER_INPUT", "LIMIT_REACHED")


def test_asking_whether_somebody_exists_counts_like_a_failure(house: House) -> None:
    document = "query ($email: String!) { checkUserExists(email: $email) { exists } }"
    for _ in range(10):
        assert house.operate(document, email=EMAIL)["data"]["checkUserExists"]["exists"] is True
    assert refusal(house.operate(document, email=EMAIL)) == ("BAD_USER_INPUT", "LIMIT_REACHED")


def test_sign_ins_are_written_down_without_secrets(house: House) -> None:
    log_in(house, EMAIL, WRONG)
    sign_in(house)
    rows = house.run(house.database.fetch_all("select * from core.audit where action like 'session.%' order by id"))
    assert [(row["action"], row["actor_kind"], row["from_address"]) for row in rows] == [
        ("session.refused", "NOBODY", "127.0.0.1"),
        ("session.started", "USER", "127.0.0.1"),
    ]
    assert not any(secret in str(list(row.items())) for row in rows for secret in (WRONG, PASSWORD, "eyJ"))
