"""A document for each root field of a GraphQL schema, with the least that its arguments need."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
    is_required_argument,
    is_required_input_field,
)

TEXTS = {"email": "nobody@example.com", "origin": "http://localhost", "expiresAt": "2090-01-01T00:00:00Z"}
ENUMS = {"type": "TEXT"}


def documents(schema: GraphQLSchema) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return document and variables by root field."""
    made = {}
    for word, root in (("query", schema.query_type), ("mutation", schema.mutation_type)):
        assert root is not None
        for name, field in root.fields.items():
            made[name] = document(word, name, field)
    return made


def document(word: str, name: str, field: GraphQLField) -> tuple[str, dict[str, Any]]:
    needed = {key: each for key, each in field.args.items() if is_required_argument(each)}
    declared = ", ".join(f"${key}: {each.type}" for key, each in needed.items())
    given = ", ".join(f"{key}: ${key}" for key in needed)
    selection = " { __typename }" if is_composite_type(get_named_type(field.type)) else ""
    head = f"{word} ({declared})" if declared else word
    call = f"{name}({given})" if given else name
    return f"{head} {{ {call}{selection} }}", {key: value(each.type, key) for key, each in needed.items()}


def value(kind: Any, name: str) -> Any:
    """Return the least that an input type takes."""
    if isinstance(kind, GraphQLNonNull):
        return value(kind.of_type, name)
    if isinstance(kind, GraphQLList):
        return [value(kind.of_type, name)]
    if isinstance(kind, GraphQLEnumType):
        return ENUMS.get(name) if ENUMS.get(name) in kind.values else next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        return {key: value(each.type, key) for key, each in kind.fields.items() if is_required_input_field(each)}
    plain = {"UUID": str(uuid4()), "Boolean": True, "Int": 1, "Float": 1.0, "JSON": {}}
    return plain.get(kind.name, TEXTS.get(name, "x" * 10))
