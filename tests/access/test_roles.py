from __future__ import annotations

import asyncpg
import pytest

from icosa.errors import NotFound

RIGHTS = ("read", "update", "soft_delete", "destroy")


@pytest.mark.parametrize(
    ("label", "rights"),
    [
        ("Admin", (True, True, True, True, True, False)),
        ("Member", (True, False, True, True, False, True)),
        ("Read only", (False, False, False, True, True, True)),
    ],
)
async def test_the_roles_of_a_new_workspace(house, label: str, rights: tuple[bool, ...]) -> None:
    writes, settings, tools, users, keys, editable = rights
    row = await house.role(label)
    assert [row[f"can_{right}_all_object_records"] for right in RIGHTS] == [True, writes, writes, writes]
    assert (row["can_update_all_settings"], row["can_access_all_tools"]) == (settings, tools)
    assert (row["can_be_assigned_to_users"], row["can_be_assigned_to_api_keys"]) == (users, keys)
    assert not row["can_be_assigned_to_agents"]
    assert row["is_editable"] == editable


async def test_member_is_the_default_role(house) -> None:
    sql = "select default_role_id from core.workspace where id = $1"
    assert await house.database.fetch_value(sql, house.workspace_id) == (await house.role("Member"))["id"]


async def test_a_role_is_found_by_id_and_by_label_in_any_letter_case(house) -> None:
    found = await house.role("Read only")
    for name in ("read ONLY", str(found["id"]), str(found["id"]).upper()):
        assert (await house.role(name))["id"] == found["id"]


async def test_the_exact_label_comes_first(house) -> None:
    sql = "insert into core.role (workspace_id, label) values ($1, 'admin') returning id"
    made = await house.database.fetch_value(sql, house.workspace_id)
    assert (await house.role("admin"))["id"] == made
    assert (await house.role("Admin"))["id"] != made


@pytest.mark.parametrize("name", ["Guest", "", "a\x00b", "20202020-1c25-4d02-bf25-6aeccf7ea419"])
async def test_an_unknown_role_is_not_found_and_the_known_ones_are_named(house, name: str) -> None:
    with pytest.raises(NotFound, match="Admin, Member, Read only"):
        await house.role(name)


async def test_a_neighbours_role_is_not_found(house) -> None:
    other = await house.workspace("Other")
    with pytest.raises(NotFound):
        await house.role(str((await house.role("Admin", other))["id"]))


async def test_labels_are_unique_within_a_workspace(house) -> None:
    with pytest.raises(asyncpg.UniqueViolationError):
        await house.database.execute(
            "insert into core.role (workspace_id, label) values ($1, 'Admin')", house.workspace_id
        )


async def test_a_new_role_has_no_right_and_may_be_given_to_everybody(house) -> None:
    sql = "insert into core.role (workspace_id, label) values ($1, 'Clerk') returning *"
    row = await house.database.fetch_row(sql, house.workspace_id)
    assert not any(row[f"can_{right}_all_object_records"] for right in RIGHTS)
    assert not row["can_update_all_settings"] and not row["can_access_all_tools"]
    assert all(row[f"can_be_assigned_to_{whom}"] for whom in ("users", "agents", "api_keys"))
