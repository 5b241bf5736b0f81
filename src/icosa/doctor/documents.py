"""The catalog held against both OpenAPI documents, that of records and that of definitions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from icosa.catalog.model import SYSTEM_FIELDS, Catalog, Object
from icosa.openapi.changes import FEED, STREAM
from icosa.openapi.core import core_document
from icosa.openapi.frame import Kind
from icosa.openapi.metadata import Rights, metadata_document

METHODS = ("get", "post", "patch", "put", "delete")
OF_NO_OBJECT = frozenset({Kind.CORE.route, FEED, STREAM})
COLLECTIONS = ("objects", "fields", "views", "webhooks", "apiKeys")


def document_problems(catalog: Catalog) -> list[str]:
    """Return how the OpenAPI documents differ from the catalog, a line each; nothing when they agree."""
    records = core_document(catalog, by_person=True)
    definitions = metadata_document(Rights(data_model=True, credentials=True, views=True))
    return [*record_problems(catalog, records), *definition_problems(catalog, definitions)]


def record_problems(catalog: Catalog, content: Mapping[str, Any]) -> list[str]:
    """Return how a document of records differs from the catalog."""
    return [f"OpenAPI: {each}" for each in _record_problems(catalog, _Document(content))]


def definition_problems(catalog: Catalog, content: Mapping[str, Any]) -> list[str]:
    """Return what a document of definitions lacks to tell of the catalog."""
    return [f"OpenAPI: {each}" for each in _definition_problems(catalog, _Document(content))]


class _Document:
    """A document that can be looked up in."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self.paths: Mapping[str, Any] = content["paths"]

    def found(self, pointer: str) -> Any:
        """Return what a reference leads to, None when it leads nowhere."""
        part: Any = self.content
        for key in pointer.removeprefix("#/").split("/"):
            part = part.get(key) if isinstance(part, Mapping) else None
        return part

    def resolved(self, schema: Any) -> Mapping[str, Any]:
        """Return a schema behind its references; an empty one when there is none."""
        while isinstance(schema, Mapping) and "$ref" in schema:
            schema = self.found(schema["$ref"])
        return schema if isinstance(schema, Mapping) else {}

    def answered(self, path: str, method: str, *keys: str) -> Mapping[str, Any]:
        """Return the schema of what stands under these keys of an operation's answer."""
        responses = self.paths.get(path, {}).get(method, {}).get("responses", {})
        status = next((each for each in responses if each.startswith("2")), "")
        schema = self.resolved(self.resolved(responses.get(status)).get("content", {}).get("application/json", {}))
        schema = self.resolved(schema.get("schema"))
        for key in keys:
            schema = self.resolved(schema.get("properties", {}).get(key))
        return schema

    def sent(self, path: str, method: str) -> Mapping[str, Any]:
        """Return the schema of an operation's body."""
        sent = self.resolved(self.paths.get(path, {}).get(method, {}).get("requestBody"))
        return self.resolved(sent.get("content", {}).get("application/json", {}).get("schema"))

    def faults(self) -> Iterator[str]:
        """Yield what is wrong with the document in itself: references to nothing, operation ids given twice."""
        for pointer in sorted(set(_references(self.content))):
            if self.found(pointer) is None:
                yield f"{pointer} leads nowhere"
        ids = Counter(
            item[method]["operationId"] for item in self.paths.values() for method in METHODS if method in item
        )
        yield from (f"operation id {name} is given {count} times" for name, count in ids.items() if count > 1)


def _references(part: Any) -> Iterator[str]:
    pending = [part]
    while pending:
        each = pending.pop()
        if isinstance(each, Mapping):
            if isinstance(each.get("$ref"), str):
                yield each["$ref"]
            pending.extend(each.values())
        elif isinstance(each, list):
            pending.extend(each)


def _record_problems(catalog: Catalog, document: _Document) -> Iterator[str]:
    yield from document.faults()
    owners = [each for each in catalog.objects if each.is_active]
    known = {each.name_plural for each in owners}
    for path in document.paths:
        segments = [each for each in path.split("/") if each and each not in {"batch", "restore"}]
        if segments[0] not in known and path not in OF_NO_OBJECT:
            yield f"path {path} belongs to no object"
    for owner in owners:
        for path in (f"/{owner.name_plural}", f"/{owner.name_plural}/{{id}}", f"/{owner.name_plural}/groupBy"):
            if path not in document.paths:
                yield f"path {path} is missing"
        yield from _object_problems(catalog, owner, document)


def _object_problems(catalog: Catalog, owner: Object, document: _Document) -> Iterator[str]:
    one, name = f"/{owner.name_plural}/{{id}}", owner.name_singular
    answer = document.answered(one, "get", "data", name)
    yield from _compared(f"{name} in answers", _answered(catalog, owner), answer)
    listed = document.answered(f"/{owner.name_plural}", "get", "data", owner.name_plural)
    if document.resolved(listed.get("items")) != answer:
        yield f"{name}: the list answers something else than one record"
    written = {
        key
        for each in owner.fields
        if each.type.is_documented
        for key in ([each.name] if each.is_composite else [leaf.path[0] for leaf in each.leaves])
    }
    for method, path in (("post", f"/{owner.name_plural}"), ("patch", one)):
        sent = document.sent(path, method).get("properties", {})
        for key in sorted(sent.keys() - written):
            yield f"{name}.{key} in bodies belongs to no field"
        if sent:
            custom = {each.name for each in owner.fields if each.is_custom} - SYSTEM_FIELDS
            yield from (f"{name}.{key} in bodies is missing" for key in sorted(custom & written - sent.keys()))
    for each in owner.fields:
        leaf = each.leaves[0] if each.leaves and not each.is_composite else None
        if leaf is not None and leaf.options:
            told = document.resolved(answer.get("properties", {}).get(each.name))
            if not _names_options(document, told, leaf.options):
                yield f"{name}.{each.name}: its options are not those of the field"


def _answered(catalog: Catalog, owner: Object) -> set[str]:
    """Return the keys of a record's answer, the related records of depth 1 included."""
    wanted = set()
    for each in owner.fields:
        if not each.type.is_documented:
            continue
        wanted |= {each.name} if each.is_composite else {leaf.path[0] for leaf in each.leaves}
        target = catalog.target(each)
        if target is not None and target.is_active and (each.join_column or catalog.inverse(each) is not None):
            wanted.add(each.name)
    return wanted


def _names_options(document: _Document, schema: Mapping[str, Any], options: tuple[str, ...]) -> bool:
    """Return whether a schema, or one that it is made of, takes just these values."""
    pending: list[Any] = [schema]
    while pending:
        each = document.resolved(pending.pop())
        if isinstance(each.get("enum"), list) and tuple(one for one in each["enum"] if one is not None) == options:
            return True
        pending.extend([*each.get("anyOf", []), *each.get("oneOf", []), *each.get("allOf", [])])
        if "items" in each:
            pending.append(each["items"])
    return False


def _compared(what: str, wanted: set[str], schema: Mapping[str, Any]) -> Iterator[str]:
    there = set(schema.get("properties", {}))
    for key in sorted(wanted ^ there):
        yield f"{what}: {key} {'is missing' if key in wanted else 'belongs to no field'}"


def _definition_problems(catalog: Catalog, document: _Document) -> Iterator[str]:
    yield from document.faults()
    for name in COLLECTIONS:
        yield from (f"path {path} is missing" for path in (f"/{name}", f"/{name}/{{id}}") if path not in document.paths)
    types = document.answered("/fields/{id}", "get", "data", "field").get("properties", {}).get("type", {})
    told = set(document.resolved(types).get("enum", []))
    for name in sorted({each.type.name for owner in catalog.objects for each in owner.fields} - told):
        yield f"field type {name} is missing"
