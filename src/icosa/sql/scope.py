"""Names inside a statement: aliases of tables, and the joins that paths through relations need."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from icosa.catalog.model import Catalog, Field, Object
from icosa.fields.base import Leaf
from icosa.naming import quoted
from icosa.plan.filters import Path


class Aliases:
    """Hands out table aliases that no other part of the statement uses, and notes which objects it reads.

    Whoever reads a record names its table by way of `table`; so what a kept answer or count depends on is never forgotten.

    Args:
        whole: the aliases of the statement, for a part of it that is kept on its own.
    """

    def __init__(self, whole: Aliases | None = None) -> None:
        self._whole = whole
        self._numbers: Iterator[int] = count(1) if whole is None else whole._numbers
        self._objects: dict[Object, None] = {}

    def take(self) -> str:
        """Return a new alias."""
        return f"t{next(self._numbers)}"

    def table(self, owner: Object) -> tuple[str, str]:
        """Return a new alias for an object's table, and what a FROM list says of it."""
        alias = self.take()
        self._note(owner)
        return alias, f"{owner.sql_name} {alias}"

    def _note(self, owner: Object) -> None:
        self._objects[owner] = None
        if self._whole is not None:
            self._whole._note(owner)

    def part(self) -> Aliases:
        """Return aliases for a part of the statement, which note what that part reads."""
        return Aliases(self)

    @property
    def objects(self) -> tuple[Object, ...]:
        """Every object whose changes may change what was written so far."""
        return tuple(self._objects)


class Scope:
    """One table of a statement, with the related tables that its conditions and sort keys look at.

    Related tables are joined once each, by their primary key and live records only, so a join changes no count and a
    missing relation reads as nulls.
    """

    def __init__(self, catalog: Catalog, owner: Object, aliases: Aliases) -> None:
        self.catalog = catalog
        self.owner = owner
        self.aliases = aliases
        self.alias, self._table = aliases.table(owner)
        self._joined: dict[Field, tuple[str, str]] = {}

    def column(self, path: Path) -> str:
        """Return the SQL of a path's column, joining what lies behind a relation."""
        if path.relation is None:
            return self.own(path.leaf)
        if path.relation not in self._joined:
            target = self.catalog.target(path.relation)
            if target is None:
                raise LookupError(path.relation.name)
            self._joined[path.relation] = self.aliases.table(target)
        return f"{self._joined[path.relation][0]}.{quoted(path.leaf.column)}"

    def own(self, leaf: Leaf) -> str:
        """Return the SQL of a column of the scope's own table."""
        return f"{self.alias}.{quoted(leaf.column)}"

    @property
    def tables(self) -> str:
        """The FROM list; complete once all conditions and keys have been written."""
        return f"{self._table}{self.joins}"

    @property
    def joins(self) -> str:
        """What the FROM list holds behind the scope's own table."""
        return "".join(
            f' LEFT JOIN {table} ON {alias}.id = {self.alias}.{relation.join_sql} AND {alias}."deletedAt" IS NULL'
            for relation, (alias, table) in self._joined.items()
        )
