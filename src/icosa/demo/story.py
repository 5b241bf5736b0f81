"""The timeline of the demo: activities as the writes themselves make them, moved back to when the records say.

`demo-data.md`, "How many": made by the writes themselves, then moved back in time with the record.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from icosa.catalog.model import Catalog
from icosa.catalog.snapshots import Snapshots
from icosa.demo.changes import has_changed
from icosa.demo.plan import Body, demo_id
from icosa.events.feed import TIMELINE
from icosa.events.publisher import MOST_AT_ONCE, Publisher
from icosa.events.timeline import Timeline
from icosa.modeling import ddl
from icosa.store.database import Database
from icosa.webhooks.fan_out import FAN_OUT

LINKS = {"noteTarget": "note", "taskTarget": "task"}
SCHEMA = "SELECT schema_name FROM core.workspace WHERE id = $1"
POSITION = "SELECT position FROM core.publication WHERE workspace_id = $1"
FOLLOWED = "SELECT timeline_position >= $2 FROM core.publication WHERE workspace_id = $1"
# A server that is at the same events lets go within moments.
PATIENCE_SECONDS = 30
PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Moment:
    """One activity of the demo.

    Attributes:
        id: the id that it gets.
        source: the id of the record that it comes from.
        name: what happened, such as `company.created`.
        record: the record on whose timeline it stands.
        linked: the note or task that was linked to that record.
        at: when.
        member: who did it, where it was a member.
        changed: the id of the record whose change it tells of; None when it tells of a beginning.
    """

    id: UUID
    source: str
    name: str
    record: UUID
    linked: UUID | None
    at: dt.datetime
    member: UUID | None
    changed: str | None = None


def story(catalog: Catalog, rows: dict[str, list[Body]]) -> dict[str, list[Moment]]:
    """Return the activities that the making of rows leads to, and their changes, by the column that leads to their record.

    Args:
        catalog: the whole model.
        rows: bodies by object.
    """
    leads = {
        catalog.by_id[field.relation.target_object_id].name_singular: str(field.join_column)
        for field in catalog.by_singular[TIMELINE].fields
        if field.morph_name == "target" and field.relation is not None
    }
    told: dict[str, list[Moment]] = defaultdict(list)
    for name, bodies in rows.items():
        if name in leads:
            for body in bodies:
                told[leads[name]] += _moments(name, body["id"], body["id"], None, name, body)
        elif name in LINKS:
            owner = LINKS[name]
            known = {body["id"]: body for body in rows[owner]}
            for link in bodies:
                column = next(key for key in link if key.startswith("target"))
                subject = known[link[f"{owner}Id"]]
                told[column] += _moments(f"linked-{owner}", link["id"], link[column], subject["id"], owner, subject)
    return told


def _moments(event: str, source: str, record: str, linked: str | None, owner: str, subject: Body) -> Iterator[Moment]:
    """Yield the beginning of a record or of a link to one, and its change where there is one."""
    member = subject["createdBy"].get("workspaceMemberId")
    for action, at in (("created", "createdAt"), ("updated", "updatedAt")):
        if action == "updated" and not has_changed(owner, subject):
            continue
        yield Moment(
            UUID(demo_id(f"timelineActivity:{source}:{action}")),
            source,
            f"{event}.{action}",
            UUID(record),
            UUID(linked) if linked else None,
            dt.datetime.fromisoformat(subject[at]),
            UUID(member) if member else None,
            subject["id"] if action == "updated" else None,
        )


async def forget_story(database: Database, catalog: Catalog, told: dict[str, list[Moment]], sources: set[str]) -> int:
    """Destroy the activities that come from some records, and return how many there were.

    Args:
        database: migrated.
        catalog: the whole model.
        told: the demo's activities.
        sources: the ids of the records.
    """
    timeline = catalog.by_singular[TIMELINE]
    ids = [moment.id for moments in told.values() for moment in moments if moment.source in sources]
    async with database.transaction() as connection:
        status = await connection.execute(f"DELETE FROM {timeline.sql_name} WHERE id = ANY($1)", ids)
        await connection.execute(ddl.touched(catalog), timeline.id, ddl.NOBODY)
    return int(status.rsplit(" ", 1)[-1])


async def tell_story(
    database: Database, catalog: Catalog, told: dict[str, list[Moment]], changed: Collection[str]
) -> int:
    """See that the activities of all writes so far are there, move them to their moments, and return how many moved.

    What a server does at the same time is done once: both publish and follow under the same locks. Where that takes too
    long, the activities stay in the present until the demo is made again.

    Args:
        database: migrated.
        catalog: the whole model.
        told: the demo's activities.
        changed: the ids of the records that were changed just now; what others changed later stays in its time.
    """
    try:
        async with asyncio.timeout(None) as patience:
            await _follow(database, catalog.workspace_id, patience)
    except TimeoutError:
        return 0
    timeline = catalog.by_singular[TIMELINE]
    moved = 0
    async with database.transaction() as connection:
        for column, every in told.items():
            moments = [moment for moment in every if moment.changed is None or moment.changed in changed]
            lead = next(field.join_sql for field in timeline.fields if field.join_column == column)
            status = await connection.execute(
                _move(timeline.sql_name, lead),
                [moment.id for moment in moments],
                [moment.name for moment in moments],
                [moment.record for moment in moments],
                [moment.linked for moment in moments],
                [moment.at for moment in moments],
                [moment.member for moment in moments],
            )
            moved += int(status.rsplit(" ", 1)[-1])
        if moved:
            await connection.execute(ddl.touched(catalog), timeline.id, ddl.NOBODY)
    return moved


async def _follow(database: Database, workspace_id: UUID, patience: asyncio.Timeout) -> None:
    """Publish what was written, and have the timeline follow up to there; patience ends when nothing goes on."""
    clock = asyncio.get_running_loop().time
    schema = await database.fetch_value(SCHEMA, workspace_id)
    publisher, timeline = Publisher(database, FAN_OUT), Timeline(database, Snapshots(database))
    patience.reschedule(clock() + PATIENCE_SECONDS)
    while True:
        done = await publisher.publish(workspace_id, schema)
        if done is None:
            await asyncio.sleep(PAUSE_SECONDS)
            continue
        patience.reschedule(clock() + PATIENCE_SECONDS)
        if done.count < MOST_AT_ONCE:
            break
    position = await database.fetch_value(POSITION, workspace_id)
    while not await database.fetch_value(FOLLOWED, workspace_id, position):
        if await timeline.follow(workspace_id):
            patience.reschedule(clock() + PATIENCE_SECONDS)
        else:
            await asyncio.sleep(PAUSE_SECONDS)


def _move(table: str, lead: str) -> str:
    """Return SQL that moves the activities on one kind of record; one that has been moved stays as it is."""
    return f"""
        UPDATE {table} t SET
            id = m.id, "happensAt" = m.at, "createdAt" = m.at, "updatedAt" = m.at, "workspaceMemberId" = m.member
        FROM (
            SELECT DISTINCT ON (w.id) a.id AS present, w.*
            FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::uuid[])
                AS w (id, name, record, linked, at, member)
            JOIN {table} a ON a.{lead} = w.record AND a.name = w.name AND a."linkedRecordId" IS NOT DISTINCT FROM w.linked
            WHERE NOT EXISTS (SELECT FROM {table} x WHERE x.id = w.id)
            ORDER BY w.id, a."createdAt", a.id
        ) m
        WHERE t.id = m.present
    """
