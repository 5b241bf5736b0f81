"""A document tells what the caller's role may read and write, and nothing else (`openapi.md` sections 1 and 6)."""

from __future__ import annotations

import pytest

from support.house import House
from support.openapi import fetch

HIDE_FIELD = """
insert into core.field_permission (role_id, object_id, field_id, can_read, can_update)
select r.id, f.object_id, f.id, $3, false
from core.role r, core.field_metadata f join core.object_metadata o on o.id = f.object_id
where r.label = 'Member' and o.name_singular = $1 and f.name = $2
"""
HIDE_OBJECT = """
insert into core.object_permission (role_id, object_id, can_read, can_update, can_soft_delete, can_destroy)
select r.id, o.id, $2, false, false, false from core.role r, core.object_metadata o
where r.label = 'Member' and o.name_singular = $1
"""


def member_key(house: House) -> str:
    house.run(house.database.execute("update core.role set can_be_assigned_to_api_keys = true where label = 'Member'"))
    return house.make_key("Member")


def test_a_hidden_field_is_absent(house: House) -> None:
    house.run(house.database.execute(HIDE_FIELD, "person", "emails", False))
    house.run(house.database.execute(HIDE_FIELD, "person", "jobTitle", None))
    document = fetch(house, "core", key=member_key(house))
    schemas = document.content["components"]["schemas"]
    for name in ("Person", "PersonForUpdate", "PersonForResponse"):
        assert "emails" not in schemas[name]["properties"], name
        assert "phones" in schemas[name]["properties"], name
    assert "PersonEmails" not in schemas
    assert "jobTitle" in schemas["PersonForResponse"]["properties"]
    assert "jobTitle" not in schemas["Person"]["properties"]
    listing = str(document.operation("GET", "/people"))
    assert "emails.primaryEmail" not in listing
    assert "jobTitle" in listing
    whole = fetch(house, "core").content["components"]["schemas"]
    assert {"emails", "jobTitle"} <= set(whole["Person"]["properties"])


def test_a_hidden_object_is_absent(house: House) -> None:
    house.run(house.database.execute(HIDE_OBJECT, "opportunity", False))
    answer = house.ask("GET", "/rest/open-api/core", key=member_key(house))
    assert not {"/opportunities", "/batch/opportunities", "/restore/opportunities"} & set(answer.json["paths"])
    assert "Opportunity Created" not in answer.json["webhooks"]
    assert "opportunities" not in {tag["name"] for tag in answer.json["tags"]}
    assert not [name for name in answer.json["components"]["schemas"] if name.startswith("Opportunit")]
    assert "opportunities" not in answer.json["components"]["schemas"]["CompanyForResponse"]["properties"]


def test_an_object_that_may_only_be_read_has_only_reads(house: House) -> None:
    house.run(house.database.execute(HIDE_OBJECT, "opportunity", True))
    paths = fetch(house, "core", key=member_key(house)).content["paths"]
    told = {path: set(item) for path, item in paths.items() if "/opportunities" in path}
    assert told == {f"/opportunities{part}": {"get"} for part in ("", "/{id}", "/{id}/history", "/groupBy")}
    assert set(paths["/companies"]) == {"get", "post", "patch", "delete"}


def test_a_reader_s_documents_hold_only_reads(house: House) -> None:
    key = house.make_key("Read only")
    core = fetch(house, "core", key=key)
    assert {(path, method) for path, method, _ in core.operations() if method != "get"} == {
        ("/companies/duplicates", "post"),
        ("/people/duplicates", "post"),
    }
    metadata = fetch(house, "metadata", key=key)
    assert {method for _, method, _ in metadata.operations()} == {"get"}
    assert not {"/webhooks", "/apiKeys"} & set(metadata.content["paths"])
    assert {"/webhooks", "/apiKeys"} <= set(fetch(house, "metadata").content["paths"])


@pytest.mark.parametrize(
    ("plural", "operations"),
    [
        ("companies", {"get", "post", "patch", "delete"}),
        # Nobody makes members over the API, changes many of them or deletes many (`rest-core.md` section 10).
        ("workspaceMembers", {"get"}),
        ("workflowRuns", {"get"}),
        # Only a signed-in person writes these.
        ("blocklists", {"get", "delete"}),
    ],
)
def test_only_what_the_object_can_do_is_told(house: House, plural: str, operations: set[str]) -> None:
    assert set(fetch(house, "core").content["paths"][f"/{plural}"]) == operations


def test_merge_and_duplicates_are_told_where_they_work(house: House) -> None:
    paths = fetch(house, "core").content["paths"]
    assert {path for path in paths if path.endswith(("/merge", "/duplicates"))} == {
        "/companies/merge",
        "/companies/duplicates",
        "/people/merge",
        "/people/duplicates",
    }


def test_each_role_keeps_its_own_document(house: House) -> None:
    reader = house.make_key("Read only")
    whole, reduced = (house.ask("GET", "/rest/open-api/core", key=key) for key in (house.key, reader))
    assert whole.headers["etag"] != reduced.headers["etag"]
    again = house.ask("GET", "/rest/open-api/core", key=reader, headers={"if-none-match": whole.headers["etag"]})
    assert (again.status, again.content) == (200, reduced.content)
