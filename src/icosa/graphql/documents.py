"""Documents: parsed, measured and validated once for each text (`graphql-core.md` section 1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    validate,
)

from icosa.errors import BadInput
from icosa.graphql.leniences import Warning, lenient_rules
from icosa.settings import GraphqlLimits

PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
MOST_ERRORS = 20
MOST_SAME_KEYS = 50


@dataclass(frozen=True)
class Document:
    """A document that may run.

    Attributes:
        text: as it was sent.
        operations: by name, the unnamed one under None.
        fragments: by name.
        warnings: what the leniences let through.
    """

    text: str
    operations: dict[str | None, OperationDefinitionNode]
    fragments: dict[str, FragmentDefinitionNode]
    warnings: list[Warning] = field(default_factory=list)


class Invalid(Exception):
    """A document that may not run.

    Args:
        errors: `{message, locations, extensions}` of each fault.
    """

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors


def read_document(
    text: str, schema: GraphQLSchema, hidden: frozenset[str], limits: GraphqlLimits, *, strict: bool
) -> Document:
    """Parse and validate a document.

    Args:
        text: what a client sent.
        schema: the caller's.
        hidden: root fields that exist but not for this caller.
        limits: of the operator.
        strict: whether both leniences are off (`DECISIONS.md` item 2).

    Raises:
        Invalid: it does not parse or does not validate.
        BadInput: it is over a limit.
    """
    if len(text) > limits.document_length:
        raise BadInput(f"The document is longer than {limits.document_length} characters", "TOO_COMPLEX_QUERY")
    try:
        node = parse(text, max_tokens=limits.tokens, max_comments=limits.tokens)
        _measure(node, limits)
        warnings: list[Warning] = []
        rules = None if strict else lenient_rules(schema, hidden, warnings)
        problems = validate(schema, node, rules, max_errors=MOST_ERRORS)
    except GraphQLError as problem:
        raise Invalid([_error(problem, PARSE_FAILED)]) from None
    except RecursionError:
        raise Invalid(
            [{"message": "The document is nested too deeply", "extensions": {"code": PARSE_FAILED}}]
        ) from None
    if problems:
        raise Invalid([_error(problem, VALIDATION_FAILED) for problem in problems])
    operations: dict[str | None, OperationDefinitionNode] = {}
    fragments: dict[str, FragmentDefinitionNode] = {}
    for each in node.definitions:
        if isinstance(each, OperationDefinitionNode):
            operations[each.name.value if each.name else None] = each
        elif isinstance(each, FragmentDefinitionNode):
            fragments[each.name.value] = each
    return Document(text, operations, fragments, warnings)


def _error(problem: GraphQLError, code: str) -> dict[str, Any]:
    made: dict[str, Any] = {"message": problem.message, "extensions": {"code": code}}
    if problem.locations:
        made["locations"] = [{"line": each.line, "column": each.column} for each in problem.locations]
    return made


def _measure(document: DocumentNode, limits: GraphqlLimits) -> None:
    """Refuse what would make validation itself slow: its effort grows with the square of what repeats."""
    selections = aliases = 0
    for chosen in _selection_sets(document):
        selections += len(chosen.selections)
        fields = [each for each in chosen.selections if isinstance(each, FieldNode)]
        aliases += sum(each.alias is not None for each in fields)
        keys = Counter((each.alias or each.name).value for each in fields)
        spreads = sum(isinstance(each, FragmentSpreadNode) for each in chosen.selections)
        if (keys and max(keys.values()) > MOST_SAME_KEYS) or spreads > MOST_SAME_KEYS:
            raise BadInput(f"The same field or fragment stands more than {MOST_SAME_KEYS} times", "TOO_COMPLEX_QUERY")
    if selections > limits.selections:
        raise BadInput(f"The document selects more than {limits.selections} fields", "TOO_COMPLEX_QUERY")
    if aliases > limits.aliases:
        raise BadInput(f"The document has more than {limits.aliases} aliases", "TOO_COMPLEX_QUERY")
    if len(document.definitions) > limits.definitions:
        raise BadInput(f"The document has more than {limits.definitions} operations and fragments", "TOO_COMPLEX_QUERY")


def _selection_sets(document: DocumentNode) -> Iterator[SelectionSetNode]:
    pending = [each.selection_set for each in document.definitions if hasattr(each, "selection_set")]
    while pending:
        chosen = pending.pop()
        yield chosen
        for each in chosen.selections:
            inner = getattr(each, "selection_set", None)
            if inner is not None:
                pending.append(inner)
