"""The reference that planned answers are held to: records in memory, and resolvers that know nothing of plans."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

from graphql import DocumentNode, GraphQLSchema, execute_sync

from icosa.catalog.model import Catalog, Field, Object
from support.house import House

PAGE, NESTED_PAGE = 200, 60


class Workspace:
    """Every live record of some objects, as REST tells it."""

    def __init__(self, house: House, catalog: Catalog) -> None:
        self.catalog = catalog
        self.records: dict[str, dict[str, dict[str, Any]]] = {}
        for owner in catalog.objects:
            found = list(_all(house, owner.name_plural))
            self.records[owner.name_singular] = {each["id"]: {"_object": owner, **each} for each in found}

    def answer(self, schema: GraphQLSchema, document: DocumentNode, variables: dict[str, Any]) -> dict[str, Any]:
        result = execute_sync(
            schema, document, root_value={"_root": True}, variable_values=variables, field_resolver=self._resolve
        )
        assert result.errors is None, result.errors
        return result.data or {}

    def _resolve(self, source: dict[str, Any], info: Any, **arguments: Any) -> Any:
        name = info.field_name
        if source.get("_root"):
            owner = self.catalog.by_plural.get(name)
            if owner is not None:
                rows = list(self.records[owner.name_singular].values())
                return self._connection(owner, rows, arguments, PAGE)
            owner = self.catalog.by_singular[name]
            rows = [row for row in self.records[name].values() if self._matches(owner, row, arguments["filter"])]
            return min(rows, key=lambda row: row["id"])
        owner = source.get("_object")
        field = owner.field_by_name.get(name) if owner is not None else None
        if field is not None and field.relation is not None:
            return self._related(field, source, arguments)
        return source[name]

    def _related(self, field: Field, source: dict[str, Any], arguments: dict[str, Any]) -> Any:
        target = self.catalog.target(field)
        assert target is not None
        if field.join_column is not None:
            return self.records[target.name_singular].get(source[field.join_column])
        inverse = self.catalog.inverse(field)
        assert inverse is not None
        join = inverse.join_column or ""
        rows = [row for row in self.records[target.name_singular].values() if row[join] == source["id"]]
        return self._connection(target, rows, arguments, NESTED_PAGE)

    def _connection(self, owner: Object, rows: list[Any], arguments: dict[str, Any], page: int) -> dict[str, Any]:
        rows = [row for row in rows if self._matches(owner, row, arguments.get("filter") or {})]
        keys = [_key(entry) for entry in arguments.get("orderBy") or []]
        rows.sort(key=lambda row: row["id"])
        for path, direction in reversed(keys):
            self._sort(owner, rows, path, direction)
        first, last, offset = arguments.get("first"), arguments.get("last"), arguments.get("offset") or 0
        backward = last is not None
        limit = last if last is not None else first if first is not None else page
        ordered = rows[::-1] if backward else rows
        shown, more = ordered[offset : offset + limit], len(ordered) > offset + limit
        if backward:
            shown = shown[::-1]
        edges = [{"node": row, "cursor": _cursor(owner, keys, row)} for row in shown]
        info = {
            "startCursor": edges[0]["cursor"] if edges else None,
            "endCursor": edges[-1]["cursor"] if edges else None,
            "hasNextPage": more and not backward,
            "hasPreviousPage": more and backward,
        }
        return {"edges": edges, "pageInfo": info, "totalCount": len(rows), **_aggregates(owner, rows)}

    def _matches(self, owner: Object, row: dict[str, Any], condition: dict[str, Any]) -> bool:
        for name, test in condition.items():
            if name in {"and", "or"}:
                held = [self._matches(owner, row, each) for each in test]
                if not (all(held) if name == "and" else any(held)):
                    return False
            elif name == "not":
                if self._matches(owner, row, test):
                    return False
            else:
                ((operator, value),) = test.items()
                stored = _empty_is_null(row[name])
                if operator == "is":
                    if (stored is None) is not (value == "NULL"):
                        return False
                elif operator == "in":
                    if stored not in value:
                        return False
                elif stored is None or stored != value:
                    return False
        return True

    def _sort(self, owner: Object, rows: list[Any], path: list[str], direction: str) -> None:
        leaf = owner.leaf_by_path[tuple(path)]

        def place(row: dict[str, Any]) -> Any:
            value = _at(row, path)
            if leaf.options:
                return leaf.options.index(value)
            return value.lower() if isinstance(value, str) else value

        filled = [row for row in rows if _at(row, path) is not None]
        empty = [row for row in rows if _at(row, path) is None]
        filled.sort(key=place)
        if direction.startswith("Desc"):
            # Equal values keep the order of what sorts behind them.
            filled.reverse()
            runs: list[list[Any]] = []
            for row in filled:
                if runs and place(runs[-1][0]) == place(row):
                    runs[-1].insert(0, row)
                else:
                    runs.append([row])
            filled = [row for run in runs for row in run]
        rows[:] = [*empty, *filled] if direction.endswith("NullsFirst") else [*filled, *empty]


def _all(house: House, plural: str) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        answer = house.ask("GET", f"/rest/{plural}?limit=200{cursor}").json
        yield from answer["data"][plural]
        if not answer["pageInfo"]["hasNextPage"]:
            return
        cursor = f"&starting_after={answer['pageInfo']['endCursor']}"


def _key(entry: dict[str, Any]) -> tuple[list[str], str]:
    path = []
    value: Any = entry
    while isinstance(value, dict):
        ((name, value),) = value.items()
        path.append(name)
    return path, value


def _at(row: dict[str, Any], path: list[str]) -> Any:
    value: Any = row
    for step in path:
        value = value[step]
    return _empty_is_null(value)


def _empty_is_null(value: Any) -> Any:
    return None if value in ("", []) else value


def _cursor(owner: Object, keys: list[tuple[list[str], str]], row: dict[str, Any]) -> str:
    document: dict[str, Any] = {}
    for path, _ in keys:
        branch = document
        for step in path[:-1]:
            branch = branch.setdefault(step, {})
        value = _at(row, path)
        exact = owner.leaf_by_path[tuple(path)].type.exact and value is not None
        branch.setdefault(path[-1], str(value) if exact else value)
    document["id"] = row["id"]
    return base64.b64encode(json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()).decode()


def _aggregates(owner: Object, rows: list[dict[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for field in owner.fields:
        if field.type.name not in {"TEXT", "SELECT"}:
            continue
        name = field.name[:1].upper() + field.name[1:]
        values = [_empty_is_null(row[field.name]) for row in rows]
        filled = [value for value in values if value is not None]
        made[f"countEmpty{name}"] = len(values) - len(filled) if rows else None
        made[f"countNotEmpty{name}"] = len(filled) if rows else None
        made[f"countUniqueValues{name}"] = len(set(filled)) if rows else None
        made[f"percentageEmpty{name}"] = (len(values) - len(filled)) / len(values) if rows else None
    return made
