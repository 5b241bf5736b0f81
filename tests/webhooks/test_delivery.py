"""How deliveries reach a real receiver: again, in order, held back, by any worker, and noted (`webhooks.md` section 5)."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook

from icosa.store.database import NOTIFY
from icosa.webhooks.queue import CHANNEL, Queue
from support.post import Post, change, company
from support.publishing import publish_all, schema_of

SECONDS, HOURS = dt.timedelta(seconds=1), dt.timedelta(hours=1)
PATIENT = 30


def failing(status: int, headers: dict[str, str] | None = None) -> Any:
    return lambda _: web.Response(status=status, headers=headers)


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
    house.run(house.database.execute(NOTIFY, CHANNEL, "that is all"))
    told = [house.run(asyncio.wait_for(heard.get(), PATIENT)) for _ in range(2)]
    assert told == [str(house.workspace_id), "that is all"]


def test_a_worker_that_is_told_does_not_wait_for_its_round(post: Post) -> None:
    post.house.quiet()
    post.register("company.created")
    company(post)

    async def play() -> None:
        arrived = asyncio.Event()

        def receive(_: Any) -> web.Response:
            arrived.set()
            return web.Response()

        post.receiver.answer = receive
        post.worker._next_look = asyncio.get_running_loop().time() + 3600
        await post.worker.start()
        await publish_all(post.house, schema)
        await asyncio.wait_for(arrived.wait(), PATIENT)
        await post.worker.stop()

    schema = schema_of(post.house)
    post.house.run(play())
    assert post.receiver.names == ["company.created"]
