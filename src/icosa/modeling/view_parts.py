"""Make, change and delete the parts of views: columns, filters, sorts and groups (`metadata.md` section 9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import orjson

from icosa.catalog.model import Catalog, Field, Object
from icosa.errors import BadInput, NotFound
from icosa.modeling.inputs import Given, flag, identifier, number, optional_identifier, text
from icosa.modeling.options import stored_options
from icosa.modeling.problems import Problems
from icosa.modeling.view_rules import (
    INVALID,
    INVALID_FILTER,
    PARTS,
    Key,
    PartKind,
    first_operand,
    operand_problem,
)
from icosa.modeling.view_store import names_readable
from icosa.modeling.views import REFERENCE, find_view

DEEPEST = 2


async def find_part(connection: Any, catalog: Catalog, kind: PartKind, part_id: UUID) -> Any:
    """Return the row of a part whose view is there.

    Raises:
        NotFound: with the kind's own code.
    """
    row = await connection.fetchrow(
        "select p.*, v.object_id, v.main_group_by_field_id from core.view_part p join core.view v on v.id = p.view_id "
        "where p.id = $1 and p.kind = $2 and p.workspace_id = $3 and v.deleted_at is null",
        part_id,
        kind.name,
        catalog.workspace_id,
    )
    if row is None or row["object_id"] not in catalog.by_id or not names_readable(catalog, row):
        raise NotFound("There is no such part of a view", kind.missing)
    return row


async def create_part(connection: Any, catalog: Catalog, kind: PartKind, given: Given) -> UUID:
    """Make a part and return its id.

    Raises:
        NotFound: there is no such view, field or group.
        Invalid: a rule is broken.
        BadInput: a key is missing or of the wrong kind.
    """
    view_id = identifier(given, "viewId")
    try:
        view = await find_view(connection, catalog, view_id)
    except NotFound:
        raise NotFound("viewId: there is no such view", REFERENCE) from None
    owner = catalog.by_id[view["object_id"]]
    part = _Part(connection, catalog, kind, owner, "create")
    field = part.field(identifier(given, "fieldMetadataId")) if kind.has_field else None
    content = part.content(given, {}, field)
    if kind.name == "viewGroup" and view["main_group_by_field_id"] is None:
        part.problems.add(INVALID, "viewId: the view is not grouped by a field")
    parent = await part.parent(given, view_id, None)
    await part.check(view_id, field, content, None)
    part_id = optional_identifier(given, "id") or uuid4()
    if await connection.fetchval("select true from core.view_part where id = $1", part_id):
        raise BadInput("id: is taken", "INVALID_INPUT")
    await connection.execute(
        "insert into core.view_part (id, workspace_id, view_id, kind, field_id, parent_id, content) "
        "values ($1, $2, $3, $4, $5, $6, $7)",
        part_id,
        catalog.workspace_id,
        view_id,
        kind.name,
        None if field is None else field.id,
        parent,
        orjson.dumps(content).decode(),
    )
    return part_id


async def update_part(connection: Any, catalog: Catalog, kind: PartKind, part_id: UUID, given: Given) -> None:
    """Change a part; see `create_part` for what is raised."""
    row = await find_part(connection, catalog, kind, part_id)
    owner = catalog.by_id[row["object_id"]]
    part = _Part(connection, catalog, kind, owner, "update")
    field = catalog.field_by_id.get(row["field_id"]) if kind.has_field else None
    content = part.content(given, orjson.loads(row["content"]), field)
    parent = await part.parent(given, row["view_id"], row)
    await part.check(row["view_id"], field, content, part_id)
    await connection.execute(
        "update core.view_part set content = $2, parent_id = $3, updated_at = now() where id = $1",
        part_id,
        orjson.dumps(content).decode(),
        parent,
    )


async def delete_part(connection: Any, catalog: Catalog, kind: PartKind, part_id: UUID) -> Any:
    """Delete a part and return its row as it was.

    Raises:
        NotFound: there is none.
        Invalid: it is the label identifier's column.
    """
    row = await find_part(connection, catalog, kind, part_id)
    await connection.execute("delete from core.view_part where id = $1", part_id)
    return row


class _Part:
    """A part in the making."""

    def __init__(self, connection: Any, catalog: Catalog, kind: PartKind, owner: Object, action: str) -> None:
        self.connection = connection
        self.catalog = catalog
        self.kind = kind
        self.owner = owner
        self.problems = Problems(kind.name, action, {"objectMetadataId": str(owner.id)})

    @property
    def code(self) -> str:
        """The code of a broken rule."""
        return INVALID_FILTER if self.kind.name == "viewFilter" else INVALID

    def field(self, field_id: UUID) -> Field:
        """Return the field that the part is about."""
        found = next((each for each in self.owner.fields if each.id == field_id), None)
        if found is None:
            raise NotFound("fieldMetadataId: there is no such field on the view's object", REFERENCE)
        return found

    def content(self, given: Given, before: Mapping[str, Any], field: Field | None) -> dict[str, Any]:
        """Return what the part holds after the change."""
        content = dict(before)
        for key, each in self.kind.keys.items():
            if key in given:
                content[key] = self._value(given, key, each)
            elif key not in content:
                if each.required:
                    raise BadInput(f"{key}: is required", "INVALID_INPUT")
                content[key] = each.default
        if self.kind.name == "viewFilter" and field is not None:
            content["operand"] = content["operand"] or first_operand(field)
        return content

    def _value(self, given: Given, key: str, each: Key) -> Any:
        match each.kind:
            case "bool":
                return flag(given, key, default=bool(each.default))
            case "number":
                return None if given[key] is None else number(given, key, 0)
            case "text":
                return None if given[key] is None else text(given, key)
            case "id":
                return None if given[key] is None else str(identifier(given, key))
            case "enum":
                value = given[key]
                if value is not None and value not in each.values:
                    self.problems.add(self.code, f"{key}: must be one of {', '.join(each.values)}", value)
                return each.default if value is None else value
            case _:
                return given[key]

    async def parent(self, given: Given, view_id: UUID, row: Any) -> UUID | None:
        """Return the part that this one belongs to."""
        if self.kind.parent is None:
            return None
        key, kind = self.kind.parent
        if key not in given:
            return None if row is None else row["parent_id"]
        parent_id = optional_identifier(given, key)
        if parent_id is None:
            return None
        parent = await find_part(self.connection, self.catalog, PARTS[kind], parent_id)
        if parent["view_id"] != view_id:
            raise NotFound(f"{key}: belongs to another view", REFERENCE)
        if self.kind.name == "viewFilterGroup":
            await self._check_nesting(parent, None if row is None else row["id"])
        return parent_id

    async def _check_nesting(self, parent: Any, itself: UUID | None) -> None:
        depth, above = 1, parent
        while above is not None:
            if above["id"] == itself:
                raise self.problems.refuse("CIRCULAR_DEPENDENCY", "A filter group cannot be its own ancestor")
            depth += 1
            above_id = above["parent_id"]
            above = (
                None
                if above_id is None
                else await find_part(self.connection, self.catalog, PARTS["viewFilterGroup"], above_id)
            )
        if depth > DEEPEST:
            raise self.problems.refuse("MAX_DEPTH_EXCEEDED", f"Filter groups nest {DEEPEST} deep at most")

    async def check(self, view_id: UUID, field: Field | None, content: Mapping[str, Any], part_id: UUID | None) -> None:
        """Check the rules of the part's kind."""
        if self.kind.name in {"viewField", "viewSort"} and field is not None and part_id is None:
            taken = await self.connection.fetchval(
                "select true from core.view_part where view_id = $1 and kind = $2 and field_id = $3",
                view_id,
                self.kind.name,
                field.id,
            )
            if taken:
                self.problems.add(self.code, f"fieldMetadataId: {field.name} stands in the view already", str(field.id))
        if self.kind.name == "viewField" and field is not None:
            await self._check_label(view_id, field, content, part_id)
        if self.kind.name == "viewFilter" and field is not None:
            problem = operand_problem(field, content["operand"])
            if problem is not None:
                self.problems.add(self.code, problem, content["operand"])
            self._check_options(field, content)
        self.problems.check()

    async def _check_label(self, view_id: UUID, field: Field, content: Mapping[str, Any], part_id: UUID | None) -> None:
        """Keep the label identifier's column visible and first."""
        rows = await self.connection.fetch(
            "select field_id, content from core.view_part where view_id = $1 and kind = 'viewField' "
            "and id is distinct from $2",
            view_id,
            part_id,
        )
        label = self.owner.label_identifier_field_id
        places = {row["field_id"]: orjson.loads(row["content"]).get("position", 0) for row in rows}
        if field.id == label:
            if not content["isVisible"]:
                self.problems.add(self.code, "isVisible: the label identifier's column stays visible")
            if any(place < content["position"] for place in places.values()):
                self.problems.add(self.code, "position: the label identifier's column comes first")
        elif label in places and content["position"] < places[label]:
            self.problems.add(self.code, "position: the label identifier's column comes first", content["position"])

    def _check_options(self, field: Field, content: Mapping[str, Any]) -> None:
        if field.type.name not in {"SELECT", "MULTI_SELECT"} or content["operand"] in {"IS_EMPTY", "IS_NOT_EMPTY"}:
            return
        known = {each["value"] for each in stored_options(field)}
        sent = content["value"]
        named = sent if isinstance(sent, list) else [sent]
        unknown = next((each for each in named if isinstance(each, str) and each and each not in known), None)
        if unknown is not None and not unknown.startswith("["):
            self.problems.add(self.code, f"value: there is no option '{unknown}'", unknown)
