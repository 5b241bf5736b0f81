"""Publishes a workspace's events when a test wants it, and not some moment later."""

from __future__ import annotations

import asyncio

from icosa.events.publisher import Published, Publisher
from icosa.webhooks.fan_out import FAN_OUT
from support.house import House

MOST_TRIES = 1000


def schema_of(house: House) -> str:
    return str(house.run(house.database.fetch_value("SELECT schema_name FROM core.workspace")))


async def publish_all(house: House, schema: str) -> Published:
    publisher = Publisher(house.database, FAN_OUT)
    for _ in range(MOST_TRIES):
        done = await publisher.publish(house.workspace_id, schema)
        if done is not None:
            return done
        # The house's own publisher is at it, and may have begun before the latest event was there.
        await asyncio.sleep(0.01)
    raise AssertionError("another publisher never let go")
