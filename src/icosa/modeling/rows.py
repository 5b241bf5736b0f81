"""Catalog rows of objects, fields and indexes in the making."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

import orjson

from icosa.naming import quoted

Row = dict[str, Any]


def moment(value: Any) -> str | None:
    """Return a time as ISO 8601 in UTC with milliseconds, as both APIs tell it."""
    if value is None:
        return None
    read = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return str(read.astimezone(dt.UTC).isoformat(timespec="milliseconds")).replace("+00:00", "Z")


OBJECT: Row = {
    "description": "",
    "icon": "",
    "color": None,
    "shortcut": None,
    "is_custom": True,
    "is_active": True,
    "is_system": False,
    "is_searchable": True,
    "is_audit_logged": True,
    "is_ui_creatable": True,
    "is_ui_editable": True,
    "is_label_synced_with_name": False,
    "image_identifier_field_id": None,
    "duplicate_criteria": None,
}
FIELD: Row = {
    "description": "",
    "icon": "",
    "is_custom": True,
    "is_active": True,
    "is_system": False,
    "is_nullable": True,
    "is_ui_editable": True,
    "is_label_synced_with_name": False,
    "default_value": None,
    "options": None,
    "settings": None,
    "relation_target_object_id": None,
    "relation_target_field_id": None,
    "morph_id": None,
    "morph_name": None,
}


def object_row(**given: Any) -> Row:
    """Return the row of an object."""
    return {**OBJECT, "id": str(uuid4()), "universal_identifier": str(uuid4()), **given}


def field_row(object_id: UUID | str, kind: str, name: str, label: str, **given: Any) -> Row:
    """Return the row of a field."""
    made = {"id": str(uuid4()), "universal_identifier": str(uuid4()), "object_id": str(object_id)}
    return {**FIELD, **made, "type": kind, "name": name, "label": label, **given}


def relation_pair(near: Row, far: Row) -> tuple[Row, Row]:
    """Return the rows of both ends of a relation, each pointing at the other."""
    near |= {"relation_target_object_id": far["object_id"], "relation_target_field_id": far["id"]}
    far |= {"relation_target_object_id": near["object_id"], "relation_target_field_id": near["id"]}
    return near, far


def many_to_one(name: str) -> Row:
    """Return the settings of the end with the join column."""
    return {"relationType": "MANY_TO_ONE", "onDelete": "SET_NULL", "joinColumnName": f"{name}Id"}


ONE_TO_MANY: Row = {"relationType": "ONE_TO_MANY"}


async def update_row(connection: Any, table: str, row_id: UUID, changes: Mapping[str, Any]) -> None:
    """Change columns of one catalog row; JSON columns take any JSON value."""
    if not changes:
        return
    names = sorted(changes)
    columns = ", ".join(f"{quoted(name)} = c.{quoted(name)}" for name in names)
    document = orjson.dumps({name: changes[name] for name in names}).decode()
    await connection.execute(
        f"UPDATE core.{table} r SET {columns}, updated_at = now() "
        f"FROM jsonb_populate_record(NULL::core.{table}, $2::jsonb) c WHERE r.id = $1",
        row_id,
        document,
    )


async def delete_rows(connection: Any, table: str, ids: Sequence[UUID]) -> None:
    """Delete catalog rows."""
    await connection.execute(f"DELETE FROM core.{table} WHERE id = ANY($1::uuid[])", list(ids))
