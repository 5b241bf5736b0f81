"""A record as JSON text, with what lies behind its relations."""

from __future__ import annotations

from icosa.catalog.model import Catalog, Field
from icosa.fields.base import Leaf
from icosa.naming import literal, quoted
from icosa.plan.reads import Constant, Items, JoinId, Many, One, Parts, Read, Record, Value
from icosa.sql.scope import Aliases
from icosa.sql.text import Const, Expr, Piece, join, key


def leaf_json(leaf: Leaf, row: str) -> Expr:
    """Return SQL for a column's JSON, the empty form standing for NULL."""
    written = leaf.type.json(f"{row}.{quoted(leaf.column)}")
    return Expr(written if leaf.not_null else f"coalesce({written}, {literal(leaf.empty_json)})")


class RecordWriter:
    """Writes records of one statement.

    Args:
        catalog: the caller's view of the model.
        aliases: the statement's aliases.
    """

    def __init__(self, catalog: Catalog, aliases: Aliases) -> None:
        self.catalog = catalog
        self.aliases = aliases

    def record(self, record: Record, row: str) -> str:
        """Return SQL for the JSON object of one row."""
        return join(self.pieces(record, row))

    def pieces(self, record: Record, row: str) -> list[Piece]:
        """Return the pieces of one row's JSON object."""
        pieces: list[Piece] = []
        entries = iter(record.entries)
        for name, content in entries:
            pieces.append(Const("," if pieces else "{"))
            if isinstance(content, JoinId):
                following = next(entries, None)
                if (
                    following is not None
                    and isinstance(following[1], One)
                    and following[1].relation is content.relation
                ):
                    pieces.append(self._pair(name, content.relation, following[0], following[1].record, row))
                    continue
                pieces.extend((Const(key(name)), self._join_id(content.relation, row)))
                if following is not None:
                    pieces.append(Const(f",{key(following[0])}"))
                    pieces.extend(self._content(following[1], row))
                continue
            pieces.append(Const(key(name)))
            pieces.extend(self._content(content, row))
        pieces.append(Const("}" if pieces else "{}"))
        return pieces

    def _content(self, content: object, row: str) -> list[Piece]:
        match content:
            case Constant(json):
                return [Const(json)]
            case Value(leaf):
                return [leaf_json(leaf, row)]
            case Parts(entries):
                pieces: list[Piece] = [Const("{")]
                for number, (name, part) in enumerate(entries):
                    pieces.append(Const(("," if number else "") + key(name)))
                    pieces.extend(self._content(part, row))
                return [*pieces, Const("}")]
            case Items(leaf, entries):
                written = leaf.type.items_json(f"{row}.{quoted(leaf.column)}", entries)
                return [Expr(f"coalesce({written}, {literal(leaf.empty_json)})")]
            case JoinId(relation):
                return [self._join_id(relation, row)]
            case One(relation, record):
                return [self._one(relation, record, row)]
            case Many(relation, read):
                return [self.many(relation, read, row)]
            case _:
                raise TypeError(content)

    def _related(self, relation: Field, row: str) -> tuple[str, str]:
        target = self.catalog.target(relation)
        if target is None:
            raise LookupError(relation.name)
        alias, table = self.aliases.table(target)
        return alias, f'FROM {table} WHERE {alias}.id = {row}.{relation.join_sql} AND {alias}."deletedAt" IS NULL'

    def _one(self, relation: Field, record: Record, row: str) -> Expr:
        alias, source = self._related(relation, row)
        return Expr(f"coalesce((SELECT {self.record(record, alias)} {source}), 'null')")

    def _join_id(self, relation: Field, row: str) -> Expr:
        alias, source = self._related(relation, row)
        return Expr(f"""coalesce((SELECT '"' || {alias}.id || '"' {source}), 'null')""")

    def _pair(self, id_key: str, relation: Field, record_key: str, record: Record, row: str) -> Expr:
        """Return both the join column and the record with one look-up."""
        alias, source = self._related(relation, row)
        head: list[Piece] = [Const(f'{key(id_key)}"'), Expr(f"{alias}.id"), Const(f'",{key(record_key)}')]
        found = join([*head, *self.pieces(record, alias)])
        return Expr(f"coalesce((SELECT {found} {source}), {literal(f'{key(id_key)}null,{key(record_key)}null')})")

    def many(self, relation: Field, read: Read, row: str) -> Expr:
        """Return SQL for the records behind a one-to-many relation; whoever can write pages overrides this."""
        raise NotImplementedError
