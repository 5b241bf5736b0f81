"""Creates: the new rows, their events and the answer in one statement."""

from __future__ import annotations

from icosa.catalog.model import Catalog
from icosa.naming import quoted
from icosa.plan.writes import Create
from icosa.sql.events import event_record, event_row, insert_events, told_row
from icosa.sql.inputs import Given, input_rows
from icosa.sql.pages import PageWriter
from icosa.sql.scope import Aliases
from icosa.sql.statement import Statement
from icosa.sql.text import Const, Expr, Piece, concat, key

ACTOR = 2


def compile_create(full: Catalog, view: Catalog, plan: Create) -> Statement:
    """Return the statement of a create; see `Create.apart` for one that gives several rows.

    Args:
        full: the whole model, for events.
        view: what the caller may read, for the answer.
        plan: the plan; parameter `$1` is the document or the array of documents, `$2` the actor.
    """
    owner = full.by_id[plan.object.id]
    given = Given.APART if plan.apart else Given.BATCH if plan.many else Given.ONE
    rows = input_rows(full, owner, plan.columns, given, insert=True)
    names = ", ".join(quoted(name) for name in rows.values)
    values = ", ".join(rows.values.values())
    returned, record = told_row(PageWriter(view, Aliases()), plan.record, event_record(owner), "r")
    created = (
        f"created AS (INSERT INTO {owner.sql_name} AS r ({names}) SELECT {values} FROM input i"
        f" WHERE {unless_problem(rows.problems)} ORDER BY i.ord RETURNING {returned})"
    )
    selected = event_row(owner, "d", "'created'", after="(d.text || '}')")
    events = f"event AS ({insert_events(full, ACTOR, [f'SELECT {selected} FROM created d'])})"
    ctes = f"WITH {rows.cte}, {problem_cte(rows.problems)}{created}, {events}"
    source = "created d JOIN input i ON i.id = d.id" if given is not Given.ONE else "created d"
    if plan.apart:
        return Statement(f"{ctes} SELECT {body_of(plan.keys, record)} AS body FROM {source} ORDER BY i.ord")
    answer = answer_of(plan.keys, record, source, "i.ord" if plan.many else None)
    return Statement(f"{ctes} SELECT {answer} AS body{problem_column(rows.problems)}")


def body_of(keys: tuple[str, ...], record: list[Piece]) -> str:
    """Return SQL for the body that tells of one record.

    Args:
        keys: keys around the record.
        record: its pieces.
    """
    opening, closing = "".join(f"{{{key(name)}" for name in keys), "}" * len(keys)
    return f"convert_to({concat([Const(opening), *record, Const(closing)])}, 'UTF8')"


def answer_of(keys: tuple[str, ...], record: list[Piece], rows: str, order: str | None) -> str:
    """Return the scalar SELECT of a write's body; NULL when one record was asked for and none is there.

    Args:
        keys: keys around the record or the array.
        record: pieces over `rows`.
        rows: FROM list.
        order: the array's order; None when the body holds one record.
    """
    if order is not None:
        record = [Const("["), Expr(f"string_agg({concat(record)}, ',' ORDER BY {order})"), Const("]")]
    return f"(SELECT {body_of(keys, record)} FROM {rows})"


def problem_cte(problems: tuple[str, ...]) -> str:
    """Return the WITH entry of what forbids a write, empty when nothing can."""
    return f"problem AS MATERIALIZED ({' UNION ALL '.join(problems)}), " if problems else ""


def unless_problem(problems: tuple[str, ...]) -> str:
    """Return the condition under which rows are written."""
    return "NOT EXISTS (SELECT FROM problem)" if problems else "true"


def problem_column(problems: tuple[str, ...]) -> str:
    """Return the select item that tells the first problem."""
    return ", (SELECT p.problem FROM problem p ORDER BY p.ord LIMIT 1) AS problem" if problems else ""
