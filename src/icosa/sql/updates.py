"""Updates of one record, or of all that a filter finds."""

from __future__ import annotations

from icosa.catalog.model import Catalog, Object
from icosa.naming import literal, quoted
from icosa.plan.writes import Target, Update
from icosa.sql.conditions import where
from icosa.sql.creates import ACTOR, answer_of, body_of, problem_column, problem_cte, unless_problem
from icosa.sql.events import changed_fields, event_record, event_row, insert_events, previous_values, told_row
from icosa.sql.inputs import TARGET, Given, Input, input_rows
from icosa.sql.pages import PageWriter
from icosa.sql.scope import Aliases, Scope
from icosa.sql.statement import Statement


def locked_rows(full: Catalog, target: Target, columns: str = "*") -> str:
    """Return the SELECT that finds and locks the rows of a write; it finds one more than a cap allows.

    The plan's values start at parameter `$3`, behind the document and the actor.
    """
    scope = Scope(full, full.by_id[target.source.object.id], Aliases())
    if target.id is not None:
        condition = f"{scope.alias}.id = ${target.id + 1}::uuid"
        return f"SELECT {scope.alias}.{columns} FROM {scope.tables} WHERE {condition} FOR UPDATE OF {scope.alias}"
    condition = (
        where(target.source, scope) if target.ids is None else f"{scope.alias}.id = ANY(${target.ids + 1}::uuid[])"
    )
    limit = "" if target.most is None else f" LIMIT {target.most + 1}"
    return (
        f"SELECT {scope.alias}.{columns} FROM {scope.tables} WHERE {condition} ORDER BY {scope.alias}.id{limit} "
        f"FOR UPDATE OF {scope.alias}"
    )


def over_the_cap(target: Target) -> tuple[str, ...]:
    """Return the problem of a filter that finds more than may be changed at once."""
    if target.most is None:
        return ()
    return (f"SELECT 0::bigint AS ord, 'TOO_MANY' AS problem FROM before HAVING count(*) > {target.most}",)


def compile_update(full: Catalog, view: Catalog, plan: Update) -> Statement:
    """Return the statement of an update; see `compile_create` for the parameters, the plan's values follow.

    With several documents it gives a row for each, in the order given, whose body is NULL when its record is not there.
    """
    owner = full.by_id[plan.target.source.object.id]
    several = plan.target.ids is not None
    rows = input_rows(full, owner, plan.columns, Given.APART if several else Given.ONE, insert=False)
    problems = (*rows.problems, *over_the_cap(plan.target))
    writer = PageWriter(view, Aliases())
    told, record = told_row(writer, plan.record, event_record(owner), "r")
    changed = changed_fields(owner, plan.columns.names + _joins(plan), "b", "r")
    previous = previous_values(owner, tuple(rows.values), writer, "b")
    action = deletion_action("b", "r") if "deletedAt" in rows.values else "'updated'"
    returned = f"{told}, {action} AS action, {changed} AS changed, {previous} AS previous"
    selected = event_row(owner, "d", "d.action", changed="d.changed", before="d.previous", after="(d.text || '}')")
    events = f"event AS ({insert_events(full, ACTOR, [f'SELECT {selected} FROM after d'])})"
    ctes = (
        f"WITH {rows.cte}, before AS MATERIALIZED ({locked_rows(full, plan.target)}), {problem_cte(problems)}"
        f"after AS ({_set(owner, rows, problems, several=several)} RETURNING {returned}), {events}"
    )
    if several:
        body = f"CASE WHEN d.id IS NOT NULL THEN {body_of(plan.keys, record)} END"
        return Statement(
            f"{ctes} SELECT {body} AS body FROM input i LEFT JOIN after d ON d.id = i.{quoted(TARGET)} ORDER BY i.ord"
        )
    answer = answer_of(plan.keys, record, "after d", "d.id" if plan.target.id is None else None)
    return Statement(f"{ctes} SELECT {answer} AS body{problem_column(problems)}")


def _joins(plan: Update) -> tuple[str, ...]:
    return tuple(connect.relation.leaves[0].column for connect in plan.columns.connects)


def _set(owner: Object, rows: Input, problems: tuple[str, ...], *, several: bool) -> str:
    assignments = ", ".join(f"{quoted(name)} = {value}" for name, value in rows.values.items())
    stamp = "" if "updatedAt" in rows.values else ', "updatedAt" = now()'
    own = f" AND i.{quoted(TARGET)} = b.id" if several else ""
    return (
        f"UPDATE {owner.sql_name} r SET {assignments}{stamp} FROM before b, input i "
        f"WHERE r.id = b.id{own} AND {unless_problem(problems)}"
    )


def deletion_action(before: str, after: str) -> str:
    """Return SQL for the action of an update that names `deletedAt`: it may delete or restore."""
    old, new = f'{before}."deletedAt"', f'{after}."deletedAt"'
    return (
        f"CASE WHEN {old} IS NULL AND {new} IS NOT NULL THEN {literal('deleted')} "
        f"WHEN {old} IS NOT NULL AND {new} IS NULL THEN {literal('restored')} ELSE {literal('updated')} END"
    )
