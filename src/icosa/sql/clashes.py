"""Finding the record that holds a unique value, after PostgreSQL has refused a second one (`DECISIONS.md` item 21)."""

from __future__ import annotations

from icosa.catalog.model import Catalog, Object, UniqueKey
from icosa.fields.base import Leaf
from icosa.naming import quoted
from icosa.plan.writes import Target
from icosa.sql.statement import Statement
from icosa.sql.updates import locked_rows


def key_leaves(owner: Object, key: UniqueKey | None) -> tuple[Leaf, ...]:
    """Return the columns of a unique key, or the id."""
    return key.leaves if key is not None else (owner.id_leaf,)


def compile_holder(owner: Object, key: UniqueKey | None) -> Statement:
    """Return the statement that finds a live record with a key's values out of the documents in `$1`."""
    leaves = key_leaves(owner, key)
    types = ", ".join(f"{quoted(leaf.column)} {leaf.type.pg_type}" for leaf in leaves)
    tests = " AND ".join(f"t.{quoted(leaf.column)} = x.{quoted(leaf.column)}" for leaf in leaves)
    live = ' AND t."deletedAt" IS NULL' if key is not None else ""
    return Statement(
        f"SELECT t.id FROM jsonb_to_recordset($1::jsonb) AS x({types}) JOIN {owner.sql_name} t ON {tests}{live} LIMIT 1"
    )


def compile_restored_holder(full: Catalog, owner: Object, key: UniqueKey, target: Target) -> Statement:
    """Return the statement that finds who has taken the value of a record that was to be restored."""
    tests = " AND ".join(f"t.{quoted(leaf.column)} = b.{quoted(leaf.column)}" for leaf in key.leaves)
    return Statement(
        f"WITH before AS ({locked_rows(full, target)}) SELECT t.id FROM before b JOIN {owner.sql_name} t ON {tests} "
        'AND t.id <> b.id AND t."deletedAt" IS NULL, (SELECT $1::jsonb, $2::json) x LIMIT 1'
    )
