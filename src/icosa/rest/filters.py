"""A parsed filter text as conditions of a plan."""

from __future__ import annotations

from collections.abc import Sequence

from icosa.catalog.model import Catalog, Object
from icosa.errors import BadInput
from icosa.plan.conditions import make_test
from icosa.plan.filters import And, Filter, Not, Or
from icosa.plan.values import Values
from icosa.rest.filter_grammar import Group, Node, Predicate, Quoted, parse_filter, refuse
from icosa.transport.parameters import FILTER_OPERATORS


def read_filter(catalog: Catalog, owner: Object, texts: Sequence[str], values: Values) -> Filter | None:
    """Return the condition of a request's `filter` parameters, and-ed when there are several.

    Raises:
        BadInput: `INVALID_ARGS_FILTER`.
    """
    nodes = [node for text in texts for node in parse_filter(text)]
    if not nodes:
        return None
    reader = _Reader(catalog, owner, values)
    conditions = tuple(reader.node(node) for node in nodes)
    return conditions[0] if len(conditions) == 1 else And(conditions)


class _Reader:
    def __init__(self, catalog: Catalog, owner: Object, values: Values) -> None:
        self._catalog = catalog
        self._owner = owner
        self._values = values

    def node(self, node: Node) -> Filter:
        match node:
            case Group("and", items):
                return And(tuple(self.node(item) for item in items))
            case Group("or", items):
                return Or(tuple(self.node(item) for item in items))
            case Group(_, items):
                return Not(self.node(items[0]))
            case Predicate():
                return self._predicate(node)

    def _predicate(self, predicate: Predicate) -> Filter:
        operator = predicate.operator
        if operator not in FILTER_OPERATORS:
            raise refuse(f"no operator '{operator}' is known; there are {', '.join(sorted(FILTER_OPERATORS))}")
        value = self._value(operator, predicate.value)
        return make_test(self._catalog, self._owner, predicate.path.split("."), operator, value, self._values)

    @staticmethod
    def _value(operator: str, value: str | Quoted | tuple[str, ...]) -> object:
        match value:
            case Quoted(text):
                if operator == "is":
                    raise BadInput("filter: 'is' takes the bare words NULL and NOT_NULL", "INVALID_ARGS_FILTER")
                return text
            case str() if value == "NULL" and operator in {"eq", "neq"}:
                return None
            case tuple():
                return list(value)
            case _:
                return value
