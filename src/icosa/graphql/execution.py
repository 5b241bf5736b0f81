"""One request to the Core GraphQL API: each root field planned, run as one statement, and put into the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson
import structlog
from graphql import FieldNode, OperationDefinitionNode, OperationType

from icosa.catalog.companions import Companions
from icosa.catalog.model import Object
from icosa.errors import BadInput, Conflict, Forbidden, IcosaError
from icosa.files.uploads import Uploads
from icosa.graphql.budget import Budget
from icosa.graphql.core_fields import answer_mutation, answer_query
from icosa.graphql.core_types import MUTATIONS, QUERIES
from icosa.graphql.documents import Document
from icosa.graphql.errors import error_entry
from icosa.graphql.models import Model
from icosa.graphql.reads import OfView, Request, plan_read, view_asked
from icosa.graphql.roots import Kind, Root
from icosa.graphql.search import plan_search
from icosa.graphql.selections import Selected
from icosa.graphql.variables import Variables
from icosa.graphql.writes import write
from icosa.modeling.view_filters import ViewFilters
from icosa.plan.values import Values
from icosa.records.access import Access
from icosa.records.engine import StaleModel
from icosa.records.kept import Kept
from icosa.records.service import RecordService, not_found
from icosa.settings import GraphqlLimits
from icosa.sql.statement import Statement

log = structlog.get_logger("icosa.graphql")

MOST_PREPARED = 2048
LONGEST_KEPT = 16_384
INTROSPECTION = frozenset({"__schema", "__type"})


Charge = Callable[[int], Awaitable[None]]
"""Counts operations of a request beyond the first, which was counted with it; raises RateLimited."""


class Text(NamedTuple):
    """A request as it was sent, of which its content follows.

    Attributes:
        content_type: the header.
        strict: whether the leniences are off.
        body: the bytes.
    """

    content_type: bytes
    strict: bool
    body: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """A request's content.

    Attributes:
        query: the document.
        variables: by name.
        operation_name: which operation to run; None when there is one only.
        strict: whether the leniences are off.
        text: what said all this; None when it is not worth keeping.
        request_id: of the request.
        charge: None where nobody counts.
    """

    query: str
    variables: Mapping[str, Any]
    operation_name: str | None
    strict: bool
    text: Text | None
    request_id: str
    charge: Charge | None = None


class UnknownOperation(Exception):
    """`operationName` names none of the document's operations, or is missing where there are several."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A read whose statement is known.

    Attributes:
        statement: what runs.
        values: its values.
        owner: whose record it is when there must be one, else None.
        lasting: whether the same request means the same statement later on.
    """

    statement: Statement
    values: Values
    owner: Object | None = None
    lasting: bool = True


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request of reads alone: by response key, with the warnings that go along."""

    fields: list[tuple[str, list[FieldNode], Ready | bytes]]
    suffix: bytes

    @property
    def is_lasting(self) -> bool:
        """Whether it can be kept for the next request of the same text."""
        return all(isinstance(ready, bytes) or ready.lasting for _, _, ready in self.fields)


@dataclass(slots=True)
class Result:
    """What root fields gave: JSON by response key, and the errors."""

    data: list[tuple[str, bytes]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)

    def body(self, suffix: bytes) -> bytes:
        """Return the answer's body."""
        pairs = b",".join(b'"%s":%s' % (key.encode(), value) for key, value in self.data)
        errors = b',"errors":' + orjson.dumps(self.errors) if self.errors else b""
        return b"".join((b'{"data":{', pairs, b"}", errors, suffix, b"}"))


class GraphqlApi:
    """The Core GraphQL API over the record service.

    Args:
        service: the use cases.
        limits: of the operator.
        views: reads what views filter by.
        uploads: keeps files.
    """

    def __init__(self, service: RecordService, limits: GraphqlLimits, views: ViewFilters, uploads: Uploads) -> None:
        self._service = service
        self._uploads = uploads
        self._views = views
        self._limits = limits
        self._models: Companions[Model] = Companions()
        self._prepared: Kept[tuple[int, Text], Prepared] = Kept(MOST_PREPARED)

    def model(self, access: Access) -> Model:
        """Return what is kept for a caller's view."""
        return self._models.of(access.view, lambda: Model(access.view, access.full, self._limits))

    def has_prepared(self, access: Access, text: Text) -> bool:
        """Return whether `answer_again` knows a text."""
        return self._prepared.get((access.view.serial, text)) is not None

    async def answer_again(
        self, access: Access, text: Text, request_id: str, charge: Charge | None = None
    ) -> bytes | None:
        """Return the body of the answer to a request whose text was prepared before; None when it has to be read.

        Raises:
            RateLimited: it has too many operations.
        """
        prepared = self._prepared.get((access.view.serial, text))
        if prepared is None:
            return None
        await _count(charge, len(prepared.fields))
        return (await self._run(prepared, request_id)).body(prepared.suffix)

    async def answer(self, access: Access, asked: Asked, *, reading: bool = False) -> bytes:
        """Return the body of the answer.

        Args:
            access: the caller's.
            asked: the request's content.
            reading: whether mutations are refused, as for GET.

        Raises:
            Invalid: the document does not parse or does not validate; nothing ran.
            UnknownOperation: see there.
            BadInput: the request is over a limit; nothing ran.
            Forbidden: a mutation where only reading is possible.
        """
        model = self.model(access)
        document = await model.document(asked.query, strict=asked.strict)
        operation = _operation(document, asked.operation_name)
        suffix = _suffix(document)
        request = Request(access, document, Variables(operation, asked.variables), self._limits.complexity)
        selected: Selected = {}
        request.selections(Budget(1), Values()).collect(operation.selection_set, selected, set())
        if len(selected) > self._limits.root_fields:
            raise BadInput(
                f"At most {self._limits.root_fields} root fields may stand in a request", "INVALID_QUERY_INPUT"
            )
        if operation.operation is OperationType.MUTATION:
            if reading:
                raise Forbidden("A mutation needs a POST")
            await _count(asked.charge, len(selected))
            return (await self._mutate(model, request, selected, asked)).body(suffix)
        await _count(asked.charge, len(selected))
        result = Result()
        prepared = Prepared([], suffix)
        failed: dict[str, dict[str, Any]] = {}
        for key, nodes in selected.items():
            try:
                prepared.fields.append((key, nodes, await self._prepare(model, request, operation, nodes, asked)))
            except IcosaError as problem:
                failed[key] = error_entry(problem, asked.request_id, nodes)
        if not failed and asked.text is not None and prepared.is_lasting:
            self._prepared.put((access.view.serial, asked.text), prepared)
        ran = await self._run(prepared, asked.request_id)
        answers = dict(ran.data)
        result.data = [(key, answers.get(key, b"null")) for key in selected]
        result.errors = [*failed.values(), *ran.errors]
        return result.body(suffix)

    async def _prepare(
        self, model: Model, request: Request, operation: OperationDefinitionNode, nodes: list[FieldNode], asked: Asked
    ) -> Ready | bytes:
        name = nodes[0].name.value
        if name == "__typename":
            return b'"Query"'
        if name in INTROSPECTION:
            self._check_fields(request, nodes)
            return await model.introspect(request.document, operation, nodes, dict(asked.variables))
        if name == "search":
            self._check_fields(request, nodes)
            plan, values = plan_search(request, nodes)
            return Ready(self._service.statement(request.access, plan, len(values)), values)
        root = model.queries.get(name)
        if root is None and name in QUERIES:
            self._check_fields(request, nodes)
            return answer_query(request, name, QUERIES[name], nodes, request.selections(Budget(1), Values()))
        if root is None:
            raise Forbidden(f"{name}: your role may not read these records", "PERMISSION_DENIED")
        of_view = await self._of_view(request, root, nodes)
        read, values = plan_read(request, root, nodes, of_view)
        owner = root.owner if root.kind is Kind.FIND_ONE else None
        return Ready(self._service.statement(request.access, read, len(values)), values, owner, of_view is None)

    async def _of_view(self, request: Request, root: Root, nodes: Sequence[FieldNode]) -> OfView | None:
        view_id = view_asked(request, root, nodes)
        if view_id is None:
            return None
        access, values = request.access, Values()
        found = await self._views.condition(access.view, root.owner, view_id, access.identity, values)
        return OfView(found, values)

    def _check_fields(self, request: Request, nodes: Sequence[FieldNode]) -> None:
        """Refuse more fields below a core field than the operator allows."""
        selections = request.selections(Budget(1), Values())
        pending, count = [list(nodes)], 0
        while pending:
            below = selections.below(pending.pop())
            count += len(below)
            pending.extend(below.values())
            if count > self._limits.core_fields:
                raise BadInput(f"More than {self._limits.core_fields} fields are selected", "TOO_COMPLEX_QUERY")

    async def _run(self, prepared: Prepared, request_id: str) -> Result:
        """Run reads side by side."""
        result = Result()
        if len(prepared.fields) == 1:
            answers = [await self._guarded(prepared.fields[0][2], request_id)]
        else:
            answers = await asyncio.gather(*(self._guarded(ready, request_id) for _, _, ready in prepared.fields))
        for (key, nodes, _), answer in zip(prepared.fields, answers, strict=True):
            if isinstance(answer, IcosaError):
                result.errors.append(error_entry(answer, request_id, nodes))
                result.data.append((key, b"null"))
            else:
                result.data.append((key, answer))
        return result

    async def _guarded(self, ready: Ready | bytes, request_id: str) -> bytes | IcosaError:
        if isinstance(ready, bytes):
            return ready
        try:
            body = await self._service.engine.read(ready.statement, ready.values)
        except IcosaError as problem:
            return problem
        except StaleModel:
            raise
        except Exception:
            log.exception("root field failed", request_id=request_id)
            return failure()
        if body is None:
            return not_found(ready.owner) if ready.owner is not None else IcosaError("The database gave no answer")
        return body

    async def _mutate(self, model: Model, request: Request, selected: Selected, asked: Asked) -> Result:
        """Run mutations one after the other; each is atomic, and one that fails leaves the others alone."""
        result = Result()
        for key, nodes in selected.items():
            name = nodes[0].name.value
            try:
                if name == "__typename":
                    result.data.append((key, b'"Mutation"'))
                    continue
                root = model.mutations.get(name)
                if root is None and name in MUTATIONS:
                    self._check_fields(request, nodes)
                    below = request.selections(Budget(1), Values())
                    told = await answer_mutation(request, self._uploads, name, MUTATIONS[name], nodes, below)
                    result.data.append((key, told))
                    continue
                if root is None:
                    raise Forbidden(f"{name}: your role may not write these records", "PERMISSION_DENIED")
                result.data.append((key, await write(self._service, request, root, nodes)))
            except IcosaError as problem:
                result.data.append((key, b"null"))
                result.errors.append(error_entry(problem, asked.request_id, nodes))
            except StaleModel:
                # The whole request can only be asked again as long as nothing of it is done.
                if result.data:
                    stale = Conflict("The data model has just changed; nothing of this field was done: send it again")
                    result.data.append((key, b"null"))
                    result.errors.append(error_entry(stale, asked.request_id, nodes))
                    continue
                raise
            except Exception:
                log.exception("root field failed", request_id=asked.request_id)
                result.data.append((key, b"null"))
                result.errors.append(error_entry(failure(), asked.request_id, nodes))
        return result


async def _count(charge: Charge | None, operations: int) -> None:
    if charge is not None and operations > 1:
        await charge(operations - 1)


def failure() -> IcosaError:
    """Return what a client is told of a fault of ours; the log has the rest."""
    return IcosaError("Something went wrong on the server")


def _operation(document: Document, name: str | None) -> OperationDefinitionNode:
    if name is None and len(document.operations) == 1:
        return next(iter(document.operations.values()))
    found = document.operations.get(name)
    if found is None:
        known = ", ".join(each for each in document.operations if each)
        raise UnknownOperation(f"There is no operation '{name}'" if name else f"operationName must be one of {known}")
    return found


def _suffix(document: Document) -> bytes:
    if not document.warnings:
        return b""
    return b',"extensions":' + orjson.dumps({"warnings": document.warnings})
