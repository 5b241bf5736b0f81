"""The catalog held against the tables of the database."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from icosa.catalog.model import Catalog, Object
from icosa.modeling import ddl
from icosa.store.database import Database

EVENT_TABLES = ("event", "published_event")
INDEX_NAME = re.compile(r'^CREATE (?:UNIQUE )?INDEX "([^"]+)"')

COLUMNS = """
select c.relname, a.attname, format_type(a.atttypid, a.atttypmod) as kind, a.attnotnull
from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = to_regnamespace($1) and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
"""
INDEXES = """
select t.relname, i.relname as name, x.indisvalid
from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
where t.relnamespace = to_regnamespace($1) and not x.indisprimary
"""
KEYS = """
select t.relname, k.conname, f.relname as target
from pg_constraint k join pg_class t on t.oid = k.conrelid join pg_class f on f.oid = k.confrelid
where k.contype = 'f' and t.relnamespace = to_regnamespace($1)
"""
KINDS = "select name, format_type(to_regtype(name), null) as kind from unnest($1::text[]) as name"


@dataclass
class Table:
    """What the database has of one table.

    Attributes:
        columns: name → (type, whether NULL is refused).
        indexes: name → whether it is usable.
        keys: foreign key → the table it leads to.
    """

    columns: dict[str, tuple[str, bool]] = field(default_factory=dict)
    indexes: dict[str, bool] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)


async def table_problems(database: Database, catalog: Catalog) -> list[str]:
    """Return how the tables of a workspace differ from its catalog, a line each; nothing when they agree."""
    found: dict[str, Table] = defaultdict(Table)
    for row in await database.fetch_all(COLUMNS, f'"{catalog.schema}"'):
        found[row["relname"]].columns[row["attname"]] = (row["kind"], row["attnotnull"])
    for row in await database.fetch_all(INDEXES, f'"{catalog.schema}"'):
        found[row["relname"]].indexes[row["name"]] = row["indisvalid"]
    for row in await database.fetch_all(KEYS, f'"{catalog.schema}"'):
        found[row["relname"]].keys[row["conname"]] = row["target"]
    for name in EVENT_TABLES:
        found.pop(name, None)
    leaves = [leaf for owner in catalog.objects for each in owner.fields for leaf in each.leaves]
    names = sorted({leaf.type.pg_type for leaf in leaves})
    kinds = {row["name"]: row["kind"] for row in await database.fetch_all(KINDS, names)}
    problems: list[str] = []
    for owner in catalog.objects:
        table = found.pop(owner.table, None)
        if table is None:
            problems.append(f"{owner.name_singular}: table {owner.table} is missing")
        else:
            problems.extend(f"{owner.name_singular}: {each}" for each in _differences(catalog, owner, table, kinds))
    problems.extend(f"table {name} belongs to no object" for name in sorted(found))
    return problems


def _differences(catalog: Catalog, owner: Object, table: Table, kinds: Mapping[str, Any]) -> Iterator[str]:
    wanted = {leaf.column: kinds[leaf.type.pg_type] for each in owner.fields for leaf in each.leaves}
    there = {name: kind for name, (kind, _) in table.columns.items()}
    yield from _compared("column", wanted, there)
    refusing = {name for name, (_, not_null) in table.columns.items() if not_null}
    for each in owner.fields:
        for leaf in each.leaves:
            if leaf.column in there and leaf.column != "id" and leaf.not_null is not (leaf.column in refusing):
                yield f"column {leaf.column} {'takes' if leaf.not_null else 'refuses'} NULL"
    yield from _compared("index", dict.fromkeys(_index_names(owner), True), table.indexes)
    joined = [each for each in owner.fields if each.join_column is not None]
    targets = {ddl.foreign_key_name(each): catalog.target(each) for each in joined}
    keys = {name: None if target is None else target.table for name, target in targets.items()}
    yield from _compared("foreign key", keys, table.keys)
    for each in owner.fields:
        if each.relation is not None:
            inverse = catalog.inverse(each)
            if inverse is None or inverse.relation is None:
                yield f"relation {each.name} leads to no field"
            elif inverse.relation.target_field_id != each.id and each.morph_id is None is inverse.morph_id:
                yield f"relation {each.name} leads to {inverse.name}, which leads elsewhere"


def _index_names(owner: Object) -> Iterator[str]:
    for statement in ddl.standing_indexes(owner):
        found = INDEX_NAME.match(statement)
        if found is not None:
            yield found[1]
    yield from (each.name for each in owner.indexes)


def _compared(what: str, wanted: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(wanted.keys() | there.keys()):
        if name not in there:
            yield f"{what} {name} is missing"
        elif name not in wanted:
            yield f"{what} {name} belongs to no field"
        elif wanted[name] != there[name]:
            yield f"{what} {name} is {there[name]}, not {wanted[name]}"
