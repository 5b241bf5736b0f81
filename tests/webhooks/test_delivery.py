"""What is sent, to whom and how often, to a real receiver (`webhooks.md` sections 2, 3 and 5)."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import hmac
import json
from typing import Any

import pytest
from aiohttp import web
from standardwebhooks import Webhook

from icosa.webhooks.queue import CHANNEL, Queue
from support.accounts import sign_in
from support.post import Post

SECONDS, HOURS = dt.timedelta(seconds=1), dt.timedelta(hours=1)
PATIENT = 30
HOSTILE = 'quote " back \\ slash / \u2028 \x01 \x7f ț 🦊 שלום'


def company(post: Post, **given: Any) -> Any:
    return post.house.make("companies", [{"name": "Harbour Light", **given}])[0]


def change(post: Post, record_id: str, **given: Any) -> None:
    answer = post.house.ask("PATCH", f"/rest/companies/{record_id}", given)
    assert answer.status == 200, answer.content


def failing(status: int, headers: dict[str, str] | None = None) -> Any:
    return lambda _: web.Response(status=status, headers=headers)


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


LOST = "3f5f7d2e-6a55-4d1c-9c33-000000000000"


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


def test_a_failure_is_tried_again_with_the_same_id_and_body(post: Post) -> None:
    webhook = post.register("company.created")
    post.receiver.answer = failing(500)
    company(post)
    pauses = [0 * SECONDS, 6 * SECONDS, 6 * 60 * SECONDS, *(hours * HOURS for hours in (0.6, 2.4, 6, 12, 17, 24, 29))]
    for number, pause in enumerate(pauses, 1):
        post.deliver(after=pause)
        assert len(post.receiver.got) == number
        post.deliver()
        assert len(post.receiver.got) == number
    assert len({(each.id, each.body) for each in post.receiver.got}) == 1
    assert len({each.headers["webhook-signature"] for each in post.receiver.got}) == 10
    post.deliver(after=100 * HOURS)
    (logged,) = post.log(webhook["id"])
    assert (logged["state"], logged["attempt"], logged["error"]) == ("dead", 10, "http-500")
    assert [each["status"] for each in logged["attempts"]] == [500] * 10
    post.receiver.answer = failing(204)
    address = f"/rest/metadata/webhooks/{webhook['id']}/deliveries/{logged['id']}/replay"
    assert post.house.ask("POST", address).json["data"]["replayWebhookDelivery"]["state"] == "queued"
    post.deliver()
    assert post.receiver.got[-1].id == post.receiver.got[0].id
    assert post.log(webhook["id"])[0]["state"] == "succeeded"


def test_an_event_waits_for_the_one_before_it_of_the_same_record_only(post: Post) -> None:
    webhook = post.register("company.*")
    made, other = company(post, name="Slow"), company(post, name="Other")
    change(post, made["id"], name="Slower")
    post.receiver.answer = lambda got: web.Response(status=503 if got.json["record"]["name"] == "Slow" else 200)
    post.deliver()
    assert sorted(each.json["record"]["name"] for each in post.receiver.got) == ["Other", "Slow"]
    assert post.log(webhook["id"], state="queued")[0]["recordId"] == made["id"]
    post.receiver.answer = failing(200)
    post.deliver(after=6 * SECONDS)
    assert [each.json["record"]["name"] for each in post.receiver.got[2:]] == ["Slow", "Slower"]
    assert other["id"] in {each.json["record"]["id"] for each in post.receiver.got}


def test_retry_after_holds_back_the_whole_webhook(post: Post) -> None:
    post.register("company.created")
    post.receiver.answer = failing(429, {"Retry-After": "600"})
    company(post)
    post.deliver()
    company(post)
    post.deliver(after=60 * SECONDS)
    assert len(post.receiver.got) == 1
    post.receiver.answer = failing(200)
    post.deliver(after=600 * SECONDS)
    assert len(post.receiver.got) == 3


def test_gone_switches_a_webhook_off_until_a_person_switches_it_on(post: Post) -> None:
    webhook = post.register("company.created")
    post.receiver.answer = failing(410)
    company(post)
    post.deliver()
    company(post)
    post.deliver(after=10 * HOURS)
    assert len(post.receiver.got) == 1
    told = post.webhook(webhook["id"])
    assert (told["isActive"], told["inactiveReason"]) == (False, "gone")
    post.receiver.answer = failing(200)
    answer = post.house.ask("PATCH", f"/rest/metadata/webhooks/{webhook['id']}", {"isActive": True})
    assert (answer.json["isActive"], answer.json["inactiveReason"]) == (True, None)
    company(post)
    post.deliver()
    assert len(post.receiver.got) == 3


def test_five_days_of_nothing_but_failures_switch_a_webhook_off(post: Post) -> None:
    webhook = post.register("company.created")
    post.receiver.answer = failing(500)
    company(post)
    post.deliver()
    post.deliver(after=119 * HOURS)
    assert post.webhook(webhook["id"])["isActive"]
    post.deliver(after=2 * HOURS)
    assert post.webhook(webhook["id"])["inactiveReason"] == "failing"


def test_a_success_ends_the_days_of_failures(post: Post) -> None:
    webhook = post.register("company.created")
    post.receiver.answer = failing(500)
    company(post)
    post.deliver()
    post.receiver.answer = failing(200)
    post.deliver(after=119 * HOURS)
    post.receiver.answer = failing(500)
    company(post)
    post.deliver(after=2 * HOURS)
    post.deliver(after=2 * HOURS)
    assert post.webhook(webhook["id"])["isActive"]


def test_a_receiver_that_is_not_there_is_refused(post: Post) -> None:
    webhook = post.register("company.created")
    post.house.run(post.receiver.stop())
    company(post)
    post.deliver()
    assert post.log(webhook["id"])[0]["error"] == "refused"


def test_what_a_killed_worker_had_taken_is_sent_by_another(post: Post) -> None:
    webhook = post.register("company.created")
    company(post)
    post.publish()
    schema = post.house.run(post.house.database.fetch_value("SELECT schema_name FROM core.workspace"))
    claimed = post.house.run(Queue(post.house.database).claim(post.house.workspace_id, schema, post.clock(), {}, 50))
    assert len(claimed) == 1
    post.deliver(after=30 * SECONDS)
    assert post.receiver.got == []
    post.deliver(after=40 * SECONDS)
    assert [each.id for each in post.receiver.got] == [str(claimed[0]["id"])]
    assert post.log(webhook["id"])[0]["attempt"] == 2


def test_two_workers_on_one_queue_send_everything_once(post: Post) -> None:
    post.register("company.created")
    post.register("company.*")
    post.house.make("companies", [{"name": str(number)} for number in range(100)])
    post.publish()
    other = post.make_worker()

    async def both() -> None:
        await asyncio.gather(post.worker.deliver_due(), other.deliver_due())

    post.house.run(both())
    assert len(post.receiver.got) == len({each.id for each in post.receiver.got}) == 200


def test_a_rolled_secret_signs_beside_the_old_one_for_as_long_as_asked(post: Post) -> None:
    webhook = post.register("company.created")
    answer = post.house.ask("POST", f"/rest/metadata/webhooks/{webhook['id']}/secret/roll", {"keepOldForHours": 24})
    new = answer.json["secret"]
    assert new != webhook["secret"]
    company(post)
    post.deliver()
    company(post)
    post.deliver(after=25 * HOURS)
    during, later = post.receiver.got
    assert len(during.headers["webhook-signature"].split()) == 2
    for secret in (new, webhook["secret"]):
        assert Webhook(secret).verify(during.body, during.headers)
    assert len(later.headers["webhook-signature"].split()) == 1


def test_deleting_a_webhook_drops_what_is_queued(post: Post) -> None:
    webhook = post.register("company.created")
    company(post)
    post.publish()
    assert post.house.ask("DELETE", f"/rest/metadata/webhooks/{webhook['id']}").status == 200
    post.deliver()
    assert post.receiver.got == []


def test_what_happened_before_a_webhook_was_made_is_not_sent(post: Post) -> None:
    company(post)
    post.register()
    post.deliver()
    assert post.receiver.got == []


def test_the_log_pages_filters_and_masks(post: Post) -> None:
    webhook = post.register("company.*")
    made = company(post)
    for number in range(4):
        change(post, made["id"], employees=number)
    post.deliver()
    document = """
        query ($id: UUID!, $after: ConnectionCursor, $name: String) {
          webhookDeliveries(webhookId: $id, first: 2, after: $after, eventName: $name) {
            edges { cursor node { id eventName sequence state responseStatus responseBody requestBody requestHeaders } }
            pageInfo { hasNextPage endCursor }
          }
        }
    """
    seen: list[Any] = []
    cursor = None
    while True:
        variables = {"id": webhook["id"], "after": cursor, "name": None}
        page = post.house.ask("POST", "/metadata", {"query": document, "variables": variables}).json["data"][
            "webhookDeliveries"
        ]
        seen += [each["node"] for each in page["edges"]]
        cursor = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert [each["sequence"] for each in seen] == sorted(
        (each.json["sequence"] for each in post.receiver.got), reverse=True
    )
    assert seen[0]["responseBody"] == "thanks"
    assert json.loads(seen[0]["requestBody"])["record"]["employees"] == 3
    assert "v1," not in json.dumps(seen[0]["requestHeaders"])
    assert len(post.log(webhook["id"], eventName="company.created")) == 1
    assert post.log(webhook["id"], state="dead") == []


def test_a_test_event_is_signed_and_its_result_is_told_at_once(post: Post) -> None:
    document = """
        mutation ($id: UUID, $url: String, $secret: String) {
          sendTestWebhook(id: $id, targetUrl: $url, secret: $secret) { succeeded status error requestBody responseBody }
        }
    """
    webhook = post.register("company.created")
    post.receiver.answer = failing(418)
    for variables in ({"id": webhook["id"]}, {"url": post.receiver.url, "secret": webhook["secret"]}):
        answer = post.house.ask("POST", "/metadata", {"query": document, "variables": variables})
        told = answer.json["data"]["sendTestWebhook"]
        assert (told["succeeded"], told["status"], told["error"]) == (False, 418, "http-418")
        got = post.receiver.got[-1]
        assert told["requestBody"].encode() == got.body
        sent = Webhook(webhook["secret"]).verify(got.body, got.headers)
        assert (sent["eventName"], sent["record"]["name"]) == ("ping", "Test")


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


def test_workers_hear_of_what_was_queued_and_of_nothing_else(post: Post) -> None:
    house = post.house
    house.quiet()
    post.register("company.created")
    post.publish()
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def listen() -> None:
        await house.database.listen(CHANNEL, heard.put_nowait)

    house.run(listen())
    house.make("people", [{"jobTitle": "Pilot"}])
    post.publish()
    company(post)
    post.publish()
    assert house.run(asyncio.wait_for(heard.get(), PATIENT)) == str(house.workspace_id)
    assert heard.empty()
