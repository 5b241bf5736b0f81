"""Filters as SQL conditions."""

from __future__ import annotations

from icosa.plan.filters import And, Filter, Not, Or, Test, names_deleted_at
from icosa.plan.reads import Source
from icosa.sql.scope import Scope


def where(source: Source, scope: Scope, *further: str) -> str:
    """Return the WHERE condition of a source: its filter, the hiding of deleted records, and what is added."""
    conditions = list(further)
    if not source.with_deleted and not names_deleted_at(source.filter):
        conditions.append(f'{scope.alias}."deletedAt" IS NULL')
    if source.filter is not None:
        conditions.append(condition(source.filter, scope))
    return " AND ".join(conditions) or "true"


def condition(node: Filter, scope: Scope) -> str:
    """Return a filter as SQL; three-valued logic is PostgreSQL's own."""
    match node:
        case Test(path, operator, value):
            position = 0 if value is None else value + 1
            return path.leaf.type.test(operator, scope.column(path), position, path.leaf)
        case And(items):
            return f"({' AND '.join(condition(item, scope) for item in items)})" if items else "true"
        case Or(items):
            return f"({' OR '.join(condition(item, scope) for item in items)})" if items else "true"
        case Not(item):
            return f"NOT ({condition(item, scope)})"
