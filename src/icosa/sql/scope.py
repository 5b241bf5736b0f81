"""Names inside a statement: aliases of tables, and the joins that paths through relations need."""

from __future__ import annotations

from icosa.catalog.model import Catalog, Field, Object
from icosa.fields.base import Leaf
from icosa.naming import quoted
from icosa.plan.filters import Path


class Aliases:
    """Hands out table aliases that no other part of the statement uses."""

    def __init__(self) -> None:
        self._count = 0

    def take(self) -> str:
        """Return a new alias."""
        self._count += 1
        return f"t{self._count}"


class Scope:
    """One table of a statement, with the related tables that its conditions and sort keys look at.

    Related tables are joined once each, by their primary key and live records only, so a join changes no count and a
    missing relation reads as nulls.
    """

    def __init__(self, catalog: Catalog, owner: Object, aliases: Aliases) -> None:
        self.catalog = catalog
        self.owner = owner
        self.aliases = aliases
        self.alias = aliases.take()
        self._joined: dict[Field, tuple[str, Object]] = {}

    def column(self, path: Path) -> str:
        """Return the SQL of a path's column, joining what lies behind a relation."""
        if path.relation is None:
            return self.own(path.leaf)
        if path.relation not in self._joined:
            target = self.catalog.target(path.relation)
            if target is None:
                raise LookupError(path.relation.name)
            self._joined[path.relation] = (self.aliases.take(), target)
        return f"{self._joined[path.relation][0]}.{quoted(path.leaf.column)}"

    def own(self, leaf: Leaf) -> str:
        """Return the SQL of a column of the scope's own table."""
        return f"{self.alias}.{quoted(leaf.column)}"

    @property
    def tables(self) -> str:
        """The FROM list; complete once all conditions and keys have been written."""
        return f"{self.owner.sql_name} {self.alias}{self.joins}"

    @property
    def joins(self) -> str:
        """What the FROM list holds behind the scope's own table."""
        return "".join(
            f" LEFT JOIN {target.sql_name} {alias} ON {alias}.id = {self.alias}.{relation.join_sql}"
            f' AND {alias}."deletedAt" IS NULL'
            for relation, (alias, target) in self._joined.items()
        )

    @property
    def objects(self) -> tuple[Object, ...]:
        """Every object whose changes may change what the scope finds."""
        return (self.owner, *(target for _, target in self._joined.values()))
