"""JSON Schema (draft 2020-12) of values, as the OpenAPI documents tell them (`openapi.md` sections 3 and 6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

JsonSchema = dict[str, Any]
NULL: Mapping[str, Any] = {"type": "null"}


def or_null(schema: Mapping[str, Any]) -> JsonSchema:
    """Return a schema that takes null too: a type beside null, an enum with null in it, a reference or null."""
    if "$ref" in schema:
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        return {"anyOf": [{"$ref": schema["$ref"]}, dict(NULL)], **rest}
    made = dict(schema)
    if "type" in made:
        made["type"] = [made["type"], "null"]
    if "enum" in made:
        made["enum"] = [*made["enum"], None]
    return made


def list_of(**keys: str) -> JsonSchema:
    """Return the schema of a list of objects whose keys hold texts or numbers, by the name of the JSON type."""
    properties = {name: {"type": kind} for name, kind in keys.items()}
    return {"type": "array", "items": {"type": "object", "properties": properties, "required": list(keys)}}
