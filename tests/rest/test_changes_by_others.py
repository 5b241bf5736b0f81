"""What somebody changes in the tables around Icosa shows at once, in what is kept as well."""

from __future__ import annotations

from importlib.resources import files
from typing import Any
from uuid import uuid4

import pytest

from support.house import House
from support.model import Model
from support.nothing_kept import ask_twice, by_others, table_of, touched

MIGRATION = files("icosa.store") / "migrations" / "0019_changes_by_others.sql"
GROUPS = {"group_by": '[{"name":true}]', "aggregate": '["totalCount"]'}


def names(house: House, plural: str = "companies") -> list[str]:
    answer = ask_twice(house, "GET", f"/rest/{plural}?order_by=name").json
    groups = ask_twice(house, "GET", f"/rest/{plural}/groupBy", parameters=GROUPS).json
    found = [each["name"] for each in answer["data"][plural]]
    assert answer["totalCount"] == len(found) == sum(int(each["totalCount"]) for each in groups)
    return found


@pytest.fixture
def quiet(house: House) -> House:
    house.quiet()
    return house


def test_every_kind_of_statement_is_told(quiet: House) -> None:
    table = table_of(quiet, "company")
    quiet.make("companies", [{"name": "One"}])
    assert names(quiet) == ["One"]
    steps: list[tuple[str, list[str]]] = [
        (f"INSERT INTO {table} (name) VALUES ('Two')", ["One", "Two"]),
        (f"UPDATE {table} SET name = 'Three' WHERE name = 'Two'", ["One", "Three"]),
        (f"DELETE FROM {table} WHERE name = 'One'", ["Three"]),
        (f"TRUNCATE {table} CASCADE", []),
    ]
    for number, (statement, expected) in enumerate(steps, 1):
        by_others(quiet, statement)
        assert names(quiet) == expected
        assert touched(quiet) >= number


def test_what_foreign_keys_do_is_told(quiet: House) -> None:
    company = quiet.make("companies", [{"name": "One"}])[0]["id"]
    quiet.make("people", [{"companyId": company}])
    assert ask_twice(quiet, "GET", "/rest/people").json["data"]["people"][0]["companyId"] == company
    by_others(quiet, f"DELETE FROM {table_of(quiet, 'company')}")
    assert ask_twice(quiet, "GET", "/rest/people").json["data"]["people"][0]["companyId"] is None


def test_a_new_object_is_watched(quiet: House) -> None:
    Model(quiet).create_object("boat", "boats")
    quiet.make("boats", [{"name": "Ark"}])
    assert names(quiet, "boats") == ["Ark"]
    by_others(quiet, f"UPDATE {table_of(quiet, 'boat')} SET name = 'Argo'")
    assert names(quiet, "boats") == ["Argo"]


def test_tables_of_older_databases_are_watched(quiet: House) -> None:
    def run(sql: str) -> Any:
        return quiet.run(quiet.database.execute(sql))

    run("DROP FUNCTION core.tell_touched() CASCADE")
    table = table_of(quiet, "company")
    by_others(quiet, f"INSERT INTO {table} (name) VALUES ('One')")
    assert touched(quiet) == 0
    run(MIGRATION.read_text())
    assert names(quiet) == ["One"]
    by_others(quiet, f"INSERT INTO {table} (name) VALUES ('Two')")
    assert names(quiet) == ["One", "Two"]


def test_the_programs_own_sessions_are_not_taken_for_others(quiet: House) -> None:
    quiet.make("companies", [{"name": "One"}])
    quiet.run(quiet.database.execute(f"UPDATE {table_of(quiet, 'company')} SET name = 'Two'"))

    async def apart() -> None:
        async with quiet.database.apart() as connection:
            await connection.execute(f"UPDATE {table_of_company} SET name = 'Three'")

    table_of_company = table_of(quiet, "company")
    quiet.run(apart())
    assert touched(quiet) == 0


def test_somebody_who_may_only_write_the_table_is_told_of(quiet: House) -> None:
    role, table = f"clerk_{uuid4().hex}", table_of(quiet, "company")
    schema = table.split(".", maxsplit=1)[0]
    quiet.make("companies", [{"name": "One"}])
    assert names(quiet) == ["One"]
    quiet.run(quiet.database.execute(f"CREATE ROLE {role}"))
    try:
        quiet.run(quiet.database.execute(f"GRANT USAGE ON SCHEMA {schema}, core TO {role}"))
        quiet.run(quiet.database.execute(f"GRANT SELECT, UPDATE ON {table} TO {role}"))
        by_others(quiet, f"SET LOCAL ROLE {role}", f"UPDATE {table} SET name = 'Two'")
        assert names(quiet) == ["Two"]
    finally:
        quiet.run(quiet.database.execute(f"DROP OWNED BY {role}"))
        quiet.run(quiet.database.execute(f"DROP ROLE {role}"))
