"""Merging records: the survivor takes what it lacks, its relatives follow, the others go (`rest-core.md` section 14)."""

from __future__ import annotations

from collections import defaultdict

from icosa.catalog.model import SYSTEM_FIELDS, Catalog, Field, Object
from icosa.naming import literal, quoted
from icosa.plan.writes import Merge
from icosa.sql.creates import ACTOR, answer_of
from icosa.sql.events import (
    answer_pieces,
    changed_fields,
    event_record,
    event_row,
    insert_events,
    open_document,
    previous_values,
)
from icosa.sql.pages import PageWriter
from icosa.sql.scope import Aliases
from icosa.sql.statement import Statement

READY = "(SELECT count(*) FROM before) = (SELECT count(*) FROM wanted)"
PROBLEM = f"CASE WHEN NOT {READY} THEN 'MISSING' END AS problem"


def compile_merge(full: Catalog, view: Catalog, plan: Merge) -> Statement:
    """Return the statement of a merge.

    Parameter `$1` is JSON of `ids`, the survivor first and the others in the order sent, and of the columns of
    `updatedBy`; `$2` is the actor. A record that is missing or deleted is told as the problem `MISSING`.
    """
    owner = full.by_id[plan.object.id]
    writer = PageWriter(view, Aliases())
    entries = [
        "wanted AS (SELECT e.id::uuid AS id, e.place FROM jsonb_array_elements_text($1::jsonb -> 'ids') "
        "WITH ORDINALITY AS e(id, place))",
        f"before AS MATERIALIZED (SELECT t.*, w.place AS _rank FROM {owner.sql_name} t JOIN wanted w ON w.id = t.id "
        f'WHERE t."deletedAt" IS NULL{"" if plan.dry_run else " FOR UPDATE OF t"})',
        f"merged AS MATERIALIZED ({_merged(owner, dry_run=plan.dry_run)})",
    ]
    if plan.dry_run:
        answer = answer_of(plan.keys, writer.pieces(plan.record, "r"), f"merged r WHERE {READY}", None)
        return Statement(f"WITH {', '.join(entries)} SELECT {answer} AS body, {PROBLEM} FROM (SELECT $2::json) x")
    event = event_record(owner)
    moved, events = _moves(full, owner, writer)
    entries += [
        f"gone AS (DELETE FROM {owner.sql_name} r USING before b WHERE r.id = b.id AND b._rank > 1 AND {READY} RETURNING r.*)",
        f"after AS ({_update(owner)})",
        *moved,
        f"document AS MATERIALIZED ({_document(owner, writer)})",
    ]
    survivor = event_row(owner, "d", "'updated'", changed="d.changed", before="d.previous", after="(d.text || '}')")
    destroyed = event_row(owner, "c", "'destroyed'", before=writer.record(event, "c"))
    selects = [f"SELECT {survivor} FROM document d", f"SELECT {destroyed} FROM gone c", *events]
    entries.append(f"event AS ({insert_events(full, ACTOR, selects)})")
    record = answer_pieces(writer, plan.record, event, "r", "d.text")
    answer = answer_of(plan.keys, record, "after r JOIN document d ON d.id = r.id", None)
    return Statement(f"WITH {', '.join(entries)} SELECT {answer} AS body, {PROBLEM}")


def _own_fields(owner: Object) -> list[Field]:
    return [each for each in owner.fields if each.name not in SYSTEM_FIELDS and each.leaves]


def _merged(owner: Object, *, dry_run: bool) -> str:
    """Return the survivor's row as it will be; a dry run tells it under a fresh id, deleted."""
    values = {leaf.column: f"s.{quoted(leaf.column)}" for each in owner.fields for leaf in each.leaves}
    for each in _own_fields(owner):
        values.update(each.type.merge_sql(each, "before"))
    if dry_run:
        values |= {"id": "gen_random_uuid()", "deletedAt": "now()"}
    columns = ", ".join(f"{value} AS {quoted(name)}" for name, value in values.items())
    return f"SELECT {columns} FROM before s WHERE s._rank = 1"


def _update(owner: Object) -> str:
    """Return the survivor's UPDATE; it waits for the others to be gone, whose unique values it may take."""
    columns = [leaf.column for each in _own_fields(owner) for leaf in each.leaves]
    assignments = [f"{quoted(column)} = m.{quoted(column)}" for column in columns]
    stamp = owner.field_by_name["updatedBy"].leaves
    assignments += [f"{quoted(leaf.column)} = u.{quoted(leaf.column)}" for leaf in stamp]
    types = ", ".join(f"{quoted(leaf.column)} {leaf.type.pg_type}" for leaf in stamp)
    return (
        f'UPDATE {owner.sql_name} r SET {", ".join(assignments)}, "updatedAt" = now() '
        f"FROM merged m, jsonb_to_record($1::jsonb) AS u({types}) "
        f"WHERE r.id = m.id AND {READY} AND (SELECT count(*) FROM gone) > 0 RETURNING r.*"
    )


def _document(owner: Object, writer: PageWriter) -> str:
    columns = tuple(leaf.column for each in _own_fields(owner) for leaf in each.leaves)
    return (
        f"SELECT a.id, {open_document(writer, event_record(owner), 'a')} AS text, "
        f"{changed_fields(owner, columns, 'b', 'a')} AS changed, {previous_values(owner, columns, writer, 'b')} AS previous "
        "FROM after a JOIN before b ON b.id = a.id"
    )


def _moves(full: Catalog, owner: Object, writer: PageWriter) -> tuple[list[str], list[str]]:
    """Return the WITH entries that move the others' relatives to the survivor, one for each table, and their events."""
    pointing: dict[Object, list[Field]] = defaultdict(list)
    for child in full.objects:
        for each in child.fields:
            if each.join_column and each.relation and each.relation.target_object_id == owner.id:
                pointing[child].append(each)
    entries, events = [], []
    lost = "(SELECT b.id FROM before b WHERE b._rank > 1)"
    kept = "(SELECT b.id FROM before b WHERE b._rank = 1)"
    for number, (child, fields) in enumerate(pointing.items()):
        joins = [each.join_sql for each in fields]
        assignments = ", ".join(
            f"{join} = CASE WHEN c.{join} IN {lost} THEN {kept} ELSE c.{join} END" for join in joins
        )
        touched = " OR ".join(f"c.{join} IN {lost}" for join in joins)
        others = " AND c.id NOT IN (SELECT b.id FROM before b)" if child.id == owner.id else ""
        name = f"moved{number}"
        entries.append(
            f'{name} AS (UPDATE {child.sql_name} c SET {assignments}, "updatedAt" = now() '
            f"WHERE ({touched}) AND {READY}{others} RETURNING c.*)"
        )
        changed = f"ARRAY[{', '.join(literal(each.name) for each in fields)}]"
        row = event_row(child, "c", "'updated'", changed=changed, after=writer.record(event_record(child), "c"))
        events.append(f"SELECT {row} FROM {name} c")
    return entries, events
