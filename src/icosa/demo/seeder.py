"""Fills a workspace through the record service; running it again adds what is missing and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from icosa.demo.attachments import forget_files, keep_files
from icosa.demo.ground import demo_members, demo_model
from icosa.demo.rows import DemoOptions, demo_rows
from icosa.demo.story import forget_story, story, tell_story
from icosa.events.feed import TIMELINE
from icosa.files.uploads import Uploads
from icosa.founding.members import system_access
from icosa.modeling import ddl
from icosa.plan.reads import Record
from icosa.records.engine import Engine
from icosa.records.service import RecordService
from icosa.store.database import Database

BATCH = 200


async def seed_demo(
    database: Database,
    uploads: Uploads,
    workspace_id: UUID,
    options: DemoOptions,
    progress: Callable[[str, int], None] = lambda name, number: None,
) -> dict[str, int]:
    """Fill a workspace and return how many records were made, by object.

    Args:
        database: migrated.
        uploads: keeps the files of attachments.
        workspace_id: the workspace, with its first member.
        options: see there.
        progress: called with an object's name and the number of its new records.

    Raises:
        NotFound: no such workspace, or it has no member.
    """
    catalog = await demo_model(database, workspace_id)
    members = await demo_members(database, catalog)
    service = RecordService(Engine(database))
    access = system_access(catalog)
    record = {owner: Record(owner, ()) for owner in catalog.objects}
    made: dict[str, int] = {}
    rows = demo_rows(catalog, members, options)
    told = story(catalog, rows)
    for name, bodies in rows.items():
        owner = catalog.by_singular[name]
        known = {str(row["id"]) for row in await database.fetch_all(f"SELECT id FROM {owner.sql_name}")}
        missing = [body for body in bodies if body["id"] not in known]
        # What was destroyed and is made again has a story of its own.
        await forget_story(database, catalog, told, {body["id"] for body in missing})
        if name == "attachment":
            await keep_files(uploads, catalog, missing, options.seed)
        for start in range(0, len(missing), BATCH):
            await service.create(access, owner, missing[start : start + BATCH], record[owner], (), many=True)
        made[name] = len(missing)
        progress(name, len(missing))
    made[TIMELINE] = await tell_story(database, catalog, told)
    progress(TIMELINE, made[TIMELINE])
    await database.execute(f"ANALYZE {', '.join(catalog.by_singular[name].sql_name for name in made)}")
    return made


async def remove_demo(database: Database, uploads: Uploads, workspace_id: UUID, options: DemoOptions) -> int:
    """Destroy the records and files that the seeder has made, and return how many records there were.

    Args:
        database: migrated.
        uploads: has the files of attachments.
        workspace_id: the workspace.
        options: those of the seeding; mail and calendar go in any case.

    Raises:
        NotFound: no such workspace.
    """
    catalog = await demo_model(database, workspace_id)
    members = await demo_members(database, catalog)
    rows = demo_rows(catalog, members, replace(options, with_mail=True, with_calendar=True))
    ids = {name: [body["id"] for body in bodies] for name, bodies in rows.items()}
    removed = await forget_story(
        database, catalog, story(catalog, rows), {each for some in ids.values() for each in some}
    )
    await database.execute(ddl.touched(catalog), catalog.by_singular[TIMELINE].id, ddl.NOBODY)
    for name, bodies in reversed(rows.items()):
        owner = catalog.by_singular[name]
        status = await database.execute(f"DELETE FROM {owner.sql_name} WHERE id = ANY($1::text[]::uuid[])", ids[name])
        await database.execute(ddl.touched(catalog), owner.id, ddl.NOBODY)
        removed += int(status.rsplit(" ", 1)[-1])
        if name == "attachment":
            await forget_files(uploads, catalog, bodies)
    return removed
