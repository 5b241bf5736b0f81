"""The named parts of a document: each name once, whatever its letter case."""

from __future__ import annotations

from icosa.fields.json_schema import JsonSchema


def reference(name: str, kind: str = "schemas") -> JsonSchema:
    """Return a reference to a named part."""
    return {"$ref": f"#/components/{kind}/{name}"}


def body(schema: JsonSchema) -> JsonSchema:
    """Return a required JSON request body."""
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def answer(description: str, schema: JsonSchema) -> JsonSchema:
    """Return a JSON response."""
    return {"description": description, "content": {"application/json": {"schema": schema}}}


class Names:
    """Gives each asker a name that nobody else has, letter case ignored: generators make files and classes of them."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def claim(self, wanted: str) -> str:
        """Return the wanted name, or with a number behind it when it is taken."""
        name, number = wanted, 2
        while name.lower() in self._taken:
            name, number = f"{wanted}{number}", number + 1
        self._taken.add(name.lower())
        return name


class Schemas:
    """The schemas of a document by name."""

    def __init__(self) -> None:
        self.made: dict[str, JsonSchema] = {}
        self._names = Names()

    def claim(self, wanted: str) -> str:
        """Return a name for a schema that is put in later."""
        return self._names.claim(wanted)

    def put(self, name: str, schema: JsonSchema) -> JsonSchema:
        """Keep a schema under a claimed name and return the reference to it."""
        self.made[name] = schema
        return reference(name)

    def add(self, wanted: str, schema: JsonSchema) -> JsonSchema:
        """Keep a schema under a name that is free and return the reference to it."""
        return self.put(self.claim(wanted), schema)
