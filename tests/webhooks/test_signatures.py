"""Both signatures, against the contract's vectors and the published library (`webhooks.md` sections 3 and 5)."""

from __future__ import annotations

import base64
import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from icosa.webhooks.requests import signed_headers
from icosa.webhooks.signatures import standard_signature, twenty_signature

BODY = '{"a":"ț"}'.encode()
HEX = "00112233445566778899aabbccddeeff" * 2


@pytest.mark.parametrize(
    ("secret", "twenty", "standard"),
    [
        (
            "s3cret",
            "fec6cd9bbd2d556660a601c6660c5c862fc5f46701a7bf9eb357276d591697d8",
            "v1,bDly5Lbx/KRug5khc0xmooaX0sS4TrZXq/E9dsrDsWw=",
        ),
        (
            HEX,
            "2fe2cf563e729c90e0a69ca146fa69146d7991044cc4bb615f9cdb47380fc317",
            "v1,Z57hx2fJug4Pga1Gfq4Szw9IRx351k0N149YT7T7RVc=",
        ),
    ],
)
def test_vectors(secret: str, twenty: str, standard: str) -> None:
    assert twenty_signature(secret, "1735066639761", BODY) == twenty
    assert standard_signature([secret], "msg_1", "1735066639", BODY) == standard


@given(st.binary(min_size=24, max_size=64), st.text())
def test_the_published_library_accepts_a_request(key: bytes, content: str) -> None:
    secret = f"whsec_{base64.b64encode(key).decode()}"
    body = json.dumps(content).encode()
    headers = signed_headers("msg", body, [secret], dt.datetime.now(dt.UTC))
    assert Webhook(secret).verify(body, headers) == content


def test_while_a_secret_is_rotated_both_sign_and_twenty_knows_the_new_one() -> None:
    headers = signed_headers("msg", BODY, ["new", "old"], dt.datetime.fromtimestamp(1735066639.761, dt.UTC))
    assert headers["webhook-signature"].split(" ") == [
        standard_signature([each], "msg", "1735066639", BODY) for each in ("new", "old")
    ]
    assert headers["X-Twenty-Webhook-Signature"] == twenty_signature("new", "1735066639761", BODY)


def test_without_a_secret_nothing_is_signed() -> None:
    assert set(signed_headers("msg", BODY, [""], dt.datetime.now(dt.UTC))) == {"webhook-id", "webhook-timestamp"}
