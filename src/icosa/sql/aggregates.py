"""Aggregates over all records that match (`graphql-core.md` section 8, `rest-core.md` section 14)."""

from __future__ import annotations

from icosa.fields.base import Aggregation, Leaf
from icosa.naming import quoted
from icosa.plan.reads import Aggregate


def content(aggregate: Aggregate, row: str) -> str:
    """Return SQL for the text by which a field is empty or counted as distinct; NULL when it is empty."""
    texts = [
        leaf.type.content(f"{row}.{quoted(leaf.column)}")
        for leaf in aggregate.field.type.content_leaves(aggregate.field)
    ]
    return texts[0] if len(texts) == 1 else f"nullif(concat({', '.join(texts)}), '')"


def value(aggregate: Aggregate, row: str) -> str:
    """Return the SQL aggregate; NULL when nothing matched."""
    if aggregate.leaf is not None:
        return _over_leaf(aggregate.operation, aggregate.leaf, f"{row}.{quoted(aggregate.leaf.column)}")
    text = content(aggregate, row)
    filled, matched = f"count({text})", "nullif(count(*), 0)"
    match aggregate.operation:
        case Aggregation.COUNT_UNIQUE:
            return f"CASE WHEN count(*) > 0 THEN count(DISTINCT {text}) END"
        case Aggregation.COUNT_EMPTY:
            return f"CASE WHEN count(*) > 0 THEN count(*) - {filled} END"
        case Aggregation.COUNT_NOT_EMPTY:
            return f"CASE WHEN count(*) > 0 THEN {filled} END"
        case Aggregation.PERCENTAGE_EMPTY:
            return f"(count(*) - {filled})::numeric / {matched}"
        case Aggregation.PERCENTAGE_NOT_EMPTY:
            return f"{filled}::numeric / {matched}"
        case _:
            raise ValueError(aggregate.operation)


def _over_leaf(operation: Aggregation, leaf: Leaf, column: str) -> str:
    match operation:
        case Aggregation.MIN | Aggregation.MAX | Aggregation.AVG | Aggregation.SUM:
            return f"{operation.value}({column})"
        case Aggregation.COUNT_TRUE:
            return f"CASE WHEN count(*) > 0 THEN count(*) FILTER (WHERE {column}) END"
        case Aggregation.COUNT_FALSE:
            return f"CASE WHEN count(*) > 0 THEN count(*) FILTER (WHERE NOT {column}) END"
        case _:
            raise ValueError(operation)


def json(aggregate: Aggregate, row: str, *, exact_as_text: bool = False) -> str:
    """Return SQL for the aggregate's JSON value, or NULL: extremes as their type writes them, the rest as numbers.

    Args:
        aggregate: what is computed.
        row: alias of the rows.
        exact_as_text: whether counts and exact numbers become JSON strings (`rest-core.md` section 14).
    """
    computed = value(aggregate, row)
    leaf = aggregate.leaf
    if leaf is not None and aggregate.operation in {Aggregation.MIN, Aggregation.MAX}:
        computed = leaf.type.json(computed)
    else:
        computed = f"({computed})::text"
    computes_number = aggregate.operation in COMPUTED and leaf is not None
    if exact_as_text and (not computes_number or (leaf is not None and leaf.type.exact)):
        return f"""('"' || {computed} || '"')"""
    return computed


COMPUTED = frozenset({Aggregation.MIN, Aggregation.MAX, Aggregation.AVG, Aggregation.SUM})
