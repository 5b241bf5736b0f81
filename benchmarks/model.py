"""What a large data model costs: the start of a server, requests for records, changes of the model.

python -m benchmarks.model [--objects 200] [--fields 30]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from icosa.access.workspaces import Person
from icosa.catalog.model import Object
from icosa.catalog.snapshots import Snapshots
from icosa.founding.workspaces import found_workspace
from icosa.modeling import ddl
from icosa.modeling.change import Modeler
from icosa.modeling.install import insert_rows
from icosa.modeling.objects import create_object
from icosa.modeling.rows import Row, field_row
from icosa.modeling.table_work import TableWork
from icosa.naming import capitalized
from icosa.store.database import Database
from icosa.store.embedded import EmbeddedServer
from icosa.store.migrations import migrate
from support.house import House, existing_house
from support.model import Model
from support.serving import SECRET, icosa, start, stop

PERSON = Person("bench@example.com", "bench-bench", "Bench", "Mark")
OBJECTS_A_CHANGE = 10
REQUESTS = 200
CHANGES = 9
STARTS = 3
GRAPHQL = {"query": "{ companies(first: 20) { edges { node { id name domainName { primaryLinkUrl } } } totalCount } }"}


async def found(url: str) -> UUID:
    """Make a workspace with a hundred companies."""
    database = await Database.connect(url, size=2)
    await migrate(database)
    founded = await found_workspace(database, "Bench", PERSON, legacy_fields=True, several=False)
    await database.close()
    return founded.workspace_id


async def grow(url: str, workspace_id: UUID, objects: int, fields: int) -> None:
    """Make custom objects with so many fields each, those that every object has included."""
    database = await Database.connect(url, size=4)
    modeler = Modeler(database, Snapshots(database), TableWork(database))
    made: list[Object] = []
    for first in range(0, objects, OBJECTS_A_CHANGE):
        async with modeler.change(workspace_id) as change:
            for number in range(first, min(first + OBJECTS_A_CHANGE, objects)):
                name = f"thing{number}"
                labels = {"labelSingular": capitalized(name), "labelPlural": f"{capitalized(name)}s"}
                made.append(await create_object(change, {"nameSingular": name, "namePlural": f"{name}s", **labels}))
    async with modeler.change(workspace_id) as change:
        rows = [row for owner in made for row in _field_rows(owner, fields - len(owner.fields))]
        await insert_rows(change.connection, "field_metadata", change.workspace_id, rows)
        catalog = await change.reload()
        for owner in made:
            new = catalog.by_id[owner.id].fields[len(owner.fields) :]
            columns = ", ".join(f"ADD COLUMN {ddl.column(leaf)}" for each in new for leaf in each.leaves)
            await change.run(f"ALTER TABLE {owner.sql_name} {columns}")
    await database.close()


def _field_rows(owner: Object, number: int) -> list[Row]:
    kinds = ("TEXT", "NUMBER", "CURRENCY", "LINKS", "DATE_TIME", "BOOLEAN")
    return [field_row(owner.id, kinds[n % len(kinds)], f"field{n}", f"Field {n}") for n in range(number)]


def median_ms(run: Callable[[], Any], times: int, clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the median time of a call."""
    spent = []
    for _ in range(times):
        begun = clock()
        run()
        spent.append(clock() - begun)
    return statistics.median(spent) * 1000


def records(house: House) -> dict[str, float]:
    """Return the median processor time that requests for records take in the server; their statements are the same."""
    identifier = house.ask("GET", "/rest/companies?limit=1").json["data"]["companies"][0]["id"]
    asked: dict[str, Callable[[], Any]] = {
        "list of 20": lambda: house.ask("GET", "/rest/companies?limit=20"),
        "one record": lambda: house.ask("GET", f"/rest/companies/{identifier}"),
        "depth 1": lambda: house.ask("GET", "/rest/companies?limit=20&depth=1"),
        "update": lambda: house.ask("PATCH", f"/rest/companies/{identifier}", {"name": "Renamed"}),
        "GraphQL list of 20": lambda: house.ask("POST", "/graphql", GRAPHQL),
    }
    for each in asked.values():
        median_ms(each, REQUESTS // 4)
    return {f"{name}, CPU": median_ms(each, REQUESTS, time.process_time) for name, each in asked.items()}


def changes(house: House, prefix: str) -> dict[str, float]:
    """Return the median time of making fields on an empty object, of making objects, and of what is asked next."""
    model, numbers = Model(house), iter(range(10_000))
    owner = model.create_object(f"{prefix}base", f"{prefix}bases")

    def make_object() -> None:
        name = f"{prefix}made{next(numbers)}"
        model.create_object(name, f"{name}s")

    def make_field() -> None:
        model.create_field(owner, "TEXT", f"text{next(numbers)}")

    return {
        "make a field": median_ms(make_field, CHANGES),
        "make an object": median_ms(make_object, CHANGES),
        "list of 20 behind a new field": behind(make_field, lambda: house.ask("GET", "/rest/companies?limit=20")),
        "GraphQL list of 20 behind a new field": behind(make_field, lambda: house.ask("POST", "/graphql", GRAPHQL)),
    }


def behind(change: Callable[[], None], ask: Callable[[], Any]) -> float:
    """Return the median time of the first request after a change."""
    spent = []
    for _ in range(CHANGES):
        change()
        spent.append(median_ms(ask, 1))
    return statistics.median(spent)


def starts(environment: dict[str, str], key: str) -> dict[str, float]:
    """Return the median time until a server of its own process listens, and until it has given its first answer."""
    listening, answered = [], []
    for _ in range(STARTS):
        begun = time.perf_counter()
        process, url, _ = start(environment)
        listening.append(time.perf_counter() - begun)
        request = urllib.request.Request(f"{url}/rest/companies", headers={"authorization": f"Bearer {key}"})
        with urllib.request.urlopen(request) as answer:
            answer.read()
        answered.append(time.perf_counter() - begun)
        stop(process)
    return {
        "start until it listens": statistics.median(listening) * 1000,
        "start until the first answer": statistics.median(answered) * 1000,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objects", type=int, default=200)
    parser.add_argument("--fields", type=int, default=30)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="icosa-bench-model-"))
    with asyncio.Runner() as runner:
        server = runner.run(EmbeddedServer.start(folder))
        workspace_id = runner.run(found(server.url))
        environment = {**os.environ, "ICOSA_DATABASE_URL": server.url, "APP_SECRET": SECRET}
        key = icosa(environment, "api-key", "create", "--name", "Bench", "--role", "Admin")
        taken: list[dict[str, float]] = []
        for size in ("small", "large"):
            if size == "large":
                runner.run(grow(server.url, workspace_id, options.objects, options.fields))
            with existing_house(server.url, key) as house:
                house.make("companies", [{"name": f"{size} {n}"} for n in range(100)])
                taken.append({**records(house), **changes(house, size)})
            taken[-1] |= starts(environment, key)
            print(f"measured the {size} model", file=sys.stderr)
        runner.run(server.stop())
    shutil.rmtree(folder, ignore_errors=True)
    print(f"| median ms | standard model | with {options.objects} objects of {options.fields} fields | ratio |")
    print("| --- | ---: | ---: | ---: |")
    for name, before in taken[0].items():
        print(f"| {name} | {before:.2f} | {taken[1][name]:.2f} | {taken[1][name] / before:.2f} |")


if __name__ == "__main__":
    main()
