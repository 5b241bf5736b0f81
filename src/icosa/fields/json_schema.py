"""JSON Schema (draft 2020-12) of values, as the OpenAPI documents tell them (`openapi.md` sections 3 and 6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

JsonSchema = dict[str, Any]
Refer = Callable[[str], JsonSchema]
"""Returns the reference to a schema by its name."""


@dataclass(frozen=True, slots=True)
class Named:
    """An object inside a value, which documents keep under a name: generators make one class of it for all fields.

    Attributes:
        name: of the schema.
        schema: of the object.
        many: whether the value is a list of such objects.
    """

    name: str
    schema: JsonSchema
    many: bool = False

    def value_schema(self, refer: Refer) -> JsonSchema:
        """Return the JSON Schema of the value."""
        return {"type": "array", "items": refer(self.name)} if self.many else refer(self.name)


TEXT: Mapping[str, Any] = {"type": "string"}
# Without their formats, clients in typed languages keep numbers in 32 bits: an amount of two thousand euros is beyond those.
DOUBLE: Mapping[str, Any] = {"type": "number", "format": "double"}
LONG: Mapping[str, Any] = {"type": "integer", "format": "int64"}
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


def named_object(name: str, description: str, *, many: bool = False, **keys: JsonSchema) -> Named:
    """Return an object of some keys as a schema with a name."""
    schema: JsonSchema = {"type": "object", "description": description}
    return Named(name, {**schema, "properties": keys} if keys else schema, many)
