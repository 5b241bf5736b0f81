"""Fields without equal values among live records (`metadata.md` section 6, "Unique")."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from icosa.catalog.model import Field, Object
from icosa.fields.registry import FIELD_TYPES
from icosa.modeling import ddl
from icosa.modeling.change import Change
from icosa.modeling.indexes import unique_row
from icosa.modeling.install import insert_rows
from icosa.modeling.problems import Problems
from icosa.modeling.rows import Row


async def make_unique(change: Change, owner: Object, row: Row, action: str) -> None:
    """Note a unique index for a field's row.

    Args:
        change: the change under way.
        owner: the field's object.
        row: the field's row.
        action: `create` or `update`, for the report.

    Raises:
        Invalid: the type has no single key, or the field has a default.
    """
    kind = FIELD_TYPES[row["type"]]
    problems = Problems("index", action, {"name": row["name"], "objectMetadataId": str(owner.id)})
    to_many = kind.is_relation and row["settings"]["relationType"] != "MANY_TO_ONE"
    if (not kind.can_be_unique and kind.name not in {"LINKS", "EMAILS", "PHONES"}) or to_many:
        raise problems.refuse(
            "INDEX_FIELD_INVALID_TYPE_FOR_UNIQUE", f"{row['name']}: a {kind.name} field has no single key"
        )
    if row["default_value"] is not None:
        raise problems.refuse(
            "INDEX_FIELD_INVALID_DEFAULT_VALUE", f"{row['name']}: a unique field cannot have a default"
        )
    await insert_rows(change.connection, "index_metadata", change.workspace_id, [unique_row(owner.id, UUID(row["id"]))])


async def create_unique_indexes(change: Change, each: Field) -> None:
    """Make the unique indexes that a field's rows speak of.

    Raises:
        Invalid: several records share a value.
    """
    owner = change.catalog.by_id[each.object_id]
    for key in owner.unique_keys:
        if each in key.fields:
            try:
                await change.run(ddl.unique_index(owner, key))
            except asyncpg.UniqueViolationError:
                problems = Problems("index", "update", {"name": each.name})
                raise problems.refuse(
                    "INDEX_NOT_UNIQUE", f"{each.name}: several records share a value, so it cannot be made unique"
                ) from None
