"""Custom and unique indexes (`metadata.md` section 8, "Indexes")."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from icosa.catalog.model import Field, Object
from icosa.errors import BadInput, Conflict, Forbidden, NotFound
from icosa.fields.base import Leaf
from icosa.modeling import ddl
from icosa.modeling.change import Change
from icosa.modeling.inputs import Given, identifier
from icosa.modeling.install import insert_rows
from icosa.modeling.rows import Row, delete_rows
from icosa.naming import quoted

MOST = 10
GIN_TYPES = frozenset({"TS_VECTOR", "ARRAY", "MULTI_SELECT", "RAW_JSON"})
CODE = "INVALID_INDEX_INPUT"


def unique_row(object_id: UUID, field_id: UUID) -> Row:
    """Return the row of a unique index on one field."""
    return _row(object_id, [field_id], f"IDX_UNIQUE_{field_id.hex}", is_unique=True, is_custom=False)


def _row(object_id: UUID, fields: list[UUID], name: str, **more: Any) -> Row:
    row: Row = {
        "id": str(uuid4()),
        "object_id": str(object_id),
        "name": name,
        "index_type": "BTREE",
        "where_clause": None,
    }
    return {
        **row,
        "is_unique": False,
        "is_custom": True,
        "fields": [str(each) for each in fields],
        "sub_fields": None,
        **more,
    }


async def create_index(change: Change, given: Given) -> UUID:
    """Make a custom index and return its id.

    Raises:
        NotFound: there is no such object.
        BadInput: fields or a type that cannot be indexed that way.
        Conflict: the object has ten custom indexes already.
    """
    owner = change.catalog.by_id.get(identifier(given, "objectMetadataId"))
    if owner is None:
        raise NotFound("There is no such object", "OBJECT_METADATA_NOT_FOUND")
    kind = given.get("indexType") or "BTREE"
    if kind not in {"BTREE", "GIN"}:
        raise BadInput("indexType: must be BTREE or GIN", CODE)
    sent = given.get("fields")
    if not isinstance(sent, list) or not sent:
        raise BadInput("fields: at least one is required", CODE)
    leaves = [_leaf(owner, each, kind) for each in sent]
    if len({leaf.column for _, leaf in leaves}) < len(leaves):
        raise BadInput("fields: the same column stands twice", CODE)
    count = await change.connection.fetchval(
        "SELECT count(*) FROM core.index_metadata WHERE object_id = $1 AND is_custom", owner.id
    )
    if count >= MOST:
        raise Conflict(f"An object has {MOST} custom indexes at most", "INDEX_LIMIT_REACHED")
    columns = [leaf.column for _, leaf in leaves]
    digest = hashlib.sha256(f"{owner.id}{kind}{columns}{uuid4()}".encode()).hexdigest()[:27]
    parts = [None if len(leaf.path) == 1 else leaf.path[1] for _, leaf in leaves]
    row = _row(owner.id, [each.id for each, _ in leaves], f"IDX_{digest}", index_type=kind, sub_fields=parts)
    await insert_rows(change.connection, "index_metadata", change.workspace_id, [row])
    changed = (await change.reload()).by_id[owner.id]
    made = next(each for each in changed.indexes if each.name == row["name"])
    if not await change.is_large(changed):
        await change.lock([changed], "SHARE")
    await change.make_index(changed, ddl.custom_index(changed, made))
    return UUID(row["id"])


def _leaf(owner: Object, sent: Any, kind: str) -> tuple[Field, Leaf]:
    if not isinstance(sent, Mapping):
        raise BadInput("fields: each must be an object", CODE)
    field_id, part = identifier(sent, "fieldMetadataId"), sent.get("subFieldName")
    each = next((one for one in owner.fields if one.id == field_id), None)
    if each is None or not each.leaves:
        raise BadInput("fields: there is no such field that can be indexed on the object", CODE)
    if each.is_composite is (part is None):
        rule = "needs" if each.is_composite else "must not have"
        raise BadInput(f"fields: {each.name} {rule} a subFieldName", CODE)
    leaf = each.leaves[0] if part is None else next((one for one in each.leaves if one.path[1] == part), None)
    if leaf is None:
        raise BadInput(f"fields: {each.name} has no sub-field '{part}'", CODE)
    if (kind == "GIN") is not (leaf.type.name in GIN_TYPES):
        raise BadInput(f"fields: {each.name} cannot be indexed by {kind}", CODE)
    return each, leaf


async def delete_index(change: Change, index_id: UUID) -> None:
    """Delete a custom index.

    Raises:
        NotFound: there is no such index.
        Forbidden: it is one of the server's own.
    """
    row = await change.connection.fetchrow(
        "SELECT * FROM core.index_metadata WHERE id = $1 AND workspace_id = $2", index_id, change.workspace_id
    )
    if row is None:
        raise NotFound("There is no such index", "INDEX_METADATA_NOT_FOUND")
    if not row["is_custom"]:
        raise Forbidden("An index of the server's own cannot be deleted", "INDEX_DELETE_NOT_ALLOWED")
    await change.lock([change.catalog.by_id[row["object_id"]]])
    await change.run(f"DROP INDEX IF EXISTS {quoted(change.catalog.schema)}.{quoted(row['name'])}")
    await delete_rows(change.connection, "index_metadata", [index_id])


async def drop_indexes_of(change: Change, each: Field, *, unique_alone: bool = False) -> None:
    """Drop the indexes that a field is part of; with `unique_alone` only the unique one that is about it alone."""
    condition = "AND is_unique AND cardinality(fields) = 1" if unique_alone else ""
    rows = await change.connection.fetch(
        f"DELETE FROM core.index_metadata WHERE $1 = ANY (fields) {condition} RETURNING name", each.id
    )
    await change.run(*(f"DROP INDEX IF EXISTS {quoted(change.catalog.schema)}.{quoted(row['name'])}" for row in rows))
