"""Operations on objects, fields and indexes (`metadata.md` sections 4 to 8)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from icosa.catalog.model import Catalog
from icosa.errors import NotFound
from icosa.metadata.context import Context, Operations
from icosa.metadata.definitions import Definitions, Told
from icosa.metadata.pages import connection
from icosa.metadata.views import list_views
from icosa.modeling.field_update import update_field
from icosa.modeling.fields import create_field, delete_field
from icosa.modeling.indexes import create_index, delete_index
from icosa.modeling.objects import create_object, delete_object, update_object

DATA_MODEL = "DATA_MODEL"
OPERATIONS = Operations()
Given = Mapping[str, Any]


@OPERATIONS.add("objects")
async def objects(context: Context, paging: Given | None = None, filter: Given | None = None) -> Told:
    """Return a page of objects."""
    return connection(Definitions(context.view).objects(), paging, filter)


@OPERATIONS.add("object")
async def one_object(context: Context, id: Any) -> Told:
    """Return an object; raises NotFound."""
    return find_object(context.view, UUID(str(id)))


def find_object(catalog: Catalog, object_id: UUID) -> Told:
    """Return an object as it is told.

    Raises:
        NotFound: `OBJECT_METADATA_NOT_FOUND`.
    """
    owner = catalog.by_id.get(object_id)
    if owner is None:
        raise NotFound("There is no such object", "OBJECT_METADATA_NOT_FOUND")
    return Definitions(catalog).object(owner)


@OPERATIONS.add("fields")
async def fields(context: Context, paging: Given | None = None, filter: Given | None = None) -> Told:
    """Return a page of fields."""
    return connection(Definitions(context.view).fields(), paging, filter)


@OPERATIONS.add("field")
async def one_field(context: Context, id: Any) -> Told:
    """Return a field; raises NotFound."""
    return find_field(context.view, UUID(str(id)))


def find_field(catalog: Catalog, field_id: UUID) -> Told:
    """Return a field as it is told.

    Raises:
        NotFound: `FIELD_METADATA_NOT_FOUND`.
    """
    each = catalog.field_by_id.get(field_id)
    if each is None:
        raise NotFound("There is no such field", "FIELD_METADATA_NOT_FOUND")
    return Definitions(catalog).field(each)


@OPERATIONS.add("indexMetadatas")
async def indexes(context: Context, paging: Given | None = None, filter: Given | None = None) -> Told:
    """Return a page of indexes."""
    return connection(Definitions(context.view).all_indexes(), paging, filter)


@OPERATIONS.add("index")
async def one_index(context: Context, id: Any) -> Told:
    """Return an index; raises NotFound."""
    return find_index(context.view, UUID(str(id)))


def find_index(catalog: Catalog, index_id: UUID) -> Told:
    """Return an index as it is told.

    Raises:
        NotFound: `INDEX_METADATA_NOT_FOUND`.
    """
    found = Definitions(catalog).index(index_id)
    if found is None:
        raise NotFound("There is no such index", "INDEX_METADATA_NOT_FOUND")
    return found


@OPERATIONS.add("objectRecordCounts", flag=DATA_MODEL)
async def record_counts(context: Context) -> list[Told]:
    """Return how many live records each object has."""
    view = context.view
    counts = " UNION ALL ".join(
        f'SELECT {number} AS place, count(*) AS total FROM {owner.sql_name} WHERE "deletedAt" IS NULL'
        for number, owner in enumerate(view.objects)
    )
    rows = await context.services.database.fetch_all(counts)
    totals = {row["place"]: row["total"] for row in rows}
    return [
        {"objectNamePlural": owner.name_plural, "totalCount": totals[number]}
        for number, owner in enumerate(view.objects)
    ]


@OPERATIONS.add("minimalMetadata")
async def minimal(context: Context) -> Told:
    """Return objects and views in short."""
    told = Definitions(context.view).objects()
    version = f"{context.full.workspace_id}{context.full.version}"
    digest = hashlib.sha256(version.encode()).hexdigest()[:32]
    names = ("objectMetadataItems", "views", "indexMetadataItems")
    return {
        "objectMetadataItems": told,
        "views": await list_views(context),
        "collectionHashes": [{"collectionName": name, "hash": digest} for name in names],
    }


@OPERATIONS.add("createOneObject", flag=DATA_MODEL)
async def make_object(context: Context, input: Given) -> Told:
    """Make an object; raises Invalid."""
    return await object_made(context, input["object"])


async def object_made(context: Context, given: Given) -> Told:
    """Make an object and return it as it is told."""
    async with context.services.modeler.change(context.caller.workspace_id) as change:
        owner = await create_object(change, given)
        return Definitions(change.catalog).object(change.catalog.by_id[owner.id])


@OPERATIONS.add("updateOneObject", flag=DATA_MODEL)
async def change_object(context: Context, input: Given) -> Told:
    """Change an object; raises Invalid and NotFound."""
    return await object_changed(context, UUID(str(input["id"])), input["update"])


async def object_changed(context: Context, object_id: UUID, given: Given) -> Told:
    """Change an object and return it as it is told."""
    async with context.services.modeler.change(context.caller.workspace_id) as change:
        owner = await update_object(change, object_id, given)
        return Definitions(change.catalog).object(change.catalog.by_id[owner.id])


@OPERATIONS.add("deleteOneObject", flag=DATA_MODEL)
async def remove_object(context: Context, input: Given) -> Told:
    """Delete an object; raises Invalid and NotFound."""
    return await object_deleted(context, UUID(str(input["id"])))


async def object_deleted(context: Context, object_id: UUID) -> Told:
    """Delete an object and return it as it was."""
    async with context.services.modeler.change(context.caller.workspace_id) as change:
        before = change.catalog
        return Definitions(before).object(await delete_object(change, object_id))


@OPERATIONS.add("createOneField", flag=DATA_MODEL)
async def make_field(context: Context, input: Given) -> Told:
    """Make a field; raises Invalid."""
    return await field_made(context, input["field"])


async def field_made(context: Context, given: Given) -> Told:
    """Make a field and return it as it is told."""
    async with context.services.modeler.change(context.caller.workspace_id) as change:
        each = await create_field(change, given)
        return Definitions(change.catalog).field(change.catalog.field_by_id[each.id])


@OPERATIONS.add("updateOneField", flag=DATA_MODEL)
async def change_field(context: Context, input: Given) -> Told:
    """Change a field; raises Invalid, Forbidden and NotFound."""
    return await field_changed(context, UUID(str(input["id"])), input["update"])


async def field_changed(context: Context, field_id: UUID, given: Given) -> Told:
    """Change a field and return it as it is told."""
    async with context.services.modeler.change(context.caller.workspace_id) as change:
        each = await update_field(change, field_id, given)
        return Definitions(change.catalog).field(change.catalog.field_by_id[each.id])


@OPERATIONS.add("deleteOneField", flag=DATA_MODEL)
async def remove_field(context: Context, input: Given) -> Told:
    """Delete a field; raises Invalid, Forbidden and NotFound."""
    return await field_deleted(context, UUID(str(input["id"])))


async def field_deleted(context: Context, field_id: UUID) -> Told:
    """Delete a field and return it as it was."""
    async with context.services.modeler.change(context.caller.workspace_id) as change:
        before = change.catalog
        return Definitions(before).field(await delete_field(change, field_id))


@OPERATIONS.add("createOneIndex", flag=DATA_MODEL)
async def make_index(context: Context, input: Given) -> Told:
    """Make an index; raises BadInput, Conflict and NotFound."""
    async with context.services.modeler.change(context.caller.workspace_id) as change:
        index_id = await create_index(change, input["index"])
        return find_index(change.catalog, index_id)


@OPERATIONS.add("deleteOneIndex", flag=DATA_MODEL)
async def remove_index(context: Context, input: Given) -> Told:
    """Delete a custom index; raises Forbidden and NotFound."""
    index_id = UUID(str(input["id"]))
    async with context.services.modeler.change(context.caller.workspace_id) as change:
        find_index(context.view, index_id)
        told = find_index(change.catalog, index_id)
        await delete_index(change, index_id)
        return told
