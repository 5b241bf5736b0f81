"""What has become of the demo's records: deals move on from their first stage, tasks are begun and done.

They are made as they began and changed afterwards, so that their timelines tell of it.
"""

from __future__ import annotations

from icosa.catalog.model import Object
from icosa.demo.plan import Body
from icosa.naming import quoted
from icosa.store.database import Database

FIRST = {"opportunity": ("stage", "NEW"), "task": ("status", "TODO")}


def has_changed(name: str, body: Body) -> bool:
    """Return whether a record is made in another state than it has in the end.

    Args:
        name: its object.
        body: as it is in the end.
    """
    if name not in FIRST or "deletedAt" in body or body["updatedAt"] == body["createdAt"]:
        return False
    field, first = FIRST[name]
    return body[field] not in {None, first}


def beginning(name: str, body: Body) -> Body:
    """Return the body with which a record is made."""
    if not has_changed(name, body):
        return body
    field, first = FIRST[name]
    return {**body, field: first, "updatedAt": body["createdAt"]}


async def due_changes(database: Database, owner: Object, bodies: list[Body]) -> list[Body]:
    """Return what is to be changed of the records that are as they were made, also by a run that was broken off.

    Args:
        database: migrated.
        owner: their object.
        bodies: as they are in the end.
    """
    name = owner.name_singular
    changed = {body["id"]: body for body in bodies if has_changed(name, body)}
    if not changed:
        return []
    field, first = FIRST[name]
    rows = await database.fetch_all(
        f"SELECT id::text FROM {owner.sql_name} WHERE id = ANY($1::text[]::uuid[]) AND {quoted(field)}::text = $2 "
        'AND "updatedAt" = "createdAt" AND "deletedAt" IS NULL ORDER BY id',
        list(changed),
        first,
    )
    bodies = [changed[row["id"]] for row in rows]
    return [{"id": body["id"], field: body[field], "updatedAt": body["updatedAt"]} for body in bodies]
