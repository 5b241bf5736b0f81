from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest

from icosa.access.passwords import verify_password
from icosa.access.workspaces import (
    Person,
    create_user,
    create_workspace,
    find_workspace,
    join_workspace,
    schema_of,
)
from icosa.errors import BadInput, NotFound


@pytest.mark.parametrize(
    ("number", "name"), [(0, "0"), (35, "z"), (36, "10"), (2**128 - 1, "f5lxx1zz5pnorynqglhzmsp33")]
)
def test_a_schema_is_named_after_the_id_in_base_36(number: int, name: str) -> None:
    assert schema_of(UUID(int=number)) == f"workspace_{name}"


async def test_a_workspace_is_made(house) -> None:
    async with house.database.transaction() as connection:
        made, schema = await create_workspace(connection, "  Acme & Söhne ", subdomain="acme")
    row = await house.database.fetch_row("select * from core.workspace where id = $1", made)
    assert (row["display_name"], row["schema_name"], row["subdomain"]) == ("Acme & Söhne", schema, "acme")
    assert (row["metadata_version"], row["activation_status"], row["settings"]) == (1, "ACTIVE", "{}")
    assert re.fullmatch(r"[0-9a-f]{32}", row["invite_hash"])
    with pytest.raises(BadInput, match="taken"):
        async with house.database.transaction() as connection:
            await create_workspace(connection, "Acme", subdomain="acme")


@pytest.mark.parametrize(
    ("name", "subdomain"),
    [("", None), (" ", None), ("x" * 101, None), ("a\x00", None), ("A", "-a"), ("A", "A"), ("A", "a.b"), ("A", "")],
)
async def test_a_workspace_with_a_bad_name_is_refused(house, name: str, subdomain: str | None) -> None:
    with pytest.raises(BadInput):
        async with house.database.transaction() as connection:
            await create_workspace(connection, name, subdomain=subdomain)


async def test_a_workspace_is_found_by_id_by_name_or_by_being_the_only_one(house) -> None:
    only = await find_workspace(house.database)
    assert only["id"] == house.workspace_id
    assert (await find_workspace(house.database, "Acme"))["id"] == house.workspace_id
    assert (await find_workspace(house.database, str(house.workspace_id).upper()))["id"] == house.workspace_id
    with pytest.raises(NotFound, match="no workspace 'Other'"):
        await find_workspace(house.database, "Other")
    await house.workspace("Other")
    with pytest.raises(NotFound, match="several"):
        await find_workspace(house.database)
    await house.database.execute("update core.workspace set deleted_at = now()")
    with pytest.raises(NotFound, match="icosa init"):
        await find_workspace(house.database)


async def test_a_user_is_made_with_a_lower_cased_address_and_a_hashed_password(house) -> None:
    async with house.database.transaction() as connection:
        user = await create_user(connection, Person("Ada@Example.COM", "correct horse", " Ada "), admin=True)
    row = await house.database.fetch_row('select * from core."user" where id = $1', user)
    assert (row["email"], row["first_name"], row["can_access_full_admin_panel"]) == ("ada@example.com", "Ada", True)
    assert await verify_password("correct horse", row["password_hash"])
    with pytest.raises(BadInput, match="already"):
        async with house.database.transaction() as connection:
            await create_user(connection, Person("ADA@example.com", "correct horse"), admin=False)


@pytest.mark.parametrize(
    "person",
    [
        Person("nobody", "correct horse"),
        Person("", "correct horse"),
        Person(f"{'x' * 250}@example.com", "correct horse"),
        Person("a\x00@example.com", "correct horse"),
        Person("ada@example.com", "short"),
        Person("ada@example.com", "correct horse", "x" * 101),
        Person("ada@example.com", "correct horse", "a\x00"),
    ],
)
async def test_a_user_that_does_not_fit_is_refused(house, person: Person) -> None:
    with pytest.raises(BadInput):
        async with house.database.transaction() as connection:
            await create_user(connection, person, admin=False)


async def test_a_user_joins_once_and_may_come_back(house) -> None:
    user = await house.person()
    member, role = uuid4(), (await house.role("Read only"))["id"]
    with pytest.raises(BadInput, match="already"):
        async with house.database.transaction() as connection:
            await join_workspace(connection, house.workspace_id, user, member, role)
    await house.database.execute("update core.user_workspace set deleted_at = now() where user_id = $1", user)
    async with house.database.transaction() as connection:
        await join_workspace(connection, house.workspace_id, user, member, role)
    caller = await house.authenticator.authenticate(f"Bearer {house.session(user)}")
    assert (caller.workspace_member_id, caller.role_id) == (member, role)


async def test_a_role_must_be_the_workspaces_own_and_fit_for_users(house) -> None:
    other = await house.workspace("Other")
    async with house.database.transaction() as connection:
        user = await create_user(connection, Person("bob@example.com", "correct horse"), admin=False)
    for_keys = await house.database.fetch_value(
        "insert into core.role (workspace_id, label, can_be_assigned_to_users) values ($1, 'Bot', false) returning id",
        house.workspace_id,
    )
    for role, refusal in (((await house.role("Admin", other))["id"], NotFound), (for_keys, BadInput)):
        with pytest.raises(refusal):
            async with house.database.transaction() as connection:
                await join_workspace(connection, house.workspace_id, user, uuid4(), role)


async def test_a_workspace_takes_everything_of_its_own_along_when_it_goes(house) -> None:
    await house.key()
    await house.person()
    await house.database.execute("delete from core.workspace")
    for table in ("role", "api_key", "user_workspace"):
        assert await house.database.fetch_value(f"select count(*) from core.{table}") == 0
