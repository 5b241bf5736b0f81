"""The fixed schema of `/metadata`, its root fields bound to the operations."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo, GraphQLScalarType, GraphQLSchema, StringValueNode, build_schema

from icosa.fields.uuids import is_uuid
from icosa.metadata import (
    data_model,
    deliveries,
    first_run,
    keys,
    members,
    passwords,
    request_log,
    roles,
    server,
    sessions,
    subscriptions,
    uploads,
    views,
    webhooks,
    workspace,
)
from icosa.metadata.context import Context, Operation, Operations

ROOMS = (
    data_model,
    first_run,
    keys,
    members,
    passwords,
    roles,
    sessions,
    subscriptions,
    uploads,
    views,
    webhooks,
    deliveries,
    request_log,
    server,
    workspace,
)


@cache
def operations() -> Operations:
    """Return all operations by name."""
    made = Operations()
    for room in ROOMS:
        made.update(room.OPERATIONS)
    return made


@cache
def make_schema() -> GraphQLSchema:
    """Return the schema.

    Raises:
        LookupError: a root field without an operation, or an operation without a root field.
    """
    schema = build_schema((files("icosa.metadata") / "schema.graphql").read_text("utf-8"), assume_valid_sdl=True)
    named = operations()
    fields: dict[str, Any] = {}
    for root in (schema.query_type, schema.mutation_type):
        if root is not None:
            fields.update(root.fields)
    if fields.keys() != named.keys():
        raise LookupError(sorted(fields.keys() ^ named.keys()))
    for name, field in fields.items():
        field.resolve = _resolver(named[name])
    uuid = schema.type_map["UUID"]
    if isinstance(uuid, GraphQLScalarType):
        uuid.parse_value = _parse_uuid  # type: ignore[method-assign]
        uuid.parse_literal = _parse_uuid_literal  # type: ignore[method-assign,assignment]
    return schema


def _resolver(operation: Operation) -> Callable[..., Any]:
    async def resolve(_root: Any, info: GraphQLResolveInfo[Context], **arguments: Any) -> Any:
        return await operation(info.context, arguments)

    return resolve


def _parse_uuid(value: Any) -> str:
    if not is_uuid(value):
        raise GraphQLError(f"{value!r} is not a UUID")
    return str(value)


def _parse_uuid_literal(node: Any, _variables: Any = None) -> str:
    if not isinstance(node, StringValueNode) or not is_uuid(node.value):
        raise GraphQLError("The value is not a UUID", node)
    return node.value
