"""Search over several objects in one statement.

Each object gives its best matches by its search vector's index; an object without any gives those whose vector's text holds
every word somewhere inside. The best of all of them make the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from icosa.catalog.model import Catalog
from icosa.naming import literal
from icosa.plan.reads import Constant
from icosa.plan.search import FoundCursor, FoundEdges, FoundNode, FoundPageInfo, Search, Searched, Told
from icosa.sql.conditions import where
from icosa.sql.scope import Aliases, Scope
from icosa.sql.statement import Statement
from icosa.sql.text import Const, Expr, Piece, concat, key

What = TypeVar("What")
NO_RANK = "0::real"
NOTHING = "SELECT NULL::uuid AS id, 0 AS place, NULL AS label, NULL AS image, 0::real AS all_rank, 0::real AS any_rank"


def compile_search(view: Catalog, plan: Search) -> Statement:
    """Return the statement of a search."""
    return _Search(view, plan).statement()


class _Search:
    def __init__(self, view: Catalog, plan: Search) -> None:
        self.view = view
        self.plan = plan
        self.aliases = Aliases()
        self.text = "" if plan.text is None else f"${plan.text + 1}::text"

    def statement(self) -> Statement:
        """Return the finished statement."""
        entries: list[str] = []
        selects: list[str] = []
        for place, each in enumerate(self.plan.objects):
            if self.plan.text is None:
                selects.append(self._select(place, each, None, ranked=False))
                continue
            any_word = f"{{vector}} @@ core.any_prefix_query({self.text})"
            entries.append(f"some{place} AS MATERIALIZED ({self._exists(each, any_word)})")
            selects.append(self._select(place, each, any_word, ranked=True))
            inside = f"NOT EXISTS (SELECT FROM some{place}) AND {{vector}}::text ILIKE ALL (core.inside_patterns({self.text}))"
            selects.append(self._select(place, each, inside, ranked=False))
        union = " UNION ALL ".join(f"({each})" for each in selects) or f"{NOTHING} WHERE false"
        limit = self.plan.limit
        page = f"SELECT * FROM ({union}) u ORDER BY all_rank DESC, any_rank DESC, place, id LIMIT {limit + 1}"
        numbered = f"SELECT f.*, row_number() OVER () AS n, count(*) OVER () AS size FROM ({page}) f"
        body = concat([Const("{"), *self._shape(), Const("}")])
        opening = f"WITH {', '.join(entries)} " if entries else ""
        return Statement(
            f"{opening}SELECT convert_to({body}, 'UTF8') AS body FROM (SELECT {', '.join(self._columns()) or 'NULL'} "
            f"FROM ({numbered}) r) page"
        )

    def _exists(self, each: Searched, condition: str) -> str:
        scope = Scope(self.view, each.source.object, self.aliases)
        matched = condition.format(vector=scope.own(each.vector))
        conditions = where(each.source, scope, matched)
        return f"SELECT FROM {scope.tables} WHERE {conditions} LIMIT 1"

    def _select(self, place: int, each: Searched, condition: str | None, *, ranked: bool) -> str:
        scope = Scope(self.view, each.source.object, self.aliases)
        vector = scope.own(each.vector)
        all_rank = f"ts_rank_cd({vector}, core.prefix_query({self.text}))" if ranked else NO_RANK
        any_rank = f"ts_rank({vector}, core.any_prefix_query({self.text}))" if ranked else NO_RANK
        further = [] if condition is None else [condition.format(vector=vector)]
        if self.plan.cursor is not None:
            further.append(self._beyond(place, scope.alias, all_rank, any_rank))
        conditions = where(each.source, scope, *further)
        label = f"concat_ws(' ', {', '.join(f'{scope.own(leaf)}::text' for leaf in each.label) or 'NULL'})"
        image = "NULL" if each.image is None else f"nullif({scope.own(each.image)}, '')"
        return (
            f"SELECT {scope.alias}.id, {place} AS place, {label} AS label, {image} AS image, {all_rank} AS all_rank, "
            f"{any_rank} AS any_rank FROM {scope.tables} WHERE {conditions} "
            f"ORDER BY all_rank DESC, any_rank DESC, {scope.alias}.id LIMIT {self.plan.limit + 1}"
        )

    def _beyond(self, place: int, alias: str, all_rank: str, any_rank: str) -> str:
        cursor = self.plan.cursor
        if cursor is None:
            return "true"
        last_all, last_any = f"${cursor.all_rank + 1}::real", f"${cursor.any_rank + 1}::real"
        lower = f"({all_rank}, {any_rank}) < ({last_all}, {last_any})"
        equal = f"({all_rank}, {any_rank}) = ({last_all}, {last_any})"
        if place < cursor.place:
            later = "false"
        else:
            later = "true" if place > cursor.place else f"{alias}.id > ${cursor.id + 1}::uuid"
        # The id is named for every object, lest a statement not use one of its parameters.
        return f"(({lower}) OR ({equal} AND {later} AND ${cursor.id + 1}::uuid IS NOT NULL))"

    def _columns(self) -> Iterator[str]:
        limit = self.plan.limit
        for number, part in enumerate(self._lists()):
            item = concat(self._edge(part))
            yield f"string_agg({item}, ',' ORDER BY r.n) FILTER (WHERE r.n <= {limit}) AS items{number}"
        if any(isinstance(part, FoundPageInfo) for _, part in self.plan.shape):
            yield f"coalesce(max(r.size), 0) > {limit} AS more"
            yield f"max({self._cursor()}) FILTER (WHERE r.n = least(r.size, {limit})) AS last_cursor"

    def _lists(self) -> list[FoundEdges]:
        return [part for _, part in self.plan.shape if isinstance(part, FoundEdges)]

    def _shape(self) -> Iterator[Piece]:
        for number, (name, part) in enumerate(self.plan.shape):
            yield Const(("," if number else "") + key(name))
            match part:
                case Constant(json):
                    yield Const(json)
                case FoundEdges():
                    yield from (Const("["), Expr(f"page.items{self._lists().index(part)}"), Const("]"))
                case FoundPageInfo(entries):
                    yield from _object(entries, PAGE_INFO)

    def _edge(self, part: FoundEdges) -> Iterator[Piece]:
        yield Const("{")
        for number, (name, content) in enumerate(part.entries):
            yield Const(("," if number else "") + key(name))
            match content:
                case Constant(json):
                    yield Const(json)
                case FoundCursor():
                    yield from (Const('"'), Expr(self._cursor()), Const('"'))
                case FoundNode(entries):
                    yield from _object(entries, self._told())
        yield Const("}")

    def _told(self) -> dict[Told, Piece]:
        return {
            Told.RECORD_ID: Expr("""('"' || r.id || '"')"""),
            Told.OBJECT_NAME: Expr(self._by_place(lambda each: each.source.object.name_singular)),
            Told.OBJECT_LABEL: Expr(self._by_place(lambda each: each.source.object.label_singular)),
            Told.LABEL: Expr("to_json(r.label)"),
            Told.IMAGE: Expr("coalesce(to_json(r.image)::text, 'null')"),
            Told.ALL_RANK: Expr("r.all_rank"),
            Told.ANY_RANK: Expr("r.any_rank"),
        }

    def _by_place(self, told: Callable[[Searched], str]) -> str:
        names = ", ".join(literal(told(each)) for each in self.plan.objects)
        return f"to_json((ARRAY[{names}]::text[])[r.place + 1])"

    def _cursor(self) -> str:
        name = self._by_place(lambda each: each.source.object.name_singular)
        document = concat(
            [
                Const('{"lastRanks":{"tsRankCD":'),
                Expr("r.all_rank"),
                Const(',"tsRank":'),
                Expr("r.any_rank"),
                Const('},"lastRecordIdsPerObject":{'),
                Expr(name),
                Const(':"'),
                Expr("r.id"),
                Const('"}}'),
            ]
        )
        return f"translate(encode(convert_to({document}, 'UTF8'), 'base64'), E'\\n', '')"


PAGE_INFO: dict[str, Piece] = {
    "endCursor": Expr("""coalesce('"' || page.last_cursor || '"', 'null')"""),
    "hasNextPage": Expr("CASE WHEN page.more THEN 'true' ELSE 'false' END"),
}


def _object(entries: Iterable[tuple[str, What | Constant]], known: Mapping[What, Piece]) -> Iterator[Piece]:
    yield Const("{")
    for number, (name, what) in enumerate(entries):
        yield Const(("," if number else "") + key(name))
        yield Const(what.json) if isinstance(what, Constant) else known[what]
    yield Const("}")
