"""Pages of records: the root of a list, and the lists behind one-to-many relations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from icosa.catalog.model import Catalog, Field
from icosa.plan.reads import (
    Aggregate,
    Constant,
    EdgeCursor,
    Edges,
    Many,
    One,
    OrderKey,
    PageInfo,
    Read,
    ReadOne,
    Record,
    Records,
    Shape,
    ShapePart,
    TotalCount,
)
from icosa.sql import aggregates, order
from icosa.sql.conditions import where
from icosa.sql.records import RecordWriter
from icosa.sql.scope import Aliases, Scope
from icosa.sql.statement import Statement, for_each, kept_answer, kept_count
from icosa.sql.text import Const, Expr, Piece, concat, join, key


def compile_read(catalog: Catalog, read: Read, parameters: int, prefix: str = "", suffix: str = "") -> Statement:
    """Return the statement of a page.

    Args:
        catalog: the caller's view of the model.
        read: the plan.
        parameters: how many values the plan has.
        prefix: constant text before the page's JSON in the body.
        suffix: constant text behind it.
    """
    writer = PageWriter(catalog, Aliases())
    page = writer.root(read, parameters)
    body = concat([Const(prefix), *page.pieces, Const(suffix)])
    answer = f"SELECT convert_to({body}, 'UTF8') AS body FROM {page.tables}"
    return kept_answer(catalog, writer.aliases, answer, parameters, page.total)


def compile_read_one(catalog: Catalog, read: ReadOne, parameters: int) -> Statement:
    """Return the statement of one record; its body is NULL, or it finds no row, when there is no such record.

    A record alone, asked for by its id, is read as fast as the event log and in one step: it is not kept, but requests for
    several share a statement.

    Args:
        catalog: the caller's view of the model.
        read: the plan.
        parameters: how many values it has.
    """
    writer = PageWriter(catalog, Aliases())
    scope = Scope(catalog, read.source.object, writer.aliases)
    is_alone = not any(isinstance(content, One | Many) for _, content in read.record.entries)
    is_shared = is_alone and read.id is not None and parameters == 1
    further = []
    if read.id is not None:
        value = "asked.value" if is_shared else f"${read.id + 1}"
        further.append(f"{scope.alias}.id = {value}::uuid")
    condition = where(read.source, scope, *further)
    opening = "".join(f"{{{key(name)}" for name in read.keys)
    body = join([Const(opening), *writer.pieces(read.record, scope.alias), Const("}" * len(read.keys))])
    ordering = (
        "" if read.id is not None else f" ORDER BY {order.order_by(read.source.order, scope, reverse=False)} LIMIT 1"
    )
    answer = f"SELECT convert_to({body}, 'UTF8') AS body FROM {scope.tables} WHERE {condition}{ordering}"
    if is_shared:
        return Statement(for_each(f"({answer}) AS body"), is_shared=True)
    return Statement(answer) if is_alone else kept_answer(catalog, writer.aliases, answer, parameters)


Further = Callable[[Scope], list[str]]


def everything(scope: Scope) -> list[str]:
    """Add no condition."""
    del scope
    return []


class Root:
    """The parts of a page's SELECT, and its count where that is kept."""

    def __init__(self, pieces: list[Piece], tables: str, total: str | None) -> None:
        self.pieces = pieces
        self.tables = tables
        self.total = total


class PageWriter(RecordWriter):
    """Writes records with the pages below them."""

    def root(self, read: Read, parameters: int) -> Root:
        """Return the page of a list, with its count kept between requests where the shape tells it."""
        total = None
        parts = list(_parts(read.shape))
        tables = self._page_tables(read, parts, everything)
        computed = [part for part in parts if isinstance(part, Aggregate)]
        if computed:
            tables.append(f"({self._totals(read, computed, everything)}) total")
        elif any(isinstance(part, TotalCount) for part in parts):
            aliases = self.aliases.part()
            scope = Scope(self.catalog, read.source.object, aliases)
            condition = where(read.source, scope)
            count = f"SELECT count(*) FROM {scope.tables} WHERE {condition}"
            total = kept_count(self.catalog, aliases, count, parameters)
        return Root(self._shape(read, parts, read.shape), ", ".join(tables) or NOTHING, total)

    def _page_tables(self, read: Read, parts: list[ShapePart], further: Further) -> list[str]:
        if not any(isinstance(part, Records | Edges | PageInfo) for part in parts):
            return []
        return [f"({self._items(read, further)}) page"]

    def many(self, relation: Field, read: Read, row: str) -> Expr:
        """Return the records behind a one-to-many relation in the form of their own read."""
        inverse = self.catalog.inverse(relation)
        if inverse is None:
            raise LookupError(relation.name)
        join = inverse.join_sql

        def parent(scope: Scope) -> list[str]:
            return [f"{scope.alias}.{join} = {row}.id"]

        if isinstance(read.shape, Records):
            return Expr(f"({self._plain_items(read, read.shape, parent)})")
        return Expr(f"({self.page(read, parent)})")

    def page(self, read: Read, further: Further) -> str:
        """Return a SELECT of one page in its form, of the records that meet further conditions."""
        parts = list(_parts(read.shape))
        tables = self._page_tables(read, parts, further)
        computed = [part for part in parts if isinstance(part, Aggregate)]
        if computed or any(isinstance(part, TotalCount) for part in parts):
            tables.append(f"({self._totals(read, computed, further)}) total")
        return f"SELECT {concat(self._shape(read, parts, read.shape))} FROM {', '.join(tables) or NOTHING}"

    def _plain_items(self, read: Read, shape: Records, further: Further) -> str:
        selected = self._selected(read, further, read.page.limit)
        rows = self.aliases.take()
        return f"SELECT concat('[', string_agg({self.record(shape.record, rows)}, ','), ']') FROM ({selected}) {rows}"

    def _selected(self, read: Read, further: Further, limit: int) -> str:
        source, page = read.source, read.page
        scope = Scope(self.catalog, source.object, self.aliases)
        conditions = further(scope)
        if page.cursor is not None:
            conditions.append(order.beyond(source.order, page.cursor, scope, reverse=page.backward))
        condition = where(source, scope, *conditions)
        columns = f"{scope.alias}.*{order.key_columns(source.order, scope)}"
        ordering = order.order_by(source.order, scope, reverse=page.backward)
        offset = "" if page.offset is None else f" OFFSET ${page.offset + 1}::bigint"
        return f"SELECT {columns} FROM {scope.tables} WHERE {condition} ORDER BY {ordering} LIMIT {limit}{offset}"

    def _items(self, read: Read, further: Further) -> str:
        """Return a one-row SELECT of a page: its items' JSON, whether there are more, its first and last cursor."""
        limit = read.page.limit
        selected = self._selected(read, further, limit + 1)
        rows, numbered = self.aliases.take(), self.aliases.take()
        columns = []
        parts = list(_parts(read.shape))
        for number, part in enumerate(_lists(parts)):
            item = self.item(part, read.source.order, rows)
            direction = " DESC" if read.page.backward else ""
            shown = f"FILTER (WHERE {rows}._n <= {limit})"
            columns.append(f"string_agg({item}, ',' ORDER BY {rows}._n{direction}) {shown} AS items{number}")
        if any(isinstance(part, PageInfo) for part in parts):
            cursor = order.cursor(read.source.order, rows)
            near = f"FILTER (WHERE {rows}._n = 1 AND {limit} > 0)"
            far = f"FILTER (WHERE {rows}._n = least({rows}._size, {limit}))"
            first, last = (far, near) if read.page.backward else (near, far)
            columns.append(f"coalesce(max({rows}._size), 0) > {limit} AS more")
            columns.append(f"max({cursor}) {first} AS first_cursor")
            columns.append(f"max({cursor}) {last} AS last_cursor")
        return (
            f"SELECT {', '.join(columns) or '1'} FROM (SELECT {numbered}.*, row_number() OVER () AS _n, "
            f"count(*) OVER () AS _size FROM ({selected}) {numbered}) {rows}"
        )

    def item(self, part: Records | Edges, keys: Sequence[OrderKey], row: str) -> str:
        """Return SQL for one item of a page: a record or an edge with its cursor."""
        if isinstance(part, Records):
            return self.record(part.record, row)
        pieces: list[Piece] = [Const("{")]
        for number, (name, content) in enumerate(part.entries):
            pieces.append(Const(("," if number else "") + key(name)))
            match content:
                case Record():
                    pieces.extend(self.pieces(content, row))
                case EdgeCursor():
                    pieces.extend((Const('"'), Expr(order.cursor(keys, row)), Const('"')))
                case Constant(json):
                    pieces.append(Const(json))
        return join([*pieces, Const("}")])

    def _totals(self, read: Read, computed: list[Aggregate], further: Further) -> str:
        scope = Scope(self.catalog, read.source.object, self.aliases)
        condition = where(read.source, scope, *further(scope))
        columns = ["count(*) AS value"]
        columns += [f"{aggregates.json(each, scope.alias)} AS a{n}" for n, each in enumerate(computed)]
        return f"SELECT {', '.join(columns)} FROM {scope.tables} WHERE {condition}"

    def _shape(self, read: Read, parts: list[ShapePart], shape: ShapePart) -> list[Piece]:
        match shape:
            case Shape(entries):
                pieces: list[Piece] = [Const("{")]
                for number, (name, part) in enumerate(entries):
                    pieces.append(Const(("," if number else "") + key(name)))
                    pieces.extend(self._shape(read, parts, part))
                return [*pieces, Const("}")]
            case Records() | Edges():
                return [Const("["), Expr(f"page.items{_lists(parts).index(shape)}"), Const("]")]
            case TotalCount():
                return [Expr("total.value")]
            case Aggregate():
                number = [part for part in parts if isinstance(part, Aggregate)].index(shape)
                return [Expr(f"coalesce(total.a{number}, 'null')")]
            case Constant(json):
                return [Const(json)]
            case PageInfo(entries):
                return list(_page_info(entries, backward=read.page.backward))


NOTHING = "(SELECT) nothing"
MORE = Expr("CASE WHEN page.more THEN 'true' ELSE 'false' END")
PAGE_INFO: dict[str, dict[bool, Piece]] = {
    "startCursor": dict.fromkeys((False, True), Expr("""coalesce('"' || page.first_cursor || '"', 'null')""")),
    "endCursor": dict.fromkeys((False, True), Expr("""coalesce('"' || page.last_cursor || '"', 'null')""")),
    "hasNextPage": {False: MORE, True: Const("false")},
    "hasPreviousPage": {False: Const("false"), True: MORE},
}


def _page_info(entries: tuple[tuple[str, str | Constant], ...], *, backward: bool) -> Iterator[Piece]:
    for number, (name, what) in enumerate(entries):
        yield Const(("," if number else "{") + key(name))
        yield Const(what.json) if isinstance(what, Constant) else PAGE_INFO[what][backward]
    yield Const("}" if entries else "{}")


def _parts(shape: ShapePart) -> Iterator[ShapePart]:
    if isinstance(shape, Shape):
        for _, part in shape.entries:
            yield from _parts(part)
    else:
        yield shape


def _lists(parts: list[ShapePart]) -> list[Records | Edges]:
    return [part for part in parts if isinstance(part, Records | Edges)]
