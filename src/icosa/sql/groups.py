"""Groups of records, with their aggregates and some of their records, in one statement."""

from __future__ import annotations

from icosa.catalog.model import Catalog
from icosa.fields.buckets import NONE, bucket_json, bucket_sql
from icosa.plan.groups import Dimension, DimensionValues, GroupBy, GroupOrder
from icosa.plan.reads import Aggregate, Constant, Edges, PageInfo, Records, TotalCount
from icosa.sql import aggregates, order
from icosa.sql.conditions import where
from icosa.sql.pages import PageWriter
from icosa.sql.scope import Aliases, Scope
from icosa.sql.statement import Statement, kept_answer
from icosa.sql.text import Const, Expr, Piece, concat, key


def compile_group_by(catalog: Catalog, plan: GroupBy, parameters: int) -> Statement:
    """Return the statement of groups; its body is a JSON array.

    Args:
        catalog: the caller's view of the model.
        plan: the plan.
        parameters: how many values it has.
    """
    return _Groups(catalog, plan, parameters).statement()


class _Groups:
    """One statement in the making."""

    def __init__(self, catalog: Catalog, plan: GroupBy, parameters: int) -> None:
        self.plan = plan
        self.parameters = parameters
        self.writer = PageWriter(catalog, Aliases())
        self.scope = Scope(catalog, plan.source.object, self.writer.aliases)
        self.computed = [part for _, part in plan.entries if isinstance(part, Aggregate)]
        self.shown = [part for _, part in plan.entries if isinstance(part, Records | Edges)]
        self.has_page_info = any(isinstance(part, PageInfo) for _, part in plan.entries)

    def statement(self) -> Statement:
        """Return the finished statement."""
        groups = self._groups()
        tables = f"({groups}) g"
        if self.shown or self.has_page_info:
            same = " AND ".join(f"s._d{n} IS NOT DISTINCT FROM g._d{n}" for n in range(len(self.plan.dimensions)))
            tables += f" LEFT JOIN ({self._samples()}) s ON {same or 'true'}"
        body = concat([Const("["), Expr(f"string_agg({concat(self._pieces())}, ',' ORDER BY g._n)"), Const("]")])
        answer = f"SELECT convert_to({body}, 'UTF8') AS body FROM {tables}"
        return kept_answer(self.writer.catalog, self.writer.aliases, answer, self.parameters)

    def _value(self, dimension: Dimension, scope: Scope) -> str:
        column = scope.column(dimension.path)
        kind = dimension.path.leaf.type
        if dimension.unnest:
            return f"unnest({column})"
        if dimension.bucket is None or dimension.bucket.granularity == NONE:
            return column
        zone = None if dimension.bucket.zone is None else f"${dimension.bucket.zone + 1}::text"
        return bucket_sql(dimension.bucket, kind.local_time(column, zone))

    def _values(self, scope: Scope) -> list[str]:
        return [f"{self._value(each, scope)} AS _d{n}" for n, each in enumerate(self.plan.dimensions)]

    def _groups(self) -> str:
        """Return a row for each group: its dimensions, count and aggregates, numbered in the order asked."""
        alias = self.scope.alias
        columns = [*self._values(self.scope), "count(*) AS _count"]
        for number, each in enumerate(self.computed):
            written = aggregates.json(each, alias, exact_as_text=self.plan.exact_as_text)
            columns.append(f"{written} AS _a{number}")
        keys = []
        for number, asked in enumerate(self.plan.order):
            columns.append(f"{self._order_value(asked)} AS _o{number}")
            nulls = "FIRST" if asked.nulls_first else "LAST"
            keys.append(f"_o{number}{' DESC' if asked.descending else ''} NULLS {nulls}")
        # Without the rest of an order it is chance which groups a limit shows, and where.
        keys += [f"_d{number}" for number in range(len(self.plan.dimensions))]
        condition = where(self.plan.source, self.scope)
        numbers = ", ".join(str(number + 1) for number in range(len(self.plan.dimensions)))
        grouping = f" GROUP BY {numbers}" if numbers else ""
        orders = f" ORDER BY {', '.join(keys)}" if keys else ""
        grouped = (
            f"SELECT {', '.join(columns)} FROM {self.scope.tables} WHERE {condition}{grouping}{orders} "
            f"LIMIT {self.plan.limit}"
        )
        numbered = self.writer.aliases.take()
        return f"SELECT {numbered}.*, row_number() OVER () AS _n FROM ({grouped}) {numbered}"

    def _order_value(self, each: GroupOrder) -> str:
        match each.by:
            case int():
                dimension = self.plan.dimensions[each.by]
                value = self._value(dimension, self.scope)
                return dimension.path.leaf.type.group_order(value) if dimension.bucket is None else value
            case Aggregate():
                return aggregates.value(each.by, self.scope.alias)
            case TotalCount():
                return "count(*)"

    def _samples(self) -> str:
        """Return the shown records of each group, numbered inside it by one pass over the records."""
        scope = Scope(self.writer.catalog, self.plan.source.object, self.writer.aliases)
        keys = self.plan.source.order
        values = self._values(scope)
        condition = where(self.plan.source, scope)
        columns = ", ".join([f"{scope.alias}.*{order.key_columns(keys, scope)}", *values])
        base, rows = self.writer.aliases.take(), self.writer.aliases.take()
        selected = f"SELECT {columns}, {self._sort_columns(scope)} FROM {scope.tables} WHERE {condition}"
        names = ", ".join(f"_d{n}" for n in range(len(values)))
        partition = f"PARTITION BY {names} " if names else ""
        ordering = ", ".join(self._sort_terms())
        window = f"row_number() OVER ({partition}ORDER BY {ordering}) AS _r"
        offset = self.plan.records_offset
        lists = [
            f"string_agg({self.writer.item(part, keys, rows)}, ',' ORDER BY {rows}._r) AS items{number}"
            for number, part in enumerate(self.shown)
        ]
        if self.has_page_info:
            cursors = f"array_agg({order.cursor(keys, rows)} ORDER BY {rows}._r)"
            lists += [
                f"({cursors})[1] AS first_cursor",
                f"({cursors})[count(*)::int] AS last_cursor",
                "count(*) AS _shown",
            ]
        grouping = f" GROUP BY {names}" if names else ""
        return (
            f"SELECT {', '.join([names, *lists] if names else lists)} FROM "
            f"(SELECT {base}.*, {window} FROM ({selected}) {base}) {rows} "
            f"WHERE {rows}._r > {offset} AND {rows}._r <= {offset + self.plan.records_limit}{grouping}"
        )

    def _sort_columns(self, scope: Scope) -> str:
        expressions = [
            f"{each.path.leaf.type.order(scope.column(each.path), each.path.leaf)} AS _s{number}"
            for number, each in enumerate(self.plan.source.order)
        ]
        return ", ".join([*expressions, f"{scope.alias}.id AS _s_id"])

    def _sort_terms(self) -> list[str]:
        terms = [
            f"_s{number}{' DESC' if each.descending else ''} NULLS {'FIRST' if each.nulls_first else 'LAST'}"
            for number, each in enumerate(self.plan.source.order)
        ]
        return [*terms, "_s_id"]

    def _pieces(self) -> list[Piece]:
        pieces: list[Piece] = []
        for name, part in self.plan.entries:
            pieces.append(Const(("," if pieces else "{") + key(name)))
            match part:
                case DimensionValues():
                    pieces.extend(self._dimension_pieces())
                case TotalCount():
                    quote = '"' if self.plan.exact_as_text else ""
                    pieces.extend((Const(quote), Expr("g._count"), Const(quote)))
                case Aggregate():
                    pieces.append(Expr(f"coalesce(g._a{self.computed.index(part)}, 'null')"))
                case Records() | Edges():
                    pieces.extend((Const("["), Expr(f"s.items{self.shown.index(part)}"), Const("]")))
                case Constant(json):
                    pieces.append(Const(json))
                case PageInfo(entries):
                    pieces.extend(self._page_info(entries))
        return [*pieces, Const("}" if pieces else "{}")]

    def _page_info(self, entries: tuple[tuple[str, str | Constant], ...]) -> list[Piece]:
        more = f"g._count > {self.plan.records_offset} + coalesce(s._shown, 0)"
        known: dict[str, Piece] = {
            "startCursor": Expr("""coalesce('"' || s.first_cursor || '"', 'null')"""),
            "endCursor": Expr("""coalesce('"' || s.last_cursor || '"', 'null')"""),
            "hasNextPage": Expr(f"CASE WHEN {more} THEN 'true' ELSE 'false' END"),
            "hasPreviousPage": Const("false"),
        }
        pieces: list[Piece] = []
        for name, what in entries:
            pieces.append(Const(("," if pieces else "{") + key(name)))
            pieces.append(Const(what.json) if isinstance(what, Constant) else known[what])
        return [*pieces, Const("}" if pieces else "{}")]

    def _dimension_pieces(self) -> list[Piece]:
        pieces: list[Piece] = [Const("[")]
        for number, each in enumerate(self.plan.dimensions):
            value = f"g._d{number}"
            if each.bucket is None or each.bucket.granularity == NONE:
                written = each.path.leaf.type.element_json(value) if each.unnest else each.path.leaf.type.json(value)
            else:
                written = bucket_json(each.bucket, value)
            pieces.append(Const("," if number else ""))
            pieces.append(Expr(f"coalesce({written}, 'null')"))
        return [*pieces, Const("]")]
