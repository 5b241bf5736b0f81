"""The document of the Core REST API: every object of a view, in the order of their plural names (`openapi.md` section 3)."""

from __future__ import annotations

from icosa.catalog.model import Catalog, Object
from icosa.fields.json_schema import JsonSchema
from icosa.openapi import changes
from icosa.openapi.components import Names, Schemas
from icosa.openapi.events import TAG, webhooks
from icosa.openapi.frame import Kind, framed, own_path
from icosa.openapi.operations import ObjectPaths
from icosa.openapi.records import RecordSchemas
from icosa.openapi.shared import CORE_PARAMETERS, error_responses, refusals

GENERAL = {"name": "General", "description": "The document itself."}


def core_document(view: Catalog, *, by_person: bool) -> JsonSchema:
    """Return the document of what a caller can do with records.

    Args:
        view: what the caller's role may see, with what it may write marked on it.
        by_person: whether a signed-in person asks, not a key.
    """
    owners = sorted((each for each in view.objects if each.is_active), key=lambda each: each.name_plural)
    schemas, ids = Schemas(), Names()
    records = RecordSchemas(view, owners, schemas)
    changes.change_schemas(schemas)
    ids.claim("getOpenApiSchema")
    paths = own_path(Kind.CORE, refusals(), tags=[GENERAL["name"]])
    paths |= changes.change_paths(ids)
    events: JsonSchema = {}
    for owner in owners:
        records.add(owner)
        names = records.names[owner.id]
        paths |= ObjectPaths(owner, names, schemas, ids, by_person=by_person).paths()
        events |= webhooks(owner, names, ids)
    parameters = {**CORE_PARAMETERS, **changes.PARAMETERS}
    components = {"schemas": schemas.made, "parameters": parameters, "responses": error_responses()}
    tags = [GENERAL, changes.TAG, TAG, *map(_tag, owners)]
    return framed(Kind.CORE, paths, components, tags=tags, webhooks=events)


def _tag(owner: Object) -> JsonSchema:
    told = f"{owner.label_plural}: {owner.description}" if owner.description else owner.label_plural
    return {"name": owner.name_plural, "description": told, **({"x-icosa-system": True} if owner.is_system else {})}
