"""Rows of views and their parts as the API tells them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson

from icosa.catalog.model import Catalog
from icosa.modeling.rows import moment
from icosa.modeling.view_rules import PARTS

Told = dict[str, Any]
LISTS = {
    "viewField": "viewFields",
    "viewFilter": "viewFilters",
    "viewFilterGroup": "viewFilterGroups",
    "viewSort": "viewSorts",
    "viewGroup": "viewGroups",
    "viewFieldGroup": "viewFieldGroups",
}
CONTENT: Told = {
    "isCompact": False,
    "openRecordIn": "SIDE_PANEL",
    "kanbanAggregateOperation": None,
    "shouldHideEmptyGroups": False,
    "kanbanColumnWidth": None,
    "calendarLayout": None,
    "anyFieldFilterValue": None,
}
VIEWS = """
select v.* from core.view v where v.workspace_id = $1 and v.deleted_at is null
    and ($2::uuid is null or v.object_id = $2) and ($3::uuid is null or v.id = $3)
    and (v.visibility = 'WORKSPACE' or v.created_by = $4)
order by v.position, v.ordinal
"""
PART_ROWS = "select p.* from core.view_part p where p.view_id = any($1::uuid[]) order by p.ordinal"


async def read_views(
    connection: Any,
    catalog: Catalog,
    *,
    object_id: UUID | None = None,
    view_id: UUID | None = None,
    user_workspace_id: UUID | None = None,
) -> list[Told]:
    """Return views with their parts, in the order of their positions; unlisted ones of other people are left out.

    Args:
        connection: reads rows.
        catalog: the caller's view of the model: views of objects that it does not hold are left out.
        object_id: only those of one object.
        view_id: only this one.
        user_workspace_id: the person who asks.
    """
    rows = await connection.fetch(VIEWS, catalog.workspace_id, object_id, view_id, user_workspace_id)
    rows = [row for row in rows if row["object_id"] in catalog.by_id]
    parts: dict[UUID, dict[str, list[Told]]] = defaultdict(lambda: defaultdict(list))
    for row in await connection.fetch(PART_ROWS, [row["id"] for row in rows]):
        if names_readable(catalog, row):
            parts[row["view_id"]][row["kind"]].append(part_told(row))
    return [view_told(row, catalog, parts[row["id"]]) for row in rows]


def view_told(row: Any, catalog: Catalog, parts: dict[str, list[Told]]) -> Told:
    """Return a view; the name of the server's own has the object's label filled in."""
    owner = catalog.by_id[row["object_id"]]
    grouped_by = _readable(catalog, row["main_group_by_field_id"])
    if grouped_by is None:
        parts = {**parts, "viewGroup": []}
    lists = {LISTS[kind]: _ordered(parts.get(kind, [])) for kind in PARTS}
    return {
        "id": str(row["id"]),
        "name": row["name"].replace("{objectLabelPlural}", owner.label_plural),
        "objectMetadataId": str(row["object_id"]),
        "type": row["type"],
        "key": row["key"],
        "icon": row["icon"],
        "position": row["position"],
        "isCustom": True,
        **CONTENT,
        **orjson.loads(row["content"]),
        "kanbanAggregateOperationFieldMetadataId": _readable(catalog, row["aggregate_field_id"]),
        "mainGroupByFieldMetadataId": grouped_by,
        "calendarFieldMetadataId": _readable(catalog, row["calendar_field_id"]),
        "visibility": row["visibility"],
        "createdByUserWorkspaceId": _text(row["created_by"]),
        "isActive": row["is_active"],
        "workspaceId": str(row["workspace_id"]),
        "createdAt": moment(row["created_at"]),
        "updatedAt": moment(row["updated_at"]),
        "deletedAt": moment(row["deleted_at"]),
        **lists,
    }


def part_told(row: Any) -> Told:
    """Return a part of a view."""
    kind = PARTS[row["kind"]]
    made: Told = {"id": str(row["id"]), "viewId": str(row["view_id"])}
    if kind.has_field:
        made["fieldMetadataId"] = str(row["field_id"])
    made |= {key: each.default for key, each in kind.keys.items()} | orjson.loads(row["content"])
    if kind.parent is not None:
        made[kind.parent[0]] = _text(row["parent_id"])
    return {
        **made,
        "isActive": True,
        "workspaceId": str(row["workspace_id"]),
        "createdAt": moment(row["created_at"]),
        "updatedAt": moment(row["updated_at"]),
        "deletedAt": None,
    }


def names_readable(catalog: Catalog, row: Any) -> bool:
    """Return whether a part is about no field that its reader may not read: its value would tell what is in there."""
    behind = orjson.loads(row["content"]).get("relationTargetFieldMetadataId")
    named = [row["field_id"], None if behind is None else UUID(behind)]
    return all(each is None or each in catalog.field_by_id for each in named)


def _readable(catalog: Catalog, field_id: UUID | None) -> str | None:
    """Return a field's id as text; None for one that the reader may not read."""
    return None if field_id not in catalog.field_by_id else str(field_id)


def _ordered(parts: Sequence[Told]) -> list[Told]:
    return sorted(parts, key=lambda each: each.get("position") or 0)


def _text(identifier: UUID | None) -> str | None:
    return None if identifier is None else str(identifier)
