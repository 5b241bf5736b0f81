"""The routes of the Metadata API over REST, each bound to the use case that GraphQL calls too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from icosa.catalog.model import Field, Object
from icosa.errors import BadInput, NotFound
from icosa.fields.registry import TYPES
from icosa.fields.uuids import is_uuid
from icosa.metadata import data_model
from icosa.metadata.context import Context
from icosa.metadata.definitions import Told, field_columns, object_columns, options_of
from icosa.metadata.deliveries import DELIVERY_ROUTES
from icosa.metadata.keys import FLAG as KEYS
from icosa.metadata.keys import key_changed, key_made, key_revoked, key_row
from icosa.metadata.labels import find_by_name
from icosa.metadata.request_log import REQUEST_LOG_ROUTES
from icosa.metadata.rest_pages import PAGE_PARAMETERS, rest_page, whole
from icosa.metadata.rest_reply import Reply, Route, route
from icosa.metadata.rest_views import VIEW_ROUTES
from icosa.metadata.webhooks import WEBHOOK_ROUTES
from icosa.modeling.names import NAME
from icosa.transport.parameters import Parameters

PICKLISTS = tuple(each.name for each in TYPES if each.has_options)
DATA_MODEL = "DATA_MODEL"
Given = Mapping[str, Any]


def rest_object(told: Told, fields: list[Told] | None, *, nulls: bool) -> Told:
    """Return an object with its fields, for REST."""
    made: Told = whole(told, nulls=nulls)
    return made if fields is None else {**made, "fields": fields}


def _fields(owner: Object, *, nulls: bool) -> list[Told]:
    return [whole(field_columns(each), nulls=nulls) for each in owner.fields]


def _page(info: Told, total: int) -> Told:
    return {"pageInfo": info, "totalCount": total}


async def list_objects(context: Context, parameters: Parameters, _body: Any) -> Reply:
    """Answer a page of objects with their fields."""
    shown, info, total = rest_page([object_columns(each) for each in context.view.objects], parameters)
    objects = [
        rest_object(each, _fields(context.view.by_id[UUID(each["id"])], nulls=False), nulls=False) for each in shown
    ]
    return Reply(objects, key="objects", page=_page(info, total))


async def get_object(context: Context, _parameters: Parameters, _body: Any, name: str) -> Reply:
    """Answer an object by id, name or label."""
    owner = named_object(context, name)
    told = rest_object(object_columns(owner), _fields(owner, nulls=False), nulls=False)
    return Reply(told, key="object")


def named_object(context: Context, name: str) -> Object:
    """Return an object by id, name or label.

    Raises:
        NotFound: `OBJECT_METADATA_NOT_FOUND`.
        BadInput: it has not even the form of an id or a name.
    """
    owner = context.view.by_id.get(UUID(name)) if is_uuid(name) else find_by_name(context.view, name)
    if owner is None and not is_uuid(name) and not NAME.fullmatch(name):
        raise BadInput(f"'{name[:60]}' is no id, no name and no object's label", "INVALID_ID")
    if owner is None:
        raise NotFound(f"There is no object '{name[:60]}'", "OBJECT_METADATA_NOT_FOUND")
    return owner


async def _object_answer(context: Context, key: str, told: Told, status: int, *, with_fields: bool = True) -> Reply:
    fields = None
    if with_fields:
        catalog = await context.services.snapshots.get(context.caller.workspace_id)
        owner = None if catalog is None else catalog.by_id.get(UUID(told["id"]))
        fields = [] if owner is None else _fields(owner, nulls=True)
    return Reply(rest_object(told, fields, nulls=True), status, key)


async def post_object(context: Context, _parameters: Parameters, body: Given) -> Reply:
    """Make an object."""
    return await _object_answer(context, "createOneObject", await data_model.object_made(context, body), 201)


async def patch_object(context: Context, _parameters: Parameters, body: Given, object_id: str) -> Reply:
    """Change an object."""
    told = await data_model.object_changed(context, UUID(object_id), body)
    return await _object_answer(context, "updateOneObject", told, 200)


async def delete_object(context: Context, _parameters: Parameters, _body: Any, object_id: str) -> Reply:
    """Delete an object."""
    told = await data_model.object_deleted(context, UUID(object_id))
    return await _object_answer(context, "deleteOneObject", told, 200, with_fields=False)


async def list_fields(context: Context, parameters: Parameters, _body: Any) -> Reply:
    """Answer a page of fields."""
    columns = [field_columns(each) for owner in context.view.objects for each in owner.fields]
    shown, info, total = rest_page(columns, parameters)
    fields = [whole(each, nulls=False) for each in shown]
    return Reply(fields, key="fields", page=_page(info, total))


async def get_field(context: Context, _parameters: Parameters, _body: Any, field_id: str) -> Reply:
    """Answer a field."""
    return Reply(whole(data_model.find_field(context.view, UUID(field_id)), nulls=False), key="field")


async def post_field(context: Context, _parameters: Parameters, body: Given) -> Reply:
    """Make a field."""
    told = await data_model.field_made(context, body)
    return Reply(whole(told, nulls=True), 201, "createOneField")


async def patch_field(context: Context, _parameters: Parameters, body: Given, field_id: str) -> Reply:
    """Change a field."""
    told = await data_model.field_changed(context, UUID(field_id), body)
    return Reply(whole(told, nulls=True), key="updateOneField")


async def delete_field(context: Context, _parameters: Parameters, _body: Any, field_id: str) -> Reply:
    """Delete a field."""
    told = await data_model.field_deleted(context, UUID(field_id))
    return Reply(whole(told, nulls=True), key="deleteOneField")


def picklist(owner: Object, each: Field) -> Told:
    """Return a drop-down field with its object and its options in order (section 14)."""
    names = ("id", "nameSingular", "namePlural", "labelSingular", "labelPlural")
    told = object_columns(owner)
    return {
        **whole(field_columns(each), nulls=False),
        "isMultiple": each.leaves[0].type.is_list,
        "object": {name: told[name] for name in names},
        "options": options_of(each) or [],
    }


def _is_picklist(each: Field) -> bool:
    return each.is_active and each.type.has_options


async def list_picklists(context: Context, parameters: Parameters, _body: Any, name: str | None = None) -> Reply:
    """Answer a page of drop-down fields."""
    asked = [part for text in parameters.all("object") for part in text.split(",") if part]
    asked = [name] if name is not None else asked
    owners = [named_object(context, each) for each in asked] if asked else list(context.view.objects)
    types = [part for text in parameters.all("type") for part in text.split(",") if part] or list(PICKLISTS)
    unknown = next((each for each in types if each not in PICKLISTS), None)
    if unknown is not None:
        raise BadInput(f"type: must be one of {', '.join(PICKLISTS)}, not '{unknown[:60]}'", "INVALID_QUERY_INPUT")
    found = {
        str(each.id): picklist(owner, each)
        for owner in owners
        if owner.is_active
        for each in owner.fields
        if _is_picklist(each) and each.type.name in types
    }
    shown, info, total = rest_page(list(found.values()), parameters)
    return Reply(shown, key="picklists", page=_page(info, total))


async def get_picklist(context: Context, _parameters: Parameters, _body: Any, name: str, field: str) -> Reply:
    """Answer one drop-down field."""
    owner = named_object(context, name)
    each = owner.field_by_name.get(field)
    if each is None or not _is_picklist(each):
        raise NotFound(f"{owner.name_singular} has no drop-down field '{field[:60]}'", "FIELD_METADATA_NOT_FOUND")
    return Reply(picklist(owner, each), key="picklist")


async def list_keys(context: Context, _parameters: Parameters, _body: Any) -> Reply:
    """Answer the keys that are not revoked."""
    rows = await context.services.api_keys.list(context.caller.workspace_id)
    return Reply([key_row(row) for row in rows])


def _key_not_found() -> NotFound:
    return NotFound("There is no API key with this id", "API_KEY_NOT_FOUND")


async def get_key(context: Context, _parameters: Parameters, _body: Any, key_id: str) -> Reply:
    """Answer a key."""
    row = await context.services.api_keys.find(context.caller.workspace_id, UUID(key_id))
    if row is None:
        raise _key_not_found()
    return Reply(key_row(row))


async def post_key(context: Context, _parameters: Parameters, body: Given) -> Reply:
    """Make a key; its token is had over GraphQL."""
    if not is_uuid(body.get("roleId")):
        raise BadInput("roleId: must be a UUID", "INVALID_API_KEY_INPUT")
    return Reply(key_row(await key_made(context, body)), 201)


async def patch_key(context: Context, _parameters: Parameters, body: Given, key_id: str) -> Reply:
    """Change a key."""
    row = await key_changed(context, UUID(key_id), body)
    if row is None:
        raise _key_not_found()
    return Reply(key_row(row))


async def delete_key(context: Context, _parameters: Parameters, _body: Any, key_id: str) -> Reply:
    """Revoke a key."""
    row = await key_revoked(context, UUID(key_id))
    if row is None:
        raise _key_not_found()
    return Reply(key_row(row))


PICKED = PAGE_PARAMETERS | {"object", "type"}
ROUTES: tuple[Route, ...] = (
    route("GET", "objects", list_objects, parameters=PAGE_PARAMETERS),
    route("POST", "objects", post_object, flag=DATA_MODEL),
    route("GET", "objects/{name}", get_object),
    route("PATCH PUT", "objects/{id}", patch_object, flag=DATA_MODEL),
    route("DELETE", "objects/{id}", delete_object, flag=DATA_MODEL),
    route("GET", "fields", list_fields, parameters=PAGE_PARAMETERS),
    route("POST", "fields", post_field, flag=DATA_MODEL),
    route("GET", "fields/{id}", get_field),
    route("PATCH PUT", "fields/{id}", patch_field, flag=DATA_MODEL),
    route("DELETE", "fields/{id}", delete_field, flag=DATA_MODEL),
    route("GET", "picklists", list_picklists, parameters=PICKED),
    route("GET", "picklists/{name}", list_picklists, parameters=PICKED),
    route("GET", "picklists/{name}/{name}", get_picklist),
    *VIEW_ROUTES,
    *WEBHOOK_ROUTES,
    *DELIVERY_ROUTES,
    *REQUEST_LOG_ROUTES,
    route("GET", "apiKeys", list_keys, flag=KEYS),
    route("POST", "apiKeys", post_key, flag=KEYS, needs_session=True),
    route("GET", "apiKeys/{id}", get_key, flag=KEYS),
    route("PATCH PUT", "apiKeys/{id}", patch_key, flag=KEYS, needs_session=True),
    route("DELETE", "apiKeys/{id}", delete_key, flag=KEYS, needs_session=True),
)
