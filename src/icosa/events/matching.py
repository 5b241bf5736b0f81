"""Which published events a filter lets through: those whose record met it before the change or meets it after."""

from __future__ import annotations

from collections.abc import Sequence

from icosa.catalog.model import Object
from icosa.events.texts import Reader
from icosa.naming import literal
from icosa.plan.filters import Filter
from icosa.plan.reads import Source
from icosa.plan.values import Values
from icosa.records.access import Access
from icosa.sql.conditions import where
from icosa.sql.scope import Aliases, Scope

RESERVED = 3
"""The parameters of `matching_statement` that come before the filter's values: two positions and the watched fields."""
PAIRS_AT_ONCE = 40
BEFORE = """
    CASE e.action
        WHEN 'destroyed' THEN e.before
        WHEN 'updated' THEN (e.after::jsonb || coalesce(e.before::jsonb, '{}'))::json
        WHEN 'deleted' THEN (e.after::jsonb || '{"deletedAt":null}')::json
    END
"""


def values() -> Values:
    """Return where a filter's values are collected for `matching_statement`."""
    return Values(RESERVED)


def matching_statement(access: Access, owner: Object, condition: Filter | None) -> str:
    """Return SQL for the events of an object between two positions that a filter lets through.

    Args:
        access: the subscriber's.
        owner: the object, out of its view.
        condition: the filter, its values collected by `values`.

    The parameters are the position after which to look, the last one, and the fields of which one must have changed in an
    update (empty for any); then come the filter's values. It gives `position` and `text`, the event as JSON.
    """
    full, reader = access.full, Reader(access.full, access.view, [owner])
    scope = Scope(access.view, owner, Aliases())
    test = where(Source(owner, condition), scope)
    row = f"jsonb_populate_record(NULL::{owner.sql_name}, {_columns(owner)}) {scope.alias}{scope.joins}"
    changed = "CASE WHEN e.action = 'updated' THEN array_to_json(x.changed)::text END"
    return f"""
        SELECT e.position,
            '{{"action":"' || e.action || '","objectNameSingular":' || {literal(_json_text(owner.name_singular))}
            || ',"recordId":"' || e.record_id
            || '","userId":' || coalesce((e.actor -> 'userId')::text, 'null')
            || ',"workspaceMemberId":' || coalesce((e.actor -> 'workspaceMemberId')::text, 'null')
            || ',"properties":{{"updatedFields":' || coalesce({changed}, 'null')
            || ',"before":' || coalesce(x.before, 'null') || ',"after":' || coalesce(x.after, 'null')
            || ',"diff":' || coalesce(core.event_diff(x.before::json, x.after::json)::text, 'null') || '}}}}' AS text
        FROM (
            SELECT p.position, e.object_id, e.record_id, e.action, e.changed, e.actor, e.after, {BEFORE} AS before
            FROM {full.published_table} p JOIN {full.event_table} e USING (sequence)
            WHERE p.position > $1 AND p.position <= $2 AND e.object_id = '{owner.id}'
                AND (e.action <> 'updated' OR $3::text[] = '{{}}' OR e.changed && $3)
        ) e
        CROSS JOIN LATERAL (
            SELECT {reader.record("after")} AS after, {reader.record("before")} AS before, {reader.changed()} AS changed
        ) x
        WHERE {reader.shows()} AND EXISTS (
            SELECT FROM (VALUES (e.after::jsonb), (e.before::jsonb)) d(doc) CROSS JOIN LATERAL {row}
            WHERE d.doc IS NOT NULL AND {test}
        )
        ORDER BY e.position
    """


def _columns(owner: Object) -> str:
    """Return SQL for a document `d.doc` of the API with the table's columns as its keys."""
    pairs = [
        f"{literal(leaf.column)}, d.doc #> {_path(leaf.path)}"
        for each in owner.fields
        for leaf in each.leaves
        if leaf.column != "searchVector"
    ]
    pieces = [
        f"jsonb_build_object({', '.join(pairs[start : start + PAIRS_AT_ONCE])})"
        for start in range(0, len(pairs), PAIRS_AT_ONCE)
    ]
    return " || ".join(pieces)


def _path(steps: Sequence[str]) -> str:
    return f"ARRAY[{', '.join(literal(step) for step in steps)}]"


def _json_text(name: str) -> str:
    return f'"{name}"'
