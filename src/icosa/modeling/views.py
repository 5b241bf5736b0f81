"""Make, change and delete views (`metadata.md` section 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

import orjson

from icosa.catalog.model import Catalog, Field, Object
from icosa.errors import BadInput, NotFound
from icosa.modeling.inputs import Given, flag, identifier, number, optional_identifier, text
from icosa.modeling.problems import Problems
from icosa.modeling.view_rules import (
    AGGREGATES,
    FORBIDDEN_SIGNS,
    INVALID,
    LAYOUTS,
    OPEN_IN,
    VIEW_TYPES,
    VISIBILITIES,
)

NARROWEST, WIDEST = 150, 400
MOST_VISIBLE_GROUPS = 40
REFERENCE = "RELATION_UNIVERSAL_IDENTIFIER_NOT_FOUND"
COLUMNS = {
    "name": "name",
    "type": "type",
    "key": "key",
    "icon": "icon",
    "position": "position",
    "visibility": "visibility",
}


async def create_view(connection: Any, catalog: Catalog, given: Given, user_workspace_id: UUID | None) -> UUID:
    """Make a view without columns and return its id.

    Raises:
        NotFound: there is no such object or field.
        Invalid: a rule is broken.
        BadInput: a key is missing or of the wrong kind.
    """
    owner = catalog.by_id.get(identifier(given, "objectMetadataId"))
    if owner is None:
        raise NotFound("There is no such object", REFERENCE)
    if not text(given, "name").strip() or given.get("icon") is None:
        raise BadInput("name and icon are required", "INVALID_INPUT")
    row = _View(owner, given, "create").row({"type": "TABLE"})
    view_id = optional_identifier(given, "id") or uuid4()
    row |= {"id": view_id, "workspace_id": catalog.workspace_id, "object_id": owner.id}
    if row["visibility"] == "UNLISTED":
        row["created_by"] = user_workspace_id
    await _insert(connection, row)
    if row.get("main_group_by_field_id") is not None:
        await make_groups(connection, catalog, view_id, catalog.field_by_id[row["main_group_by_field_id"]])
    return view_id


async def _insert(connection: Any, row: Mapping[str, Any]) -> None:
    taken = await connection.fetchval("select true from core.view where id = $1", row["id"])
    if taken:
        raise BadInput("id: is taken", "INVALID_INPUT")
    names = sorted(row)
    places = ", ".join(f"${number + 1}" for number in range(len(names)))
    await connection.execute(
        f"insert into core.view ({', '.join(names)}) values ({places})", *(row[name] for name in names)
    )


async def find_view(connection: Any, catalog: Catalog, view_id: UUID, *, deleted: bool = False) -> Any:
    """Return the row of a view.

    Raises:
        NotFound: `VIEW_NOT_FOUND`.
    """
    row = await connection.fetchrow(
        "select * from core.view where id = $1 and workspace_id = $2 for update", view_id, catalog.workspace_id
    )
    if row is None or row["object_id"] not in catalog.by_id or (row["deleted_at"] is not None and not deleted):
        raise NotFound("There is no such view", "VIEW_NOT_FOUND")
    return row


async def update_view(connection: Any, catalog: Catalog, view_id: UUID, given: Given) -> None:
    """Change a view; another field to group by makes its groups anew.

    Raises:
        NotFound: there is no such view or field.
        Invalid: a rule is broken.
    """
    before = await find_view(connection, catalog, view_id)
    row = _View(catalog.by_id[before["object_id"]], given, "update").row(dict(before))
    names = sorted(row)
    columns = ", ".join(f"{name} = ${number + 2}" for number, name in enumerate(names))
    await connection.execute(
        f"update core.view set {columns}, updated_at = now() where id = $1", view_id, *(row[name] for name in names)
    )
    if row["main_group_by_field_id"] != before["main_group_by_field_id"]:
        await connection.execute("delete from core.view_part where view_id = $1 and kind = 'viewGroup'", view_id)
        if row["main_group_by_field_id"] is not None:
            await make_groups(connection, catalog, view_id, catalog.field_by_id[row["main_group_by_field_id"]])


async def delete_view(connection: Any, catalog: Catalog, view_id: UUID) -> None:
    """Put a view into the trash.

    Raises:
        NotFound: there is no such view.
    """
    await find_view(connection, catalog, view_id)
    await connection.execute("update core.view set deleted_at = now() where id = $1", view_id)


async def destroy_view(connection: Any, catalog: Catalog, view_id: UUID) -> None:
    """Delete a view for good; one that the server has made is only deactivated.

    Raises:
        NotFound: there is no such view.
        Invalid: it is the object's only one.
    """
    row = await find_view(connection, catalog, view_id, deleted=True)
    others = await connection.fetchval(
        "select count(*) from core.view where object_id = $1 and id <> $2 and deleted_at is null and is_active",
        row["object_id"],
        view_id,
    )
    if not others:
        raise Problems("view", "delete", {"id": str(view_id)}).refuse(
            INVALID, "An object's only view cannot be destroyed"
        )
    if row["is_own"]:
        await connection.execute("update core.view set is_active = false, updated_at = now() where id = $1", view_id)
    else:
        await connection.execute("delete from core.view where id = $1", view_id)


async def make_groups(connection: Any, catalog: Catalog, view_id: UUID, each: Field) -> None:
    """Make one group for each option, and one for the empty value of a field that may be empty."""
    values = [one.value for one in each.options]
    if each.is_nullable:
        values.append("")
    await insert_parts(
        connection,
        catalog.workspace_id,
        view_id,
        "viewGroup",
        [
            (None, {"fieldValue": value, "isVisible": place < MOST_VISIBLE_GROUPS, "position": place})
            for place, value in enumerate(values)
        ],
    )


async def insert_parts(
    connection: Any,
    workspace_id: UUID,
    view_id: UUID,
    kind: str,
    parts: Sequence[tuple[UUID | None, Mapping[str, Any]]],
) -> None:
    """Insert parts of one kind, each with its field and its content."""
    await connection.executemany(
        "insert into core.view_part (id, workspace_id, view_id, kind, field_id, content) values ($1, $2, $3, $4, $5, $6)",
        [
            (uuid4(), workspace_id, view_id, kind, field_id, orjson.dumps(dict(content)).decode())
            for field_id, content in parts
        ],
    )


class _View:
    """A view's columns in the making."""

    def __init__(self, owner: Object, given: Given, action: str) -> None:
        self.owner = owner
        self.given = given
        self.problems = Problems("view", action, {"name": given.get("name"), "objectMetadataId": str(owner.id)})

    def row(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """Return the columns after the change."""
        given = self.given
        row: dict[str, Any] = {
            "name": text(given, "name", before.get("name", "")),
            "type": self._one_of("type", VIEW_TYPES, before.get("type")),
            "key": self._one_of("key", ("INDEX",), before.get("key")),
            "icon": text(given, "icon", before.get("icon", "")),
            "position": float(number(given, "position", before.get("position", 0))),
            "visibility": self._one_of("visibility", VISIBILITIES, before.get("visibility", "WORKSPACE")),
            "main_group_by_field_id": self._field("mainGroupByFieldMetadataId", before.get("main_group_by_field_id")),
            "calendar_field_id": self._field("calendarFieldMetadataId", before.get("calendar_field_id")),
            "aggregate_field_id": self._field(
                "kanbanAggregateOperationFieldMetadataId", before.get("aggregate_field_id")
            ),
        }
        content = orjson.loads(before["content"]) if "content" in before else {}
        content |= self._content()
        row["content"] = orjson.dumps(content).decode()
        self._check(row, content)
        self.problems.check()
        return row

    def _content(self) -> dict[str, Any]:
        given = self.given
        content: dict[str, Any] = {}
        for key in ("isCompact", "shouldHideEmptyGroups"):
            if given.get(key) is not None:
                content[key] = flag(given, key, default=False)
        for key, values in (
            ("openRecordIn", OPEN_IN),
            ("calendarLayout", LAYOUTS),
            ("kanbanAggregateOperation", AGGREGATES),
        ):
            if key in given:
                content[key] = self._one_of(key, values, None)
        if "anyFieldFilterValue" in given:
            content["anyFieldFilterValue"] = text(given, "anyFieldFilterValue") or None
        if given.get("kanbanColumnWidth") is not None:
            width = number(given, "kanbanColumnWidth", NARROWEST)
            if not NARROWEST <= width <= WIDEST:
                self.problems.add(INVALID, f"kanbanColumnWidth: must be {NARROWEST} to {WIDEST}", width)
            content["kanbanColumnWidth"] = width
        return content

    def _one_of(self, key: str, values: tuple[str, ...], before: Any) -> Any:
        if key not in self.given:
            return before
        value = self.given[key]
        if value is None:
            return None if key in {"key", "calendarLayout", "kanbanAggregateOperation"} else before
        if value not in values:
            self.problems.add(INVALID, f"{key}: must be one of {', '.join(values)}", value)
        return value

    def _field(self, key: str, before: UUID | None) -> UUID | None:
        if key not in self.given:
            return before
        field_id = optional_identifier(self.given, key)
        if field_id is not None and all(each.id != field_id for each in self.owner.fields):
            raise NotFound(f"{key}: there is no such field on the object", REFERENCE)
        return field_id

    def _check(self, row: Mapping[str, Any], content: Mapping[str, Any]) -> None:
        name = str(row["name"])
        if not name.strip() or (FORBIDDEN_SIGNS & set(name) and "name" in self.given):
            self.problems.add(INVALID, "name: must not be empty, nor hold any of ' \" \\ ; . = * /", name)
        grouped = next((each for each in self.owner.fields if each.id == row["main_group_by_field_id"]), None)
        if grouped is not None and grouped.type.name != "SELECT" and grouped.join_column is None:
            self.problems.add(INVALID, "mainGroupByFieldMetadataId: must be a SELECT or a many-to-one relation")
        if row["type"] == "KANBAN" and grouped is None:
            self.problems.add(INVALID, "mainGroupByFieldMetadataId: is required for a KANBAN view")
        if row["type"] == "CALENDAR" and (row["calendar_field_id"] is None or content.get("calendarLayout") is None):
            self.problems.add(INVALID, "calendarFieldMetadataId and calendarLayout: are required for a CALENDAR view")
