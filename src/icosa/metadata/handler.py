"""GraphQL `/metadata` over HTTP: which operations are asked, who may ask them, and the form of errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import nullcontext
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import orjson
import structlog
from graphql import (
    DocumentNode,
    EnumValueNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLString,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    execute,
    get_argument_values,
    get_named_type,
    get_variable_values,
    parse,
    validate,
    visit,
)
from graphql.execution.values import VariableValues

from icosa.access.caller import Caller
from icosa.errors import BadInput, IcosaError, Unauthenticated
from icosa.metadata.context import Context, Needs, Services
from icosa.metadata.schema import make_schema, operations
from icosa.modeling.problems import Invalid
from icosa.records.access import Access
from icosa.transport.graphql import Refused, errors_response, plain_entry, plain_error, read_body, read_content
from icosa.transport.messages import Request, Response

log = structlog.get_logger("icosa.metadata")

MOST_ROOTS = 10
MOST_FIELDS = 2000
DEEPEST = 10
MOST_TOKENS = 10_000
MOST_ERRORS = 20
EVENT_STREAM = "text/event-stream"
PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"

Known = Callable[[Request], Awaitable[tuple[Caller, Access]]]
Fragments = dict[str, FragmentDefinitionNode]


class MetadataHandler:
    """Answers `/metadata`.

    Args:
        services: what operations work with.
        known: returns the caller and its access, or raises Unauthenticated.
        user: returns the signed-in user, whatever workspace the token is for, or raises Unauthenticated.
    """

    def __init__(self, services: Services, known: Known, user: Callable[[Request], Awaitable[UUID]]) -> None:
        self._services = services
        self._known = known
        self._user = user

    async def __call__(self, request: Request) -> Response:
        """Return the answer."""
        try:
            if request.method == "POST":
                content = read_body(request)
            elif request.method in {"GET", "HEAD"}:
                content = dict(parse_qsl(request.query.decode("latin-1"), keep_blank_values=True))
            else:
                raise Refused(plain_error(405, "Method Not Allowed", f"Cannot {request.method} {request.path}"))
            query, variables, name = read_content(content)
            return await self._answer(request, query, variables, name)
        except Refused as refused:
            return refused.response
        except Unauthenticated as problem:
            return errors_response([error_entry(problem, request.id)], 401)
        except IcosaError as problem:
            return errors_response([error_entry(problem, request.id)])

    async def _answer(self, request: Request, query: str, variables: dict[str, Any], name: str | None) -> Response:
        try:
            document = parse(query, max_tokens=MOST_TOKENS, max_comments=MOST_TOKENS)
            failed = None
        except (GraphQLError, RecursionError) as problem:
            failed = problem
        if failed is not None:
            await self._known(request)
            message = failed.message if isinstance(failed, GraphQLError) else "The document is nested too deeply"
            return errors_response([{"message": message, "extensions": {"code": PARSE_FAILED}}])
        fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
        operation = _operation(document, name)
        roots = list(_roots(operation.selection_set, fragments, set()))
        named = operations()
        needs = {named[root].needs if root in named else Needs.CALLER for root in roots if root != "__typename"}
        known = await self._known(request) if Needs.CALLER in needs else None
        user = await self._user(request) if Needs.USER in needs else None
        if request.method != "POST" and operation.operation is not OperationType.QUERY:
            return plain_error(405, "Method Not Allowed", "A mutation needs a POST")
        _check_size(operation, roots, fragments)
        schema = make_schema()
        try:
            # A stranger who errs is told no names (`auth.md` section 12).
            is_stranger = known is None and user is None
            problems = validate(schema, document, max_errors=MOST_ERRORS, hide_suggestions=is_stranger)
            if problems:
                document = read_words_as_texts(schema, document)
                problems = validate(schema, document, max_errors=MOST_ERRORS, hide_suggestions=is_stranger)
                operation = _operation(document, name)
        except RecursionError:
            raise BadInput("The document is nested too deeply", "TOO_COMPLEX_QUERY") from None
        if problems:
            return errors_response([_document_error(each, VALIDATION_FAILED) for each in problems])
        context = Context(self._services, request, known, user)
        return await self._execute(schema, document, operation, variables, context)

    async def _execute(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: dict[str, Any],
        context: Context,
    ) -> Response:
        coerced = get_variable_values(schema, operation.variable_definitions or (), variables)
        if isinstance(coerced, list):
            return errors_response([_document_error(each, "BAD_USER_INPUT") for each in coerced], 400)
        name = operation.name.value if operation.name else None
        if operation.operation is OperationType.SUBSCRIPTION:
            return await self._subscribe(schema, document, operation, variables, coerced, context)
        with nullcontext() if operation.operation is OperationType.QUERY else context.changing():
            running = execute(schema, document, context_value=context, variable_values=variables, operation_name=name)
            result = running if isinstance(running, ExecutionResult) else await running
        body: dict[str, Any] = {"data": result.data}
        if result.errors:
            body["errors"] = [_field_error(each, context.request) for each in result.errors]
        return Response(200, orjson.dumps(body))

    async def _subscribe(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: dict[str, Any],
        coerced: VariableValues,
        context: Context,
    ) -> Response:
        """Answer a subscription with a stream; each value is written by the operation's own selection."""
        if EVENT_STREAM not in (context.request.header(b"accept") or ""):
            raise BadInput(f"A subscription needs the header Accept: {EVENT_STREAM}", "INVALID_QUERY_INPUT")
        field = next((each for each in operation.selection_set.selections if isinstance(each, FieldNode)), None)
        if schema.subscription_type is None or field is None or field.name.value == "__typename":
            raise BadInput("A subscription asks for one field", "INVALID_QUERY_INPUT")
        arguments = get_argument_values(schema.subscription_type.fields[field.name.value], field, coerced)
        name = operation.name.value if operation.name else None

        async def write(value: dict[str, Any]) -> dict[str, Any]:
            root = {field.name.value: value}
            running = execute(schema, document, root, variable_values=variables, operation_name=name)
            result = running if isinstance(running, ExecutionResult) else await running
            return {"data": result.data}

        subscriptions = context.services.subscriptions
        return await subscriptions.answer(context, str(arguments["eventStreamId"]), write)


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    found = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if name is not None:
        found = [each for each in found if each.name is not None and each.name.value == name]
    if len(found) != 1:
        text = f"There is no operation '{name}'" if name else "operationName must name one of the operations"
        raise Refused(errors_response([plain_entry(text)], 400))
    return found[0]


class _Words(Visitor):
    """Makes a text of a bare word where a text is wanted, as `better-unknown-rows` of the contract writes it."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types

    def enter_enum_value(self, node: EnumValueNode, *_args: Any) -> Any:
        """Replace a word."""
        wanted = self._types.get_input_type()
        if wanted is None or get_named_type(wanted) is not GraphQLString:
            return None
        return StringValueNode(value=node.value, block=False, loc=node.loc)


def read_words_as_texts(schema: GraphQLSchema, document: DocumentNode) -> DocumentNode:
    """Return the document with bare words read as texts where a text is wanted."""
    types = TypeInfo(schema)
    read: DocumentNode = visit(document, TypeInfoVisitor(types, _Words(types)))
    return read


def _roots(chosen: SelectionSetNode, fragments: Fragments, spread: set[str]) -> Iterator[str]:
    for each in chosen.selections:
        if isinstance(each, FieldNode):
            yield each.name.value
        elif isinstance(each, FragmentSpreadNode):
            if each.name.value in fragments and each.name.value not in spread:
                spread.add(each.name.value)
                yield from _roots(fragments[each.name.value].selection_set, fragments, spread)
        elif isinstance(each, InlineFragmentNode):
            yield from _roots(each.selection_set, fragments, spread)


def _check_size(operation: OperationDefinitionNode, roots: list[str], fragments: Fragments) -> None:
    """Refuse what is too wide or too deep; introspection is deep by nature and counts as one level."""
    if len(roots) > MOST_ROOTS:
        raise BadInput(f"At most {MOST_ROOTS} root fields may stand in a request", "INVALID_QUERY_INPUT")
    name, times = Counter(roots).most_common(1)[0] if roots else ("", 0)
    if times > 1 and not name.startswith("__"):
        raise BadInput(f"{name}: a root field may stand once in a request", "INVALID_QUERY_INPUT")
    count = 0
    pending = [(operation.selection_set, 1, frozenset[str]())]
    while pending:
        chosen, depth, spread = pending.pop()
        for each in chosen.selections:
            count += 1
            if isinstance(each, FieldNode):
                if each.selection_set is not None and not each.name.value.startswith("__"):
                    pending.append((each.selection_set, depth + 1, spread))
            elif isinstance(each, FragmentSpreadNode):
                name = each.name.value
                if name in fragments and name not in spread:
                    pending.append((fragments[name].selection_set, depth, spread | {name}))
            elif isinstance(each, InlineFragmentNode):
                pending.append((each.selection_set, depth, spread))
        if depth > DEEPEST:
            raise BadInput(f"Fields may be nested {DEEPEST} levels deep at most", "MAX_DEPTH_REACHED")
        if count > MOST_FIELDS:
            raise BadInput(f"At most {MOST_FIELDS} fields may be selected", "TOO_COMPLEX_QUERY")


def error_entry(problem: IcosaError, request_id: str) -> dict[str, Any]:
    """Return an entry of `errors`; a broken rule of the model brings its report."""
    extensions: dict[str, Any] = {"code": problem.family}
    if problem.code is not None:
        extensions["subCode"] = problem.code
    extensions.update(problem.details)
    if isinstance(problem, Invalid):
        extensions["message"] = problem.message
    extensions["userFriendlyMessage"] = problem.message
    extensions["requestId"] = request_id
    return {"message": problem.message, "extensions": extensions}


def _document_error(problem: GraphQLError, code: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "message": problem.message,
        "extensions": {"code": code, "userFriendlyMessage": problem.message},
    }
    if problem.locations:
        made["locations"] = [{"line": each.line, "column": each.column} for each in problem.locations]
    return made


def _field_error(problem: GraphQLError, request: Request) -> dict[str, Any]:
    original = problem.original_error
    if original is None:
        return _document_error(problem, "BAD_USER_INPUT")
    if not isinstance(original, IcosaError):
        log.error("operation failed", request_id=request.id, exc_info=original)
        original = IcosaError("Something went wrong on the server")
    made = error_entry(original, request.id)
    if problem.path:
        made["path"] = list(problem.path)
    return made
