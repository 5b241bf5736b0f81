"""Snapshots that follow a model: only what changed is made anew, and what they hold is what a whole reading gives."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from icosa.access.feature_flags import DIRECT_FORMAT, set_feature_flag
from icosa.catalog.model import Catalog
from icosa.catalog.renew import renew_catalog
from icosa.catalog.snapshots import CHANNEL, Snapshots
from icosa.modeling.change import Modeler
from icosa.modeling.fields import create_field
from icosa.modeling.install import insert_rows
from icosa.modeling.objects import create_object
from icosa.modeling.rows import field_row
from support.catalogs import differences, kept_differences, loaded
from support.house import House, existing_house
from support.model import Model

BARN = {"nameSingular": "barn", "namePlural": "barns", "labelSingular": "Barn", "labelPlural": "Barns"}


def kept(house: House) -> Catalog:
    found = house.run(house.base.snapshots.get(house.workspace_id))
    assert isinstance(found, Catalog)
    return found


def until(house: House, condition: Callable[[], bool]) -> None:
    """Let a house's process hear what there is to hear; a notice takes a few milliseconds."""
    for _ in range(500):
        if condition():
            return
        house.run(asyncio.sleep(0.01))
    raise AssertionError("nothing was heard")


def test_what_did_not_change_is_shared(house: House, model: Model) -> None:
    before = kept(house)
    barn = model.create_object("barn", "barns")
    after = kept(house)
    changed = {each.name_singular for each in after.objects if before.by_id.get(each.id) is not each}
    assert changed == {"barn", "timelineActivity", "attachment", "noteTarget", "taskTarget"}
    timeline = before.by_singular["timelineActivity"]
    assert all(after.field_by_id[each.id] is each for each in timeline.fields)
    model.create_field(barn, "TEXT", "colour", isUnique=True)
    last = kept(house)
    assert [each.name_singular for each in last.objects if after.by_id[each.id] is not each] == ["barn"]
    assert differences(last, loaded(house)) == []


def test_another_process_follows(house: House, model: Model, database_url: str) -> None:
    house.quiet()
    with existing_house(database_url, house.key) as other:
        company = kept(other).by_singular["company"]
        barn = model.create_object("barn", "barns")
        until(other, lambda: "barn" in kept(other).by_singular)
        assert kept(other).by_singular["company"] is company
        model.create_field(barn, "TEXT", "colour")
        model.update_object(barn["id"], nameSingular="stable", namePlural="stables")
        until(other, lambda: "stable" in kept(other).by_singular)
        assert kept_differences(other) == []
        model.delete_object(barn["id"])
        until(other, lambda: "stable" not in kept(other).by_singular)
        assert kept_differences(other) == []
        assert kept(other).by_singular["company"] is company


def test_a_missed_notice_is_made_up_for(house: House, model: Model) -> None:
    snapshots = Snapshots(house.database)
    first = house.run(snapshots.get(house.workspace_id))
    barn = model.create_object("barn", "barns")
    model.create_field(barn, "TEXT", "colour")
    assert snapshots.current(house.workspace_id) is first
    model.delete_field(model.create_field(barn, "TEXT", "size")["id"])
    snapshots._listen(f"{house.workspace_id} {kept(house).version}")
    assert snapshots.current(house.workspace_id) is None
    renewed = house.run(snapshots.get(house.workspace_id))
    assert differences(renewed, loaded(house)) == []
    assert renewed.by_singular["company"] is first.by_singular["company"]


def test_who_cannot_tell_reads_everything(house: House, model: Model) -> None:
    snapshots = Snapshots(house.database)
    first = house.run(snapshots.get(house.workspace_id))
    model.create_object("barn", "barns")
    for payload in ("", str(house.workspace_id)):
        snapshots._listen(payload)
        whole = house.run(snapshots.get(house.workspace_id))
        assert differences(whole, loaded(house)) == []
        assert whole.by_singular["company"] is not first.by_singular["company"]
        first = whole


def test_a_database_that_was_put_back_is_read_anew(house: House, model: Model) -> None:
    model.create_object("barn", "barns")
    snapshots = Snapshots(house.database)
    first = house.run(snapshots.get(house.workspace_id))
    house.run(house.database.execute("UPDATE core.workspace SET metadata_version = 1"))
    snapshots._listen(f"{house.workspace_id} {first.version + 1}")
    whole = house.run(snapshots.get(house.workspace_id))
    assert whole.version == 1
    assert differences(whole, loaded(house)) == []
    house.run(house.database.execute("UPDATE core.workspace SET metadata_version = $1", first.version))
    snapshots.forget(house.workspace_id)


def changing(house: House, do: Callable[[Any], Coroutine[Any, Any, Any]]) -> None:
    """Make a change in the house's process."""

    async def run() -> None:
        modeler = Modeler(house.database, house.base.snapshots, house.base.work)
        async with modeler.change(house.workspace_id) as change:
            await do(change)

    house.run(run())


class Stopped(Exception):
    pass


def test_a_change_that_is_rolled_back_leaves_no_trace(house: House) -> None:
    before = kept(house)

    async def make_and_stop(change: Any) -> None:
        barn = await create_object(change, BARN)
        given = {"objectMetadataId": str(barn.id), "type": "TEXT", "name": "colour", "label": "Colour"}
        await create_field(change, given)
        assert "colour" in change.catalog.by_singular["barn"].field_by_name
        raise Stopped

    with pytest.raises(Stopped):
        changing(house, make_and_stop)
    assert kept(house) is before
    assert kept_differences(house) == []


def test_a_commit_that_fails_leaves_no_trace(house: House) -> None:
    before = kept(house)
    company = before.by_singular["company"]

    async def make_what_cannot_stay(change: Any) -> None:
        row = field_row(company.id, "RELATION", "nowhere", "Nowhere", settings={"relationType": "ONE_TO_MANY"})
        row |= {"relation_target_object_id": str(company.id), "relation_target_field_id": str(uuid4())}
        await insert_rows(change.connection, "field_metadata", change.workspace_id, [row])

    with pytest.raises(asyncpg.ForeignKeyViolationError):
        changing(house, make_what_cannot_stay)
    assert kept(house) is before
    assert kept_differences(house) == []


def test_changes_at_once(house: House, database_url: str) -> None:
    document = "mutation ($input: CreateOneObjectInput!) { createOneObject(input: $input) { id } }"

    def request(number: int) -> tuple[str, str, Any]:
        name = f"thing{number}"
        given = {"nameSingular": name, "namePlural": f"{name}s", "labelSingular": name, "labelPlural": f"{name}s"}
        return "POST", "/metadata", {"query": document, "variables": {"input": {"object": given}}}

    # A house runs only while it is asked: what goes on beside would stand still with its locks taken.
    house.quiet()
    with existing_house(database_url, house.key) as other:
        kept(other)
        for first in (0, 10):
            for each in (house, other):
                mine = range(first, first + 3) if each is house else range(first + 5, first + 8)
                answers = each.together(*(request(number) for number in mine), ("GET", "/rest/companies", None))
                assert [answer.json.get("errors") for answer in answers] == [None] * 4
        names = {f"thing{number}" for first in (0, 5, 10, 15) for number in range(first, first + 3)}
        for each in (house, other):
            until(each, lambda each=each: names <= kept(each).by_singular.keys())  # type: ignore[misc]
            assert kept_differences(each) == []


def test_a_switch_is_followed_and_changes_nothing_else(house: House, model: Model, database_url: str) -> None:
    model.create_object("barn", "barns")
    before = kept(house)
    house.quiet()
    with existing_house(database_url, house.key) as other:
        kept(other)
        other.run(set_feature_flag(other.database, house.workspace_id, DIRECT_FORMAT, value=True))
        until(house, lambda: DIRECT_FORMAT in kept(house).flags)
        until(other, lambda: DIRECT_FORMAT in kept(other).flags)
        after = kept(house)
        assert after.version == before.version + 1
        assert all(one is two for one, two in zip(after.objects, before.objects, strict=True))
        # A change made upon the switch does not lose it.
        model.create_object("stable", "stables")
        assert DIRECT_FORMAT in kept(house).flags
        assert kept_differences(house) == []
        until(other, lambda: "stable" in kept(other).by_singular)


def test_a_notice_of_ones_own_change_is_no_news(house: House, model: Model) -> None:
    heard: list[str] = []
    house.run(house.database.listen(CHANNEL, heard.append))
    model.create_object("barn", "barns")
    made = kept(house)
    until(house, lambda: bool(heard))
    assert heard == [f"{house.workspace_id} {made.version}"]
    assert kept(house) is made


def test_nothing_keeps_an_old_model(house: House, model: Model) -> None:
    house.quiet()
    barn = model.create_object("barn", "barns")
    query = {"query": "query ($filter: BarnFilterInput) { barns(filter: $filter) { edges { node { id colour } } } }"}

    def asked() -> weakref.ref[Catalog]:
        for path in ("/rest/barns", "/rest/companies?depth=1"):
            assert house.ask("GET", path).status == 200
        house.make("barns", [{"name": "a"}])
        assert "errors" not in house.ask("POST", "/graphql", query).json
        assert house.ask("GET", "/rest/open-api/core").status == 200
        return weakref.ref(kept(house))

    old = asked()
    model.create_field(barn, "TEXT", "colour")
    asked()
    gc.collect()
    assert old() is None


def test_an_older_model_never_takes_the_place_of_a_newer_one(house: House, model: Model) -> None:
    snapshots = Snapshots(house.database)
    old = house.run(snapshots.get(house.workspace_id))
    barn = model.create_object("barn", "barns")
    new = house.run(renew_catalog(house.database, old))
    snapshots.keep(new)
    snapshots.keep(old)
    assert snapshots.current(house.workspace_id) is new
    # A change that was heard of before the own one is kept: the next reading starts from the own one.
    model.create_field(barn, "TEXT", "colour")
    snapshots._listen(f"{house.workspace_id} {new.version + 1}")
    snapshots.keep(new)
    assert snapshots.current(house.workspace_id) is None
    assert snapshots.known(house.workspace_id) is new
    assert differences(house.run(snapshots.get(house.workspace_id)), loaded(house)) == []
