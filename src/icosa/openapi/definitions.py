"""Schemas of the Metadata API: objects, fields, webhooks, keys, views and their parts (`openapi.md` sections 4 and 6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from icosa.fields.json_schema import DOUBLE, JsonSchema, or_null
from icosa.fields.registry import FIELD_TYPES
from icosa.modeling.view_rules import (
    AGGREGATES,
    LAYOUTS,
    OPEN_IN,
    PARTS,
    VIEW_TYPES,
    VISIBILITIES,
    Key,
    PartKind,
)
from icosa.modeling.view_store import LISTS
from icosa.naming import capitalized
from icosa.openapi.components import reference
from icosa.openapi.shared import UUID
from icosa.webhooks.rules import PAYLOADS

TEXT: JsonSchema = {"type": "string"}
FLAG: JsonSchema = {"type": "boolean"}
NUMBER: JsonSchema = dict(DOUBLE)
MOMENT: JsonSchema = {"type": "string", "format": "date-time"}
ANYTHING: JsonSchema = {"description": "Any JSON."}
OBJECT: JsonSchema = {"type": "object"}
ICON: JsonSchema = {"type": "string", "description": "A Tabler icon's name, such as `IconBox`."}
NAME: JsonSchema = {"type": "string", "description": "As the API says it, in camelCase."}
NAMES: Mapping[str, JsonSchema] = MappingProxyType(
    {"nameSingular": NAME, "namePlural": NAME, "labelSingular": TEXT, "labelPlural": TEXT}
)
STAMPS: Mapping[str, JsonSchema] = MappingProxyType({"createdAt": MOMENT, "updatedAt": MOMENT})
OPTION: Mapping[str, JsonSchema] = MappingProxyType(
    {
        "id": UUID,
        "value": {"type": "string", "description": "In UPPER_SNAKE_CASE; what records hold."},
        "label": TEXT,
        "color": TEXT,
        "position": NUMBER,
    }
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of definition.

    Attributes:
        name: the singular, as schemas call it.
        create: the schema of a body that makes one.
        update: of one that changes one.
        answer: of an answer.
    """

    name: str
    create: JsonSchema
    update: JsonSchema
    answer: JsonSchema

    @property
    def schemas(self) -> dict[str, JsonSchema]:
        """The schemas by name."""
        return {self.name: self.create, f"{self.name}ForUpdate": self.update, f"{self.name}ForResponse": self.answer}


def _enum(values: Iterable[str]) -> JsonSchema:
    return {"type": "string", "enum": list(values)}


def _list(item: JsonSchema) -> JsonSchema:
    return {"type": "array", "items": item}


def _schema(properties: Mapping[str, JsonSchema], required: Iterable[str] = (), description: str = "") -> JsonSchema:
    made: JsonSchema = {"type": "object", "properties": dict(properties)}
    if description:
        made["description"] = description
    needed = list(required)
    return {**made, "required": needed} if needed else made


def _told(always: Mapping[str, JsonSchema], sometimes: Mapping[str, JsonSchema], description: str = "") -> JsonSchema:
    """Return the schema of an answer in which some keys may be null or, in a GET, left out."""
    return _schema({**always, **{key: or_null(each) for key, each in sometimes.items()}}, always, description)


def _whole(always: Mapping[str, JsonSchema], nullable: Mapping[str, JsonSchema], description: str = "") -> JsonSchema:
    """Return the schema of an answer in which every key stands, some of them null."""
    properties = {**always, **{key: or_null(each) for key, each in nullable.items()}}
    return _schema(properties, properties, description)


def _object() -> Kind:
    names = NAMES
    looks = {"description": TEXT, "icon": ICON, "color": TEXT, "shortcut": TEXT}
    synced = {"isLabelSyncedWithName": FLAG}
    changeable = {"isActive": FLAG, "isSearchable": FLAG}
    faces = {"labelIdentifierFieldMetadataId": UUID, "imageIdentifierFieldMetadataId": UUID}
    flags = ("isCustom", "isRemote", "isSystem", "isUIEditable", "isUICreatable", "isUIReadOnly")
    always = {
        "id": UUID,
        "universalIdentifier": UUID,
        "applicationId": UUID,
        **names,
        **{key: each for key, each in looks.items() if key != "shortcut"},
        **dict.fromkeys(flags, FLAG),
        **changeable,
        **synced,
        **STAMPS,
    }
    fields = {"fields": {**_list(reference("FieldForResponse")), "description": "Not told of a deleted object."}}
    sometimes = {"shortcut": TEXT, **faces, "duplicateCriteria": _list(_list(TEXT))}
    answer = _told(always, sometimes, "A kind of record.")
    answer["properties"] |= fields
    skip = {"skipNameField": {"type": "boolean", "description": "Makes the object without a field `name`."}}
    return Kind(
        "Object",
        _schema({**names, **looks, **synced, **skip}, names, "A kind of record to make."),
        _schema({**names, **looks, **changeable, **synced, **faces}),
        answer,
    )


def _field() -> Kind:
    told = {"label": TEXT, "description": TEXT, "icon": ICON}
    values = {
        "defaultValue": {"description": "In quotes of its own for a text: `\"'new'\"`; `now` and `uuid` stand bare."},
        "options": _list(reference("FieldOptionInput")),
        "settings": OBJECT,
    }
    flags = {"isUnique": FLAG, "isLabelSyncedWithName": FLAG}
    payload = reference("RelationCreationPayload")
    relations = {"relationCreationPayload": payload, "morphRelationsCreationPayload": _list(payload)}
    create = {
        "objectMetadataId": UUID,
        "type": _enum(name for name, each in FIELD_TYPES.items() if each.can_be_created),
        "name": NAME,
        **told,
        "isNullable": FLAG,
        "isUIEditable": FLAG,
        **flags,
        **values,
        **relations,
    }
    always = {
        "id": UUID,
        "universalIdentifier": UUID,
        "applicationId": UUID,
        "objectMetadataId": UUID,
        "type": _enum(FIELD_TYPES),
        "name": NAME,
        **told,
        **dict.fromkeys(("isCustom", "isActive", "isSystem", "isUIEditable", "isUIReadOnly", "isNullable"), FLAG),
        **flags,
        **STAMPS,
    }
    sometimes = {
        "defaultValue": ANYTHING,
        "options": _list(reference("FieldOption")),
        "settings": OBJECT,
        "morphId": UUID,
    }
    more = {"morphRelationsUpdatePayload": _list(_schema({"targetObjectMetadataId": UUID}))}
    return Kind(
        "Field",
        _schema(create, ("objectMetadataId", "type", "name", "label"), "A field to make."),
        _schema({"name": NAME, **told, "isActive": FLAG, **flags, **values, **more}),
        _told(always, sometimes, "A field of an object."),
    )


def _webhook() -> Kind:
    body = {
        "targetUrl": {"type": "string", "description": "An http or https address."},
        "operations": {
            **_list(TEXT),
            "description": "Such as `company.created`, `*.updated` or `*.*`, which is what it is when left out.",
        },
        "description": {"type": ["string", "null"]},
        "secret": {"type": "string", "description": "Signs each request. One is made; empty means unsigned."},
        "updatedFields": {**_list(TEXT), "description": "Wants `updated` only when one of these fields changed."},
        "payload": {**reference("WebhookPayload"), "description": "`thin` sends the record's id alone."},
        "isActive": {**FLAG, "description": "Off, nothing is sent; switching it on forgets why it was off."},
    }
    always = {
        "id": UUID,
        "targetUrl": TEXT,
        "operations": _list(TEXT),
        "secret": TEXT,
        "updatedFields": _list(TEXT),
        "payload": reference("WebhookPayload"),
        "isActive": FLAG,
        "warnings": {**_list(TEXT), "description": "What may keep it from doing what is expected of it."},
        "workspaceId": UUID,
        **STAMPS,
    }
    reason = {**reference("WebhookDisabledReason"), "description": "Why it was switched off by itself."}
    nullable = {"description": TEXT, "applicationId": UUID, "deletedAt": MOMENT, "inactiveReason": reason}
    return Kind(
        "Webhook", _schema({"id": UUID, **body}, ["targetUrl"]), _schema(body), _whole(always, nullable, "A webhook.")
    )


def _api_key() -> Kind:
    body = {"name": TEXT, "expiresAt": {**MOMENT, "description": "From then on it is refused."}}
    revoked = {"revokedAt": {**MOMENT, "description": "Any moment revokes the key, now and for good."}}
    always = {"id": UUID, "name": TEXT, "expiresAt": MOMENT, **STAMPS, "workspaceId": UUID}
    nullable = {"revokedAt": MOMENT, "lastUsedAt": MOMENT, "lastUsedIp": TEXT}
    return Kind(
        "ApiKey",
        _schema({**body, "roleId": UUID}, ["name", "expiresAt", "roleId"]),
        _schema({**body, **revoked}),
        _whole(always, nullable, "An API key; its token is shown once, when it is made."),
    )


def _view() -> Kind:
    settings = {
        "isCompact": FLAG,
        "openRecordIn": reference("ViewOpenRecordIn"),
        "shouldHideEmptyGroups": FLAG,
        "visibility": reference("ViewVisibility"),
        "type": reference("ViewType"),
        "name": TEXT,
        "icon": ICON,
        "position": NUMBER,
    }
    optional = {
        "key": reference("ViewKey"),
        "kanbanAggregateOperation": reference("AggregateOperation"),
        "kanbanAggregateOperationFieldMetadataId": UUID,
        "mainGroupByFieldMetadataId": UUID,
        "kanbanColumnWidth": NUMBER,
        "calendarFieldMetadataId": UUID,
        "calendarLayout": reference("ViewCalendarLayout"),
        "anyFieldFilterValue": TEXT,
    }
    body = {**settings, **{key: or_null(each) for key, each in optional.items()}}
    always = {
        "id": UUID,
        "objectMetadataId": UUID,
        **settings,
        "isCustom": FLAG,
        "isActive": FLAG,
        "workspaceId": UUID,
        **STAMPS,
        **{LISTS[name]: _list(reference(f"{capitalized(name)}ForResponse")) for name in PARTS},
    }
    nullable = {**optional, "createdByUserWorkspaceId": UUID, "deletedAt": MOMENT}
    return Kind(
        "View",
        _schema({"id": UUID, "objectMetadataId": UUID, **body}, ["objectMetadataId", "name", "icon"]),
        _schema(body),
        _whole(always, nullable, "A view of an object's records, with its parts."),
    )


KEYS: Mapping[str, JsonSchema] = {"bool": FLAG, "number": NUMBER, "text": TEXT, "id": UUID, "json": ANYTHING}


def _key(name: str, each: Key) -> JsonSchema:
    """Return the schema of a part's key; what may be emptied takes null."""
    if each.kind == "enum":
        values = reference(name)
        return or_null(values) if each.default is None else values
    schema = KEYS[each.kind]
    return schema if each.kind == "bool" else or_null(schema)


def _enum_name(kind: PartKind, key: str) -> str:
    return f"{capitalized(kind.name)}{capitalized(key)}"


def part(kind: PartKind) -> Kind:
    """Return the schemas of a kind of a view's parts."""
    keys = {key: _key(_enum_name(kind, key), each) for key, each in kind.keys.items()}
    if kind.parent is not None:
        keys[kind.parent[0]] = or_null(UUID)
    place: dict[str, JsonSchema] = {"viewId": UUID, **({"fieldMetadataId": UUID} if kind.has_field else {})}
    answer = {
        "id": UUID,
        **place,
        **keys,
        "isActive": FLAG,
        "workspaceId": UUID,
        **STAMPS,
        "deletedAt": or_null(MOMENT),
    }
    required = [*place, *(key for key, each in kind.keys.items() if each.required)]
    return Kind(
        capitalized(kind.name), _schema({"id": UUID, **place, **keys}, required), _schema(keys), _schema(answer, answer)
    )


OBJECTS, FIELDS, WEBHOOKS, API_KEYS, VIEWS = _object(), _field(), _webhook(), _api_key(), _view()
VIEW_PARTS: Mapping[str, Kind] = MappingProxyType({name: part(kind) for name, kind in PARTS.items()})


def picklist() -> JsonSchema:
    """Return the schema of a drop-down field with its options and its object."""
    answer = FIELDS.answer
    more = {
        "isMultiple": FLAG,
        "object": reference("PicklistObject"),
        "options": _list(reference("FieldOption")),
    }
    return {
        "type": "object",
        "description": "A field that offers a choice.",
        "properties": {**answer["properties"], **more},
        "required": [*answer["required"], *more],
    }


def _enums() -> dict[str, JsonSchema]:
    """Return every list of values under a name, for generators make a class of each."""
    values: dict[str, Iterable[str]] = {
        "RelationType": ("MANY_TO_ONE", "ONE_TO_MANY"),
        "WebhookPayload": PAYLOADS,
        "WebhookDisabledReason": ("failing", "gone"),
        "ViewOpenRecordIn": OPEN_IN,
        "ViewVisibility": VISIBILITIES,
        "ViewType": VIEW_TYPES,
        "ViewKey": ("INDEX",),
        "AggregateOperation": AGGREGATES,
        "ViewCalendarLayout": LAYOUTS,
    }
    for kind in PARTS.values():
        values |= {_enum_name(kind, key): each.values for key, each in kind.keys.items() if each.kind == "enum"}
    return {name: _enum(each) for name, each in values.items()}


def definition_schemas() -> dict[str, JsonSchema]:
    """Return every schema of the Metadata API by name."""
    made: dict[str, JsonSchema] = {
        **_enums(),
        "FieldOption": _schema(OPTION, [key for key in OPTION if key != "color"], "One choice of a field."),
        "FieldOptionInput": _schema(
            OPTION, ["value", "label", "position"], "One choice; without an id it is a new one."
        ),
        "RelationCreationPayload": _schema(
            {
                "type": reference("RelationType"),
                "targetObjectMetadataId": UUID,
                "targetFieldLabel": TEXT,
                "targetFieldIcon": ICON,
            },
            ["type", "targetObjectMetadataId", "targetFieldLabel", "targetFieldIcon"],
            "The other end of a relation.",
        ),
        "PicklistForResponse": picklist(),
        "PicklistObject": _schema({"id": UUID, **NAMES}, ["id", *NAMES], "The object that has the field."),
        "DefinitionPageInfo": _whole(
            {"hasNextPage": FLAG}, {"startCursor": TEXT, "endCursor": TEXT}, "Where a page stands in its list."
        ),
        "Success": _schema({"success": FLAG}, ["success"]),
    }
    for kind in (OBJECTS, FIELDS, WEBHOOKS, API_KEYS, VIEWS, *VIEW_PARTS.values()):
        made |= kind.schemas
    return made
