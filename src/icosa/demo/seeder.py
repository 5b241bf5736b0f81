"""Fills a workspace through the record service; running it again adds what is missing and changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from icosa.access.roles import find_role
from icosa.access.workspaces import Person
from icosa.catalog.load import load_catalog
from icosa.catalog.model import Catalog
from icosa.demo.activities import ActivityMaker
from icosa.demo.deals import SUBSCRIBER, SUBSCRIPTION, SUBSCRIPTION_FIELDS, opportunities, subscriptions
from icosa.demo.makers import Makers
from icosa.demo.people import companies, people
from icosa.demo.plan import Body, Dice, demo_id
from icosa.errors import NotFound
from icosa.founding.members import add_member, enter_workspace, system_access
from icosa.modeling.change import Change
from icosa.modeling.fields import create_field
from icosa.modeling.objects import create_object
from icosa.plan.reads import Record
from icosa.records.engine import Engine
from icosa.records.service import RecordService
from icosa.store.database import Database

BATCH = 200
# They have no password: on a server that others reach, nobody shall sign in with one that stands in the source.
COLLEAGUES = (
    (
        Person("mirela.stavrescu@example.com", None, "Mirela", "Stavrescu"),
        {"jobTitle": "Sales lead", "locale": "en"},
    ),
    (
        Person("tobias.grunfelder@example.com", None, "Tobias", "Grünfelder"),
        {"jobTitle": "Account executive", "locale": "de-DE", "timeZone": "Europe/Berlin", "dateFormat": "DAY_FIRST"},
    ),
    (
        Person("elodie.montclerc@example.com", None, "Élodie", "Montclerc"),
        {"jobTitle": "Account executive", "locale": "fr-FR", "timeZone": "Europe/Paris", "timeFormat": "HOUR_24"},
    ),
    (
        Person("mateo.calderon@example.com", None, "Mateo", "Calderón-Ruy"),
        {"jobTitle": "Customer success", "locale": "es-ES", "timeZone": "Europe/Madrid", "colorScheme": "Dark"},
    ),
)
MEMBERSHIP = """
SELECT u.id, EXISTS (SELECT FROM core.user_workspace m WHERE m.user_id = u.id AND m.workspace_id = $2) AS is_member
FROM core."user" u WHERE u.email = $1
"""
ORDER = (
    "company",
    "person",
    "opportunity",
    "note",
    "noteTarget",
    "task",
    "taskTarget",
    "attachment",
    "subscription",
)


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """How the demo is made.

    Attributes:
        seed: the same seed gives the same rows.
        scale: multiplies companies, people, deals, notes and tasks.
        anchor: the day that moments are counted from; today when it is None.
    """

    seed: int = 2026
    scale: int = 1
    anchor: dt.date | None = None


async def seed_demo(
    database: Database,
    workspace_id: UUID,
    options: DemoOptions,
    progress: Callable[[str, int], None] = lambda name, number: None,
) -> dict[str, int]:
    """Fill a workspace and return how many records were made, by object.

    Args:
        database: migrated.
        workspace_id: the workspace, with its first member.
        options: see there.
        progress: called with an object's name and the number of its new records.

    Raises:
        NotFound: no such workspace, or it has no member.
    """
    catalog = await _model(database, workspace_id)
    members = await _members(database, catalog)
    service = RecordService(Engine(database))
    access = system_access(catalog)
    record = {owner: Record(owner, ()) for owner in catalog.objects}
    made: dict[str, int] = {}
    async for name, bodies in _rows(catalog, members, options):
        owner = catalog.by_singular[name]
        known = {str(row["id"]) for row in await database.fetch_all(f"SELECT id FROM {owner.sql_name}")}
        missing = [body for body in bodies if body["id"] not in known]
        for start in range(0, len(missing), BATCH):
            await service.create(access, owner, missing[start : start + BATCH], record[owner], (), many=True)
        made[name] = len(missing)
        progress(name, len(missing))
    await database.execute(f"ANALYZE {', '.join(catalog.by_singular[name].sql_name for name in made)}")
    return made


async def remove_demo(database: Database, workspace_id: UUID, options: DemoOptions) -> int:
    """Destroy the records that the seeder has made, and return how many there were."""
    catalog = await _model(database, workspace_id)
    members = await _members(database, catalog)
    removed = 0
    rows = [entry async for entry in _rows(catalog, members, options)]
    for name, bodies in reversed(rows):
        ids = [UUID(body["id"]) for body in bodies]
        status = await database.execute(f"DELETE FROM {catalog.by_singular[name].sql_name} WHERE id = ANY($1)", ids)
        removed += int(status.rsplit(" ", 1)[-1])
    return removed


async def _rows(
    catalog: Catalog, members: list[tuple[str, str]], options: DemoOptions
) -> AsyncIterator[tuple[str, list[Body]]]:
    day = options.anchor or dt.datetime.now(dt.UTC).date()
    dice = Dice(options.seed, dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC))
    makers = Makers(dice, members)
    sellers = [member_id for member_id, _ in members[1:]]
    legacy = "employees" in catalog.by_singular["company"].field_by_name
    firms, company_bodies = companies(dice, makers, sellers, options.scale, legacy)
    person_bodies = people(dice, makers, firms, options.scale)
    deals = opportunities(dice, makers, firms, sellers, options.scale)
    activities = ActivityMaker(dice, makers, firms, [member_id for member_id, _ in members])
    activities.notes(options.scale)
    activities.tasks(options.scale)
    activities.attachments()
    done = activities.made
    bodies: tuple[list[Any], ...] = (
        company_bodies,
        person_bodies,
        deals,
        done.notes,
        done.note_targets,
        done.tasks,
        done.task_targets,
        done.attachments,
        subscriptions(dice, makers, firms),
    )
    for name, rows in zip(ORDER, bodies, strict=True):
        yield name, rows


async def _model(database: Database, workspace_id: UUID) -> Catalog:
    """Return the workspace's model, with the demo's custom object made if it is not there."""
    async with database.transaction() as connection:
        await connection.execute("SELECT FROM core.workspace WHERE id = $1 FOR UPDATE", workspace_id)
        catalog = await load_catalog(database, workspace_id)
        if catalog is None:
            raise NotFound(f"There is no workspace {workspace_id}", "WORKSPACE_NOT_FOUND")
        if SUBSCRIPTION["nameSingular"] not in catalog.by_singular:
            change = Change(connection, catalog)
            owner = {"objectMetadataId": str((await create_object(change, SUBSCRIPTION)).id)}
            for each in SUBSCRIPTION_FIELDS:
                await create_field(change, {**owner, **each}, reserved=frozenset())
            company = {**SUBSCRIBER, "targetObjectMetadataId": str(catalog.by_singular["company"].id)}
            relation = {"name": "company", "type": "RELATION", "label": "Company", "icon": "IconBuilding"}
            await create_field(change, {**owner, **relation, "relationCreationPayload": company})
            await change.bump()
            catalog = change.catalog
    return catalog


async def _members(database: Database, catalog: Catalog) -> list[tuple[str, str]]:
    """Return id and name of the members, the owner first; colleagues who are missing are made."""
    owner = catalog.by_singular["workspaceMember"]
    role = await find_role(database, catalog.workspace_id, "Member")
    for number, (person, more) in enumerate(COLLEAGUES):
        identifier = UUID(demo_id(f"workspaceMember:{number}"))
        known = await database.fetch_row(MEMBERSHIP, person.email, catalog.workspace_id)
        if known is None:
            async with database.transaction() as connection:
                await add_member(connection, catalog, person, role["id"], member_id=identifier, more=more)
        elif not known["is_member"]:
            async with database.transaction() as connection:
                await enter_workspace(connection, catalog, known["id"], role["id"], member_id=identifier, more=more)
    rows = await database.fetch_all(
        f'SELECT id, "nameFirstName", "nameLastName" FROM {owner.sql_name} ORDER BY "createdAt", id'
    )
    return [(str(row["id"]), f"{row['nameFirstName'] or ''} {row['nameLastName'] or ''}".strip()) for row in rows]
