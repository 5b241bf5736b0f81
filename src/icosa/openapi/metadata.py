"""The document of the Metadata API over REST, with the operations that the caller's rights allow (`openapi.md` section 4)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from icosa.fields.json_schema import LONG, JsonSchema
from icosa.openapi.components import answer, body, reference
from icosa.openapi.definitions import API_KEYS, FIELDS, OBJECTS, VIEW_PARTS, VIEWS, WEBHOOKS, Kind, definition_schemas
from icosa.openapi.frame import Kind as Document
from icosa.openapi.frame import framed, own_path
from icosa.openapi.shared import ENDING_BEFORE, ERROR, ID_PATH, STARTING_AFTER, UUID, error_responses, refusals

MOST = 1000
DATA_MODEL = "DATA_MODEL"
CREDENTIALS = "API_KEYS_AND_WEBHOOKS"
VIEW_RIGHT = "VIEWS"
NAMED: JsonSchema = {"type": "string", "description": "An id, a name, or a label in any language of the workspace."}


@dataclass(frozen=True, slots=True)
class Rights:
    """Which parts of the Metadata API a caller may use; reading the data model takes none of them."""

    data_model: bool
    credentials: bool
    views: bool


@dataclass(frozen=True, slots=True)
class Collection:
    """One kind of definition as its routes treat it.

    Attributes:
        kind: its schemas.
        wrapped: whether answers stand under `data`.
        reads: whether the caller may read.
        writes: whether the caller may write.
        deleted: the schema of a deletion's answer.
        filter: the query parameter that narrows the list.
        description: of the tag.
    """

    kind: Kind
    description: str
    deleted: JsonSchema
    wrapped: bool = False
    reads: bool = True
    writes: bool = True
    filter: str | None = None

    @property
    def one(self) -> str:
        """The name in the singular, capitalized."""
        return self.kind.name

    @property
    def plural(self) -> str:
        """The path, which is the tag too."""
        return f"{self.one[:1].lower()}{self.one[1:]}s"


def metadata_document(rights: Rights, *, direct: bool = False) -> JsonSchema:
    """Return the document of what a caller can do with definitions.

    Args:
        rights: the caller's.
        direct: whether the workspace answers without `data` around objects, fields and picklists (`metadata.md` section 2).
    """
    schemas: JsonSchema = {"ErrorBody": ERROR, **definition_schemas()}
    general = {"name": "General", "description": "The document itself."}
    paths: defaultdict[str, JsonSchema] = defaultdict(dict)
    paths |= own_path(Document.METADATA, refusals(), tags=[general["name"]])
    tags = [general]
    for each in _collections(rights):
        if each.reads:
            tags.append({"name": each.plural, "description": each.description})
            _CollectionPaths(each, paths, schemas, direct=direct).add()
    tags.append({"name": "picklists", "description": "The drop-down fields of all objects, with their options."})
    _add_picklists(paths, schemas, direct=direct)
    components = {"schemas": schemas, "parameters": PARAMETERS, "responses": error_responses()}
    return framed(Document.METADATA, dict(paths), components, tags=tags)


def _collections(rights: Rights) -> list[Collection]:
    held, success = rights.credentials, reference("Success")
    true: JsonSchema = {"type": "boolean"}
    return [
        Collection(
            OBJECTS, "Kinds of records.", reference("ObjectForResponse"), wrapped=True, writes=rights.data_model
        ),
        Collection(FIELDS, "Fields of objects.", reference("FieldForResponse"), wrapped=True, writes=rights.data_model),
        Collection(WEBHOOKS, "Who is told of changes.", true, reads=held, writes=held),
        Collection(
            API_KEYS,
            "Keys for programs. Only a signed-in person makes, changes and revokes them.",
            reference("ApiKeyForResponse"),
            reads=held,
            writes=held,
        ),
        Collection(VIEWS, "Views of objects' records.", success, writes=rights.views, filter="objectMetadataId"),
        *(
            Collection(kind, f"Parts of views: {kind.name}.", success, writes=rights.views, filter="viewId")
            for kind in VIEW_PARTS.values()
        ),
    ]


class _CollectionPaths:
    """Makes the paths of one collection."""

    def __init__(
        self, told: Collection, paths: defaultdict[str, JsonSchema], schemas: JsonSchema, *, direct: bool
    ) -> None:
        self._told = told
        self._direct = direct
        self._paths = paths
        self._schemas = schemas
        self._record = reference(f"{told.one}ForResponse")

    def add(self) -> None:
        """Put them in."""
        told = self._told
        one, many, key = told.one, f"{told.one}s", f"{told.one[:1].lower()}{told.one[1:]}"
        names = told.wrapped and one == OBJECTS.name
        self._put("", "get", f"findMany{many}", f"Find Many {told.plural}", self._list(), self._list_parameters())
        self._put(
            "/{id}",
            "get",
            f"findOne{one}",
            f"Find One {key}",
            self._one(key, f"{one}Response"),
            [reference("idOrNamePath" if names else "idPath", "parameters")],
            refused=("404",),
        )
        if not told.writes:
            return
        made = self._one(f"createOne{one}", f"CreateOne{one}Response")
        self._put("", "post", f"createOne{one}", f"Create One {key}", made, [], sent=one, refused=("404",))
        addressed = [reference("idPath", "parameters")]
        changed = self._one(f"updateOne{one}", f"UpdateOne{one}Response")
        update = f"{one}ForUpdate"
        self._put(
            "/{id}", "patch", f"updateOne{one}", f"Update One {key}", changed, addressed, sent=update, refused=("404",)
        )
        gone = self._one(f"deleteOne{one}", f"DeleteOne{one}Response") if told.wrapped else told.deleted
        self._put("/{id}", "delete", f"deleteOne{one}", f"Delete One {key}", gone, addressed, refused=("403", "404"))

    def _list(self) -> JsonSchema:
        rows = {"type": "array", "items": self._record}
        if not self._told.wrapped:
            return rows
        key = None if self._direct else self._told.plural
        return _put_page(self._schemas, f"{self._told.one}ListResponse", key, self._record)

    def _list_parameters(self) -> list[JsonSchema]:
        if self._told.wrapped:
            return PAGE
        if self._told.filter is None:
            return []
        return [{"name": self._told.filter, "in": "query", "description": "Only those of this one.", "schema": UUID}]

    def _one(self, key: str, name: str) -> JsonSchema:
        if self._direct or not self._told.wrapped:
            return self._record
        return _put_wrapped(self._schemas, name, key, self._record)

    def _put(
        self,
        path: str,
        method: str,
        operation_id: str,
        summary: str,
        schema: JsonSchema,
        parameters: list[JsonSchema],
        *,
        sent: str | None = None,
        refused: tuple[str, ...] = (),
    ) -> None:
        told = self._told
        if method == "get" and told.kind in (WEBHOOKS, API_KEYS):
            refused = (*refused, "403")
        self._paths[f"/{told.plural}{path}"][method] = _operation(
            told.plural,
            operation_id,
            summary,
            schema,
            parameters,
            status=201 if method == "post" else 200,
            sent=None if sent is None else reference(sent),
            refused=refused,
        )


def _operation(
    tag: str,
    operation_id: str,
    summary: str,
    schema: JsonSchema,
    parameters: list[JsonSchema] | None = None,
    *,
    status: int = 200,
    sent: JsonSchema | None = None,
    refused: tuple[str, ...] = (),
) -> JsonSchema:
    more = refused if sent is None else (*refused, "403", "413")
    return {
        "tags": [tag],
        "summary": summary,
        "operationId": operation_id,
        **({"parameters": parameters} if parameters else {}),
        **({} if sent is None else {"requestBody": body(sent)}),
        "responses": {str(status): answer("Created" if status == 201 else "Done", schema), **refusals(*more)},
    }


def _add_picklists(paths: defaultdict[str, JsonSchema], schemas: JsonSchema, *, direct: bool) -> None:
    record = reference("PicklistForResponse")
    page = _put_page(schemas, "PicklistListResponse", None if direct else "picklists", record)
    one = record if direct else _put_wrapped(schemas, "PicklistResponse", "picklist", record)
    narrowing = [*PAGE, reference("picklistObject", "parameters"), reference("picklistType", "parameters")]
    owner, field = reference("objectPath", "parameters"), reference("fieldPath", "parameters")
    paths["/picklists"]["get"] = _operation(
        "picklists", "findManyPicklists", "Find Many picklists", page, narrowing, refused=("404",)
    )
    paths["/picklists/{object}"]["get"] = _operation(
        "picklists", "findPicklistsOfObject", "Find picklists of an object", page, [owner, *narrowing], refused=("404",)
    )
    paths["/picklists/{object}/{field}"]["get"] = _operation(
        "picklists",
        "findOnePicklist",
        "Find One picklist",
        one,
        [owner, field],
        refused=("404",),
    )


def _put_page(schemas: JsonSchema, name: str, key: str | None, record: JsonSchema) -> JsonSchema:
    """Keep the schema of a page of rows, under a key or bare, and return the reference to it."""
    rows = {"type": "array", "items": record}
    schemas[f"{name}Data"] = rows if key is None else _keyed(key, rows)
    schemas[name] = {
        "type": "object",
        "properties": {
            "data": reference(f"{name}Data"),
            "pageInfo": reference("DefinitionPageInfo"),
            "totalCount": dict(LONG),
        },
        "required": ["data", "pageInfo", "totalCount"],
    }
    return reference(name)


def _put_wrapped(schemas: JsonSchema, name: str, key: str, record: JsonSchema) -> JsonSchema:
    """Keep the schema of an answer `{data: {key: …}}` and return the reference to it."""
    schemas[f"{name}Data"] = _keyed(key, record)
    schemas[name] = _keyed("data", reference(f"{name}Data"))
    return reference(name)


def _keyed(key: str, schema: JsonSchema) -> JsonSchema:
    return {"type": "object", "properties": {key: schema}, "required": [key]}


def _path(name: str, schema: JsonSchema, description: str) -> JsonSchema:
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


PAGE = [reference(name, "parameters") for name in ("limit", "startingAfter", "endingBefore")]
PARAMETERS: JsonSchema = {
    "idPath": {**ID_PATH, "description": "Its id."},
    "idOrNamePath": _path("id", NAMED, "Which object."),
    "objectPath": _path("object", NAMED, "Which object."),
    "fieldPath": _path("field", {"type": "string"}, "The field's name."),
    "startingAfter": {**STARTING_AFTER, "schema": UUID},
    "endingBefore": {**ENDING_BEFORE, "schema": UUID},
    "limit": {
        "name": "limit",
        "in": "query",
        "description": f"How many rows; more than {MOST} count as {MOST}.",
        "schema": {"type": "integer", "minimum": 0, "maximum": MOST, "default": MOST},
    },
    "picklistObject": {
        "name": "object",
        "in": "query",
        "description": "Only of these objects, by id, name or label; joined by commas.",
        "schema": {"type": "string"},
    },
    "picklistType": {
        "name": "type",
        "in": "query",
        "description": "Only of these types: `SELECT`, `MULTI_SELECT`, `RATING`; joined by commas.",
        "schema": {"type": "string"},
    },
}
