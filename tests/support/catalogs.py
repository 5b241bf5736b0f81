"""Two snapshots of a model held against one another, value by value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from icosa.catalog.load import load_catalog
from icosa.catalog.model import Catalog, Field, Index, Object, UniqueKey
from support.house import House


def differences(made: Catalog, loaded: Catalog) -> list[str]:
    """Return how two catalogs differ, and where the first does not hold together; nothing when they are equal."""
    return [*_differences(made, loaded), *_loose_ends(made)]


def _differences(made: Catalog, loaded: Catalog) -> Iterator[str]:
    for name in ("workspace_id", "schema", "version", "flags"):
        if getattr(made, name) != getattr(loaded, name):
            yield f"{name}: {getattr(made, name)} instead of {getattr(loaded, name)}"
    if [each.id for each in made.objects] != [each.id for each in loaded.objects]:
        yield f"objects: {_names(made)} instead of {_names(loaded)}"
        return
    for one, other in zip(made.objects, loaded.objects, strict=True):
        if (values := _values(one)) != (wanted := _values(other)):
            yield f"{other.name_singular}: {values} instead of {wanted}"


def _names(catalog: Catalog) -> list[str]:
    return [each.name_singular for each in catalog.objects]


def _values(subject: Any) -> Any:
    if isinstance(subject, UniqueKey):
        return subject.name, [each.id for each in subject.fields], [leaf.column for leaf in subject.leaves]
    if isinstance(subject, Object | Field | Index):
        return {each.name: _values(getattr(subject, each.name)) for each in fields(subject)}
    return [_values(each) for each in subject] if isinstance(subject, tuple) else subject


def _loose_ends(made: Catalog) -> Iterator[str]:
    held = {one.id: one for each in made.objects for one in each.fields}
    if made.field_by_id != held:
        yield "field_by_id does not hold the fields of the objects"
    for each in made.objects:
        if made.by_id[each.id] is not each or made.by_singular[each.name_singular] is not each:
            yield f"{each.name_singular}: not found by id and name"
        if any(one is not held.get(one.id) for key in each.unique_keys for one in key.fields):
            yield f"{each.name_singular}: a unique key is about fields of another snapshot"


def kept_differences(house: House) -> list[str]:
    """Return how the snapshot that a house's process goes on with differs from the model in the database."""
    kept = house.run(house.base.snapshots.get(house.workspace_id))
    return differences(kept, loaded(house))


def loaded(house: House) -> Catalog:
    """Return the model as it is read whole."""
    found = house.run(load_catalog(house.database, house.workspace_id))
    assert isinstance(found, Catalog)
    return found
