"""Two workspaces that differ in nothing but what a role may not see.

What the role is answered must then be the same in both: no answer, count, group, order or error text lets anything
through (non-interference, Goguen and Meseguer 1982).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from icosa.access.workspaces import Person
from icosa.catalog.load import load_catalog
from icosa.catalog.model import Catalog, Field, Object
from icosa.founding.workspaces import found_workspace
from support.house import House
from support.serving import PASSWORD

OBJECTS = ("company", "person", "opportunity", "note", "noteTarget", "task", "taskTarget")
SHOWN = ("company", "person", "opportunity", "note", "task")
NEVER_HIDDEN = frozenset({"id", "createdAt", "updatedAt", "deletedAt", "position"})
ROLE = "Watched"


@dataclass(frozen=True)
class World:
    """A workspace and a key of it."""

    workspace_id: UUID
    catalog: Catalog
    key: str


class Worlds:
    """Both, with the same records."""

    def __init__(self, house: House) -> None:
        self.house = house
        # The timelines of the two would be written at moments of their own.
        house.quiet()
        self.one = self._world(house.workspace_id)
        self._fill()
        person = Person("adb@example.com", PASSWORD, "Ada", "Marlowe")
        founded = house.run(found_workspace(house.database, "Tests", person, legacy_fields=True, several=True))
        self.other = self._world(founded.workspace_id)
        for owner in self.other.catalog.objects:
            for key in owner.unique_keys:
                self._run(f'drop index if exists {self.other.catalog.schema}."{key.name}"')

    def _run(self, sql: str, *values: Any) -> Any:
        return self.house.run(self.house.database.execute(sql, *values))

    def _world(self, workspace_id: UUID) -> World:
        catalog = self.house.run(load_catalog(self.house.database, workspace_id))
        assert catalog is not None
        self._run(
            "insert into core.role (workspace_id, label, can_read_all_object_records) values ($1, $2, true)",
            workspace_id,
            ROLE,
        )
        kept, self.house.workspace_id = self.house.workspace_id, workspace_id
        key = self.house.make_key(ROLE)
        self.house.workspace_id = kept
        return World(workspace_id, catalog, key)

    def _fill(self) -> None:
        make = self.house.make
        companies = make(
            "companies",
            [
                {
                    "name": f"Company {'ABCAB'[n]}",
                    "employees": [10, 20, 30, 20, 7][n],
                    "idealCustomerProfile": n % 2 == 0,
                    "annualRecurringRevenue": {"amountMicros": 1_000_000 * n, "currencyCode": "EUR"},
                    "domainName": {"primaryLinkUrl": f"https://firm{n}.example.com"},
                    "address": {"addressCity": ["Cluj", "Iași", "", "Cluj", "Sibiu"][n]},
                }
                for n in range(5)
            ],
        )
        people = make(
            "people",
            [
                {
                    "name": {"firstName": f"First{n % 3}", "lastName": f"Last{n}"},
                    "emails": {"primaryEmail": f"person{n}@example.com"},
                    "jobTitle": ["Buyer", "Seller", "", "Buyer", "Clerk", "Buyer", "Seller"][n],
                    "city": ["Cluj", "Oradea", "Cluj", "", "Arad", "Arad", "Cluj"][n],
                    "companyId": companies[n % 4]["id"] if n < 6 else None,
                }
                for n in range(7)
            ],
        )
        make(
            "opportunities",
            [
                {
                    "name": f"Deal {n}",
                    "stage": ["NEW", "MEETING", "NEW", "PROPOSAL"][n],
                    "amount": {"amountMicros": 5_000_000 * (n + 1), "currencyCode": "RON"},
                    "companyId": companies[n]["id"],
                    "pointOfContactId": people[n]["id"],
                }
                for n in range(4)
            ],
        )
        notes = make("notes", [{"title": f"Note {n}"} for n in range(3)])
        tasks = make("tasks", [{"title": f"Task {n}", "status": ["TODO", "DONE", "TODO"][n]} for n in range(3)])
        for n, (note, task) in enumerate(zip(notes, tasks, strict=True)):
            make("noteTargets", [{"noteId": note["id"], "targetCompanyId": companies[n]["id"]}])
            make("taskTargets", [{"taskId": task["id"], "targetPersonId": people[n]["id"]}])

    def hide(self, objects: set[str], fields: set[tuple[str, str]]) -> None:
        """Hide objects and fields from the role in both worlds, and make them different in the other one."""
        self._copy()
        for world in (self.one, self.other):
            role = self.house.run(
                self.house.database.fetch_value(
                    "select id from core.role where workspace_id = $1 and label = $2", world.workspace_id, ROLE
                )
            )
            for table in ("object_permission", "field_permission"):
                self._run(f"delete from core.{table} where role_id = $1", role)
            for name in objects:
                owner = world.catalog.by_singular[name]
                self._run(
                    "insert into core.object_permission (role_id, object_id, can_read) values ($1, $2, false)",
                    role,
                    owner.id,
                )
            for each in self._restricted(world.catalog, fields):
                self._run(
                    "insert into core.field_permission (role_id, object_id, field_id, can_read) "
                    "values ($1, $2, $3, false) on conflict do nothing",
                    role,
                    each.object_id,
                    each.id,
                )
        catalog = self.other.catalog
        for name in objects:
            self._scramble(catalog.by_singular[name], catalog.by_singular[name].fields)
            self._add(catalog.by_singular[name])
        for each in self._restricted(catalog, fields):
            self._scramble(catalog.by_id[each.object_id], (each,))
        base = self.house.base
        base.authenticator.forget()
        # Rows were changed behind the program's back; what it has counted does not hold any more.
        base.service.engine._counts._kept.clear()

    @staticmethod
    def _restricted(catalog: Catalog, fields: set[tuple[str, str]]) -> list[Field]:
        """Return the fields with the other ends of relations, as `upsertFieldPermissions` restricts them."""
        found = []
        for owner, name in sorted(fields):
            each = catalog.by_singular[owner].field_by_name[name]
            other = catalog.inverse(each)
            found += [each] if other is None else [each, other]
        return found

    def _copy(self) -> None:
        source, target = self.one.catalog.schema, self.other.catalog.schema
        tables = ", ".join(f'{target}."{name}"' for name in OBJECTS)
        self._run(f"truncate {tables} cascade")
        for name in OBJECTS:
            names = self.house.run(
                self.house.database.fetch_value(
                    "select string_agg(quote_ident(column_name), ', ') from information_schema.columns "
                    "where table_schema = $1 and table_name = $2",
                    source,
                    name,
                )
            )
            self._run(f'insert into {target}."{name}" ({names}) select {names} from {source}."{name}"')

    def _scramble(self, owner: Object, fields: tuple[Field, ...]) -> None:
        """Give each record the value of the one before it, and the first one none."""
        columns = [
            leaf.column
            for each in fields
            if each.name not in NEVER_HIDDEN and each.type.name not in {"TS_VECTOR", "ACTOR"}
            for leaf in each.leaves
        ]
        for column in columns:
            nullable = self.house.run(
                self.house.database.fetch_value(
                    "select is_nullable = 'YES' from information_schema.columns "
                    "where table_schema = $1 and table_name = $2 and column_name = $3",
                    owner.schema,
                    owner.table,
                    column,
                )
            )
            last = "null" if nullable else f't."{column}"'
            self._run(
                f'update {owner.sql_name} t set "{column}" = case when o.first then {last} else o.value end from '
                f'(select id, lag("{column}") over w as value, row_number() over w = 1 as first '
                f"from {owner.sql_name} window w as (order by id)) o where o.id = t.id"
            )

    def _add(self, owner: Object) -> None:
        """Add a record that nothing refers to."""
        self._run(f"insert into {owner.sql_name} (id) values (gen_random_uuid())")
