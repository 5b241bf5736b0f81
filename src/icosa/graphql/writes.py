"""Mutation fields: arguments to the record service's use cases (`graphql-core.md` sections 2 and 11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from graphql import FieldNode

from icosa.catalog.model import Object
from icosa.errors import BadInput
from icosa.fields.uuids import is_uuid
from icosa.graphql.arguments import flag, read_filter, whole_number
from icosa.graphql.budget import Budget, Place
from icosa.graphql.reads import Request
from icosa.graphql.roots import Kind, Root
from icosa.plan.reads import Record
from icosa.plan.values import Values
from icosa.plan.writes import Removal
from icosa.records.resemblance import merge
from icosa.records.service import WRITE_PARAMETERS, RecordService

CODE = "INVALID_ARGS_DATA"
REMOVALS = {
    Kind.DELETE_ONE: Removal.DELETE,
    Kind.DELETE_MANY: Removal.DELETE,
    Kind.RESTORE_ONE: Removal.RESTORE,
    Kind.RESTORE_MANY: Removal.RESTORE,
    Kind.DESTROY_ONE: Removal.DESTROY,
    Kind.DESTROY_MANY: Removal.DESTROY,
}


async def write(service: RecordService, request: Request, root: Root, nodes: Sequence[FieldNode]) -> bytes:
    """Run a mutation field and return its JSON.

    Raises:
        BadInput: an argument that breaks a rule; see `RecordService`.
        Forbidden: the caller may not.
        NotFound: there is no such record.
    """
    arguments = request.variables.arguments(nodes[0])
    owner, access = root.owner, request.access
    match root.kind:
        case Kind.CREATE_ONE:
            return await _create(service, request, owner, nodes, [_one(arguments)], arguments, many=False)
        case Kind.CREATE_MANY:
            bodies = _many(arguments)
            return await _create(service, request, owner, nodes, bodies, arguments, many=True) if bodies else b"[]"
        case Kind.UPDATE_ONE:
            identifier, values = _identifier(arguments), Values(WRITE_PARAMETERS + 1)
            record = _record(request, owner, nodes, values)
            further = values[WRITE_PARAMETERS + 1 :]
            return await service.update_one(access, owner, identifier, _one(arguments), record, (), further)
        case Kind.UPDATE_MANY:
            values = Values(WRITE_PARAMETERS)
            condition = read_filter(access.view, owner, _filter(arguments), values)
            record = _record(request, owner, nodes, values)
            return await service.update_many(access, owner, condition, values, _one(arguments), record, ())
        case Kind.DELETE_ONE | Kind.RESTORE_ONE | Kind.DESTROY_ONE:
            identifier, values = _identifier(arguments), Values(WRITE_PARAMETERS + 1)
            record = _record(request, owner, nodes, values)
            further = values[WRITE_PARAMETERS + 1 :]
            return await service.remove_one(access, owner, identifier, REMOVALS[root.kind], record, (), further)
        case Kind.DELETE_MANY | Kind.RESTORE_MANY | Kind.DESTROY_MANY:
            values = Values(WRITE_PARAMETERS)
            condition = read_filter(access.view, owner, _filter(arguments), values)
            asked = len(values)
            record = _record(request, owner, nodes, values)
            filtered, further = Values(), values[asked:]
            filtered.extend(values[:asked])
            return await service.remove_many(
                access, owner, condition, filtered, REMOVALS[root.kind], record, (), further
            )
        case Kind.MERGE:
            values = Values(WRITE_PARAMETERS)
            record = _record(request, owner, nodes, values)
            priority = whole_number(arguments, "conflictPriorityIndex")
            dry_run = flag(arguments, "dryRun")
            ids, further = arguments.get("ids"), values[WRITE_PARAMETERS:]
            return await merge(service, access, owner, ids, priority, record, (), dry_run=dry_run, further=further)
        case _:
            raise TypeError(root.kind)


async def _create(
    service: RecordService,
    request: Request,
    owner: Object,
    nodes: Sequence[FieldNode],
    bodies: list[Any],
    arguments: Mapping[str, Any],
    *,
    many: bool,
) -> bytes:
    values = Values(WRITE_PARAMETERS)
    record = _record(request, owner, nodes, values)
    make = service.upsert if flag(arguments, "upsert") else service.create
    return await make(request.access, owner, bodies, record, (), many=many, further=values[WRITE_PARAMETERS:])


def _record(request: Request, owner: Object, nodes: Sequence[FieldNode], values: Values) -> Record:
    return request.selections(Budget(request.complexity), values).record(owner, nodes, Place())


def _identifier(arguments: Mapping[str, Any]) -> UUID:
    value = arguments.get("id")
    if not is_uuid(value):
        raise BadInput("id: must be a UUID", CODE)
    return UUID(value)


def _one(arguments: Mapping[str, Any]) -> Any:
    value = arguments.get("data")
    if not isinstance(value, dict):
        raise BadInput("data: must be an object", CODE)
    return value


def _many(arguments: Mapping[str, Any]) -> list[Any]:
    value = arguments.get("data")
    listed = [value] if isinstance(value, dict) else value
    if not isinstance(listed, list):
        raise BadInput("data: must be a list of objects", CODE)
    return listed


def _filter(arguments: Mapping[str, Any]) -> Any:
    value = arguments.get("filter")
    if value is None:
        raise BadInput("filter: is required", "INVALID_ARGS_FILTER")
    return value
