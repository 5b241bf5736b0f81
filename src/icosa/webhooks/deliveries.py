"""The log of deliveries, sending again, and the test event (`webhooks.md` section 5, "Delivery log")."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import orjson

from icosa.access.audit import Actor, audit
from icosa.access.vault import Vault
from icosa.catalog.model import Catalog
from icosa.errors import BadInput, NotFound
from icosa.modeling.problems import Problems
from icosa.store.database import NOTIFY, Database
from icosa.webhooks.client import AGENT, Outcome, Sender
from icosa.webhooks.payloads import BODY
from icosa.webhooks.queue import CHANNEL
from icosa.webhooks.requests import masked, signed_headers
from icosa.webhooks.rules import checked_url

STATES = ("queued", "sending", "succeeded", "failed", "dead")
MOST_LISTED = 200
STANDING_HEADERS = {"Content-Type": "application/json", "User-Agent": AGENT}
AGAIN = """
    update core.webhook_delivery set state = 'queued', attempt = 0, next_attempt_at = $1
"""
REPLAY = f"{AGAIN} where workspace_id = $2 and id = $3 and state <> 'sending' returning webhook_id"
REPLAY_MANY = f"""
    with chosen as ({AGAIN} where workspace_id = $2 and webhook_id = $3 and state = $4 and created_at >= $5 returning 1)
    select count(*) from chosen
"""
WEBHOOK = "select * from core.webhook where workspace_id = $1 and id = $2"


def log_statement(catalog: Catalog, condition: str) -> str:
    """Return SQL for deliveries with their bodies, newest first; `$1` is the workspace, `$2` since when bodies are told."""
    return f"""
        SELECT d.*, CASE WHEN d.created_at >= $2 THEN {BODY} END AS request_body
        FROM core.webhook_delivery d
        JOIN core.webhook w ON w.id = d.webhook_id
        JOIN {catalog.event_table} e ON e.sequence = d.event_sequence
        LEFT JOIN core.object_metadata o ON o.id = e.object_id
        WHERE d.workspace_id = $1 AND {condition}
        ORDER BY d.position DESC, d.id DESC
    """


LISTED = """
    d.webhook_id = $3 AND ($4::text IS NULL OR d.state = $4) AND ($5::text IS NULL OR d.event_name = $5)
    AND ($6::uuid IS NULL OR (d.position, d.id) < (
        SELECT c.position, c.id FROM core.webhook_delivery c WHERE c.workspace_id = $1 AND c.id = $6
    ))
"""


@dataclass(frozen=True, slots=True)
class Trial:
    """A test event that was sent.

    Attributes:
        headers: of the request, signatures masked.
        body: of the request.
        outcome: what became of it.
    """

    headers: Mapping[str, str]
    body: str
    outcome: Outcome


class Deliveries:
    """The deliveries of all workspaces, as people look at them.

    Args:
        database: where they are.
        sender: sends test events.
        vault: opens secrets.
        keep_bodies: for how long bodies are told.
    """

    def __init__(self, database: Database, sender: Sender, vault: Vault, keep_bodies: dt.timedelta) -> None:
        self._database = database
        self._sender = sender
        self._vault = vault
        self._keep_bodies = keep_bodies

    async def page(
        self,
        catalog: Catalog,
        webhook_id: UUID,
        *,
        state: str | None,
        event_name: str | None,
        first: int,
        after: UUID | None,
    ) -> tuple[list[Any], bool]:
        """Return a page of a webhook's deliveries, newest first, and whether there are more.

        Raises:
            NotFound: the workspace has no such webhook.
            BadInput: a state that there is not, or a page of a senseless size.
        """
        if state is not None and state not in STATES:
            raise BadInput(f"state: must be one of {', '.join(STATES)}")
        if first < 1:
            raise BadInput("first: must be a whole number, 1 or more")
        await self._webhook(catalog.workspace_id, webhook_id)
        most = min(first, MOST_LISTED)
        rows = await self._database.fetch_all(
            f"{log_statement(catalog, LISTED)} LIMIT $7",
            catalog.workspace_id,
            self._since(),
            webhook_id,
            state,
            event_name,
            after,
            most + 1,
        )
        return list(rows[:most]), len(rows) > most

    async def find(self, catalog: Catalog, delivery_id: UUID) -> Any:
        """Return a delivery.

        Raises:
            NotFound: the workspace has no such one.
        """
        row = await self._database.fetch_row(
            log_statement(catalog, "d.id = $3"), catalog.workspace_id, self._since(), delivery_id
        )
        if row is None:
            raise _no_delivery()
        return row

    async def replay(self, catalog: Catalog, delivery_id: UUID, *, by: Actor) -> Any:
        """Queue a delivery once more, under its old id, and return it; one that is being sent is left alone.

        Raises:
            NotFound: the workspace has no such delivery.
        """
        await self.find(catalog, delivery_id)
        async with self._database.transaction() as connection:
            webhook_id = await connection.fetchval(REPLAY, _now(), catalog.workspace_id, delivery_id)
            if webhook_id is not None:
                await audit(connection, by, catalog.workspace_id, "webhook.replayed", webhook_id, deliveries=1)
                await connection.execute(NOTIFY, CHANNEL, str(catalog.workspace_id))
        return await self.find(catalog, delivery_id)

    async def replay_many(
        self, catalog: Catalog, webhook_id: UUID, state: str, since: dt.datetime | None, *, by: Actor
    ) -> int:
        """Queue a webhook's deliveries of one state once more and return how many they are.

        Raises:
            NotFound: the workspace has no such webhook.
            BadInput: a state whose deliveries cannot be sent again.
        """
        if state not in {"succeeded", "failed", "dead"}:
            raise BadInput("state: must be one of succeeded, failed, dead")
        await self._webhook(catalog.workspace_id, webhook_id)
        start = since or dt.datetime.min.replace(tzinfo=dt.UTC)
        async with self._database.transaction() as connection:
            count: int = await connection.fetchval(REPLAY_MANY, _now(), catalog.workspace_id, webhook_id, state, start)
            await audit(connection, by, catalog.workspace_id, "webhook.replayed", webhook_id, deliveries=count)
            await connection.execute(NOTIFY, CHANNEL, str(catalog.workspace_id))
        return count

    async def test(
        self, catalog: Catalog, webhook_id: UUID | None, target_url: str | None, secret: str | None
    ) -> Trial:
        """Send a made-up event, signed like any other, to a webhook or to one that is yet to be made.

        Raises:
            NotFound: the workspace has no such webhook.
            Invalid: no address to send to, or a bad one.
        """
        row = None if webhook_id is None else await self._webhook(catalog.workspace_id, webhook_id)
        if target_url is not None or row is None:
            problems = Problems("webhook", "create", {"targetUrl": target_url})
            target_url = checked_url(target_url, problems)
            problems.check()
        else:
            target_url = row["target_url"]
        key = secret if secret is not None else "" if row is None else self._vault.open(row["secret"])
        now = _now()
        message_id = str(uuid4())
        body = orjson.dumps(
            {
                "targetUrl": target_url,
                "eventName": "ping",
                "workspaceId": str(catalog.workspace_id),
                "webhookId": None if webhook_id is None else str(webhook_id),
                "eventDate": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "record": {"id": str(uuid4()), "name": "Test"},
                "id": message_id,
            }
        )
        headers = signed_headers(message_id, body, [key], now)
        outcome = await self._sender.send(target_url or "", body, headers)
        return Trial(masked({**STANDING_HEADERS, **headers}), body.decode(), outcome)

    async def _webhook(self, workspace_id: UUID, webhook_id: UUID) -> Any:
        row = await self._database.fetch_row(WEBHOOK, workspace_id, webhook_id)
        if row is None:
            raise NotFound("There is no webhook with this id", "WEBHOOK_NOT_FOUND")
        return row

    def _since(self) -> dt.datetime:
        return _now() - self._keep_bodies


def request_headers(delivery_id: UUID, attempts: list[Any]) -> dict[str, str] | None:
    """Return the headers of a delivery's last attempt as the log shows them; None when it was not sent yet."""
    if not attempts:
        return None
    keys = ["masked"] if attempts[-1]["signed"] else []
    at = dt.datetime.fromisoformat(attempts[-1]["at"])
    return masked({**STANDING_HEADERS, **signed_headers(str(delivery_id), b"", keys, at)})


def _no_delivery() -> NotFound:
    return NotFound("There is no delivery with this id", "WEBHOOK_DELIVERY_NOT_FOUND")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
