"""Make a custom object in a workspace that is in use: catalog rows, table and the version's bump in one transaction.

It gets what standard objects have: system fields, a name, and relations to notes, tasks, attachments and the timeline
(`data-model.md`, "The eight system fields").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from icosa.catalog.load import load_catalog
from icosa.catalog.model import Catalog, Object
from icosa.catalog.snapshots import CHANNEL
from icosa.modeling import ddl
from icosa.modeling.install import insert_rows
from icosa.modeling.standard import Row
from icosa.naming import capitalized

DEFAULT_ACTOR = {"name": "''", "source": "'MANUAL'"}
SYSTEM = (
    ("id", "UUID", "Id", "Icon123", False, "uuid"),
    ("createdAt", "DATE_TIME", "Creation date", "IconCalendar", False, "now"),
    ("createdBy", "ACTOR", "Created by", "IconCreativeCommonsSa", False, DEFAULT_ACTOR),
    ("deletedAt", "DATE_TIME", "Deleted at", "IconCalendarClock", True, None),
    ("position", "POSITION", "Position", "IconHierarchy2", False, 0),
    ("searchVector", "TS_VECTOR", "Search vector", "IconSearch", True, None),
    ("updatedAt", "DATE_TIME", "Last update", "IconCalendarClock", False, "now"),
    ("updatedBy", "ACTOR", "Updated by", "IconUserCircle", False, DEFAULT_ACTOR),
)
RELATIVES = (
    ("timelineActivities", "timelineActivity", "Timeline Activities", "IconTimelineEvent"),
    ("attachments", "attachment", "Attachments", "IconFileImport"),
    ("noteTargets", "noteTarget", "Notes", "IconCheckbox"),
    ("taskTargets", "taskTarget", "Tasks", "IconCheckbox"),
)


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """A field to make.

    Attributes:
        name: API name.
        type: of the field types.
        label: for people.
        icon: for people.
        default_value: in metadata form.
        options: in metadata form.
        settings: in metadata form.
        relation: for a many-to-one relation: the target's singular name, and name and label of the field there.
    """

    name: str
    type: str
    label: str
    icon: str = ""
    default_value: Any = None
    options: Sequence[dict[str, Any]] | None = None
    settings: dict[str, Any] | None = None
    relation: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class ObjectDefinition:
    """An object to make."""

    name_singular: str
    name_plural: str
    label_singular: str
    label_plural: str
    icon: str = ""
    description: str = ""
    fields: Sequence[FieldDefinition] = field(default_factory=tuple)


async def create_object(connection: Any, catalog: Catalog, definition: ObjectDefinition) -> Catalog:
    """Make an object and return the model with it.

    Args:
        connection: inside a transaction, with the workspace's row locked by the caller of this.
        catalog: the model as it is.
        definition: what to make; its names are free and valid.
    """
    made = _NewObject(catalog, definition)
    workspace_id = catalog.workspace_id
    await insert_rows(connection, "object_metadata", workspace_id, [made.row])
    await insert_rows(connection, "field_metadata", workspace_id, made.fields)
    await connection.execute(
        "UPDATE core.workspace SET metadata_version = metadata_version + 1, updated_at = now() WHERE id = $1",
        workspace_id,
    )
    changed = await load_catalog(_Rows(connection), workspace_id)
    if changed is None:
        raise LookupError(workspace_id)
    await connection.execute(";\n".join(_statements(changed, changed.by_id[made.id], made)))
    await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, str(workspace_id))
    return changed


class _Rows:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def fetch_row(self, sql: str, *args: Any) -> Any:
        return await self._connection.fetchrow(sql, *args)


class _NewObject:
    """The catalog rows of an object in the making."""

    def __init__(self, catalog: Catalog, definition: ObjectDefinition) -> None:
        self.catalog = catalog
        self.definition = definition
        self.id = uuid4()
        self.fields: list[Row] = []
        self.joins: list[tuple[Object, UUID]] = []
        name_id = self._own("name", "TEXT", "Name", "IconAbc")
        for name, kind, label, icon, nullable, default in SYSTEM:
            self._own(name, kind, label, icon, nullable=nullable, default=default, system=True)
        for name, target, label, icon in RELATIVES:
            self._relative(name, catalog.by_singular[target], label, icon)
        for each in definition.fields:
            self._define(each)
        self.row: Row = {
            "id": str(self.id),
            "universal_identifier": str(uuid4()),
            "name_singular": definition.name_singular,
            "name_plural": definition.name_plural,
            "label_singular": definition.label_singular,
            "label_plural": definition.label_plural,
            "description": definition.description,
            "icon": definition.icon,
            "table_name": f"_{definition.name_singular}",
            "is_custom": True,
            "is_active": True,
            "is_system": False,
            "is_searchable": True,
            "is_audit_logged": True,
            "is_ui_creatable": True,
            "is_ui_editable": True,
            "is_label_synced_with_name": False,
            "label_identifier_field_id": str(name_id),
            "search_fields": ["name"],
        }

    def _own(
        self,
        name: str,
        kind: str,
        label: str,
        icon: str,
        *,
        nullable: bool = True,
        default: Any = None,
        system: bool = False,
        **more: Any,
    ) -> UUID:
        return self._add(
            self.id, name, kind, label, icon, is_nullable=nullable, default_value=default, is_system=system, **more
        )

    def _add(self, object_id: UUID, name: str, kind: str, label: str, icon: str, **more: Any) -> UUID:
        field_id = more.pop("field_id", None) or uuid4()
        row = {
            "id": str(field_id),
            "object_id": str(object_id),
            "universal_identifier": str(uuid4()),
            "type": kind,
            "name": name,
            "label": label,
            "description": "",
            "icon": icon,
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
        self.fields.append({**row, **more})
        return field_id

    def _relative(self, name: str, target: Object, label: str, icon: str) -> None:
        group = next(each for each in target.fields if each.morph_name is not None)
        here, there = uuid4(), uuid4()
        join = f"{group.morph_name}{capitalized(self.definition.name_singular)}"
        self._own(
            name,
            "RELATION",
            label,
            icon,
            field_id=here,
            settings={"relationType": "ONE_TO_MANY"},
            relation_target_object_id=str(target.id),
            relation_target_field_id=str(there),
        )
        self._add(
            target.id,
            join,
            "MORPH_RELATION",
            self.definition.label_singular,
            icon,
            field_id=there,
            settings={"relationType": "MANY_TO_ONE", "onDelete": "SET_NULL", "joinColumnName": f"{join}Id"},
            relation_target_object_id=str(self.id),
            relation_target_field_id=str(here),
            morph_id=str(group.morph_id),
            morph_name=group.morph_name,
        )
        self.joins.append((target, there))

    def _define(self, each: FieldDefinition) -> None:
        if each.relation is None:
            self._own(
                each.name,
                each.type,
                each.label,
                each.icon,
                default=each.default_value,
                options=list(each.options) if each.options else None,
                settings=each.settings,
            )
            return
        target = self.catalog.by_singular[each.relation[0]]
        here, there = uuid4(), uuid4()
        self._own(
            each.name,
            "RELATION",
            each.label,
            each.icon,
            field_id=here,
            settings={"relationType": "MANY_TO_ONE", "onDelete": "SET_NULL", "joinColumnName": f"{each.name}Id"},
            relation_target_object_id=str(target.id),
            relation_target_field_id=str(there),
        )
        self._add(
            target.id,
            each.relation[1],
            "RELATION",
            each.relation[2],
            "",
            field_id=there,
            settings={"relationType": "ONE_TO_MANY"},
            relation_target_object_id=str(self.id),
            relation_target_field_id=str(here),
        )


def _statements(catalog: Catalog, owner: Object, made: _NewObject) -> list[str]:
    statements = [ddl.create_table(owner)]
    statements += [ddl.foreign_key(catalog, owner, each) for each in owner.fields if each.join_column]
    statements += ddl.standing_indexes(owner)
    for target, field_id in made.joins:
        changed = catalog.by_id[target.id]
        join = catalog.field_by_id[field_id]
        statements.append(f"ALTER TABLE {changed.sql_name} ADD COLUMN {ddl.column(join.leaves[0])}")
        statements.append(ddl.foreign_key(catalog, changed, join))
        statements.append(ddl.relation_index(changed, join))
    return statements
