"""Variables and literals as plain Python values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FieldNode,
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    NonNullTypeNode,
    ObjectValueNode,
    OperationDefinitionNode,
    StringValueNode,
    ValueNode,
    VariableNode,
)

from icosa.errors import BadInput

LONGEST_NUMBER = 400


class _Missing:
    """A variable that was not given."""


MISSING = _Missing()


class Variables:
    """The variables of one operation.

    Args:
        operation: where they are declared.
        given: what came with the request.
    """

    def __init__(self, operation: OperationDefinitionNode, given: Mapping[str, Any]) -> None:
        self._given = given
        self._declared = {each.variable.name.value: each for each in operation.variable_definitions or ()}

    def value(self, node: ValueNode) -> Any:
        """Return the value of a literal or a variable; `MISSING` for a variable that was not given.

        Raises:
            BadInput: a required variable is missing or null, a number is too long to be one.
        """
        match node:
            case VariableNode():
                return self._variable(node.name.value)
            case IntValueNode():
                return int(_number(node.value))
            case FloatValueNode():
                return float(_number(node.value))
            case StringValueNode() | BooleanValueNode() | EnumValueNode():
                return node.value
            case ListValueNode():
                items = [self.value(each) for each in node.values]
                return [None if each is MISSING else each for each in items]
            case ObjectValueNode():
                entries = {each.name.value: self.value(each.value) for each in node.fields}
                return {name: value for name, value in entries.items() if value is not MISSING}
            case _:
                return None

    def arguments(self, node: FieldNode) -> dict[str, Any]:
        """Return a field's arguments; one that is null or a missing variable counts as left out.

        Raises:
            BadInput: see `value`.
        """
        found = {each.name.value: self.value(each.value) for each in node.arguments or ()}
        return {name: value for name, value in found.items() if value is not MISSING and value is not None}

    def _variable(self, name: str) -> Any:
        declared = self._declared.get(name)
        if declared is None:
            return MISSING
        value = self._given.get(name, MISSING)
        if value is MISSING and declared.default_value is not None:
            return self.value(declared.default_value)
        if isinstance(declared.type, NonNullTypeNode) and (value is MISSING or value is None):
            raise BadInput(f"${name}: a value is required", "INVALID_QUERY_INPUT")
        return value


def _number(text: str) -> str:
    if len(text) > LONGEST_NUMBER:
        raise BadInput("A number of the document is too long", "INVALID_QUERY_INPUT")
    return text
