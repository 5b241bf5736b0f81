"""The tables, columns, keys and indexes of a catalog's objects as SQL."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from icosa.catalog.model import Catalog, Field, Index, Object, UniqueKey
from icosa.fields.base import Leaf
from icosa.naming import literal, quoted
from icosa.store.database import APPLICATION_NAME

LIVE = '"deletedAt" IS NULL'
NOBODY = UUID(int=0)

# A search vector holds a megabyte at most (PostgreSQL, "Limitations" of text search); texts themselves have no limit.
LONGEST_SEARCHED = 100_000


def column(leaf: Leaf) -> str:
    """Return a column's definition."""
    default = f" DEFAULT {leaf.default_sql}" if leaf.default_sql else ""
    return f"{quoted(leaf.column)} {leaf.type.pg_type}{default}{' NOT NULL' if leaf.not_null else ''}"


def search_expression(owner: Object, alias: str) -> str:
    """Return what the search vector holds (`data-model.md`, "searchVector and search"); `alias` stands before columns."""
    texts = [
        text
        for name in owner.search_fields
        for text in owner.field_by_name[name].type.search_sql(owner.field_by_name[name], alias)
    ]
    joined = (
        " || ' ' || ".join(f"coalesce(core.unaccent(left({text}, {LONGEST_SEARCHED})), '')" for text in texts) or "''"
    )
    return f"to_tsvector('simple', {joined})"


def search_index(owner: Object) -> str:
    """Return the index of the search vector."""
    return f'CREATE INDEX {quoted(f"ix_{owner.id.hex}_search")} ON {owner.sql_name} USING gin ("searchVector")'


def create_table(owner: Object) -> str:
    """Return CREATE TABLE with every column; foreign keys and indexes come once all tables are there."""
    columns = [column(leaf) for each in owner.fields for leaf in each.leaves]
    return f"CREATE TABLE {owner.sql_name} ({', '.join(columns)}, PRIMARY KEY (id))"


def foreign_key(catalog: Catalog, owner: Object, relation_field: Field) -> str:
    """Return the foreign key of a many-to-one relation."""
    return (
        f"ALTER TABLE {owner.sql_name} ADD CONSTRAINT {quoted(foreign_key_name(relation_field))} "
        f"FOREIGN KEY ({relation_field.join_sql}) {_references(catalog, owner, relation_field)}"
    )


def joined_column(catalog: Catalog, owner: Object, relation_field: Field) -> str:
    """Return the definition of a new join column with its foreign key.

    Told with the column, the key is not checked against the rows that are there: they hold NULL.
    """
    key = f"CONSTRAINT {quoted(foreign_key_name(relation_field))} {_references(catalog, owner, relation_field)}"
    return f"{column(relation_field.leaves[0])} {key}"


def _references(catalog: Catalog, owner: Object, relation_field: Field) -> str:
    target = catalog.by_id[relation_field.relation.target_object_id] if relation_field.relation else owner
    action = (relation_field.relation.on_delete or "SET_NULL") if relation_field.relation else "SET_NULL"
    return f"REFERENCES {target.sql_name} (id) ON DELETE {action.replace('_', ' ')}"


def foreign_key_name(relation_field: Field) -> str:
    """Return the constraint's name; the field's id in it leads an error back to the field."""
    return f"fk_{relation_field.id.hex}"


def unique_index(owner: Object, key: UniqueKey) -> str:
    """Return a unique index among live records: a deleted one holds no value (`DECISIONS.md` item 9)."""
    columns = ", ".join(quoted(leaf.column) for leaf in key.leaves)
    return f"CREATE UNIQUE INDEX {quoted(key.name)} ON {owner.sql_name} ({columns}) WHERE {LIVE}"


def standing_indexes(owner: Object) -> Iterator[str]:
    """Yield the indexes that every object has: manual order, time of creation, search, and each join column."""
    prefix = f"ix_{owner.id.hex}"
    yield f"CREATE INDEX {quoted(f'{prefix}_position')} ON {owner.sql_name} (position, id) WHERE {LIVE}"
    yield f'CREATE INDEX {quoted(f"{prefix}_createdAt")} ON {owner.sql_name} ("createdAt", id)'
    if owner.is_searchable:
        yield search_index(owner)
    for each in owner.fields:
        if each.join_column:
            yield relation_index(owner, each)


def relation_index(owner: Object, relation_field: Field) -> str:
    """Return the index of a join column: the other side's lists and the foreign key's checks read it.

    Rows without a related record are not in it: objects that may belong to one of many kinds of records, such as timeline
    activities, have a column for each kind, and would enter every row into every index.
    """
    join_column = relation_field.join_sql
    name = quoted(f"ix_{relation_field.id.hex}")
    return f"CREATE INDEX {name} ON {owner.sql_name} ({join_column}, id) WHERE {join_column} IS NOT NULL"


def custom_index(owner: Object, index: Index) -> str:
    """Return an index that somebody asked for, or a unique one."""
    fields = {each.id: each for each in owner.fields}
    leaves = [
        next(leaf for leaf in fields[field_id].leaves if part is None or leaf.path[-1] == part)
        for field_id, part in zip(index.fields, index.sub_fields or (None,) * len(index.fields), strict=True)
    ]
    key = next((each for each in owner.unique_keys if each.name == index.name), None)
    if key is not None:
        return unique_index(owner, key)
    columns = ", ".join(quoted(leaf.column) for leaf in leaves)
    return f"CREATE INDEX {quoted(index.name)} ON {owner.sql_name} USING {index.index_type.lower()} ({columns})"


def touched(catalog: Catalog) -> str:
    """Return the statement that tells of changes to an object's records by other means than a write."""
    return f"INSERT INTO {catalog.event_table} (object_id, record_id, action) VALUES ($1, $2, 'touched')"


def touched_where(catalog: Catalog, owner: Object, condition: str) -> str:
    """Return the same for one object as part of a statement that changes its records, where a condition holds."""
    return (
        f"INSERT INTO {catalog.event_table} (object_id, record_id, action) "
        f"SELECT {literal(str(owner.id))}::uuid, {literal(str(NOBODY))}::uuid, 'touched' WHERE {condition}"
    )


def watch_others(owner: Object) -> str:
    """Return the trigger that tells of changes to an object's records by anybody but this program, such as `psql`.

    It fires once for a statement; sessions of the program tell of their changes themselves.
    """
    return (
        f"CREATE TRIGGER touched_by_others AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {owner.sql_name} "
        f"FOR EACH STATEMENT WHEN (current_setting('application_name') IS DISTINCT FROM {literal(APPLICATION_NAME)}) "
        f"EXECUTE FUNCTION core.tell_touched({literal(str(owner.id))})"
    )


def create_event_log(catalog: Catalog) -> str:
    """Return the workspace's event log: one row for each changed record, written by the change's own statement.

    `xid` is the transaction that wrote the row: with a snapshot it tells whether anything has changed since an answer was
    made. It stands before `sequence`, and so is there before that is drawn. `kind` names what changed where it is no record
    but a part of the model. An event is published when it has a position, which it gets after its transaction is committed
    (`events.publisher`).
    """
    return f"""
        CREATE TABLE {catalog.event_table} (
            xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
            sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            happened_at timestamptz NOT NULL DEFAULT now(),
            object_id uuid,
            kind text,
            record_id uuid NOT NULL,
            action text NOT NULL,
            changed text[],
            before json,
            after json,
            actor json
        );
        CREATE TABLE {catalog.published_table} (position bigint PRIMARY KEY, sequence bigint NOT NULL UNIQUE);
        CREATE INDEX event_object_xid ON {catalog.event_table} (object_id, xid);
        CREATE INDEX event_record ON {catalog.event_table} (record_id, sequence);
    """
