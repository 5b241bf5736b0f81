from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from icosa.access.permissions import (
    EVERYTHING,
    NOTHING,
    READING,
    SETTINGS_FLAGS,
    TOOL_FLAGS,
    KnownRoles,
    Permissions,
    RecordRights,
    load_permissions,
)
from icosa.access.views import Views, restrict
from icosa.catalog.load import build_catalog
from icosa.catalog.model import Catalog
from icosa.modeling.standard import StandardModel


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    workspace = UUID("20202020-1c25-4d02-bf25-6aeccf7ea419")
    model = StandardModel(workspace, legacy_fields=True)
    rows = [[{"created_at": None, "updated_at": None, **row} for row in rows] for rows in (model.objects, model.fields)]
    return build_catalog(workspace, "workspace_x", 1, *rows, model.indexes)


def allowed(records: RecordRights = EVERYTHING, **more) -> Permissions:
    return Permissions(uuid4(), records, **more)


def test_the_own_rights_of_an_object_come_before_the_roles(catalog: Catalog) -> None:
    company, person = catalog.by_singular["company"], catalog.by_singular["person"]
    given = allowed(READING, objects={company.id: RecordRights(update=True), person.id: RecordRights(read=False)})
    assert given.on(company) == RecordRights(read=True, update=True, soft_delete=False, destroy=False)
    assert (given.can_read(company), given.can_update(company)) == (True, True)
    assert (given.can_soft_delete(company), given.can_destroy(company)) == (False, False)
    assert given.on(person) == replace(READING, read=False)
    assert given.on(catalog.by_singular["opportunity"]) == READING


def test_system_objects_are_open_to_every_role_but_not_for_writing_to_one_that_only_reads(catalog: Catalog) -> None:
    attachment = catalog.by_singular["attachment"]
    own = {attachment.id: NOTHING}
    assert allowed(EVERYTHING, objects=own).on(attachment) == EVERYTHING
    assert allowed(READING).on(attachment) == READING
    assert allowed(NOTHING).on(attachment) == READING
    writes_one = {catalog.by_singular["note"].id: RecordRights(read=True, update=True)}
    assert allowed(NOTHING, objects=writes_one).on(attachment) == EVERYTHING


def test_members_and_workflows_follow_their_flags(catalog: Catalog) -> None:
    member, workflow = catalog.by_singular["workspaceMember"], catalog.by_singular["workflow"]
    assert (allowed().on(member), allowed().on(workflow)) == (READING, NOTHING)
    flags = frozenset({"WORKSPACE_MEMBERS", "WORKFLOWS"})
    assert (allowed(flags=flags).on(member), allowed(flags=flags).on(workflow)) == (EVERYTHING, EVERYTHING)
    assert allowed(READING, flags=flags).on(workflow) == READING


def test_settings_and_tools_are_granted_together_or_one_by_one() -> None:
    settings, tools, one = (
        allowed(all_settings=True),
        allowed(all_tools=True),
        allowed(flags=frozenset({"ROLES", "AI"})),
    )
    for flag in SETTINGS_FLAGS:
        assert (settings.has_flag(flag), tools.has_flag(flag), one.has_flag(flag)) == (True, False, flag == "ROLES")
    for flag in TOOL_FLAGS:
        assert (settings.has_flag(flag), tools.has_flag(flag), one.has_flag(flag)) == (False, True, flag == "AI")


def test_a_field_that_may_not_be_read_may_not_be_written() -> None:
    hidden, fixed, free = uuid4(), uuid4(), uuid4()
    given = allowed(unreadable=frozenset({hidden}), unwritable=frozenset({fixed}))
    assert [given.may_read_field(each) for each in (hidden, fixed, free)] == [False, True, True]
    assert [given.may_update_field(each) for each in (hidden, fixed, free)] == [False, False, True]


def test_a_role_without_restrictions_sees_the_model_itself(catalog: Catalog) -> None:
    assert Views().view(catalog, allowed(all_settings=True)) is catalog
    assert Views().view(catalog, allowed()) is not catalog


def test_a_view_leaves_out_what_may_not_be_read(catalog: Catalog) -> None:
    company, person = catalog.by_singular["company"], catalog.by_singular["person"]
    domain, name = company.field_by_name["domainName"], company.field_by_name["name"]
    given = allowed(
        objects={person.id: NOTHING},
        unreadable=frozenset({domain.id, name.id, company.field_by_name["id"].id}),
        unwritable=frozenset({company.field_by_name["employees"].id}),
    )
    view = restrict(catalog, given)
    assert "person" not in view.by_singular
    seen = view.by_singular["company"]
    assert {"id", "name"} <= set(seen.field_by_name), "the id and the label identifier stay readable"
    assert "domainName" not in seen.field_by_name
    assert not any("domainNamePrimaryLinkUrl" in criteria for criteria in seen.duplicate_criteria)
    assert not any(domain in key.fields for key in seen.unique_keys)
    assert company.field_by_name["employees"].id in seen.unwritable
    assert view.target(seen.field_by_name["people"]) is None


def test_a_view_is_kept_as_long_as_its_catalog_and_role(catalog: Catalog) -> None:
    views, given = Views(), allowed(READING)
    view = views.view(catalog, given)
    assert views.view(catalog, given) is view
    assert views.view(catalog, allowed(READING)) is not view
    gone = weakref.ref(view)
    del view, given
    gc.collect()
    assert gone() is None


def test_a_view_of_a_newer_model_shares_what_did_not_change(catalog: Catalog) -> None:
    company, views, given = catalog.by_singular["company"], Views(), allowed(READING)
    before = views.view(catalog, given)
    fewer = replace(company, fields=company.fields[:-1])
    objects = tuple(fewer if each is company else each for each in catalog.objects)
    after = views.view(catalog.followed_by(catalog.version + 1, objects, catalog.flags), given)
    assert [each.name_singular for each in after.objects if before.by_id[each.id] is not each] == ["company"]
    assert len(after.by_singular["company"].fields) == len(before.by_singular["company"].fields) - 1


def test_what_timeline_activities_may_tell_follows_the_whole_model(catalog: Catalog) -> None:
    """An activity tells of other records: an object that comes into the model may take the activities away."""
    company, person = catalog.by_singular["company"], catalog.by_singular["person"]
    views, given = Views(), allowed(objects={person.id: NOTHING})
    few = Catalog(
        catalog.workspace_id, catalog.schema, 1, tuple(each for each in catalog.objects if each is not person)
    )
    assert "timelineActivity" in views.view(few, given).by_singular
    assert "timelineActivity" not in views.view(few.followed_by(2, catalog.objects, few.flags), given).by_singular
    hidden = allowed(unreadable=frozenset({company.field_by_name["employees"].id}))
    assert "properties" not in views.view(catalog, hidden).by_singular["timelineActivity"].field_by_name


async def test_rights_are_read_and_equal_ones_are_the_same_object(house) -> None:
    role, known = (await house.role("Member"))["id"], KnownRoles()
    first = await load_permissions(house.database, known, role)
    assert (first.role_id, first.records, first.all_settings, first.all_tools) == (role, EVERYTHING, False, True)
    assert await load_permissions(house.database, known, uuid4()) is None
    await house.database.execute("update core.role set label = 'Colleague', updated_at = now() where id = $1", role)
    assert await load_permissions(house.database, known, role) is first
    seen = {first}
    company, field, other = uuid4(), uuid4(), uuid4()
    for sql, values in (
        ("insert into core.object_permission (role_id, object_id, can_update) values ($1, $2, false)", (role, company)),
        (
            "insert into core.field_permission (role_id, object_id, field_id, can_read) values ($1, $2, $3, false)",
            (role, company, field),
        ),
        (
            "insert into core.field_permission (role_id, object_id, field_id, can_update) values ($1, $2, $3, false)",
            (role, company, other),
        ),
        ("insert into core.permission_flag (role_id, flag) values ($1, $2)", (role, "ROLES")),
    ):
        await house.database.execute(sql, *values)
        seen.add(await load_permissions(house.database, known, role))
    assert len(seen) == 5
    last = await load_permissions(house.database, known, role)
    assert last.objects == {company: RecordRights(update=False)}
    assert (last.unreadable, last.unwritable, last.flags) == ({field}, {other}, {"ROLES"})


def test_no_more_roles_are_kept_than_asked_for() -> None:
    known = KnownRoles(most=2)
    text = (
        '{"id": "%s", "can_update_all_settings": false, "can_access_all_tools": false, "objects": [], "fields": [], '
        '"flags": [], "can_read_all_object_records": true, "can_update_all_object_records": true, '
        '"can_soft_delete_all_object_records": true, "can_destroy_all_object_records": true}'
    )
    texts = [text % uuid4() for _ in range(3)]
    made = [known.of(each) for each in texts]
    assert known.of(texts[2]) is made[2]
    assert known.of(texts[0]) is not made[0]
