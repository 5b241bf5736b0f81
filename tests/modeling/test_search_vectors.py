"""Search vectors are kept by triggers: on new tables, and on those of databases made when they were generated columns."""

from __future__ import annotations

from importlib.resources import files

from icosa.catalog.load import load_catalog
from icosa.catalog.model import Object
from icosa.modeling import ddl
from icosa.modeling.search_vectors import COLUMN, dropped_function, trigger_name
from support.house import House
from support.model import Model
from support.nothing_kept import by_others, touched

MIGRATION = files("icosa.store") / "migrations" / "0018_search_triggers.sql"


def person(house: House) -> Object:
    catalog = house.run(load_catalog(house.database, house.workspace_id))
    assert catalog is not None
    found: Object = catalog.by_singular["person"]
    return found


def found(house: House, words: str) -> int:
    query = "query ($words: String!) { people(filter: {searchVector: {search: $words}}) { totalCount } }"
    answer = house.ask("POST", "/graphql", {"query": query, "variables": {"words": words}})
    return int(answer.json["data"]["people"]["totalCount"])


def test_a_vector_follows_what_is_searched(house: House) -> None:
    owner = person(house)
    made = house.make("people", [{"name": {"firstName": "Zoë"}}])[0]["id"]
    assert found(house, "zoe") == 1
    house.ask("PATCH", f"/rest/people/{made}", {"name": {"firstName": "Ștefan"}})
    assert (found(house, "zoe"), found(house, "stefan")) == (0, 1)
    by_others(house, f'UPDATE {owner.sql_name} SET "searchVector" = NULL')
    assert found(house, "stefan") == 1


def test_a_vector_of_other_fields_is_told_of(house: House) -> None:
    model = Model(house)
    boat = model.create_object("boat", "boats")
    house.make("boats", [{"name": "Ark"}])
    code = model.create_field(boat, "TEXT", "code")["id"]
    assert touched(house, boat["id"]) == 0
    model.update_object(boat["id"], labelIdentifierFieldMetadataId=code)
    assert touched(house, boat["id"]) == 1


def test_generated_vectors_of_older_databases_are_kept_by_triggers(house: House) -> None:
    owner = person(house)
    house.make("people", [{"name": {"firstName": "Older"}}])
    expression = ddl.search_expression(owner, "")
    for statement in (
        f"DROP TRIGGER {trigger_name(owner)} ON {owner.sql_name}",
        dropped_function(owner),
        f'ALTER TABLE {owner.sql_name} DROP COLUMN "searchVector"',
        f'ALTER TABLE {owner.sql_name} ADD COLUMN "searchVector" tsvector GENERATED ALWAYS AS ({expression}) STORED',
        ddl.search_index(owner),
        MIGRATION.read_text(),
    ):
        house.run(house.database.execute(statement))
    watched = house.run(
        house.database.fetch_all(
            "select a.attname from pg_trigger t join unnest(t.tgattr) as x(n) on true "
            "join pg_attribute a on a.attrelid = t.tgrelid and a.attnum = x.n where t.tgname = $1",
            trigger_name(owner),
        )
    )
    searched = {leaf.column for name in owner.search_fields for leaf in owner.field_by_name[name].leaves}
    assert {COLUMN, "nameFirstName", "emailsPrimaryEmail"} <= {row["attname"] for row in watched} <= {COLUMN, *searched}
    made = house.make("people", [{"name": {"firstName": "Newer"}, "emails": {"primaryEmail": "née@example.com"}}])[0][
        "id"
    ]
    assert (found(house, "older"), found(house, "newer"), found(house, "nee@example.com")) == (1, 1, 1)
    house.ask("PATCH", f"/rest/people/{made}", {"name": {"firstName": "Newest"}})
    assert (found(house, "newer"), found(house, "newest")) == (0, 1)
