"""Validation rules with the two leniences that public clients live on (`DECISIONS.md` item 2).

An unknown field in a selection of records reads null, and a variable declared with another type name works when its value
fits. Each use becomes a warning instead of an error. Values are checked by the planner, root field by root field, so the
rule about literals is left out too.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from graphql import (
    ASTValidationRule,
    FieldNode,
    FieldsOnCorrectTypeRule,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    KnownTypeNamesRule,
    NamedTypeNode,
    Node,
    ValuesOfCorrectTypeRule,
    VariableDefinitionNode,
    VariablesAreInputTypesRule,
    VariablesInAllowedPositionRule,
    get_location,
    specified_rules,
)

Warning = dict[str, Any]
REPLACED = (
    FieldsOnCorrectTypeRule,
    KnownTypeNamesRule,
    VariablesInAllowedPositionRule,
    VariablesAreInputTypesRule,
    ValuesOfCorrectTypeRule,
)


def lenient_rules(
    schema: GraphQLSchema, hidden: frozenset[str], warnings: list[Warning]
) -> list[type[ASTValidationRule]]:
    """Return the rules of one validation.

    Args:
        schema: the caller's.
        hidden: root fields that exist but not for this caller; they are refused later, by name.
        warnings: takes what the leniences let through.
    """
    roots = {schema.query_type, schema.mutation_type}

    class LenientFields(FieldsOnCorrectTypeRule):
        def enter_field(self, node: FieldNode, *args: Any) -> None:
            parent = self.context.get_parent_type()
            name = node.name.value
            if parent in roots and name in hidden:
                return
            if not _is_of_records(parent, roots) or self.context.get_field_def():
                super().enter_field(node, *args)
                return
            path = [_key(each) for each in args[3] if isinstance(each, FieldNode)] + [_key(node)]
            close = get_close_matches(name, parent.fields, 1)  # type: ignore[union-attr]
            message = f'"{parent}" has no field "{name}"; it reads null'
            warnings.append(_warning(message, node, name, path, close))

    class LenientTypeNames(KnownTypeNamesRule):
        def enter_named_type(self, node: NamedTypeNode, key: Any, parent: Any, path: Any, ancestors: list[Any]) -> None:
            if not any(isinstance(each, VariableDefinitionNode) for each in [parent, *ancestors]):
                super().enter_named_type(node, key, parent, path, ancestors)
            elif node.name.value not in schema.type_map:
                name = node.name.value
                close = get_close_matches(name, schema.type_map, 1)
                warnings.append(
                    _warning(f'There is no type "{name}"; the value is what is checked', node, name, [], close)
                )

    class LenientPositions(VariablesInAllowedPositionRule):
        def report_error(self, error: GraphQLError) -> None:
            node = error.nodes[0] if error.nodes else None
            warnings.append(_warning(f"{error.message} The value is what is checked.", node, None, [], []))

    kept = [rule for rule in specified_rules if rule not in REPLACED]
    return [*kept, LenientFields, LenientTypeNames, LenientPositions]


def _is_of_records(parent: Any, roots: set[Any]) -> bool:
    return isinstance(parent, GraphQLObjectType) and parent not in roots and not parent.name.startswith("__")


def _key(node: FieldNode) -> str:
    return (node.alias or node.name).value


def _warning(message: str, node: Node | None, unknown: str | None, path: list[str], close: list[str]) -> Warning:
    made: Warning = {"message": message, "path": path}
    if node is not None and node.loc is not None:
        location = get_location(node.loc.source, node.loc.start)
        made["locations"] = [{"line": location.line, "column": location.column}]
    if unknown is not None:
        made["unknown"] = unknown
    if close:
        made["suggestion"] = close[0]
    return made
