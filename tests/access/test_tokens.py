from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
from typing import Any
from uuid import uuid4

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icosa.access.tokens import TokenKind, Tokens, derived_secret, is_canonical, secret_id
from icosa.errors import Unauthenticated

SECRET = "a secret of the tests that is long enough"
START = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
CLAIMS = {"sub": "s", "workspaceId": "w", "jti": "j"}
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def tokens(secret: str = SECRET, previous: str | None = None, at: dt.datetime = START) -> Tokens:
    return Tokens(secret, previous, clock=at.timestamp)


def signed(kind: TokenKind = TokenKind.API_KEY, secret: str = SECRET, hours: float = 1) -> str:
    return tokens(secret).sign(kind, CLAIMS, START, START + dt.timedelta(hours=hours))


def b64(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def forged(header: Any, payload: Any, key: bytes = derived_secret(SECRET, TokenKind.API_KEY)) -> str:
    """Sign whatever is given, rightly."""
    text = f"{b64(header)}.{b64(payload)}"
    return f"{text}.{b64(hmac.digest(key, text.encode(), hashlib.sha256))}"


def refusal(token: str, verifier: Tokens | None = None) -> str | None:
    with pytest.raises(Unauthenticated) as caught:
        (verifier or tokens()).verify(token)
    assert not token or token not in caught.value.message
    return caught.value.code


GOOD_HEADER = {"alg": "HS256", "typ": "JWT", "kid": secret_id(SECRET)}
GOOD_PAYLOAD = {**CLAIMS, "type": "API_KEY", "iat": 1893456000, "exp": 1893459600}
GOOD = signed()


@pytest.mark.parametrize("kind", TokenKind)
def test_a_token_tells_its_kind_and_claims(kind: TokenKind) -> None:
    found, claims = tokens().verify(signed(kind))
    assert found is kind
    assert claims == {**CLAIMS, "type": kind.value, "iat": 1893456000, "exp": 1893459600}


def test_every_token_has_an_id() -> None:
    made = tokens().sign(TokenKind.LOGIN, {"sub": "s"}, START, START + dt.timedelta(hours=1))
    assert len(tokens().verify(made)[1]["jti"]) == 36


def test_the_header_names_algorithm_and_secret() -> None:
    assert jwt.get_unverified_header(GOOD) == GOOD_HEADER


def test_secrets_are_derived_by_rfc_5869() -> None:
    # Appendix A.3's shape: one block of output is HMAC(PRK, info || 0x01).
    prk = hmac.new(b"icosa tokens", SECRET.encode(), hashlib.sha256).digest()
    assert derived_secret(SECRET, TokenKind.FILE) == hmac.new(prk, b"FILE\x01", hashlib.sha256).digest()
    assert len({derived_secret(SECRET, kind) for kind in TokenKind}) == len(TokenKind)


@pytest.mark.parametrize(
    ("seconds", "holds"), [(3599, True), (3600, True), (3629.9, True), (3630, False), (10**7, False)]
)
def test_expiry_has_thirty_seconds_of_leeway(seconds: float, holds: bool) -> None:
    verifier = tokens(at=START + dt.timedelta(seconds=seconds))
    if holds:
        verifier.verify(GOOD)
    else:
        assert refusal(GOOD, verifier) == "TOKEN_EXPIRED"


def test_a_forged_token_that_has_expired_is_malformed() -> None:
    assert refusal(signed(secret="another secret", hours=-1)) == "TOKEN_MALFORMED"


def test_the_previous_secret_still_holds_and_signs_nothing() -> None:
    rotated = tokens("the next secret, long enough as well", previous=SECRET)
    assert rotated.verify(GOOD)[0] is TokenKind.API_KEY
    new = rotated.sign(TokenKind.ACCESS, CLAIMS, START, START + dt.timedelta(hours=1))
    assert refusal(new) == "TOKEN_MALFORMED"
    assert refusal(GOOD, tokens("the next secret, long enough as well")) == "TOKEN_MALFORMED"


def test_the_helper_of_these_tests_forges_well() -> None:
    assert tokens().verify(forged(GOOD_HEADER, GOOD_PAYLOAD))[0] is TokenKind.API_KEY


@pytest.mark.parametrize(
    "token",
    [
        "",
        "abc",
        "a.b.c",
        "..",
        GOOD.rsplit(".", 1)[0],
        GOOD.rsplit(".", 1)[0] + ".",
        GOOD + "x",
        GOOD + "=",
        GOOD + ".x",
        GOOD + " ",
        " " + GOOD,
        GOOD + "\n",
        GOOD.replace(".", "..", 1),
        GOOD + "é",
        "é.é.é",
        "٠.١.٢",
        "\x00." * 3,
        "\udce9.a.b",
        "A" * 100_000,
        f"{b64(GOOD_HEADER)}.{b64(b'[' * 2900)}.{b64(b'x')}",
        f"{b64(b'[' * 2900)}.{b64(GOOD_PAYLOAD)}.{b64(b'x')}",
        forged({**GOOD_HEADER, "alg": "none"}, GOOD_PAYLOAD),
        f"{b64({'alg': 'none', 'typ': 'JWT'})}.{b64(GOOD_PAYLOAD)}.",
        forged({**GOOD_HEADER, "alg": "HS512"}, GOOD_PAYLOAD),
        forged({**GOOD_HEADER, "alg": "ES256"}, GOOD_PAYLOAD),
        forged({**GOOD_HEADER, "alg": None}, GOOD_PAYLOAD),
        forged({**GOOD_HEADER, "kid": "unknown"}, GOOD_PAYLOAD),
        forged({**GOOD_HEADER, "kid": ["x"]}, GOOD_PAYLOAD),
        forged({"alg": "HS256"}, GOOD_PAYLOAD),
        forged({**GOOD_HEADER, "crit": ["x"]}, GOOD_PAYLOAD),
        forged([], GOOD_PAYLOAD),
        forged(GOOD_HEADER, []),
        forged(GOOD_HEADER, b"{"),
        forged(GOOD_HEADER, b"\xff\xfe"),
        forged(GOOD_HEADER, {**GOOD_PAYLOAD, "type": "OTHER"}),
        forged(GOOD_HEADER, {**GOOD_PAYLOAD, "type": {}}),
        forged(GOOD_HEADER, {name: value for name, value in GOOD_PAYLOAD.items() if name != "type"}),
        forged(GOOD_HEADER, {name: value for name, value in GOOD_PAYLOAD.items() if name != "exp"}),
        forged(GOOD_HEADER, {name: value for name, value in GOOD_PAYLOAD.items() if name != "jti"}),
        forged(GOOD_HEADER, {**GOOD_PAYLOAD, "exp": "never"}),
        forged(GOOD_HEADER, {**GOOD_PAYLOAD, "type": "ACCESS"}),
        forged(GOOD_HEADER, GOOD_PAYLOAD, SECRET.encode()),
        forged(GOOD_HEADER, GOOD_PAYLOAD, b""),
    ],
)
def test_what_this_server_has_not_made_is_malformed(token: str) -> None:
    assert refusal(token) == "TOKEN_MALFORMED"


def test_the_spare_bits_of_the_last_sign_must_be_as_they_were_written() -> None:
    last = ALPHABET.index(GOOD[-1])
    for spare in range(1, 4):
        other = GOOD[:-1] + ALPHABET[last ^ spare]
        assert refusal(other) == "TOKEN_MALFORMED"
        assert is_canonical(GOOD) and not is_canonical(other)


@given(st.integers(0, len(GOOD) - 1), st.sampled_from(ALPHABET + ".=+/ "))
def test_a_changed_sign_is_refused(place: int, sign: str) -> None:
    changed = GOOD[:place] + sign + GOOD[place + 1 :]
    if changed != GOOD:
        assert refusal(changed) == "TOKEN_MALFORMED"


@given(st.integers(0, len(GOOD)), st.text(min_size=1, max_size=5))
def test_signs_put_in_are_refused(place: int, signs: str) -> None:
    assert refusal(GOOD[:place] + signs + GOOD[place:]) == "TOKEN_MALFORMED"


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 60))
def test_signs_left_out_are_refused(place: int, count: int) -> None:
    assert refusal(GOOD[:place] + GOOD[place + count :]) == "TOKEN_MALFORMED"


@given(st.text(max_size=200))
def test_any_text_is_refused(text: str) -> None:
    assert refusal(text + "!") == "TOKEN_MALFORMED"


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_any_signed_payload_is_refused_or_read(payload: Any) -> None:
    claims = {**GOOD_PAYLOAD, "exp": payload, "extra": payload}
    try:
        tokens().verify(forged(GOOD_HEADER, claims))
    except Unauthenticated as refused:
        assert refused.code in {"TOKEN_MALFORMED", "TOKEN_EXPIRED"}


def test_two_tokens_of_one_moment_differ() -> None:
    claims = {"sub": str(uuid4())}
    made = {tokens().sign(TokenKind.REFRESH, claims, START, START) for _ in range(2)}
    assert len(made) == 2
