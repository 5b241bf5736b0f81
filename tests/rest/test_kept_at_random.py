"""Random reads, asked again and again between random changes: each answer is the one that is made anew."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import pytest

from icosa.catalog.snapshots import Snapshots
from icosa.events.timeline import Timeline
from support.house import House
from support.model import Model, options
from support.nothing_kept import ask_twice, by_others, table_of
from support.publishing import publish_all, schema_of
from support.statements import tell_statements

KEPT = " AS page OFFSET 0) same"
SNAPSHOTS = {"current_snapshot"}
STEPS = 100
READS_A_STEP = 6
PLURALS = {
    "company": "companies",
    "person": "people",
    "opportunity": "opportunities",
    "note": "notes",
    "noteTarget": "noteTargets",
    "boat": "boats",
    "sail": "sails",
}
RELATIONS = {
    "person": {"companyId": "company"},
    "opportunity": {"companyId": "company", "pointOfContactId": "person"},
    "noteTarget": {"noteId": "note", "targetCompanyId": "company", "targetPersonId": "person"},
    "company": {"parentId": "company"},
    "boat": {"ownerId": "company", "crewId": "person"},
    "sail": {"boatId": "boat"},
}
WORDS = ("alpha", "beta", "gamma")
LISTS = (
    "/rest/companies?limit=5",
    "/rest/companies?depth=1&order_by=name",
    "/rest/companies?filter=employees[gt]:1&order_by=employees[DescNullsLast]&limit=3",
    "/rest/companies?filter=name[ilike]:%25a%25&limit=0",
    "/rest/people?depth=1&limit=20",
    "/rest/people?filter=company.name[eq]:alpha",
    "/rest/people?order_by=company.name[DescNullsLast]&limit=4",
    "/rest/people?filter=deletedAt[is]:NOT_NULL",
    "/rest/people?filter=searchVector[search]:alpha",
    "/rest/opportunities?depth=1",
    "/rest/opportunities?filter=stage[in]:[NEW,MEETING]",
    "/rest/notes?depth=1",
    "/rest/noteTargets?depth=1",
    "/rest/boats?depth=1",
    "/rest/boats?filter=size[gt]:0",
    "/rest/sails?depth=1",
    "/rest/timelineActivities?depth=1&limit=10",
    '/rest/people/groupBy?group_by=[{"company":{"name":true}}]&aggregate=["totalCount"]&include_records_sample=true',
    '/rest/opportunities/groupBy?group_by=[{"stage":true}]&aggregate=["totalCount"]',
)
DOCUMENTS = (
    "{ companies(first: 4) { totalCount edges { cursor node { id name people(first: 2) { totalCount edges { node { id "
    "pointOfContactForOpportunities(first: 2) { edges { node { id name stage } } } } } } } } } }",
    "{ companies { edges { node { id children { edges { node { id name } } } parent { id name } } } maxEmployees } }",
    "{ people(orderBy: [{company: {name: AscNullsFirst}}]) { edges { node { id company { name employees "
    "boats { edges { node { name crew { id } sails { edges { node { id } } } } } } } } } } }",
    "{ notes { edges { node { id title noteTargets { edges { node { id targetCompany { name } targetPerson { id } } } } } } } }",
    "{ timelineActivities(first: 5) { totalCount edges { node { id name targetCompany { name } } } } }",
    "{ boats(filter: {owner: {employees: {gt: 1}}}) { totalCount edges { node { id owner { name } } } } }",
    "{ opportunitiesGroupBy(groupBy: [{stage: true}]) { groupByDimensionValues totalCount "
    "edges { node { id company { name } } } } }",
    '{ search(searchInput: "alpha", limit: 5) { edges { node { recordId label } } } }',
)


class World:
    """A house whose records and model change at random."""

    def __init__(self, house: House, seed: int) -> None:
        self.house = house
        self.random = random.Random(seed)
        self.model = Model(house)
        self.ids: dict[str, list[str]] = {name: [] for name in PLURALS}
        self.number = 0
        house.quiet()
        for name, plural in (("boat", "boats"), ("sail", "sails")):
            self.model.create_object(name, plural)
        self.relate("company", "parent", "company", "Children", "CASCADE")
        self.relate("boat", "owner", "company", "Boats", "CASCADE")
        self.relate("boat", "crew", "person", "Crewed", "CASCADE")
        self.relate("sail", "boat", "boat", "Sails", "SET_NULL")
        boat = self.model.objects()["boat"]
        self.model.create_field(boat, "NUMBER", "size")
        self.rig = self.model.create_field(boat, "SELECT", "rig", options=options("SLOOP", "KETCH"))

    def relate(self, owner: str, name: str, target: str, back: str, on_delete: str) -> None:
        objects = self.model.objects()
        made = self.model.create_relation(objects[owner], name, objects[target], back)
        self.model.update_field(made["id"], settings={"onDelete": on_delete})

    def one(self, name: str) -> str | None:
        return self.random.choice(self.ids[name]) if self.ids[name] else None

    def body(self, name: str) -> dict[str, Any]:
        word, number = self.random.choice(WORDS), self.random.randrange(4)
        made: dict[str, Any] = {
            "company": {"name": word, "employees": number},
            "person": {"name": {"firstName": word}},
            "opportunity": {"name": word, "stage": self.random.choice(("NEW", "MEETING", "CUSTOMER"))},
            "note": {"title": word},
            "boat": {"name": word, "size": number},
            "sail": {"name": word},
        }.get(name, {})
        for key, target in RELATIONS.get(name, {}).items():
            if self.random.random() < 0.6:
                made[key] = self.one(target)
        return made

    def kind(self) -> str:
        return self.random.choice(list(PLURALS))

    def send(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.house.ask(method, path, body)
        assert answer.status < 500, (method, path, body, answer.content)
        return answer

    def create(self) -> None:
        name = self.kind()
        answer = self.send("POST", f"/rest/batch/{PLURALS[name]}", [self.body(name) for _ in range(3)])
        if answer.status == 201:
            self.ids[name] += [each["id"] for each in next(iter(answer.json["data"].values()))]

    def update(self) -> None:
        name = self.kind()
        self.send("PATCH", f"/rest/{PLURALS[name]}/{self.one(name)}", self.body(name))

    def delete(self) -> None:
        name = self.kind()
        self.send("DELETE", f"/rest/{PLURALS[name]}/{self.one(name)}?soft_delete=true")

    def restore(self) -> None:
        name = self.kind()
        self.send("PATCH", f"/rest/restore/{PLURALS[name]}/{self.one(name)}")

    def destroy(self) -> None:
        name = self.kind()
        self.send("DELETE", f"/rest/{PLURALS[name]}/{self.one(name)}")

    def merge(self) -> None:
        name = self.random.choice(("company", "person"))
        ids = self.random.sample(self.ids[name], min(2, len(self.ids[name])))
        self.send("PATCH", f"/rest/{PLURALS[name]}/merge", {"ids": ids, "conflictPriorityIndex": 0})

    def go_around(self) -> None:
        table = table_of(self.house, self.random.choice(("company", "boat", "sail")))
        chosen = f"SELECT id FROM {table} ORDER BY md5(id::text || '{self.random.random()}') LIMIT 1"
        by_others(
            self.house,
            self.random.choice(
                (
                    f"UPDATE {table} SET name = name || 'a' WHERE id IN ({chosen})",
                    f"DELETE FROM {table} WHERE id IN ({chosen})",
                    f"INSERT INTO {table} (name) VALUES ('alpha')",
                )
            ),
        )

    def follow(self) -> None:
        """Write the timeline of what was done so far."""
        database, schema = self.house.database, schema_of(self.house)

        async def run() -> None:
            while (await publish_all(self.house, schema)).count:
                pass
            timeline = Timeline(database, Snapshots(database))
            while await timeline.follow(self.house.workspace_id):
                pass

        self.house.run(run())

    def change_model(self) -> None:
        self.number += 1
        match self.number % 3:
            case 0:
                boat = self.model.objects()["boat"]
                self.model.create_field(boat, "TEXT", f"text{self.number}", defaultValue="'alpha'")
            case 1:
                new = self.random.choice(("SLOOP", "YAWL", "CUTTER"))
                self.rig["options"][0]["value"] = new
                self.rig = self.model.update_field(self.rig["id"], options=self.rig["options"])
            case _:
                objects = self.model.objects()
                made = self.model.create_field(objects["sail"], "TEXT", f"label{self.number}")
                self.model.update_object(objects["sail"]["id"], labelIdentifierFieldMetadataId=made["id"])

    def step(self) -> None:
        common: list[Callable[[], None]] = [self.create, self.update, self.delete, self.restore, self.destroy]
        rare: list[Callable[[], None]] = [self.merge, self.go_around, self.follow]
        drawn = self.random.random()
        if drawn < 0.03:
            self.change_model()
        else:
            self.random.choice(rare if drawn < 0.25 else common)()

    def read(self) -> None:
        drawn = self.random.random()
        if drawn < 0.5:
            path, _, query = self.random.choice(LISTS).partition("?")
            ask_twice(self.house, "GET", f"{path}?{query}")
        elif drawn < 0.8:
            answer = ask_twice(self.house, "POST", "/graphql", {"query": self.random.choice(DOCUMENTS)})
            assert "errors" not in answer.json, answer.content
        else:
            name = self.kind()
            ask_twice(self.house, "GET", f"/rest/{PLURALS[name]}/{self.one(name)}?depth=1")


class Watch:
    """Looks at every statement whose answer can be kept.

    Attributes:
        problems: tables that such a statement reads and does not ask the event log about, and moments that it depends on.
        used: how many answers were not made anew.
    """

    def __init__(self, house: House) -> None:
        self.house = house
        self.problems: set[str] = set()
        self.used = 0
        tell_statements(house, self._note)

    def _note(self, sql: str, args: tuple[Any, ...], rows: Sequence[Any]) -> None:
        del args
        if KEPT in sql:
            self.look(sql)
            self.used += sum(row["snapshot"] is None for row in rows)
        else:
            self.used += sum(bool(row.get("holds")) for row in rows)

    def look(self, sql: str) -> None:
        catalog = self.house.base.snapshots.known(self.house.workspace_id)
        assert catalog is not None
        asked = sql[: sql.index(KEPT)].rpartition("e.object_id")[2]
        known = {catalog.by_id[UUID(each)].sql_name for each in re.findall(r"'([0-9a-f-]{36})'::uuid", asked)}
        self.problems |= set(re.findall(r'"[^"]+"\."[^"]+"(?= t\d)', sql)) - known
        self.problems |= set(re.findall(r"now\(\)|current_\w+|\w+_timestamp\(|random\(\)", sql, re.I)) - SNAPSHOTS


@pytest.mark.parametrize("seed", range(3))
def test_answers_are_never_old(house: House, seed: int) -> None:
    world = World(house, seed)
    for _ in range(12):
        world.create()
    watch = Watch(house)
    for _ in range(STEPS):
        world.step()
        for _ in range(READS_A_STEP):
            world.read()
    assert watch.problems == set()
    assert watch.used > STEPS
