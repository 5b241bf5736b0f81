"""The queue of deliveries in PostgreSQL: claimed by one worker at a time, in order for each record, settled in batches.

It is a table of ours and not a library's queue, because who comes next depends on the record: an event waits until the
one before it, of the same record to the same webhook, has succeeded or died (`webhooks.md` section 5, "order").
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson

from icosa.naming import quoted
from icosa.store.database import Database
from icosa.webhooks.payloads import BODY

# Tells workers of a workspace that something was queued.
CHANNEL = "icosa_deliveries"
PENDING = "('queued', 'sending', 'failed')"
LEASE = "interval '60 seconds'"
PER_WEBHOOK = 5
STRIKES_OUT = "interval '5 days'"
PURGED_AT_ONCE = 5000


def claim_statement(schema: str) -> str:
    """Return SQL that takes what is due, at most so many requests for each webhook at a time.

    The parameters are the workspace, the moment, the webhooks that are busy, how busy each is, and the most to take. What
    a killed worker had taken is due again when its lease is over. `OFFSET 0` and the array keep the planner to the indexes
    while it has no statistics of a queue that has just filled.
    """
    return f"""
        WITH due AS MATERIALIZED (
            SELECT x.id
            FROM core.webhook w
            LEFT JOIN unnest($3::uuid[], $4::int[]) b(id, busy) ON b.id = w.id
            CROSS JOIN LATERAL (
                SELECT d.id, d.next_attempt_at, d.position
                FROM core.webhook_delivery d
                WHERE d.webhook_id = w.id AND d.state IN {PENDING} AND d.next_attempt_at <= $2 AND NOT EXISTS (
                    SELECT FROM core.webhook_delivery p
                    WHERE p.webhook_id = d.webhook_id AND p.record_id = d.record_id AND p.position < d.position
                        AND p.state IN {PENDING}
                    OFFSET 0
                )
                ORDER BY d.next_attempt_at, d.position
                LIMIT greatest({PER_WEBHOOK} - coalesce(b.busy, 0), 0)
                FOR UPDATE SKIP LOCKED
            ) x
            WHERE w.workspace_id = $1 AND w.is_active AND (w.paused_until IS NULL OR w.paused_until <= $2)
            ORDER BY x.next_attempt_at, x.position LIMIT $5
        )
        UPDATE core.webhook_delivery d
        SET state = 'sending', attempt = d.attempt + 1, next_attempt_at = $2 + {LEASE}
        FROM core.webhook w, {quoted(schema)}.event e LEFT JOIN core.object_metadata o ON o.id = e.object_id
        WHERE d.id = ANY(ARRAY(SELECT id FROM due)) AND w.id = d.webhook_id AND e.sequence = d.event_sequence
        RETURNING d.id, d.webhook_id, d.workspace_id, d.attempt, w.target_url, w.secret, w.failing_since,
            CASE WHEN w.previous_secret_until > $2 THEN w.previous_secret END AS previous_secret, {BODY} AS body
    """


SETTLE = """
    UPDATE core.webhook_delivery d SET
        state = r.state,
        next_attempt_at = coalesce(r.again, d.next_attempt_at),
        attempts = d.attempts || r.attempt,
        response_headers = r.headers,
        response_body = r.body
    FROM jsonb_to_recordset($1::jsonb)
        AS r(id uuid, number int, state text, again timestamptz, attempt jsonb, headers jsonb, body text)
    WHERE d.id = r.id AND d.state = 'sending' AND d.attempt = r.number
"""
FAILED_TOO_LONG = f"(NOT r.succeeded AND coalesce(w.failing_since <= $2 - {STRIKES_OUT}, false))"
JUDGE = f"""
    UPDATE core.webhook w SET
        failing_since = CASE WHEN r.succeeded THEN NULL ELSE coalesce(w.failing_since, $2) END,
        paused_until = coalesce(r.paused, w.paused_until),
        is_active = w.is_active AND NOT (r.gone OR {FAILED_TOO_LONG}),
        inactive_reason = CASE
            WHEN w.is_active AND r.gone THEN 'gone'
            WHEN w.is_active AND {FAILED_TOO_LONG} THEN 'failing'
            ELSE w.inactive_reason END
    FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, succeeded boolean, gone boolean, paused timestamptz)
    WHERE w.id = r.id
"""
SOONEST = f"""
    SELECT w.workspace_id, min(x.soonest) AS soonest
    FROM core.webhook w
    CROSS JOIN LATERAL (
        SELECT greatest(min(d.next_attempt_at), w.paused_until) AS soonest
        FROM core.webhook_delivery d WHERE d.webhook_id = w.id AND d.state IN {PENDING}
    ) x
    WHERE w.is_active AND x.soonest IS NOT NULL
    GROUP BY w.workspace_id
"""
PURGE = """
    DELETE FROM core.webhook_delivery WHERE id IN (
        SELECT id FROM core.webhook_delivery WHERE created_at < $1 AND state IN ('succeeded', 'dead') LIMIT $2
    )
"""
FORGET_BODIES = """
    UPDATE core.webhook_delivery SET response_body = NULL, response_headers = NULL
    WHERE id IN (SELECT id FROM core.webhook_delivery WHERE created_at < $1 AND response_headers IS NOT NULL LIMIT $2)
"""


class Queue:
    """The deliveries of all workspaces.

    Args:
        database: where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(
        self, workspace_id: UUID, schema: str, now: dt.datetime, busy: Mapping[UUID, int], most: int
    ) -> Sequence[Any]:
        """Take what is due in a workspace and return it, each with its body; it stays taken for a minute."""
        return await self._database.fetch_all(
            claim_statement(schema), workspace_id, now, list(busy), list(busy.values()), most
        )

    async def settle(
        self, results: Sequence[Mapping[str, Any]], webhooks: Sequence[Mapping[str, Any]], now: dt.datetime
    ) -> None:
        """Write down what became of deliveries, and what that says of their webhooks."""
        if results:
            await self._database.execute(SETTLE, orjson.dumps(results).decode())
        if webhooks:
            await self._database.execute(JUDGE, orjson.dumps(webhooks).decode(), now)

    async def soonest(self) -> dict[UUID, dt.datetime]:
        """Return when each workspace that has deliveries has the first one due."""
        return {row["workspace_id"]: row["soonest"] for row in await self._database.fetch_all(SOONEST)}

    async def purge(self, deliveries_before: dt.datetime, bodies_before: dt.datetime) -> None:
        """Forget old deliveries, and the answers of somewhat younger ones."""
        await self._database.execute(PURGE, deliveries_before, PURGED_AT_ONCE)
        await self._database.execute(FORGET_BODIES, bodies_before, PURGED_AT_ONCE)
