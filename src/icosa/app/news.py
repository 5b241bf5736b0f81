"""What tells others of changes: the publisher of events, and the worker that delivers them to webhooks."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import structlog

from icosa.access.vault import Vault
from icosa.catalog.snapshots import Snapshots
from icosa.events.arrivals import Arrivals
from icosa.events.publisher import Publisher
from icosa.events.timeline import Timeline
from icosa.settings import Settings
from icosa.store.database import Database
from icosa.webhooks.addresses import AddressRules
from icosa.webhooks.client import Sender
from icosa.webhooks.fan_out import FAN_OUT
from icosa.webhooks.worker import Policy, Worker

log = structlog.get_logger("icosa.webhooks")


class News:
    """One for each process; made inside a running loop.

    Args:
        database: where events and deliveries are.
        snapshots: the models.
        settings: the operator's.
        vault: opens the webhooks' secrets.

    Attributes:
        arrivals: tells when events were published.
        rules: which addresses webhooks may have.
        sender: sends requests to webhooks.
        policy: how deliveries are repeated and kept.
    """

    def __init__(self, database: Database, snapshots: Snapshots, settings: Settings, vault: Vault) -> None:
        self.arrivals = Arrivals(database)
        self.rules = AddressRules.of(settings.outbound_allowed_hosts, safe=settings.outbound_safe_mode)
        self.sender = Sender(self.rules, settings.webhook_timeout_ms / 1000)
        self.policy = Policy(
            settings.webhook_retry_schedule,
            dt.timedelta(days=settings.webhook_delivery_days),
            dt.timedelta(days=settings.webhook_log_days),
        )
        self._timeline = Timeline(database, snapshots)
        self._publisher = Publisher(database, FAN_OUT, self._timeline.published)
        self._worker = Worker(database, vault, self.sender, self.policy) if settings.webhook_worker else None

    async def start(self) -> None:
        """Begin to publish and, unless another process does it, to deliver."""
        if not self.rules.safe:
            log.warning("webhooks may go to every private address", setting="OUTBOUND_HTTP_SAFE_MODE_ENABLED")
        await self.arrivals.start()
        self._timeline.start()
        self._publisher.start()
        if self._worker is not None:
            await self._worker.start()

    async def stop(self) -> None:
        """Stop; what is under way gets a moment to end."""
        await self._publisher.stop()
        await self._timeline.stop()
        if self._worker is not None:
            await self._worker.stop()
        await self.sender.close()

    def wrote(self, workspace_id: UUID) -> None:
        """Take notice that a workspace has new events."""
        self._publisher.wrote(workspace_id)
