"""Records that resemble others by their object's duplicate criteria (`rest-core.md` section 14)."""

from __future__ import annotations

from icosa.catalog.model import Catalog, Object
from icosa.naming import quoted
from icosa.plan.writes import Duplicates
from icosa.sql.pages import PageWriter
from icosa.sql.scope import Aliases, Scope
from icosa.sql.statement import Statement
from icosa.sql.text import Const, Expr, concat

SHORTEST = 3


def compile_duplicates(view: Catalog, plan: Duplicates) -> Statement:
    """Return the statement that finds duplicates; one page in the plan's form for each subject, in the order sent.

    Parameter `$1` holds the subjects: a JSON array of ids or of documents. The criteria are those that the caller's view
    holds, lest records be told to share a value that the caller may not read.
    """
    owner = plan.read.source.object
    writer = PageWriter(view, Aliases())
    page = writer.page(plan.read, lambda scope: [_resembles(owner, scope), f"{scope.alias}.id IS DISTINCT FROM s.id"])
    body = concat([Const(plan.prefix), Expr(f"string_agg(({page}), ',' ORDER BY s.ord)"), Const(plan.suffix)])
    return Statement(f"SELECT convert_to({body}, 'UTF8') AS body FROM ({_subjects(owner, plan)}) s")


def _criteria_columns(owner: Object) -> list[str]:
    return sorted({column for columns in owner.duplicate_criteria for column in columns})


def _subjects(owner: Object, plan: Duplicates) -> str:
    columns = _criteria_columns(owner)
    if plan.by_ids:
        selected = "".join(f", t.{quoted(column)}" for column in columns)
        return (
            f"SELECT e.ord, t.id{selected} FROM jsonb_array_elements_text($1::jsonb) WITH ORDINALITY AS e(id, ord) "
            f"JOIN {owner.sql_name} t ON t.id = e.id::uuid"
        )
    types = ", ".join(
        ["id uuid", *(f"{quoted(column)} {owner.leaf_by_column[column].type.pg_type}" for column in columns)]
    )
    return (
        "SELECT e.ord, x.* FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS e(doc, ord) "
        f"CROSS JOIN LATERAL jsonb_to_record(e.doc) AS x({types})"
    )


def _resembles(owner: Object, scope: Scope) -> str:
    criteria = [
        " AND ".join(
            f"char_length(s.{quoted(column)}::text) >= {SHORTEST} AND {scope.alias}.{quoted(column)} = s.{quoted(column)}"
            for column in columns
        )
        for columns in owner.duplicate_criteria
    ]
    return f"({' OR '.join(f'({each})' for each in criteria)})" if criteria else "false"
