"""The schemas of an object's records: to create, to update, and as answered (`openapi.md` sections 3 and 6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from icosa.catalog.model import Catalog, Field, Object
from icosa.fields.base import Leaf
from icosa.fields.composite import CompositeType
from icosa.fields.json_schema import JsonSchema, or_null
from icosa.naming import capitalized
from icosa.openapi.components import Schemas, reference
from icosa.openapi.shared import COMPOSITES, ERROR, NAMED, PAGE_INFO, RECORD_ID

SERVER_KEPT = frozenset({"createdAt", "updatedAt", "deletedAt", "updatedBy"})
GIVEN_BY_SERVER = frozenset({"id", "position", "createdBy"})
RECORD_ID_NAME = "id"


@dataclass(frozen=True, slots=True)
class RecordNames:
    """What an object's three schemas are called."""

    create: str
    update: str
    answer: str


class RecordSchemas:
    """Puts the schemas of all objects into a document.

    Args:
        view: what the caller may see.
        owners: the objects of the document.
        schemas: takes them.
    """

    def __init__(self, view: Catalog, owners: Sequence[Object], schemas: Schemas) -> None:
        self._view = view
        self._schemas = schemas
        self._shared()
        self.names: Mapping[UUID, RecordNames] = {owner.id: self._claim(owner.type_name) for owner in owners}

    def _shared(self) -> None:
        self._schemas.add("PageInfo", PAGE_INFO)
        self._schemas.add("ErrorBody", ERROR)
        self._schemas.add("RecordId", RECORD_ID)
        for each in COMPOSITES:
            self._schemas.add(each.answer_name, each.answer_schema(reference))
            self._schemas.add(each.body_name, each.body_schema(reference))
        for one in NAMED:
            self._schemas.add(one.name, one.schema)

    def _claim(self, name: str) -> RecordNames:
        claim = self._schemas.claim
        return RecordNames(claim(name), claim(f"{name}ForUpdate"), claim(f"{name}ForResponse"))

    def add(self, owner: Object) -> None:
        """Put in an object's three schemas, and those of its fields that they need."""
        names = self.names[owner.id]
        items = {each.id: self._item(owner, each) for each in owner.fields}
        told: JsonSchema = {"description": owner.description} if owner.description else {}
        told |= {"x-icosa-system": True} if owner.is_system else {}
        self._answer(owner, names, items, told)
        bodies: JsonSchema = {}
        for each in owner.fields:
            if self._writable(owner, each):
                bodies |= self._body(owner, each, items[each.id])
        identifier = owner.field_by_name[RECORD_ID_NAME]
        create = {RECORD_ID_NAME: identifier.leaves[0].type.body_schema(identifier.leaves[0]), **bodies}
        required = [name for name in bodies if self._must_be_sent(owner, name)]
        needed = {"required": required} if required else {}
        self._schemas.put(names.create, {"type": "object", **told, "properties": create, **needed})
        self._schemas.put(names.update, {"type": "object", **told, "properties": bodies})

    def _item(self, owner: Object, each: Field) -> JsonSchema | None:
        """Return the reference that stands for one option or one item of a field, None when it has none."""
        leaf = each.leaves[0] if each.leaves else None
        if leaf is None or each.is_composite:
            return None
        if leaf.options:
            options = {"type": "string", "enum": list(leaf.options), "description": _described(each)}
            return self._schemas.add(f"{owner.type_name}{capitalized(each.name)}Enum", options)
        return None if leaf.type.named is None else reference(leaf.type.named.name)

    def _answer(
        self, owner: Object, names: RecordNames, items: Mapping[UUID, JsonSchema | None], told: JsonSchema
    ) -> None:
        properties: JsonSchema = {}
        required: list[str] = []
        for each in owner.fields:
            own = self._own(each, items[each.id])
            properties |= own
            required += own
            properties |= self._related(each)
        self._schemas.put(names.answer, {"type": "object", **told, "properties": properties, "required": required})

    @staticmethod
    def _own(each: Field, item: JsonSchema | None) -> JsonSchema:
        """Return what every answer tells of a field."""
        if not each.type.is_documented:
            return {}
        if isinstance(each.type, CompositeType):
            return {each.name: {**reference(each.type.answer_name), "description": _described(each)}}
        return {
            leaf.path[0]: _with_description(leaf.type.answer_schema(leaf, item), each, leaf) for leaf in each.leaves
        }

    def _related(self, each: Field) -> JsonSchema:
        """Return what an answer tells of a relation at depth 1; see `Selections`."""
        target = self._view.target(each)
        if target is None or target.id not in self.names:
            return {}
        record = reference(self.names[target.id].answer)
        if each.join_column is not None:
            return {each.name: {**or_null(record), "description": f"{_described(each)}; told at depth 1."}}
        if self._view.inverse(each) is None:
            return {}
        return {each.name: {"type": "array", "items": record, "description": f"{_described(each)}; told at depth 1."}}

    @staticmethod
    def _writable(owner: Object, each: Field) -> bool:
        kept = each.name in SERVER_KEPT or each.name == RECORD_ID_NAME
        return each.type.is_documented and not kept and each.id not in owner.unwritable

    def _body(self, owner: Object, each: Field, item: JsonSchema | None) -> JsonSchema:
        """Return what a body may say of a field; a composite one gets a class of its own in generated clients."""
        if isinstance(each.type, CompositeType):
            shared = {"allOf": [reference(each.type.body_name)], "description": _described(each)}
            return {each.name: self._schemas.add(f"{owner.type_name}{capitalized(each.name)}", shared)}
        return {leaf.path[0]: _with_description(leaf.type.body_schema(leaf, item), each, leaf) for leaf in each.leaves}

    @staticmethod
    def _must_be_sent(owner: Object, name: str) -> bool:
        leaf = owner.leaf_by_path.get((name,))
        return leaf is not None and leaf.not_null and leaf.default_sql is None and name not in GIVEN_BY_SERVER


def _described(each: Field) -> str:
    return each.description or each.label or each.name


def _with_description(schema: JsonSchema, each: Field, leaf: Leaf) -> JsonSchema:
    if leaf.path[0] != each.name:
        return {**schema, "description": f"Id of: {_described(each)}"}
    kept = schema.get("description")
    return {**schema, "description": f"{_described(each)}. {kept}" if kept else _described(each)}
