"""What the standard objects do beyond ordinary records (`standard-objects.json`, `writeRules`)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from icosa.catalog.model import Catalog, Field, Object

CARRIED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "note": ("noteTargets",),
        "task": ("taskTargets",),
        "workflow": ("versions", "runs", "automatedTriggers"),
    }
)


def carried_along(catalog: Catalog, owner: Object) -> tuple[Field, ...]:
    """Return the one-to-many relations whose records are deleted and restored together with an object's own."""
    if owner.is_custom:
        return ()
    fields = (owner.field_by_name.get(name) for name in CARRIED.get(owner.name_singular, ()))
    return tuple(each for each in fields if each is not None and catalog.target(each) is not None)
