"""A change of the model lets a large table be read and written: what takes long is done after it, under weak locks.

The work is held up by a transaction of the test's own, so that the tests look at the locks and the answers meanwhile and
measure no time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg
import pytest

from icosa.doctor.check import examine
from support.house import House, existing_house
from support.model import Model, options
from support.nothing_kept import touched

RECORDS = 200_000
ATTEMPTS = 3000
FILL = (
    "insert into {table} (id, name, position) select gen_random_uuid(), 'Place ' || n, n from generate_series(1, {n}) n"
)
LOCKS = """
select distinct mode from pg_locks l where l.relation = to_regclass($1) and l.locktype = 'relation' and l.granted and l.pid <> pg_backend_pid()
"""
BLOCKING = {"AccessExclusiveLock", "ExclusiveLock", "ShareLock", "ShareRowExclusiveLock"}


class Table:
    """An object with many records."""

    def __init__(self, house: House, model: Model) -> None:
        self.house = house
        self.model = model
        self.place = model.create_object("place", "places")
        schema = house.run(house.database.fetch_value("select schema_name from core.workspace"))
        table = house.run(
            house.database.fetch_value(
                "select relname from pg_class where relnamespace = to_regnamespace($1) and relname ~* 'place'"
                " and relkind = 'r'",
                f'"{schema}"',
            )
        )
        self.sql_name = f'"{schema}"."{table}"'
        house.run(house.database.execute(FILL.format(table=self.sql_name, n=RECORDS)))

    def field(self, name: str) -> str:
        fields = self.model.objects()["place"]["fieldsList"]
        return str(next(each["id"] for each in fields if each["name"] == name))

    def value(self, sql: str, *args: Any) -> Any:
        return self.house.run(self.house.database.fetch_value(sql, *args))

    def modes(self) -> set[str]:
        return {row["mode"] for row in self.house.run(self.house.database.fetch_all(LOCKS, self.sql_name))}

    def left(self) -> int:
        return int(self.value("select count(*) from core.table_work"))

    def use(self) -> None:
        """Read and write the object's records as clients do."""
        answer = self.house.ask("GET", "/rest/places?limit=3")
        assert (answer.status, len(answer.json["data"]["places"])) == (200, 3)
        self.house.make("places", [{"name": "Written meanwhile"}])

    def finish(self) -> None:
        self.house.run(self.house.base.work.wait())
        assert self.left() == 0
        assert self.house.run(examine(self.house.database, self.house.workspace_id)) == []


@pytest.fixture
def table(house: House, model: Model) -> Table:
    return Table(house, model)


@contextmanager
def held_up(house: House, *statements: str) -> Iterator[None]:
    """Hold a transaction open on another connection while the block runs."""

    @asynccontextmanager
    async def open_transaction() -> AsyncIterator[None]:
        connection = await asyncpg.connect(house.database._url)
        transaction = connection.transaction(isolation="repeatable_read")
        await transaction.start()
        for statement in statements:
            await connection.execute(statement)
        yield
        await transaction.rollback()
        await connection.close()

    opened = open_transaction()
    house.run(opened.__aenter__())
    try:
        yield
    finally:
        house.run(opened.__aexit__(None, None, None))


def until(house: House, table: Table, sql: str, *args: Any) -> None:
    """Let the work go on until a condition holds."""

    for _ in range(ATTEMPTS):
        if house.run(house.database.fetch_value(sql, *args)):
            return
        house.run(asyncio.sleep(0.01))
    raise AssertionError(sql)


UNUSABLE = "select exists (select from pg_index where indrelid = to_regclass($1) and not indisvalid)"


def test_a_relation_and_an_index_are_made_while_records_are_read_and_written(house: House, table: Table) -> None:
    target = table.model.objects()["company"]["id"]
    relation = {
        "type": "MANY_TO_ONE",
        "targetObjectMetadataId": target,
        "targetFieldLabel": "Places",
        "targetFieldIcon": "IconMap",
    }
    # An index made CONCURRENTLY waits for older snapshots before it is usable.
    with held_up(house, "select 1"):
        table.model.create_field(table.place, "RELATION", "owner", relationCreationPayload=relation)
        until(house, table, UNUSABLE, table.sql_name)
        assert "ShareUpdateExclusiveLock" in table.modes()
        assert not table.modes() & BLOCKING
        table.use()
        company = house.make("companies", [{"name": "Owner"}])[0]["id"]
        owned = house.make("places", [{"name": "Owned", "ownerId": company}])[0]
        read = house.ask("GET", f"/rest/companies/{company}?depth=1").json["data"]["company"]
        assert [each["id"] for each in read["places"]] == [owned["id"]]
        document = "mutation ($input: CreateOneIndexMetadataInput!) { createOneIndex(input: $input) { id name } }"
        given = {"objectMetadataId": table.place["id"], "fields": [{"fieldMetadataId": table.field("name")}]}
        assert table.model.ask(document, input={"index": given})["name"].startswith("IDX_")
        assert table.left() == 2
        assert not table.modes() & BLOCKING
    table.finish()


def test_the_search_vector_is_filled_while_records_are_read_and_written(house: House, table: Table) -> None:
    code = table.model.create_field(table.place, "TEXT", "code")["id"]
    identifier = table.value(f"select id::text from {table.sql_name} order by id offset 150000 limit 1")
    house.run(house.database.execute(f"update {table.sql_name} set code = 'zebra' where id = $1", identifier))
    search = '{ search(searchInput: "zebra", limit: 5, includedObjectNameSingulars: ["place"]) { edges { node { recordId } } } }'

    def hits() -> list[str]:
        answer = house.ask("POST", "/graphql", {"query": search}).json
        return [each["node"]["recordId"] for each in answer["data"]["search"]["edges"]]

    assert hits() == []
    table.model.update_object(table.place["id"], labelIdentifierFieldMetadataId=code)
    # The batches come to the record that another transaction has locked.
    with held_up(house, f"select from {table.sql_name} where id = '{identifier}' for update"):
        until(house, table, "select exists (select from pg_locks where not granted and locktype = 'transactionid')")
        assert not table.modes() & BLOCKING
        table.use()
        made = house.make("places", [{"name": "New", "code": "zebra"}])[0]["id"]
        assert hits() == [made]
    table.finish()
    # Told of with its batch, and no other batch had anything to fill.
    assert touched(house, table.place["id"]) == 1
    assert set(hits()) == {identifier, made}
    assert table.value(f'select count(*) from {table.sql_name} where "searchVector" is null') == 0
    # A rename is followed by what keeps the vector.
    table.model.update_field(code, name="label")
    after = house.make("places", [{"name": "Newer", "label": "zebra"}])[0]["id"]
    assert set(hits()) == {identifier, made, after}
    # The field is gone from the vector with itself; the table can be deleted.
    table.model.update_object(table.place["id"], labelIdentifierFieldMetadataId=table.field("name"))
    table.model.delete_field(code)
    table.finish()
    assert hits() == []
    table.model.delete_object(table.place["id"])
    assert (
        table.value("select count(*) from pg_proc where proname = $1", f"search_{table.place['id'].replace('-', '')}")
        == 0
    )


def test_what_a_crash_left_half_made_is_made_at_the_next_start(database_url: str, house: House, table: Table) -> None:
    document = "mutation ($input: CreateOneIndexMetadataInput!) { createOneIndex(input: $input) { id name } }"
    given = {"objectMetadataId": table.place["id"], "fields": [{"fieldMetadataId": table.field("name")}]}
    with held_up(house, "select 1"):
        table.model.ask(document, input={"index": given})
        until(house, table, UNUSABLE, table.sql_name)
        house.run(house.base.work.close())
    assert table.left() == 1
    with existing_house(database_url, house.key) as again:
        again.run(again.base.work.wait())
    assert table.left() == 0
    assert not table.value(UNUSABLE, table.sql_name)


def test_options_and_uniqueness_change_beside_a_reader(house: House, model: Model) -> None:
    """A transaction that has read the table neither stops these changes nor is stopped by them."""
    place = model.create_object("place", "places")
    kind = model.create_field(place, "SELECT", "kind", options=options("TOWN", "LAKE"))
    code = model.create_field(place, "TEXT", "code")["id"]
    house.make("places", [{"name": "A", "kind": "TOWN", "code": "a"}, {"name": "B", "kind": "LAKE", "code": "b"}])
    table = house.run(
        house.database.fetch_value(
            "select table_schema || '.' || table_name from information_schema.columns where column_name = 'kind' "
            "and table_name like '%place%'"
        )
    )
    with held_up(house, "select count(*) from {}".format(".".join(f'"{each}"' for each in table.split(".")))):
        renamed = [{**each, "value": "CITY"} if each["value"] == "TOWN" else each for each in kind["options"]]
        model.update_field(kind["id"], options=renamed)
        model.update_field(code, isUnique=True)
    told = house.ask("GET", "/rest/places?order_by=name").json["data"]["places"]
    assert [each["kind"] for each in told] == ["CITY", "LAKE"]
    assert house.ask("POST", "/rest/places", {"code": "a"}).status == 400
