"""A worker with a clock that a test moves, and a receiver for what it delivers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from icosa.access.vault import Vault
from icosa.settings import RETRY_SCHEDULE
from icosa.webhooks.addresses import AddressRules
from icosa.webhooks.client import Sender
from icosa.webhooks.worker import Policy, Worker
from support.house import House
from support.publishing import publish_all, schema_of
from support.receiver import Receiver
from support.serving import SECRET

POLICY = Policy(RETRY_SCHEDULE, dt.timedelta(days=30), dt.timedelta(days=7))


class Post:
    """A worker with a clock that stands still until it is moved, and a receiver for what it delivers."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.receiver = Receiver()
        self.now = dt.datetime.now(dt.UTC)
        self._schema = schema_of(house)
        house.run(self.receiver.start())
        self.sender = house.run(self._make_sender())
        self.worker = self.make_worker()

    async def _make_sender(self) -> Sender:
        return Sender(AddressRules.of(["127.0.0.1"], safe=True), 5)

    def make_worker(self) -> Worker:
        return Worker(self.house.database, Vault(SECRET), self.sender, POLICY, self.clock)

    def clock(self) -> dt.datetime:
        self.now = max(self.now, dt.datetime.now(dt.UTC))
        return self.now

    def register(self, *operations: str, **given: Any) -> Any:
        body = {"targetUrl": self.receiver.url, "operations": list(operations) or ["*.*"], **given}
        answer = self.house.ask("POST", "/rest/metadata/webhooks", body)
        assert answer.status == 201, answer.content
        return answer.json

    def webhook(self, webhook_id: str) -> Any:
        return self.house.ask("GET", f"/rest/metadata/webhooks/{webhook_id}").json

    def publish(self) -> None:
        self.house.run(publish_all(self.house, self._schema))

    def deliver(self, after: dt.timedelta = dt.timedelta(0)) -> None:
        """Deliver what is due, as much later as is said."""
        self.publish()
        self.now += after
        self.house.run(self.worker.deliver_due())

    def log(self, webhook_id: str, **parameters: Any) -> Any:
        path = f"/rest/metadata/webhooks/{webhook_id}/deliveries"
        answer = self.house.ask("GET", path, parameters=parameters)
        assert answer.status == 200, answer.content
        return answer.json["data"]["webhookDeliveries"]

    def close(self) -> None:
        self.house.run(self.sender.close())
        self.house.run(self.receiver.stop())


def company(post: Post, **given: Any) -> Any:
    return post.house.make("companies", [{"name": "Harbour Light", **given}])[0]


def change(post: Post, record_id: str, **given: Any) -> None:
    answer = post.house.ask("PATCH", f"/rest/companies/{record_id}", given)
    assert answer.status == 200, answer.content
