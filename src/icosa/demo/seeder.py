"""Fills a workspace through the record service; running it again adds what is missing and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from icosa.catalog.model import Catalog
from icosa.demo.attachments import forget_files, keep_files
from icosa.demo.changes import beginning, due_changes
from icosa.demo.ground import demo_members, demo_model
from icosa.demo.plan import Body
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
    rows = demo_rows(catalog, await demo_members(database, catalog), options)
    told = story(catalog, rows)
    writer = Writer(database, catalog)
    made: dict[str, int] = {}
    for name, bodies in rows.items():
        missing = await writer.missing(name, bodies)
        # What was destroyed and is made again has a story of its own.
        await forget_story(database, catalog, told, {body["id"] for body in missing})
        if name == "attachment":
            await keep_files(uploads, catalog, missing, options.seed)
        await writer.make(name, missing)
        made[name] = len(missing)
        progress(name, len(missing))
    # Behind all rows: a change of a task is told to the records that it is linked to by then.
    changed = {each for name, bodies in rows.items() for each in await writer.change(name, bodies)}
    made[TIMELINE] = await tell_story(database, catalog, told, changed)
    progress(TIMELINE, made[TIMELINE])
    await database.execute(f"ANALYZE {', '.join(catalog.by_singular[name].sql_name for name in made)}")
    return made


class Writer:
    """Writes rows as the API would, a batch at a time.

    Args:
        database: migrated.
        catalog: the whole model.
    """

    def __init__(self, database: Database, catalog: Catalog) -> None:
        self._database = database
        self._catalog = catalog
        self._service = RecordService(Engine(database))
        self._access = system_access(catalog)

    async def missing(self, name: str, bodies: list[Body]) -> list[Body]:
        """Return the bodies of the records that are not there, live or in the trash."""
        owner = self._catalog.by_singular[name]
        known = {str(row["id"]) for row in await self._database.fetch_all(f"SELECT id FROM {owner.sql_name}")}
        return [body for body in bodies if body["id"] not in known]

    async def make(self, name: str, bodies: list[Body]) -> None:
        """Make records in the state in which they began."""
        owner = self._catalog.by_singular[name]
        for start in range(0, len(bodies), BATCH):
            batch = [beginning(name, body) for body in bodies[start : start + BATCH]]
            await self._service.create(self._access, owner, batch, Record(owner, ()), (), many=True)

    async def change(self, name: str, bodies: list[Body]) -> list[str]:
        """Bring the records that are in their first state into their last, and return their ids."""
        owner = self._catalog.by_singular[name]
        due = await due_changes(self._database, owner, bodies)
        for start in range(0, len(due), BATCH):
            batch = due[start : start + BATCH]
            await self._service.upsert(self._access, owner, batch, Record(owner, ()), (), many=True)
        return [body["id"] for body in due]


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
    for name, bodies in reversed(rows.items()):
        owner = catalog.by_singular[name]
        async with database.transaction() as connection:
            destroy = f"DELETE FROM {owner.sql_name} WHERE id = ANY($1::text[]::uuid[])"
            status = await connection.execute(destroy, ids[name])
            # The foreign keys may change records of any object.
            await connection.executemany(ddl.touched(catalog), [(each.id, ddl.NOBODY) for each in catalog.objects])
        removed += int(status.rsplit(" ", 1)[-1])
        if name == "attachment":
            await forget_files(uploads, catalog, bodies)
    return removed
