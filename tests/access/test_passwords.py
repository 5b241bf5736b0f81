from __future__ import annotations

import pytest

from icosa.access.passwords import hash_password, verify_password
from icosa.errors import BadInput


@pytest.mark.parametrize("password", ["8 signs!", "ünïcødé 密码 🔑", "x" * 128, "with\x00nul"])
async def test_a_password_is_hashed_and_known_again(password: str) -> None:
    hashed = await hash_password(password)
    assert hashed.startswith("$argon2id$")
    assert await verify_password(password, hashed)
    assert not await verify_password(password + "x", hashed)


@pytest.mark.parametrize("password", ["", "7 signs", "x" * 129, "\udce9 is no text"])
async def test_a_password_that_does_not_fit_is_refused(password: str) -> None:
    with pytest.raises(BadInput) as caught:
        await hash_password(password)
    assert caught.value.code == "INVALID_PASSWORD"
    assert not await verify_password(password, await hash_password("something else"))


@pytest.mark.parametrize("stored", [None, "", "rubbish", "$2b$10$notargon"])
async def test_nothing_holds_against_no_hash_or_rubbish(stored: str | None) -> None:
    assert not await verify_password("correct horse", stored)
    assert not await verify_password("nobody's password", stored)
    assert not await verify_password("", stored)
