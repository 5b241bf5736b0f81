"""What is sent of which change, and to whom, to a real receiver (`webhooks.md` sections 2 and 3)."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
from standardwebhooks import Webhook

from support.accounts import sign_in
from support.post import Post, change, company

HOSTILE = 'quote " back \\ slash / \u2028 \x01 \x7f ț 🦊 שלום'
LOST = "3f5f7d2e-6a55-4d1c-9c33-000000000000"


def test_both_kinds_of_receivers_verify_a_request(post: Post) -> None:
    webhook = post.register("company.created")
    company(post, name=HOSTILE)
    post.deliver()
    (got,) = post.receiver.got
    assert Webhook(webhook["secret"]).verify(got.body, got.headers)["record"]["name"] == HOSTILE
    signed = f"{got.headers['X-Twenty-Webhook-Timestamp']}:".encode() + got.body
    expected = hmac.new(webhook["secret"].encode(), signed, hashlib.sha256).hexdigest()
    assert got.headers["X-Twenty-Webhook-Signature"] == expected
    assert len(got.headers["X-Twenty-Webhook-Nonce"]) == 32
    assert got.headers["Content-Type"] == "application/json"


def test_a_body_has_the_keys_of_the_contract_in_their_order(post: Post) -> None:
    webhook = post.register("*.*")
    made = company(post)
    change(post, made["id"], name="Beacon", employees=7)
    post.deliver()
    created, updated = (each.json for each in post.receiver.got)
    assert list(updated) == [
        "targetUrl",
        "eventName",
        "objectMetadata",
        "workspaceId",
        "webhookId",
        "eventDate",
        "record",
        "updatedFields",
        "id",
        "sequence",
        "apiKeyId",
        "previousRecord",
    ]
    assert updated["eventName"] == "company.updated"
    assert updated["objectMetadata"].keys() == {"id", "nameSingular"}
    assert updated["webhookId"] == webhook["id"]
    assert updated["record"]["name"] == "Beacon"
    assert updated["eventDate"] == updated["record"]["updatedAt"]
    assert sorted(updated["updatedFields"]) == ["employees", "name"]
    assert updated["previousRecord"] == {"name": "Harbour Light", "employees": None}
    assert updated["sequence"] > created["sequence"]
    assert created["record"] == {key: value for key, value in made.items() if key in created["record"]}
    assert "searchVector" not in created["record"]
    assert "updatedFields" not in created
    assert webhook["secret"] not in post.receiver.got[0].body.decode()


def test_a_persons_change_tells_the_person_and_no_key(post: Post) -> None:
    post.register("company.created")
    session = sign_in(post.house)
    answer = post.house.ask("POST", "/rest/companies", {"name": "By hand"}, key=session.access)
    assert answer.status == 201, answer.content
    post.deliver()
    (got,) = (each.json for each in post.receiver.got)
    assert got["workspaceMemberId"] == got["record"]["createdBy"]["workspaceMemberId"]
    assert "userId" in got
    assert "apiKeyId" not in got


def test_a_body_is_what_parsing_and_writing_it_again_gives(post: Post) -> None:
    post.register("company.created")
    company(post, name=HOSTILE, annualRevenue={"amountMicros": 1500000, "currencyCode": "EUR"})
    post.deliver()
    (got,) = post.receiver.got
    assert json.dumps(json.loads(got.body), ensure_ascii=False, separators=(",", ":")).encode() == got.body


def test_each_record_of_a_batch_is_sent_by_itself_and_none_of_a_refused_batch(post: Post) -> None:
    post.register("company.created")
    post.house.make("companies", [{"name": str(number)} for number in range(7)])
    refused = post.house.ask("POST", "/rest/batch/companies", [{"name": "good"}, {"name": 5}])
    late = post.house.ask("POST", "/rest/batch/companies", [{"name": "good"}, {"name": "bad", "accountOwnerId": LOST}])
    assert (refused.status, late.status) == (400, 400)
    post.deliver()
    assert sorted(each.json["record"]["name"] for each in post.receiver.got) == [str(number) for number in range(7)]


def test_a_change_of_nothing_sends_nothing(post: Post) -> None:
    post.register()
    made = company(post)
    change(post, made["id"], name="Harbour Light")
    post.deliver()
    assert post.receiver.names == ["company.created"]


def test_every_action_has_its_event(post: Post) -> None:
    post.register()
    made = company(post)
    path = f"/rest/companies/{made['id']}"
    asked = [
        ("DELETE", f"{path}?soft_delete=true"),
        ("PATCH", f"/rest/restore/companies/{made['id']}"),
        ("DELETE", f"{path}?soft_delete=true"),
        ("DELETE", path),
    ]
    for method, address in asked:
        answer = post.house.ask(method, address)
        assert answer.status == 200, answer.content
    post.deliver()
    assert post.receiver.names == [
        f"company.{each}" for each in ("created", "deleted", "restored", "deleted", "destroyed")
    ]
    _, deleted, restored, _, destroyed = (each.json for each in post.receiver.got)
    assert deleted["updatedFields"] == restored["updatedFields"] == ["deletedAt"]
    assert deleted["record"]["deletedAt"] is not None
    assert restored["record"]["deletedAt"] is None
    assert destroyed["record"]["name"] == "Harbour Light"


def test_an_upsert_sends_created_or_updated(post: Post) -> None:
    post.register()
    body = [{"name": "One", "domainName": {"primaryLinkUrl": "https://one.example.com"}}]
    for name in ("One", "Another"):
        answer = post.house.ask("POST", "/rest/batch/companies?upsert=true", [{**body[0], "name": name}])
        assert answer.status == 201, answer.content
    post.deliver()
    assert post.receiver.names == ["company.created", "company.updated"]


def test_a_merge_tells_of_the_survivor_the_others_and_what_moved(post: Post) -> None:
    first, second = company(post), company(post, name="Twin", employees=9)
    post.house.make("people", [{"name": {"firstName": "Ada", "lastName": "M"}, "companyId": second["id"]}])
    post.publish()
    post.register()
    answer = post.house.ask(
        "PATCH", "/rest/companies/merge", {"ids": [first["id"], second["id"]], "conflictPriorityIndex": 0}
    )
    assert answer.status == 200, answer.content
    post.deliver()
    assert sorted(post.receiver.names) == ["company.destroyed", "company.updated", "person.updated"]


@pytest.mark.parametrize(
    ("operations", "heard"),
    [
        (["company.created"], ["company.created"]),
        (["*.created"], ["company.created", "person.created"]),
        (["company.*"], ["company.created", "company.updated"]),
        (["company.*", "company.created", "*.*"], ["company.created", "company.updated", "person.created"]),
        (["note.created"], []),
    ],
)
def test_operations_choose(post: Post, operations: list[str], heard: list[str]) -> None:
    post.register(*operations)
    made = company(post)
    change(post, made["id"], name="Beacon")
    post.house.make("people", [{"name": {"firstName": "Ada", "lastName": "M"}}])
    post.deliver()
    assert sorted(post.receiver.names) == heard


def test_fields_choose_among_updates(post: Post) -> None:
    post.register("company.*", updatedFields=["employees"])
    made = company(post)
    change(post, made["id"], name="Beacon")
    change(post, made["id"], employees=5)
    post.deliver()
    assert post.receiver.names == ["company.created", "company.updated"]


def test_a_thin_payload_tells_the_id_alone(post: Post) -> None:
    post.register("company.*", payload="thin")
    made = company(post)
    change(post, made["id"], name="Beacon")
    post.deliver()
    assert [each.json["record"] for each in post.receiver.got] == [{"id": made["id"]}] * 2
    assert "previousRecord" not in post.receiver.got[1].json


def test_a_long_record_is_cut_to_what_changed(post: Post) -> None:
    post.register("company.*")
    made = company(post, xLink={"primaryLinkLabel": "x" * 300_000, "primaryLinkUrl": "https://x.example.com"})
    change(post, made["id"], employees=5)
    post.deliver()
    created, updated = (each.json for each in post.receiver.got)
    assert (created["record"], created["truncated"]) == ({"id": made["id"]}, True)
    assert (updated["record"], updated["truncated"]) == ({"id": made["id"], "employees": 5}, True)


def test_without_a_secret_nothing_is_signed(post: Post) -> None:
    post.register("company.created", secret="")
    company(post)
    post.deliver()
    (got,) = post.receiver.got
    assert not [name for name in got.headers if "signature" in name.lower() or name.startswith("X-Twenty")]


def test_what_happened_before_a_webhook_was_made_is_not_sent(post: Post) -> None:
    company(post)
    post.register()
    post.deliver()
    assert post.receiver.got == []


def test_a_change_of_the_model_is_an_event_for_each_thing_touched(post: Post) -> None:
    post.register("metadata.objectMetadata.*", "metadata.*.updated")
    names = {"nameSingular": "boat", "namePlural": "boats", "labelSingular": "Boat", "labelPlural": "Boats"}
    made = post.house.ask("POST", "/rest/metadata/objects", {**names, "description": HOSTILE})
    assert made.status == 201, made.content
    identifier = made.json["data"]["createOneObject"]["id"]
    post.house.ask("PATCH", f"/rest/metadata/objects/{identifier}", {"labelPlural": "Ships"})
    post.house.ask("DELETE", f"/rest/metadata/objects/{identifier}")
    post.deliver()
    told = [each.json for each in post.receiver.got if each.json["eventName"].startswith("metadata.objectMetadata")]
    assert next(each["event"]["type"] for each in told if each["event"]["recordId"] == identifier) == "created"
    created = told[0]
    assert created["event"]["metadataName"] == "objectMetadata"
    assert created["event"]["properties"]["after"]["nameSingular"] == "boat"
    assert created["event"]["properties"]["after"]["description"] == HOSTILE.strip()
    assert "userId" not in created
    assert created["apiKeyId"]
    renamed = next(
        each
        for each in told
        if each["event"]["type"] == "updated" and "labelPlural" in each["event"]["properties"]["diff"]
    )
    assert renamed["event"]["properties"]["diff"]["labelPlural"] == {"before": "Boats", "after": "Ships"}
    assert told[-1]["event"]["type"] == "deleted"
    for each in post.receiver.got:
        assert json.dumps(each.json, ensure_ascii=False, separators=(",", ":")).encode() == each.body


def test_webhooks_are_told_of_without_their_secrets(post: Post) -> None:
    post.register("metadata.webhook.*")
    other = post.register("note.created", secret="do not tell")
    post.house.ask("PATCH", f"/rest/metadata/webhooks/{other['id']}", {"description": "Changed"})
    post.house.ask("DELETE", f"/rest/metadata/webhooks/{other['id']}")
    post.deliver()
    assert post.receiver.names == [f"metadata.webhook.{each}" for each in ("created", "updated", "deleted")]
    for each in post.receiver.got:
        assert b"ecret" not in each.body
        assert b"do not tell" not in each.body


def test_everything_is_told_to_who_wants_everything(post: Post) -> None:
    post.register("*.*")
    company(post)
    post.house.ask("POST", "/rest/metadata/webhooks", {"targetUrl": "https://hooks.example.com"})
    post.deliver()
    assert sorted(post.receiver.names) == ["company.created", "metadata.webhook.created"]
