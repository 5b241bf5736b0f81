"""One request to the Core REST API, from its route to its answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

import xxhash

from icosa.catalog.companions import Companions
from icosa.catalog.model import Object
from icosa.errors import BadInput, Forbidden, IcosaError
from icosa.events.history import Histories
from icosa.modeling.view_filters import ViewFilters
from icosa.plan.reads import ReadOne, Record, Source
from icosa.plan.values import Values
from icosa.plan.writes import Removal
from icosa.records.access import Access
from icosa.records.kept import Kept
from icosa.records.resemblance import merge, plan_duplicates
from icosa.records.selections import Selections
from icosa.records.service import WRITE_PARAMETERS, RecordService, not_found
from icosa.rest.changes import read_position
from icosa.rest.filters import read_filter
from icosa.rest.groups import read_groups, read_view_id
from icosa.rest.lists import DEFAULT_LIMIT, duplicates_page, read_list
from icosa.rest.routes import PARAMETERS, Action, Route
from icosa.sql.statement import Statement
from icosa.transport.bodies import many_objects, one_object
from icosa.transport.errors import error_response
from icosa.transport.messages import Request, Response
from icosa.transport.parameters import AFTER, Parameters

MOST_READS = 2048
IGNORED = b"x-ignored-parameters"
READS = frozenset({Action.LIST, Action.READ})
PreparedRead = tuple[Statement, Values, bytes | None]


class RestApi:
    """The Core REST API over the record service.

    Args:
        service: the use cases.
        histories: what was done to records.
        views: reads what views filter by.
    """

    def __init__(self, service: RecordService, histories: Histories, views: ViewFilters) -> None:
        self._service = service
        self._histories = histories
        self._views = views
        self._reads: Kept[tuple[int, Object, Action, bytes], PreparedRead] = Kept(MOST_READS)
        self._selections: Companions[Selections] = Companions()

    async def answer(self, access: Access, route: Route, request: Request, body: Any) -> Response:
        """Return the answer to a request whose caller is known and whose route was found, refusals in their envelope."""
        parameters = Parameters(request.query, PARAMETERS[route.action])
        try:
            owner = find_object(access, route.plural)
            if route.action in READS:
                return await self._read(access, owner, route, parameters, request.query)
            handler = self._handlers[route.action]
            status, content = await handler(self, access, owner, route, parameters, body)
            response = Response(status, content)
        except IcosaError as problem:
            response = error_response(problem)
        ignored = parameters.ignored()
        if ignored is not None:
            response.headers.append((IGNORED, ignored))
        return response

    def _record(self, access: Access, owner: Object, depth: int) -> Record:
        selections = self._selections.of(access.view, lambda: Selections(access.view))
        return selections.record(owner, depth)

    async def _read(
        self, access: Access, owner: Object, route: Route, parameters: Parameters, query: bytes
    ) -> Response:
        """Answer a list or a record; what a query string means is kept, so that the same one costs a look-up only."""
        shape = (access.view.serial, owner, route.action, query)
        prepared = self._reads.get(shape)
        if prepared is None:
            prepare = self._prepare_list if route.action is Action.LIST else self._prepare_record
            prepared = prepare(access, owner, parameters)
            self._reads.put(shape, prepared)
        statement, values, ignored = prepared
        content = await self._service.engine.read(statement, values if route.id is None else [route.id])
        if content is None:
            raise not_found(owner)
        response = Response(200, content)
        if ignored is not None:
            response.headers.append((IGNORED, ignored))
        return response

    def _prepare_list(self, access: Access, owner: Object, parameters: Parameters) -> PreparedRead:
        values = Values()
        record = self._record(access, owner, parameters.depth())
        read = read_list(access.view, owner, parameters, record, values)
        return self._service.statement(access, read, len(values)), values, parameters.ignored()

    def _prepare_record(self, access: Access, owner: Object, parameters: Parameters) -> PreparedRead:
        record = self._record(access, owner, parameters.depth())
        read = ReadOne(Source(owner), 0, record, ("data", owner.name_singular))
        return self._service.statement(access, read, 1), Values(), parameters.ignored()

    async def _create(
        self, access: Access, owner: Object, route: Route, parameters: Parameters, body: Any
    ) -> tuple[int, bytes]:
        del route
        record = self._record(access, owner, parameters.depth())
        make = self._service.upsert if parameters.flag("upsert") else self._service.create
        keys = ("data", f"create{owner.type_name}")
        return 201, await make(access, owner, [one_object(body)], record, keys, many=False)

    async def _batch(
        self, access: Access, owner: Object, route: Route, parameters: Parameters, body: Any
    ) -> tuple[int, bytes]:
        del route
        record = self._record(access, owner, parameters.depth())
        make = self._service.upsert if parameters.flag("upsert") else self._service.create
        key = f"create{owner.plural_type_name}"
        bodies = many_objects(body)
        if not bodies:
            return 201, b'{"data":{"%s":[]}}' % key.encode()
        return 201, await make(access, owner, bodies, record, ("data", key), many=True)

    async def _update(
        self, access: Access, owner: Object, route: Route, parameters: Parameters, body: Any
    ) -> tuple[int, bytes]:
        record = self._record(access, owner, parameters.depth())
        keys = ("data", f"update{owner.type_name}")
        return 200, await self._service.update_one(access, owner, UUID(route.id), one_object(body), record, keys)

    async def _update_many(
        self, access: Access, owner: Object, route: Route, parameters: Parameters, body: Any
    ) -> tuple[int, bytes]:
        del route
        record = self._record(access, owner, parameters.depth())
        values = Values(WRITE_PARAMETERS)
        condition = read_filter(access.view, owner, parameters.all("filter"), values)
        keys = ("data", f"update{owner.plural_type_name}")
        return 200, await self._service.update_many(access, owner, condition, values, one_object(body), record, keys)

    async def _remove(
        self, access: Access, owner: Object, route: Route, parameters: Parameters, body: Any
    ) -> tuple[int, bytes]:
        del body
        removal, record = self._removal(access, owner, parameters)
        keys = ("data", f"delete{owner.type_name}")
        return 200, await self._service.remove_one(access, owner, UUID(route.id), removal, record, keys)

    async def _remove_many(
        self, access: Access, owner: Object, route: Route, parameters: Parameters, body: Any
    ) -> tuple[int, bytes]:
        del route, body
        removal, record = self._removal(access, owner, parameters)
        values = Values(WRITE_PARAMETERS)
        condition = read_filter(access.view, owner, parameters.all("filter"), values)
        keys = ("data", f"delete{owner.plural_type_name}")
        return 200, await self._service.remove_many(access, owner, condition, values, removal, record, keys)

    def _removal(self, access: Access, owner: Object, parameters: Parameters) -> tuple[Removal, Record]:
        if parameters.flag("soft_delete"):
            return Removal.DELETE, self._record(access, owner, 0)
        record = self._record(access, owner, 0)
        return Removal.DESTROY, Record(owner, tuple(entry for entry in record.entries if entry[0] == "id"))

    async def _restore(
        self, access: Access, owner: Object, route: Route, parameters: Parameters, body: Any
    ) -> tuple[int, bytes]:
        del body
        record = self._record(access, owner, parameters.depth())
        keys = ("data", f"restore{owner.type_name}")
        return 200, await self._service.remove_one(access, owner, UUID(route.id), Removal.RESTORE, record, keys)

    async def _restore_many(
        self, access: Access, owner: Object, route: Route, parameters: Parameters, body: Any
    ) -> tuple[int, bytes]:
        del route, body
        record = self._record(access, owner, parameters.depth())
        values = Values(WRITE_PARAMETERS)
        condition = read_filter(access.view, owner, parameters.all("filter"), values)
        keys = ("data", f"restore{owner.plural_type_name}")
        return 200, await self._service.remove_many(access, owner, condition, values, Removal.RESTORE, record, keys)

    async def _duplicates(
        self, access: Access, owner: Object, route: Route, parameters: Parameters, body: Any
    ) -> tuple[int, bytes]:
        del route
        read = duplicates_page(owner, self._record(access, owner, parameters.depth()))
        asked = one_object(body)
        plan, subjects = plan_duplicates(
            access, read, asked.get("data"), asked.get("ids"), prefix='{"data":[', suffix="]}"
        )
        return 200, await self._service.engine.read(self._service.statement(access, plan, 1), [subjects]) or b""

    async def _merge(
        self, access: Access, owner: Object, route: Route, parameters: Parameters, body: Any
    ) -> tuple[int, bytes]:
        del route
        record = self._record(access, owner, parameters.depth())
        asked = one_object(body)
        keys = ("data", f"merge{owner.type_name}")
        return 200, await merge(
            self._service,
            access,
            owner,
            asked.get("ids"),
            asked.get("conflictPriorityIndex"),
            record,
            keys,
            dry_run=asked.get("dryRun", False),
        )

    async def _group(
        self, access: Access, owner: Object, route: Route, parameters: Parameters, body: Any
    ) -> tuple[int, bytes]:
        del route, body
        values = Values()
        view_id, of_view = read_view_id(parameters), None
        if view_id is not None:
            of_view = await self._views.condition(access.view, owner, view_id, access.identity, values)
        plan = read_groups(access.view, owner, parameters, self._record(access, owner, 0), values, of_view)
        return 200, await self._service.group(access, plan, values)

    async def _history(
        self, access: Access, owner: Object, route: Route, parameters: Parameters, body: Any
    ) -> tuple[int, bytes]:
        del body
        cursor = parameters.cursor(AFTER)
        before = None if cursor is None else read_position(cursor, AFTER[0])
        limit = parameters.limit(DEFAULT_LIMIT)
        return 200, await self._histories.page(access, owner, UUID(route.id), before, limit)

    _handlers: Mapping[Action, Callable[..., Awaitable[tuple[int, bytes]]]] = {
        Action.CREATE: _create,
        Action.BATCH: _batch,
        Action.UPDATE: _update,
        Action.UPDATE_MANY: _update_many,
        Action.REMOVE: _remove,
        Action.REMOVE_MANY: _remove_many,
        Action.RESTORE: _restore,
        Action.RESTORE_MANY: _restore_many,
        Action.DUPLICATES: _duplicates,
        Action.MERGE: _merge,
        Action.GROUP: _group,
        Action.HISTORY: _history,
    }


def find_object(access: Access, plural: str) -> Object:
    """Return the object of a route.

    Raises:
        BadInput: there is none of that name; the singular name is told the plural.
        Forbidden: the caller may not read its records.
    """
    owner = access.view.by_plural.get(plural)
    if owner is not None:
        return owner
    if plural in access.full.by_plural:
        raise Forbidden(f"Your role may not read {plural}", "PERMISSION_DENIED")
    singular = access.view.by_singular.get(plural)
    hint = f"; did you mean '{singular.name_plural}'?" if singular else ""
    raise BadInput(f"There is no object '{plural[:100]}'{hint}")


def etag(content: bytes) -> bytes:
    """Return the weak entity tag of a body."""
    return b'W/"%s"' % xxhash.xxh3_128_hexdigest(content).encode()
