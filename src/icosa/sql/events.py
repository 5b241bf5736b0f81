"""Event rows: each write records what it did in its own statement."""

from __future__ import annotations

from collections.abc import Sequence

from icosa.catalog.model import Catalog, Field, Object
from icosa.naming import literal, quoted
from icosa.plan.reads import Content, Parts, Record, Value
from icosa.sql.records import RecordWriter
from icosa.sql.text import Const, Expr, Piece, join

BOOKKEEPING = frozenset({"id", "createdAt", "updatedAt", "createdBy", "updatedBy", "position", "searchVector"})


def field_entry(each: Field) -> tuple[tuple[str, Content], ...]:
    """Return the entries by which a record tells a field's own columns."""
    if each.is_composite:
        return ((each.name, Parts(tuple((leaf.path[1], Value(leaf)) for leaf in each.leaves))),)
    return tuple((leaf.path[0], Value(leaf)) for leaf in each.leaves)


def event_record(owner: Object) -> Record:
    """Return what an event tells of a record: all its own columns but the search vector (`webhooks.md` section 3)."""
    fields = (each for each in owner.fields if each.name != "searchVector")
    return Record(owner, tuple(entry for each in fields for entry in field_entry(each)))


def told_by_event(record: Record, event: Record) -> bool:
    """Return whether an answer's record is the event's, with at most the search vector behind it."""
    count = len(event.entries)
    return record.entries[:count] == event.entries and [name for name, _ in record.entries[count:]] in (
        [],
        ["searchVector"],
    )


def open_document(writer: RecordWriter, record: Record, row: str) -> str:
    """Return SQL for a record's JSON without its closing brace, so that an answer can add to it."""
    return join(writer.pieces(record, row)[:-1])


def answer_pieces(writer: RecordWriter, record: Record, event: Record, row: str, document: str) -> list[Piece]:
    """Return an answer's record, built on the event's document where that tells the same."""
    if not told_by_event(record, event):
        return writer.pieces(record, row)
    rest = Record(record.object, record.entries[len(event.entries) :])
    if not rest.entries:
        return [Expr(document), Const("}")]
    opening, *pieces = writer.pieces(rest, row)
    if not isinstance(opening, Const):
        raise TypeError(opening)
    return [Expr(document), Const("," + opening.text[1:]), *pieces]


def told_row(writer: RecordWriter, record: Record, event: Record, row: str) -> tuple[str, list[Piece]]:
    """Return what a written row has to return, and the answer's record made of that.

    The text is put together right where the row is written: handing all its columns on to another step costs as much again.

    Args:
        writer: writes records of the statement.
        record: what the caller is told.
        event: what the event tells.
        row: the alias of the written row.

    Returns:
        The select list: `id`, `text` (the event's document without its closing brace) and, where the answer needs it, `more`;
        and the pieces of the answer's record over these columns in an alias `d`.
    """
    columns = f"{row}.id, {open_document(writer, event, row)} AS text"
    if not told_by_event(record, event):
        return f"{columns}, {writer.record(record, row)} AS more", [Expr("d.more")]
    told, *more = answer_pieces(writer, record, event, row, "d.text")
    if all(isinstance(piece, Const) for piece in more):
        return columns, [told, *more]
    return f"{columns}, {join(more)} AS more", [told, Expr("d.more")]


def changed_fields(owner: Object, columns: Sequence[str], before: str, after: str) -> str:
    """Return SQL for the names of the fields whose columns differ, bookkeeping left out (`webhooks.md` section 2)."""
    tests = []
    for each in owner.fields:
        named = [leaf.column for leaf in each.leaves if leaf.column in columns]
        if not named or each.name in BOOKKEEPING:
            continue
        old = ", ".join(f"{before}.{quoted(column)}" for column in named)
        new = ", ".join(f"{after}.{quoted(column)}" for column in named)
        tests.append(f"CASE WHEN ({old}) IS DISTINCT FROM ({new}) THEN {literal(each.name)} END")
    return f"array_remove(ARRAY[{', '.join(tests)}]::text[], NULL)"


def previous_values(owner: Object, columns: Sequence[str], writer: RecordWriter, before: str) -> str:
    """Return SQL for a JSON object of the values that the written fields had."""
    fields = (each for each in owner.fields if any(leaf.column in columns for leaf in each.leaves))
    entries = tuple(entry for each in fields if each.name != "searchVector" for entry in field_entry(each))
    return writer.record(Record(owner, entries), before)


def insert_events(catalog: Catalog, actor: int, selects: Sequence[str]) -> str:
    """Return the INSERT of event rows.

    Args:
        catalog: whose event log.
        actor: the 1-based parameter that holds the actor's JSON.
        selects: SELECTs of object_id, record_id, action, changed, before, after.
    """
    rows = " UNION ALL ".join(selects)
    return (
        f"INSERT INTO {catalog.event_table} (object_id, record_id, action, changed, before, after, actor) "
        f"SELECT e.*, ${actor}::json FROM ({rows}) e"
    )


def event_row(
    owner: Object, row: str, action: str, *, changed: str = "NULL", before: str = "NULL", after: str = "NULL"
) -> str:
    """Return the select list of one event; `action` is SQL."""
    return (
        f"{literal(str(owner.id))}::uuid AS object_id, {row}.id AS record_id, {action} AS action, "
        f"{changed}::text[] AS changed, {before}::json AS before, {after}::json AS after"
    )
