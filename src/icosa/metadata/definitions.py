"""Objects, fields, relations and indexes as the Metadata API tells them (`metadata.md` sections 3 and 4).

What lies behind a definition (its fields, its relation's ends) is a function, called when a document asks for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5

from icosa.catalog.model import Catalog, Field, Index, Object
from icosa.metadata.pages import connection
from icosa.modeling.rows import moment

STANDARD_APPLICATION = "0c1c05a0-0000-4000-8000-000000000001"
CUSTOM_APPLICATION = "0c1c05a0-0000-4000-8000-000000000002"
Told = dict[str, Any]


def application(is_custom: bool) -> str:
    """Return the id of the application that a definition belongs to: the standard one or the workspace's own."""
    return CUSTOM_APPLICATION if is_custom else STANDARD_APPLICATION


class Definitions:
    """The definitions of one view.

    Args:
        catalog: what the caller may see.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def objects(self) -> list[Told]:
        """Return all objects."""
        return [self.object(each) for each in self._catalog.objects]

    def object(self, owner: Object) -> Told:
        """Return an object."""
        return {
            **object_columns(owner),
            "fieldsList": lambda _info: list(self._listed(owner)),
            "fields": lambda _info, paging=None, filter=None: connection(
                [self.field(each) for each in owner.fields], paging, filter
            ),
            "indexMetadataList": lambda _info: self.indexes(owner),
            "indexMetadatas": lambda _info, paging=None, filter=None: connection(self.indexes(owner), paging, filter),
            "searchFieldMetadataList": lambda _info: list(self._searched(owner)),
        }

    def _listed(self, owner: Object) -> Iterator[Told]:
        """Yield the fields, each morph once under its base name."""
        seen: set[UUID] = set()
        for each in owner.fields:
            if each.morph_id is None or each.morph_name is None:
                yield self.field(each)
            elif each.morph_id not in seen:
                seen.add(each.morph_id)
                yield {**self.field(each), "name": each.morph_name}

    def _searched(self, owner: Object) -> Iterator[Told]:
        vector = owner.field_by_name.get("searchVector")
        for position, name in enumerate(owner.search_fields):
            each = owner.field_by_name.get(name)
            if each is not None:
                yield {
                    "id": str(uuid5(each.id, "search")),
                    "fieldMetadataId": str(each.id),
                    "tsVectorFieldMetadataId": str(vector.id) if vector else None,
                    "position": position,
                    "createdAt": moment(each.created_at),
                    "updatedAt": moment(each.updated_at),
                }

    def fields(self) -> list[Told]:
        """Return the fields of all objects."""
        return [self.field(each) for owner in self._catalog.objects for each in owner.fields]

    def field(self, each: Field) -> Told:
        """Return a field."""
        return {
            **field_columns(each),
            "relation": lambda _info: (
                self._relation(each) if each.type.is_relation and not each.type.is_morph else None
            ),
            "morphRelations": lambda _info: self._morphs(each) if each.type.is_morph else None,
            "object": lambda _info: self.object(self._catalog.by_id[each.object_id]),
        }

    def _relation(self, each: Field, name: str | None = None) -> Told | None:
        target, inverse = self._catalog.target(each), self._catalog.inverse(each)
        if target is None or inverse is None or each.relation is None:
            return None
        source = self.field(each)
        return {
            "type": "MANY_TO_ONE" if each.relation.many_to_one else "ONE_TO_MANY",
            "sourceObjectMetadata": self.object(self._catalog.by_id[each.object_id]),
            "sourceFieldMetadata": {**source, "name": name} if name else source,
            "targetObjectMetadata": self.object(target),
            "targetFieldMetadata": self.field(inverse),
        }

    def _morphs(self, each: Field) -> list[Told]:
        owner = self._catalog.by_id[each.object_id]
        siblings = [one for one in owner.fields if one.morph_id == each.morph_id]
        return [told for one in siblings if (told := self._relation(one, each.morph_name)) is not None]

    def indexes(self, owner: Object) -> list[Told]:
        """Return an object's indexes: those of the catalog, and those that every table has."""
        return [self._index(owner, each) for each in (*owner.indexes, *_standing(owner))]

    def index(self, index_id: UUID) -> Told | None:
        """Return an index by its id."""
        for owner in self._catalog.objects:
            for each in (*owner.indexes, *_standing(owner)):
                if each.id == index_id:
                    return self._index(owner, each)
        return None

    def all_indexes(self) -> list[Told]:
        """Return the indexes of all objects."""
        return [each for owner in self._catalog.objects for each in self.indexes(owner)]

    def _index(self, owner: Object, each: Index) -> Told:
        times = {"createdAt": moment(each.created_at), "updatedAt": moment(each.updated_at)}
        parts = each.sub_fields or (None,) * len(each.fields)
        return {
            "id": str(each.id),
            "name": each.name,
            "isCustom": each.is_custom,
            "isUnique": each.is_unique,
            "indexWhereClause": each.where_clause,
            "indexType": each.index_type,
            **times,
            "indexFieldMetadataList": [
                {
                    "id": str(uuid5(each.id, f"{order}")),
                    "fieldMetadataId": str(field_id),
                    "order": order,
                    "subFieldName": part,
                    **times,
                }
                for order, (field_id, part) in enumerate(zip(each.fields, parts, strict=True))
            ],
            "objectMetadata": lambda _info, paging=None, filter=None: connection([self.object(owner)], paging, filter),
        }


def _standing(owner: Object) -> Iterator[Index]:
    for each in owner.fields:
        kind = "GIN" if each.name == "searchVector" else "BTREE" if each.join_column else None
        if kind is not None:
            digest = hashlib.sha256(f"{each.id}{kind}".encode()).hexdigest()[:27]
            yield Index(
                id=uuid5(each.id, "index"),
                name=f"IDX_{digest}",
                index_type=kind,
                fields=(each.id,),
                created_at=each.created_at,
                updated_at=each.updated_at,
            )


def object_columns(owner: Object) -> Told:
    """Return what an object is by itself."""
    return {
        "id": str(owner.id),
        "universalIdentifier": str(owner.universal_identifier) if owner.universal_identifier else str(owner.id),
        "applicationId": application(owner.is_custom),
        "nameSingular": owner.name_singular,
        "namePlural": owner.name_plural,
        "labelSingular": owner.label_singular,
        "labelPlural": owner.label_plural,
        "description": owner.description,
        "icon": owner.icon,
        "color": owner.color or "",
        "shortcut": owner.shortcut,
        "isCustom": owner.is_custom,
        "isRemote": False,
        "isActive": owner.is_active,
        "isSystem": owner.is_system,
        "isUIEditable": owner.is_ui_editable,
        "isUICreatable": owner.is_ui_creatable,
        "isUIReadOnly": not owner.is_ui_editable,
        "isSearchable": owner.is_searchable,
        "isLabelSyncedWithName": owner.is_label_synced_with_name,
        "labelIdentifierFieldMetadataId": _text(owner.label_identifier_field_id),
        "imageIdentifierFieldMetadataId": _text(owner.image_identifier_field_id),
        "duplicateCriteria": [list(columns) for columns in owner.duplicate_criteria] or None,
        "createdAt": moment(owner.created_at),
        "updatedAt": moment(owner.updated_at),
    }


def field_columns(each: Field) -> Told:
    """Return what a field is by itself."""
    return {
        "id": str(each.id),
        "universalIdentifier": str(each.universal_identifier) if each.universal_identifier else str(each.id),
        "applicationId": application(each.is_custom),
        "type": each.type.name,
        "name": each.name,
        "label": each.label,
        "description": each.description,
        "icon": each.icon,
        "isCustom": each.is_custom and not each.is_system,
        "isActive": each.is_active,
        "isSystem": each.is_system,
        "isUIEditable": each.is_ui_editable,
        "isUIReadOnly": not each.is_ui_editable,
        "isNullable": each.is_nullable,
        "isUnique": each.is_unique,
        "defaultValue": each.default_value,
        "options": options_of(each),
        "settings": dict(each.settings) if each.settings else None,
        "objectMetadataId": str(each.object_id),
        "isLabelSyncedWithName": each.is_label_synced_with_name,
        "morphId": _text(each.morph_id),
        "createdAt": moment(each.created_at),
        "updatedAt": moment(each.updated_at),
    }


def options_of(each: Field) -> list[Told] | None:
    """Return a field's options in order; a rating's have no color."""
    if not each.options:
        return None
    return [
        {
            "id": one.id,
            "value": one.value,
            "label": one.label,
            **({} if one.color is None else {"color": one.color}),
            "position": one.position,
        }
        for one in each.options
    ]


def _text(identifier: UUID | None) -> str | None:
    return None if identifier is None else str(identifier)
