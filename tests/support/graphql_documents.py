"""Random valid documents over a schema, of the kind that the naive reference can answer."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from icosa.catalog.model import Catalog, Object

DIRECTIONS = ("AscNullsFirst", "AscNullsLast", "DescNullsFirst", "DescNullsLast")
SORTED = frozenset({"TEXT", "SELECT", "NUMBER", "BOOLEAN", "FULL_NAME", "CURRENCY"})
PARTS = {"FULL_NAME": ("firstName", "lastName"), "CURRENCY": ("amountMicros", "currencyCode")}
TYPE_NAMES = {
    "FULL_NAME": "FullName",
    "CURRENCY": "Currency",
    "EMAILS": "Emails",
    "LINKS": "Links",
    "PHONES": "Phones",
    "ADDRESS": "Address",
    "ACTOR": "Actor",
    "RICH_TEXT": "RichText",
}


class Maker:
    def __init__(self, random: Random, catalog: Catalog, records: dict[str, dict[str, Any]]) -> None:
        self._random = random
        self._catalog = catalog
        self._records = records
        self._aliases = 0
        self._fragments: list[str] = []

    def document(self) -> str:
        roots = []
        for _ in range(self._random.randint(1, 3)):
            owner = self._catalog.by_singular[
                self._random.choice(("company", "person", "opportunity", "task", "note", "subscription"))
            ]
            if self._random.random() < 0.2:
                identifier = self._random.choice(sorted(self._records[owner.name_singular]))
                condition = f'(filter: {{id: {{eq: "{identifier}"}}}})'
                roots.append(f"{self._alias()}{owner.name_singular}{condition} {self._record(owner, 0)}")
            else:
                arguments = self._arguments(owner, root=True)
                roots.append(f"{self._alias()}{owner.name_plural}{arguments} {self._connection(owner, 0)}")
        header = "query Q($yes: Boolean!, $no: Boolean = false)"
        # Both variables are used somewhere, whatever was chosen.
        used = "__typename @include(if: $yes) n: __typename @skip(if: $no)"
        return f"{header} {{ {used} {' '.join(roots)} }} {' '.join(self._fragments)}"

    def _alias(self) -> str:
        self._aliases += 1
        return f"a{self._aliases}: "

    def _maybe_alias(self, used: set[str], name: str) -> str:
        if name in used or self._random.random() < 0.2:
            return self._alias()
        used.add(name)
        return ""

    def _directive(self) -> str:
        return self._random.choice(
            ("",) * 8 + (" @include(if: $yes)", " @skip(if: $no)", " @include(if: false)", " @skip(if: true)")
        )

    def _wrap(self, kind: str, fields: list[str]) -> str:
        """Put some of the fields into a fragment."""
        if not fields:
            fields = ["__typename"]
        if len(fields) > 1 and self._random.random() < 0.3:
            cut = self._random.randint(1, len(fields) - 1)
            inside = " ".join(fields[cut:])
            if self._random.random() < 0.5:
                return f"{{ {' '.join(fields[:cut])} ... on {kind} {{ {inside} }} }}"
            name = f"F{len(self._fragments)}"
            self._fragments.append(f"fragment {name} on {kind} {{ {inside} }}")
            return f"{{ {' '.join(fields[:cut])} ...{name} }}"
        return f"{{ {' '.join(fields)} }}"

    def _record(self, owner: Object, depth: int) -> str:
        used: set[str] = set()
        fields = []
        sampled = self._random.sample(owner.fields, self._random.randint(1, min(6, len(owner.fields))))
        for field in sampled:
            alias = self._maybe_alias(used, field.name)
            if field.relation is not None:
                target = self._catalog.target(field)
                if target is None or depth >= 2:
                    continue
                if field.join_column is not None:
                    inner = self._record(target, depth + 1)
                    fields.append(f"{alias}{field.name}{self._directive()} {inner}")
                elif self._catalog.inverse(field) is not None:
                    inner = self._connection(target, depth + 1)
                    arguments = self._arguments(target, root=False)
                    fields.append(f"{alias}{field.name}{arguments}{self._directive()} {inner}")
            elif field.type.name in TYPE_NAMES:
                parts = [leaf.path[1] for leaf in field.leaves]
                chosen = self._random.sample(parts, self._random.randint(1, len(parts)))
                fields.append(f"{alias}{field.name} {self._wrap(TYPE_NAMES[field.type.name], chosen)}")
            elif field.type.name != "FILES":
                fields.append(f"{alias}{field.name}{self._directive()}")
        # Beside its object a join column of a deleted record reads null (section 10), which a resolver cannot know.
        joins = [each.join_column for each in owner.fields if each.join_column is not None and each not in sampled]
        fields.extend(join for join in joins if join and self._random.random() < 0.2)
        return self._wrap(owner.type_name, fields)

    def _connection(self, owner: Object, depth: int) -> str:
        used: set[str] = set()
        fields = []
        parts = ["edges", "edges", "pageInfo", "totalCount", "__typename", *self._aggregates(owner)]
        for part in self._random.sample(parts, self._random.randint(1, 4)):
            alias = self._maybe_alias(used, part)
            if part == "edges":
                cursor = self._random.choice(("cursor", "__typename", ""))
                content = "cursor __typename"
                if self._random.random() < 0.7:
                    content = f"{cursor} node {self._record(owner, depth)}"
                fields.append(f"{alias}edges {{ {content} }}")
            elif part == "pageInfo":
                keys = ("startCursor", "endCursor", "hasNextPage", "hasPreviousPage", "__typename")
                chosen = self._random.sample(keys, self._random.randint(1, 5))
                fields.append(f"{alias}pageInfo {{ {' '.join(chosen)} }}")
            else:
                fields.append(f"{alias}{part}")
        return self._wrap(f"{owner.type_name}Connection", fields)

    def _aggregates(self, owner: Object) -> list[str]:
        kinds = ("countEmpty", "countNotEmpty", "countUniqueValues", "percentageEmpty")
        names = [each.name for each in owner.fields if each.type.name in {"TEXT", "SELECT"}]
        return [f"{self._random.choice(kinds)}{name[:1].upper()}{name[1:]}" for name in names[:2]]

    def _arguments(self, owner: Object, *, root: bool) -> str:
        chosen = []
        if self._random.random() < 0.6:
            chosen.append(f"{self._random.choice(('first', 'last'))}: {self._random.randint(0, 7)}")
        if self._random.random() < 0.3:
            chosen.append(f"offset: {self._random.randint(0, 4)}")
        if self._random.random() < 0.5:
            chosen.append(f"orderBy: [{', '.join(self._orders(owner))}]")
        if self._random.random() < (0.5 if root else 0.3):
            chosen.append(f"filter: {self._filter(owner, 0)}")
        return f"({', '.join(chosen)})" if chosen else ""

    def _orders(self, owner: Object) -> list[str]:
        fields = [each for each in owner.fields if each.type.name in SORTED]
        orders = []
        for field in self._random.sample(fields, min(len(fields), self._random.randint(1, 2))):
            direction = self._random.choice(DIRECTIONS)
            parts = PARTS.get(field.type.name)
            inner = f"{{{self._random.choice(parts)}: {direction}}}" if parts else direction
            orders.append(f"{{{field.name}: {inner}}}")
        return orders

    def _filter(self, owner: Object, depth: int) -> str:
        if depth < 2 and self._random.random() < 0.3:
            items = ", ".join(self._filter(owner, depth + 1) for _ in range(self._random.randint(1, 2)))
            return f"{{{self._random.choice(('and', 'or'))}: [{items}]}}"
        if depth < 2 and self._random.random() < 0.15:
            return f"{{not: {{id: {self._ids(owner)}}}}}"
        field = self._random.choice([each for each in owner.fields if each.type.name in {"TEXT", "SELECT", "UUID"}])
        if field.name == "id":
            return f"{{id: {self._ids(owner)}}}"
        if self._random.random() < 0.5:
            return f"{{{field.name}: {{is: {self._random.choice(('NULL', 'NOT_NULL'))}}}}}"
        values = sorted(
            {str(row[field.name]) for row in self._records[owner.name_singular].values() if row[field.name]}
        )
        if not values:
            return f"{{{field.name}: {{is: NULL}}}}"
        value = self._random.choice(values)
        written = value if field.type.name == "SELECT" else json.dumps(value)
        return f"{{{field.name}: {{eq: {written}}}}}"

    def _ids(self, owner: Object) -> str:
        known = sorted(self._records[owner.name_singular])
        chosen = self._random.sample(known, min(len(known), self._random.randint(1, 20)))
        return f"{{in: {json.dumps(chosen)}}}" if chosen else "{is: NULL}"
