"""The documents of a write as rows: their typed columns, resolved connections and places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from icosa.catalog.model import Catalog, Object
from icosa.fields.base import Leaf
from icosa.naming import literal, quoted, stored_name
from icosa.plan.writes import Columns, Connect

PLACE = "_place"
OFFSET = "_offset"
TARGET = "_id"


def connect_column(connect: Connect, leaf: Leaf | None) -> str:
    """Return the document key that holds one value of a `connect`."""
    return stored_name(f"_connect_{connect.relation.name}_{leaf.column if leaf else 'id'}")


def found_column(connect: Connect) -> str:
    """Return the quoted column of `input` that holds the id of the record that a `connect` found."""
    return quoted(stored_name(f"_found_{connect.relation.name}"))


def connect_leaves(connect: Connect, target: Object) -> tuple[Leaf, ...]:
    """Return the target's columns that a `connect` gives."""
    return connect.key.leaves if connect.key is not None else (target.id_leaf,)


@dataclass(frozen=True, slots=True)
class Input:
    """SQL of the input rows.

    Attributes:
        cte: the WITH entry `input`, with columns `ord`, `doc`, the typed columns and `_found_…` for each connection.
        typed: what follows `SELECT a.*` to give any rows `a` with a column `doc` those columns too, `{rows}` standing for
            the rows.
        values: column name → SQL of its value in an alias `i` of `input`, for INSERT and SET.
        problems: SELECTs of (ord, problem) that must find nothing, or the write does nothing.
    """

    cte: str
    typed: str
    values: Mapping[str, str]
    problems: tuple[str, ...]


class Given(Enum):
    """How the documents come: one; several of one request; or one each of several requests, that know nothing of each other."""

    ONE = "one"
    BATCH = "batch"
    APART = "apart"


def input_rows(catalog: Catalog, owner: Object, columns: Columns, given: Given, *, insert: bool) -> Input:
    """Return the rows of the documents in parameter `$1`.

    Args:
        catalog: the whole model.
        owner: the object that is written.
        columns: what the documents hold.
        given: how they come; more than one are an array.
        insert: whether a column that a document does not name takes its default. If not, documents that come apart name the
            record that each is for.
    """
    types = [
        f"{quoted(name)} {owner.leaf_by_column[name].type.pg_type}" for name in columns.names if name != "position"
    ]
    if given is Given.APART and not insert:
        types.append(f"{quoted(TARGET)} uuid")
    values = {name: f"i.{quoted(name)}" for name in columns.names}
    found, problems = [], []
    for connect in columns.connects:
        target = catalog.target(connect.relation)
        if target is None:
            raise LookupError(connect.relation.name)
        leaves = connect_leaves(connect, target)
        types += [f"{quoted(connect_column(connect, leaf))} {leaf.type.pg_type}" for leaf in leaves]
        found.append(_found(connect, target, leaves))
        problems.append(_missing(connect, leaves))
        join, found_id = connect.relation.leaves[0].column, found_column(connect)
        values[join] = f"coalesce(i.{found_id}, {values[join]})" if join in values else f"i.{found_id}"
    if "position" in columns.names:
        types += ["position double precision", f"{quoted(PLACE)} text", f"{quoted(OFFSET)} int"]
        values["position"] = _position(owner, given if insert else Given.ONE)
    if insert:
        for name in columns.partial - {"position"}:
            default = owner.leaf_by_column[name].default_sql
            if default is not None:
                values[name] = f"CASE WHEN i.doc ? {literal(name)} THEN {values[name]} ELSE {default} END"
    row = f"jsonb_to_record(a.doc) AS x({', '.join(types)})"
    typed = f", x.*{''.join(f', {each}' for each in found)} FROM {{rows}} CROSS JOIN LATERAL {row}"
    if given is not Given.ONE:
        documents = "jsonb_array_elements($1::jsonb) WITH ORDINALITY AS a(doc, ord)"
    else:
        documents = "(SELECT $1::jsonb AS doc, 1::bigint AS ord) a"
    return Input(f"input AS (SELECT a.*{typed.replace('{rows}', documents)})", typed, values, tuple(problems))


def _found(connect: Connect, target: Object, leaves: tuple[Leaf, ...]) -> str:
    tests = " AND ".join(f"c.{quoted(leaf.column)} = x.{quoted(connect_column(connect, leaf))}" for leaf in leaves)
    name = found_column(connect)
    return f'(SELECT c.id FROM {target.sql_name} c WHERE {tests} AND c."deletedAt" IS NULL) AS {name}'


def _missing(connect: Connect, leaves: tuple[Leaf, ...]) -> str:
    key = literal(connect_column(connect, leaves[0]))
    name = found_column(connect)
    return (
        f"SELECT i.ord, {literal(f'CONNECT:{connect.relation.name}')} AS problem FROM input i "
        f"WHERE i.doc ? {key} AND i.{name} IS NULL"
    )


def _position(owner: Object, given: Given) -> str:
    """Return the position to store: a number, or a place before the first or behind the last live record.

    An empty table counts as if its one position were 1, and numbers in the same batch count too (`DECISIONS.md` item 22,
    `data-model.md` "position").
    """
    least = f'(SELECT min(p.position) FROM {owner.sql_name} p WHERE p."deletedAt" IS NULL)'
    most = f'(SELECT max(p.position) FROM {owner.sql_name} p WHERE p."deletedAt" IS NULL)'
    if given is Given.BATCH:
        least = f"coalesce(least({least}, (SELECT min(n.position) FROM input n)), 1)"
        most = f"coalesce(greatest({most}, (SELECT max(n.position) FROM input n)), 1)"
    else:
        least, most = f"coalesce({least}, 1)", f"coalesce({most}, 1)"
    offset = "i.ord - 1" if given is Given.APART else f"coalesce(i.{quoted(OFFSET)}, 0)"
    return (
        f"CASE i.{quoted(PLACE)} WHEN 'last' THEN {most} + 1 + ({offset}) "
        f"WHEN 'first' THEN {least} - 1 - ({offset}) ELSE i.position END"
    )
