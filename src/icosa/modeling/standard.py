"""The standard model as catalog rows, read from `catalog/standard_objects.json` (`data-model.md`)."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid5

import orjson

Row = dict[str, Any]


def standard_objects() -> list[dict[str, Any]]:
    """Return the contract's standard objects."""
    loaded: list[dict[str, Any]] = orjson.loads((files("icosa.catalog") / "standard_objects.json").read_bytes())
    return loaded


class StandardModel:
    """The rows that describe a new workspace.

    Args:
        workspace_id: ids of objects and fields are derived from it and their universal identifiers.
        legacy_fields: whether company and person get the fields that clients of 2025 send (`DECISIONS.md` item 1).
    """

    def __init__(self, workspace_id: UUID, *, legacy_fields: bool) -> None:
        self.workspace_id = workspace_id
        self.objects: list[Row] = []
        self.fields: list[Row] = []
        self.indexes: list[Row] = []
        definitions = standard_objects()
        self._object_ids = {each["nameSingular"]: self._id(each["universalIdentifier"]) for each in definitions}
        self._field_ids = {
            (each["nameSingular"], field["name"]): self._id(each["universalIdentifier"], field["name"])
            for each in definitions
            for field in (*each["fields"], *(each.get("legacyFields") or ()))
        }
        for each in definitions:
            self._add(each, legacy_fields=legacy_fields)

    def _id(self, *parts: str) -> str:
        return str(uuid5(self.workspace_id, "/".join(parts)))

    def _add(self, definition: Mapping[str, Any], *, legacy_fields: bool) -> None:
        name = definition["nameSingular"]
        self.objects.append(
            {
                "id": self._object_ids[name],
                "universal_identifier": definition["universalIdentifier"],
                "name_singular": name,
                "name_plural": definition["namePlural"],
                "label_singular": definition["labelSingular"],
                "label_plural": definition["labelPlural"],
                "description": definition["description"] or "",
                "icon": definition["icon"] or "",
                "color": definition["color"],
                "shortcut": definition["shortcut"],
                "table_name": name,
                "is_custom": False,
                "is_active": definition["isActive"],
                "is_system": definition["isSystem"],
                "is_searchable": definition["isSearchable"],
                "is_audit_logged": definition["isAuditLogged"],
                "is_ui_creatable": definition["isUICreatable"],
                "is_ui_editable": definition["isUIEditable"],
                "is_label_synced_with_name": definition["isLabelSyncedWithName"],
                "label_identifier_field_id": self._field_id(name, definition["labelIdentifierFieldName"]),
                "image_identifier_field_id": self._field_id(name, definition["imageIdentifierFieldName"]),
                "duplicate_criteria": definition["duplicateCriteria"],
                "search_fields": definition["searchFields"],
            }
        )
        for field in definition["fields"]:
            self.fields.append(self._field(name, field, is_custom=False))
        if legacy_fields:
            for field in definition.get("legacyFields") or ():
                self.fields.append(self._field(name, field, is_custom=True))
        for index in definition["indexes"]:
            if index["isUnique"]:
                self._add_unique(name, index["fields"])

    def _field_id(self, object_name: str, field_name: str | None) -> str | None:
        return None if field_name is None else self._field_ids[object_name, field_name]

    def _field(self, object_name: str, field: Mapping[str, Any], *, is_custom: bool) -> Row:
        relation = field.get("relation")
        morph = field.get("morph")
        settings = dict(field.get("settings") or {})
        if relation and relation.get("junctionTargetField"):
            target = (relation["targetObject"], relation["junctionTargetField"])
            settings["junctionTargetFieldId"] = self._field_ids[target]
        return {
            "id": self._field_ids[object_name, field["name"]],
            "object_id": self._object_ids[object_name],
            "universal_identifier": field.get("universalIdentifier"),
            "type": field["type"],
            "name": field["name"],
            "label": field["label"],
            "description": field.get("description") or "",
            "icon": field.get("icon") or "",
            "is_custom": is_custom,
            "is_active": field.get("isActive", True),
            "is_system": field.get("isSystem", False),
            "is_nullable": field["isNullable"],
            "is_ui_editable": field.get("isUIEditable", True),
            "is_label_synced_with_name": False,
            "default_value": field["defaultValue"],
            "options": field.get("options"),
            "settings": settings or None,
            "relation_target_object_id": self._object_ids[relation["targetObject"]] if relation else None,
            "relation_target_field_id": (
                self._field_ids[relation["targetObject"], relation["targetField"]] if relation else None
            ),
            "morph_id": morph["morphId"] if morph else None,
            "morph_name": morph["name"] if morph else None,
        }

    def _add_unique(self, object_name: str, field_names: list[str]) -> None:
        field_ids = [self._field_ids[object_name, name] for name in field_names]
        self.indexes.append(
            {
                "id": self._id("index", *field_ids),
                "object_id": self._object_ids[object_name],
                "name": f"IDX_UNIQUE_{UUID(field_ids[0]).hex}",
                "index_type": "BTREE",
                "is_custom": False,
                "is_unique": True,
                "where_clause": None,
                "fields": field_ids,
            }
        )
