"""Read a workspace's model out of the database into a snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

import orjson

from icosa.catalog.model import Catalog, Field, Index, Object, Relation, UniqueKey
from icosa.fields.registry import FIELD_TYPES
from icosa.fields.spec import Option

MODEL = """
select w.schema_name, w.metadata_version, w.settings -> 'featureFlags' as flags,
    (select coalesce(json_agg(o order by o.ordinal), '[]') from core.object_metadata o where o.workspace_id = w.id) as objects,
    (select coalesce(json_agg(f order by f.ordinal), '[]') from core.field_metadata f where f.workspace_id = w.id) as fields,
    (select coalesce(json_agg(i order by i.name), '[]') from core.index_metadata i where i.workspace_id = w.id) as indexes
from core.workspace w
where w.id = $1 and w.deleted_at is null
"""


class Reader(Protocol):
    """What reads one row: the pool, or a connection inside a transaction."""

    async def fetch_row(self, sql: str, *args: Any) -> Any:
        """Return the first row or None."""


async def load_catalog(reader: Reader, workspace_id: UUID) -> Catalog | None:
    """Return the workspace's model as of one statement, or None when there is no such workspace."""
    row = await reader.fetch_row(MODEL, workspace_id)
    if row is None:
        return None
    return build_catalog(
        workspace_id,
        row["schema_name"],
        row["metadata_version"],
        orjson.loads(row["objects"]),
        orjson.loads(row["fields"]),
        orjson.loads(row["indexes"]),
        read_flags(row["flags"]),
    )


def read_flags(document: str | None) -> frozenset[str]:
    """Return the switches that are on."""
    return frozenset(key for key, value in orjson.loads(document or "{}").items() if value)


def build_catalog(
    workspace_id: UUID,
    schema: str,
    version: int,
    object_rows: Iterable[Mapping[str, Any]],
    field_rows: Iterable[Mapping[str, Any]],
    index_rows: Collection[Mapping[str, Any]],
    flags: frozenset[str] = frozenset(),
) -> Catalog:
    """Return the snapshot that catalog rows describe."""
    unique = unique_alone(index_rows)
    fields: dict[str, list[Field]] = defaultdict(list)
    for row in field_rows:
        fields[row["object_id"]].append(build_field(row, is_unique=row["id"] in unique))
    indexes: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in index_rows:
        indexes[row["object_id"]].append(row)
    objects = tuple(build_object(row, schema, tuple(fields[row["id"]]), indexes[row["id"]]) for row in object_rows)
    return Catalog(workspace_id, schema, version, objects, flags)


def unique_alone(index_rows: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the ids of the fields that have a unique index of their own."""
    return frozenset(row["fields"][0] for row in index_rows if row["is_unique"] and len(row["fields"]) == 1)


def build_field(row: Mapping[str, Any], *, is_unique: bool) -> Field:
    """Return the field that a catalog row describes."""
    return Field(
        id=UUID(row["id"]),
        object_id=UUID(row["object_id"]),
        type=FIELD_TYPES[row["type"]],
        name=row["name"],
        label=row["label"],
        description=row["description"],
        icon=row["icon"],
        is_nullable=row["is_nullable"],
        default_value=row["default_value"],
        options=tuple(
            Option(each["id"], each["value"], each["label"], each.get("color"), each["position"])
            for each in sorted(row["options"] or (), key=lambda option: option["position"])
        ),
        settings=row["settings"] or {},
        is_active=row["is_active"],
        is_system=row["is_system"],
        is_custom=row["is_custom"],
        is_unique=is_unique,
        is_ui_editable=row["is_ui_editable"],
        is_label_synced_with_name=row["is_label_synced_with_name"],
        relation=_relation(row),
        morph_id=_uuid(row["morph_id"]),
        morph_name=row["morph_name"],
        universal_identifier=_uuid(row["universal_identifier"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _relation(row: Mapping[str, Any]) -> Relation | None:
    if row["relation_target_object_id"] is None:
        return None
    settings = row["settings"] or {}
    many_to_one = settings.get("relationType") == "MANY_TO_ONE"
    return Relation(
        many_to_one=many_to_one,
        target_object_id=UUID(row["relation_target_object_id"]),
        target_field_id=UUID(row["relation_target_field_id"]),
        on_delete=settings.get("onDelete", "SET_NULL") if many_to_one else None,
    )


def build_object(
    row: Mapping[str, Any], schema: str, fields: tuple[Field, ...], indexes: Sequence[Mapping[str, Any]]
) -> Object:
    """Return the object that a catalog row describes, with its fields and the rows of its indexes."""
    by_id = {str(each.id): each for each in fields}
    return Object(
        id=UUID(row["id"]),
        schema=schema,
        table=row["table_name"],
        name_singular=row["name_singular"],
        name_plural=row["name_plural"],
        label_singular=row["label_singular"],
        label_plural=row["label_plural"],
        fields=fields,
        description=row["description"],
        icon=row["icon"],
        color=row["color"],
        shortcut=row["shortcut"],
        is_active=row["is_active"],
        is_system=row["is_system"],
        is_custom=row["is_custom"],
        is_searchable=row["is_searchable"],
        is_audit_logged=row["is_audit_logged"],
        is_ui_creatable=row["is_ui_creatable"],
        is_ui_editable=row["is_ui_editable"],
        is_label_synced_with_name=row["is_label_synced_with_name"],
        label_identifier_field_id=_uuid(row["label_identifier_field_id"]),
        image_identifier_field_id=_uuid(row["image_identifier_field_id"]),
        duplicate_criteria=tuple(tuple(columns) for columns in row["duplicate_criteria"] or ()),
        search_fields=tuple(row["search_fields"]),
        unique_keys=tuple(_unique_key(index, by_id) for index in indexes if index["is_unique"]),
        indexes=tuple(_index(index) for index in indexes),
        universal_identifier=_uuid(row["universal_identifier"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _index(row: Mapping[str, Any]) -> Index:
    return Index(
        id=UUID(row["id"]),
        name=row["name"],
        index_type=row["index_type"],
        fields=tuple(UUID(each) for each in row["fields"]),
        sub_fields=tuple(row.get("sub_fields") or ()),
        is_custom=row["is_custom"],
        is_unique=row["is_unique"],
        where_clause=row["where_clause"],
        created_at=row.get("created_at"),
        updated_at=row.get("updated_at"),
    )


def _unique_key(index: Mapping[str, Any], by_id: Mapping[str, Field]) -> UniqueKey:
    fields = tuple(by_id[field_id] for field_id in index["fields"])
    leaves = tuple(leaf for each in fields for leaf in each.type.unique_leaves(each))
    return UniqueKey(index["name"], fields, leaves)


def _uuid(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)
