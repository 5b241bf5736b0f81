"""The aggregates of an object by the names that both protocols use (`graphql-core.md` section 8)."""

from __future__ import annotations

from collections.abc import Mapping
from weakref import WeakKeyDictionary

from icosa.catalog.model import Field, Object
from icosa.naming import capitalized
from icosa.plan.reads import Aggregate


def field_aggregates(each: Field) -> Mapping[str, Aggregate]:
    """Return a field's aggregates by name, such as `sumAmountAmountMicros`."""
    return {
        f"{operation.value}{capitalized(each.name)}{suffix}": Aggregate(operation, each, leaf)
        for operation, leaf, suffix in each.type.aggregations(each)
    }


_made: WeakKeyDictionary[Object, Mapping[str, Aggregate]] = WeakKeyDictionary()


def aggregates_of(owner: Object) -> Mapping[str, Aggregate]:
    """Return all aggregates of an object by name, but `totalCount`; an object never changes, so they are made once."""
    found = _made.get(owner)
    if found is None:
        found = {name: made for each in owner.fields for name, made in field_aggregates(each).items()}
        _made[owner] = found
    return found
