"""What is kept for each view of the model: its schema and everything that was made of it."""

from __future__ import annotations

import asyncio
from functools import cached_property
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    execute_sync,
)

from icosa.catalog.model import Catalog
from icosa.errors import BadInput
from icosa.graphql.documents import Document, Invalid, read_document
from icosa.graphql.lazy_schema import LazySchema
from icosa.graphql.roots import mutation_roots, query_roots
from icosa.graphql.schema import make_schema
from icosa.records.kept import Kept
from icosa.settings import GraphqlLimits

MOST_DOCUMENTS = 1000
MOST_INTROSPECTIONS = 50
LONG = 4096
PLAIN_TYPES = frozenset({"String", "Boolean", "Int", "Float", "ID"})


class Model:
    """The schema of one view, made when it is first needed, and the documents that were validated against it.

    Args:
        view: what the caller may see.
        full: the whole model.
        limits: of the operator.
    """

    def __init__(self, view: Catalog, full: Catalog, limits: GraphqlLimits) -> None:
        self._view = view
        self._full = full
        self._limits = limits
        self._whole: GraphQLSchema | None = None
        self._documents: Kept[tuple[str, bool], Document | Invalid | BadInput] = Kept(MOST_DOCUMENTS)
        self._introspections: Kept[tuple[str, str, str | None, bytes], bytes] = Kept(MOST_INTROSPECTIONS)

    @cached_property
    def schema(self) -> GraphQLSchema:
        """The schema that documents are validated against."""
        return LazySchema(self._view, self.queries, self.mutations)

    @cached_property
    def queries(self) -> Any:
        """The query fields of all objects by name."""
        return query_roots(self._view)

    @cached_property
    def mutations(self) -> Any:
        """The mutation fields of all objects by name."""
        return mutation_roots(self._view)

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Root fields that exist but not for this caller."""
        if self._view is self._full:
            return frozenset()
        whole = {**query_roots(self._full), **mutation_roots(self._full)}
        return frozenset(whole.keys() - self.queries.keys() - self.mutations.keys())

    async def document(self, text: str, *, strict: bool) -> Document:
        """Return a document; what it turned out to be is kept, faults too. A long one is read in a thread of its own.

        Raises:
            Invalid: it does not parse or does not validate.
            BadInput: it is over a limit.
        """
        found = self._documents.get((text, strict))
        if found is None:
            if len(text) > LONG:
                found = await asyncio.to_thread(self._read, text, strict=strict)
            else:
                found = self._read(text, strict=strict)
            if len(text) <= self._limits.document_length:
                self._documents.put((text, strict), found)
        if isinstance(found, Exception):
            raise found
        return found

    def _read(self, text: str, *, strict: bool) -> Document | Invalid | BadInput:
        try:
            return read_document(text, self.schema, self.hidden, self._limits, strict=strict)
        except (Invalid, BadInput) as problem:
            return problem

    async def introspect(
        self, document: Document, operation: OperationDefinitionNode, nodes: list[FieldNode], given: dict[str, Any]
    ) -> bytes:
        """Return the answer of `__schema` or `__type`, made once in a thread of its own and kept as bytes."""
        key = (nodes[0].alias or nodes[0].name).value
        declared = [each for each in operation.variable_definitions or () if _type_name(each.type) in PLAIN_TYPES]
        values = {each.variable.name.value: given.get(each.variable.name.value) for each in declared}
        name = operation.name.value if operation.name else None
        shape = (document.text, key, name, orjson.dumps(values, option=orjson.OPT_SORT_KEYS))
        found = self._introspections.get(shape)
        if found is None:
            chosen = OperationDefinitionNode(
                operation=OperationType.QUERY,
                name=None,
                variable_definitions=tuple(declared),
                directives=(),
                selection_set=SelectionSetNode(selections=tuple(nodes)),
            )
            whole = DocumentNode(definitions=(chosen, *document.fragments.values()))
            given = {name: value for name, value in values.items() if value is not None}
            result = await asyncio.to_thread(self._introspected, whole, given)
            if result.errors:
                raise BadInput(result.errors[0].message, "INVALID_QUERY_INPUT")
            found = orjson.dumps((result.data or {}).get(key))
            self._introspections.put(shape, found)
        return found

    def _introspected(self, document: DocumentNode, given: dict[str, Any]) -> ExecutionResult:
        if self._whole is None:
            self._whole = make_schema(self._view)
        return execute_sync(self._whole, document, variable_values=given)


def _type_name(node: Any) -> str:
    while hasattr(node, "type"):
        node = node.type
    return str(node.name.value)
