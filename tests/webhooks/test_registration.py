"""Registering webhooks: what is stored, what is refused, and who may (`webhooks.md` section 1)."""

from __future__ import annotations

from typing import Any

import pytest

from support.house import House

WEBHOOKS = "/rest/metadata/webhooks"


def register(house: House, **given: Any) -> Any:
    answer = house.ask("POST", WEBHOOKS, {"targetUrl": "https://hooks.example.com/in", **given})
    assert answer.status == 201, answer.content
    return answer.json


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("  HTTPS://Hooks.Example.COM:443/a/../b ", "https://hooks.example.com/b"),
        ("http://hooks.example.com:8080", "http://hooks.example.com:8080/"),
        ("https://münchen.example/ü?q=1", "https://xn--mnchen-3ya.example/%C3%BC?q=1"),
        ("http://127.0.0.1/in", "http://127.0.0.1/in"),
    ],
)
def test_addresses_are_stored_as_the_standard_writes_them(house: House, sent: str, stored: str) -> None:
    assert register(house, targetUrl=sent)["targetUrl"] == stored


@pytest.mark.parametrize(
    "wrong",
    [
        {"targetUrl": "https://user:password@hooks.example.com/"},
        {"targetUrl": "javascript:alert(1)"},
        {"targetUrl": 5},
        {"targetUrl": None},
        {"operations": []},
        {"operations": ["nothing"]},
        {"operations": ["company.upserted"]},
        {"operations": "company.created"},
        {"operations": [None]},
        {"description": 7},
        {"secret": 7},
        {"secret": "a\0b"},
        {"updatedFields": "stage"},
        {"id": "not-an-id"},
    ],
)
def test_what_is_refused_changes_nothing(house: House, wrong: dict[str, Any]) -> None:
    answer = house.ask("POST", WEBHOOKS, {"targetUrl": "https://hooks.example.com/in", **wrong})
    assert answer.status == 400, answer.content
    kept = register(house, secret="first")
    if "id" not in wrong:
        assert house.ask("PATCH", f"{WEBHOOKS}/{kept['id']}", wrong).status in {400, 404}
    assert house.ask("GET", WEBHOOKS).json == [kept]


def test_secrets_are_readable_for_those_with_the_right_and_for_nobody_else(house: House) -> None:
    made = register(house, secret="sesame open")
    assert house.ask("GET", f"{WEBHOOKS}/{made['id']}").json["secret"] == "sesame open"
    row = house.run(house.database.fetch_row("SELECT * FROM core.webhook"))
    assert b"sesame" not in bytes(row["secret"])
    audited = house.run(house.database.fetch_value("SELECT string_agg(details::text, ' ') FROM core.audit"))
    assert "hooks.example.com" in audited and "sesame" not in audited
    reader = house.make_key("Read only")
    assert house.ask("GET", WEBHOOKS, key=reader).status == 403
    assert house.ask("DELETE", f"{WEBHOOKS}/{made['id']}", key=reader).status == 403


def test_an_id_of_the_clients_own_is_used_once(house: House) -> None:
    identifier = "11111111-2222-4333-8444-555555555555"
    assert register(house, id=identifier)["id"] == identifier
    answer = house.ask("POST", WEBHOOKS, {"targetUrl": "https://hooks.example.com/in", "id": identifier})
    assert answer.status == 400 and "ENTITY_ALREADY_EXISTS" in answer.content.decode()


def test_texts_are_tidied_and_an_empty_secret_stays_empty(house: House) -> None:
    made = register(house, description="  Two \n  words ", secret="")
    assert (made["description"], made["secret"]) == ("Two words", "")
    changed = house.ask("PATCH", f"{WEBHOOKS}/{made['id']}", {"secret": None, "updatedFields": ["stage", "stage"]}).json
    assert (changed["secret"], changed["updatedFields"]) == ("", ["stage"])
