"""Upserts: each document changes the record that it matches, or makes a new one, all in one statement."""

from __future__ import annotations

from collections.abc import Iterator

from icosa.catalog.model import Catalog, Object, UniqueKey
from icosa.naming import literal, quoted
from icosa.plan.writes import Columns, Create
from icosa.sql.creates import ACTOR, answer_of, problem_column
from icosa.sql.events import (
    answer_pieces,
    changed_fields,
    event_record,
    event_row,
    insert_events,
    open_document,
    previous_values,
)
from icosa.sql.inputs import Given, Input, found_column, input_rows
from icosa.sql.pages import PageWriter
from icosa.sql.scope import Aliases
from icosa.sql.statement import Statement

CREATION_ONLY = ("createdBySource", "createdByName", "createdByWorkspaceMemberId", "createdByContext")


def compile_upsert(full: Catalog, view: Catalog, plan: Create) -> Statement:
    """Return the statement of an upsert; see `compile_create` for the parameters.

    A document matches by id and by each unique key that it fills, a live record before a deleted one
    (`DECISIONS.md` item 9); documents that hit one record are applied in the order sent and answered once.
    """
    owner = full.by_id[plan.object.id]
    rows = input_rows(full, owner, plan.columns, Given.BATCH, insert=True)
    writer = PageWriter(view, Aliases())
    event = event_record(owner)
    names = tuple(rows.values)
    problems = " UNION ALL ".join([*rows.problems, _several_matches()])
    entries = [
        rows.cte,
        f"matched AS MATERIALIZED ({_matches(owner, plan)})",
        f"problem AS MATERIALIZED ({problems})",
        f"target AS MATERIALIZED (SELECT a.*{rows.typed.replace('{rows}', f'({_targets()}) a')})",
        f"before AS MATERIALIZED (SELECT t.* FROM {owner.sql_name} t JOIN target i ON i.target_id = t.id FOR UPDATE OF t)",
        f"created AS ({_insert(owner, rows)})",
        f"changed AS ({_update(owner, rows, plan.columns)})",
        "after AS (SELECT * FROM created UNION ALL SELECT * FROM changed)",
        f"document AS MATERIALIZED ({_documents(owner, names, writer)})",
    ]
    selected = event_row(owner, "d", "d.action", changed="d.changed", before="d.previous", after="(d.text || '}')")
    entries.append(f"event AS ({insert_events(full, ACTOR, [f'SELECT {selected} FROM document d'])})")
    record = answer_pieces(writer, plan.record, event, "r", "d.text")
    told = (
        "after r JOIN document d ON d.id = r.id "
        "JOIN (SELECT coalesce(m.ids[1], i.id) AS id, min(i.ord) AS ord FROM input i JOIN matched m ON m.ord = i.ord "
        "GROUP BY 1) o ON o.id = r.id"
    )
    answer = answer_of(plan.keys, record, told, "o.ord" if plan.many else None)
    with_problem = problem_column((problems,))
    return Statement(f"WITH {', '.join(entries)} SELECT {answer} AS body{with_problem}")


def _matches(owner: Object, plan: Create) -> str:
    candidates = [f"(SELECT t.id FROM {owner.sql_name} t WHERE t.id = i.id AND NOT i.doc ? '_new')"]
    candidates += _by_key(owner, plan)
    found = ", ".join(candidates)
    return (
        f"SELECT i.ord, i.id AS new_id, ARRAY(SELECT DISTINCT c FROM unnest(ARRAY[{found}]::uuid[]) AS c "
        "WHERE c IS NOT NULL) AS ids FROM input i"
    )


def _by_key(owner: Object, plan: Create) -> Iterator[str]:
    for key in owner.unique_keys:
        if all(leaf.column in plan.columns.names for leaf in key.leaves):
            yield f"({_key_match(owner, key)})"


def _key_match(owner: Object, key: UniqueKey) -> str:
    tests = " AND ".join(f"t.{quoted(leaf.column)} = i.{quoted(leaf.column)}" for leaf in key.leaves)
    return f'SELECT t.id FROM {owner.sql_name} t WHERE {tests} ORDER BY (t."deletedAt" IS NULL) DESC, t."deletedAt" DESC LIMIT 1'


def _several_matches() -> str:
    return "SELECT m.ord, 'SEVERAL_MATCHES' AS problem FROM matched m WHERE cardinality(m.ids) > 1"


def _targets() -> str:
    """Return each matched record with all that the documents that hit it say, the last one winning."""
    return (
        "SELECT m.ids[1] AS target_id, jsonb_object_agg(e.key, e.value ORDER BY i.ord) AS doc, max(i.ord) AS ord "
        "FROM matched m JOIN input i ON i.ord = m.ord CROSS JOIN LATERAL jsonb_each(i.doc) e "
        "WHERE cardinality(m.ids) = 1 GROUP BY 1"
    )


def _insert(owner: Object, rows: Input) -> str:
    names = ", ".join(quoted(name) for name in rows.values)
    values = ", ".join(rows.values.values())
    return (
        f"INSERT INTO {owner.sql_name} ({names}) SELECT {values} FROM input i JOIN matched m ON m.ord = i.ord "
        "WHERE cardinality(m.ids) = 0 AND NOT EXISTS (SELECT FROM problem) ORDER BY i.ord RETURNING *"
    )


def _update(owner: Object, rows: Input, columns: Columns) -> str:
    """Return the UPDATE of matched records: only what a document names, and out of the trash."""
    found = {each.relation.leaves[0].column: found_column(each) for each in columns.connects}
    assignments = []
    for name, value in rows.values.items():
        if name == "id" or name in CREATION_ONLY:
            continue
        named = f"i.doc ? {literal(name)}"
        if name == "position":
            named = "NOT i.doc ? '_placed'"
        elif name in found:
            named = f"({named} OR i.{found[name]} IS NOT NULL)"
        assignments.append(f"{quoted(name)} = CASE WHEN {named} THEN {value} ELSE r.{quoted(name)} END")
    if "deletedAt" not in rows.values:
        assignments.append('"deletedAt" = NULL')
    if "updatedAt" not in rows.values:
        assignments.append('"updatedAt" = now()')
    return (
        f"UPDATE {owner.sql_name} r SET {', '.join(assignments)} FROM target i JOIN before b ON b.id = i.target_id "
        "WHERE r.id = i.target_id AND NOT EXISTS (SELECT FROM problem) RETURNING r.*"
    )


def _documents(owner: Object, names: tuple[str, ...], writer: PageWriter) -> str:
    text = open_document(writer, event_record(owner), "a")
    changed = changed_fields(owner, names, "b", "a")
    previous = previous_values(owner, names, writer, "b")
    action = (
        'CASE WHEN b.id IS NULL THEN \'created\' WHEN b."deletedAt" IS NOT NULL AND a."deletedAt" IS NULL '
        "THEN 'restored' ELSE 'updated' END"
    )
    return (
        f"SELECT a.id, {text} AS text, {action} AS action, CASE WHEN b.id IS NOT NULL THEN {changed} END AS changed, "
        f"CASE WHEN b.id IS NOT NULL THEN {previous} END AS previous FROM after a LEFT JOIN before b ON b.id = a.id"
    )
