"""From published events to deliveries: one for each webhook that wants to hear of one (`webhooks.md` section 2)."""

from __future__ import annotations

from typing import Any

from icosa.events.feed import TIMELINE
from icosa.events.publisher import Follower, Published
from icosa.naming import literal, quoted
from icosa.store.database import NOTIFY
from icosa.webhooks.queue import CHANNEL

NOTHING = "INSERT 0 0"


def fan_out_statement(schema: str) -> str:
    """Return SQL that queues the deliveries of the events between two positions.

    Events of the timeline's entries send nothing, nor do updates of nothing but bookkeeping, and none is sent that is older
    than its webhook, or about it.
    """
    event, published = f"{quoted(schema)}.event", f"{quoted(schema)}.published_event"
    return f"""
        INSERT INTO core.webhook_delivery (workspace_id, webhook_id, position, event_sequence, event_name, record_id)
        SELECT w.workspace_id, w.id, p.position, e.sequence, n.subject || '.' || e.action, e.record_id
        FROM {published} p
        JOIN {event} e USING (sequence)
        LEFT JOIN core.object_metadata o ON o.id = e.object_id
        CROSS JOIN LATERAL (SELECT coalesce('metadata.' || e.kind, o.name_singular) AS subject) n
        CROSS JOIN LATERAL (
            SELECT CASE WHEN e.kind IS NULL
                THEN ARRAY[n.subject || '.' || e.action, '*.' || e.action, n.subject || '.*', '*.*']
                ELSE ARRAY[n.subject || '.' || e.action, 'metadata.*.' || e.action, n.subject || '.*', 'metadata.*.*', '*.*']
            END AS wanted
        ) m
        JOIN core.webhook w ON w.workspace_id = $1 AND w.is_active AND w.created_at <= e.happened_at
            AND w.operations && m.wanted
            AND (e.action <> 'updated' OR e.kind IS NOT NULL OR w.updated_fields = '{{}}' OR e.changed && w.updated_fields)
        WHERE p.position > $2 AND p.position <= $3 AND n.subject <> {literal(TIMELINE)}
            AND (e.action <> 'updated' OR e.changed <> '{{}}') AND (e.kind IS DISTINCT FROM 'webhook' OR e.record_id <> w.id)
    """


async def fan_out(connection: Any, done: Published) -> None:
    """Queue the deliveries of what was just published, in the same transaction, and tell the workers when there are any."""
    status = await connection.execute(fan_out_statement(done.schema), done.workspace_id, done.after, done.last)
    if status != NOTHING:
        await connection.execute(NOTIFY, CHANNEL, str(done.workspace_id))


FAN_OUT = Follower("EXISTS (SELECT FROM core.webhook WHERE workspace_id = $1 AND is_active)", fan_out)
