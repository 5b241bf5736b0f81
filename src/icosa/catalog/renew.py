"""Bring a snapshot that is known to the present: what did not change since its version is shared, the rest is read.

Triggers note at which version each object and each field changed last (`0017_model_versions.sql`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson

from icosa.catalog.load import Reader, build_field, build_object, load_catalog, read_flags, unique_alone
from icosa.catalog.model import Catalog, Field, Object

Rows = dict[UUID, list[Mapping[str, Any]]]
NEWER = """
with newer as materialized (
    select item_id, object_id from core.model_version where workspace_id = $1 and version > $2
)
select w.schema_name, w.metadata_version, w.settings -> 'featureFlags' as flags,
    (select coalesce(json_agg(json_build_array(n.item_id, n.object_id)), '[]') from newer n) as items,
    (select coalesce(json_agg(o order by o.ordinal), '[]') from core.object_metadata o
        where o.id in (select object_id from newer)) as objects,
    (select coalesce(json_agg(f order by f.ordinal), '[]') from core.field_metadata f
        where f.id in (select item_id from newer)) as fields,
    (select coalesce(json_agg(i order by i.name), '[]') from core.index_metadata i
        where i.object_id in (select object_id from newer)) as indexes
from core.workspace w
where w.id = $1 and w.deleted_at is null
"""


async def renew_catalog(reader: Reader, known: Catalog) -> Catalog | None:
    """Return the workspace's model as of one statement, or None when there is no such workspace any more.

    Args:
        reader: reads a row.
        known: the whole model at any version; itself is returned when nothing has changed since.
    """
    row = await reader.fetch_row(NEWER, known.workspace_id, known.version)
    if row is None:
        return None
    if row["metadata_version"] < known.version or row["schema_name"] != known.schema:
        # A database that was put back to an earlier state: what is known has no place in its history.
        return await load_catalog(reader, known.workspace_id)
    items = {UUID(item): UUID(owner) for item, owner in orjson.loads(row["items"])}
    if not items and row["metadata_version"] == known.version:
        return known
    fields = _by_object(orjson.loads(row["fields"]))
    indexes = _by_object(orjson.loads(row["indexes"]))
    changed = {
        UUID(each["id"]): _renewed(known, each, items, fields[UUID(each["id"])], indexes[UUID(each["id"])])
        for each in orjson.loads(row["objects"])
    }
    gone = set(items.values()) - changed.keys()
    objects = [changed.pop(each.id, each) for each in known.objects if each.id not in gone]
    return known.followed_by(row["metadata_version"], (*objects, *changed.values()), read_flags(row["flags"]))


def _by_object(rows: list[Mapping[str, Any]]) -> Rows:
    made: Rows = defaultdict(list)
    for row in rows:
        made[UUID(row["object_id"])].append(row)
    return made


def _renewed(
    known: Catalog,
    row: Mapping[str, Any],
    items: Mapping[UUID, UUID],
    field_rows: list[Mapping[str, Any]],
    index_rows: list[Mapping[str, Any]],
) -> Object:
    former = known.by_id.get(UUID(row["id"]))
    unique = unique_alone(index_rows)
    read = {each.id: each for each in (build_field(one, is_unique=one["id"] in unique) for one in field_rows)}
    fields = tuple(_fields(() if former is None else former.fields, items, read, unique))
    return build_object(row, known.schema, fields, index_rows)


def _fields(
    former: tuple[Field, ...], items: Mapping[UUID, UUID], read: dict[UUID, Field], unique: frozenset[str]
) -> Iterator[Field]:
    """Yield an object's fields in the order in which they were made: a changed one keeps its place, new ones are last."""
    for each in former:
        if each.id in items:
            if each.id in read:
                yield read.pop(each.id)
        elif each.is_unique is not (str(each.id) in unique):
            yield replace(each, is_unique=not each.is_unique)
        else:
            yield each
    yield from read.values()
