"""Dimensions and orders of groups out of their JSON form, the same for both protocols (`rest-core.md` section 14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from icosa.catalog.model import SYSTEM_FIELDS, Catalog, Field, Object
from icosa.errors import BadInput
from icosa.fields.base import Leaf
from icosa.fields.buckets import GRANULARITIES, SPANS, WEEK_STARTS, Bucket
from icosa.plan.aggregates import aggregates_of
from icosa.plan.conditions import DIRECTIONS
from icosa.plan.filters import Path
from icosa.plan.groups import Dimension, GroupOrder
from icosa.plan.paths import no_field, no_target
from icosa.plan.reads import TotalCount
from icosa.plan.values import Values

CODE = "INVALID_QUERY_INPUT"
DATED_KEYS = frozenset({"granularity", "timeZone", "weekStartDay"})
GROUPABLE_SYSTEM = frozenset({"createdAt", "updatedAt"})


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


class DimensionReader:
    """Reads `group_by` and the `order_by` that goes with it.

    Args:
        catalog: the caller's view.
        owner: whose records are grouped.
        values: takes time zones.
    """

    def __init__(self, catalog: Catalog, owner: Object, values: Values) -> None:
        self._catalog = catalog
        self._owner = owner
        self._values = values

    def dimensions(self, entries: Any) -> tuple[Dimension, ...]:
        """Return the dimensions of a list of one-key objects; a lone object is a list of one.

        Raises:
            BadInput: another form, an unknown or ungroupable field, a bad granularity or time zone.
        """
        listed = [entries] if isinstance(entries, dict) else entries
        if not isinstance(listed, list):
            raise BadInput("group_by: must be a list of objects with one key each", CODE)
        return tuple(self._dimension(_only(entry, "group_by")) for entry in listed)

    def order(self, entries: Any, dimensions: Sequence[Dimension]) -> tuple[GroupOrder, ...]:
        """Return the sort keys of groups: dimensions that are grouped by, and aggregates.

        Raises:
            BadInput: anything else.
        """
        listed = [entries] if isinstance(entries, dict) else entries
        if not isinstance(listed, list):
            raise BadInput("order_by: must be a list of objects with one key each", CODE)
        return tuple(self._order(_only(entry, "order_by"), dimensions) for entry in listed)

    def _dimension(self, entry: tuple[str, Any]) -> Dimension:
        name, value = entry
        joined = self._owner.field_by_join_column.get(name)
        field = joined or self._owner.field_by_name.get(name)
        if field is None:
            raise no_field(self._owner, name, CODE, "group_by")
        if joined is not None:
            self._flag(name, value)
            return Dimension(Path(joined.leaves[0]))
        if field.relation is not None:
            return self._related(field, value)
        return self._of_field(field, value, None)

    def _related(self, field: Field, value: Any) -> Dimension:
        target = self._catalog.target(field)
        if field.join_column and target is None:
            raise no_target(self._owner, field.name)
        if target is None or not field.join_column:
            raise BadInput(f"group_by: records cannot be grouped by '{field.name}'", CODE)
        name, inner = _only(value, f"group_by: {field.name}")
        behind = target.field_by_name.get(name)
        if name in target.hidden:
            raise no_field(target, name, CODE, "group_by")
        if behind is None or behind.relation is not None:
            raise BadInput(f"group_by: {target.label_singular.lower()} has no groupable field '{name}'", CODE)
        return self._of_field(behind, inner, field)

    def _of_field(self, field: Field, value: Any, relation: Field | None) -> Dimension:
        label = f"{relation.name}.{field.name}" if relation else field.name
        if field.name in SYSTEM_FIELDS - GROUPABLE_SYSTEM and not (relation and field.name == "id"):
            raise BadInput(f"group_by: records cannot be grouped by '{label}'", CODE)
        leaf = self._leaf(field, value, label)
        if not leaf.groupable:
            raise BadInput(f"group_by: records cannot be grouped by '{label}'", CODE)
        path = Path(leaf, relation)
        if field.is_composite:
            return Dimension(path)
        if leaf.type.is_dated and isinstance(value, dict):
            return Dimension(path, self._bucket(value, leaf, label))
        if leaf.type.is_list and value == {"unnest": True}:
            return Dimension(path, unnest=True)
        self._flag(label, value)
        return Dimension(path)

    def _leaf(self, field: Field, value: Any, label: str) -> Leaf:
        if not field.is_composite:
            return field.leaves[0]
        name, flag = _only(value, f"group_by: {label}")
        found = next((leaf for leaf in field.leaves if leaf.path[1] == name), None)
        if found is None:
            raise BadInput(f"group_by: '{label}' has no sub-field '{name}'", CODE)
        self._flag(f"{label}.{name}", flag)
        return found

    @staticmethod
    def _flag(label: str, value: Any) -> None:
        if value is not True:
            raise BadInput(f"group_by: '{label}' takes true", CODE)

    def _bucket(self, value: dict[str, Any], leaf: Leaf, label: str) -> Bucket:
        if not DATED_KEYS.issuperset(value):
            raise BadInput(f"group_by: '{label}' takes granularity, timeZone and weekStartDay", CODE)
        granularity = value.get("granularity", "DAY")
        start = value.get("weekStartDay") or "MONDAY"
        if not isinstance(granularity, str) or granularity not in GRANULARITIES:
            raise BadInput(f"group_by: the granularity must be one of {', '.join(sorted(GRANULARITIES))}", CODE)
        if not isinstance(start, str) or start not in WEEK_STARTS:
            raise BadInput(f"group_by: weekStartDay must be one of {', '.join(WEEK_STARTS)}", CODE)
        zone = value.get("timeZone")
        if zone is not None and (not isinstance(zone, str) or zone not in _zones()):
            raise BadInput(f"group_by: '{zone}' is no IANA time zone", "INVALID_TIMEZONE")
        if granularity not in SPANS or not leaf.type.needs_zone:
            return Bucket(granularity, WEEK_STARTS[start])
        if zone is None:
            raise BadInput(f"group_by: '{label}' needs a timeZone", "MISSING_TIMEZONE_FOR_DATE_GROUP_BY")
        return Bucket(granularity, WEEK_STARTS[start], self._values.add(zone))

    def _order(self, entry: tuple[str, Any], dimensions: Sequence[Dimension]) -> GroupOrder:
        name, value = entry
        if name == "aggregate":
            aggregate, direction = _only(value, "order_by: aggregate")
            if aggregate == "totalCount":
                return GroupOrder(TotalCount(), *_direction(direction))
            made = aggregates_of(self._owner).get(aggregate)
            if made is None:
                raise BadInput(f"order_by: there is no aggregate '{aggregate}'", CODE)
            return GroupOrder(made, *_direction(direction))
        steps, granularity = [name], None
        while isinstance(value, dict) and "orderBy" not in value:
            step, value = _only(value, f"order_by: {'.'.join(steps)}")
            steps.append(step)
        if isinstance(value, dict):
            granularity, value = value.get("granularity"), value["orderBy"]
        for place, dimension in enumerate(dimensions):
            if _steps(dimension) == steps and _granularity(dimension) == granularity:
                return GroupOrder(place, *_direction(value))
        raise BadInput(f"order_by: '{'.'.join(steps)}' is not grouped by", CODE)


def _steps(dimension: Dimension) -> list[str]:
    relation = dimension.path.relation
    return [*([relation.name] if relation else []), *dimension.path.leaf.path]


def _granularity(dimension: Dimension) -> str | None:
    return dimension.bucket.granularity if dimension.bucket else None


def _direction(direction: Any) -> tuple[bool, bool]:
    if not isinstance(direction, str) or direction not in DIRECTIONS:
        raise BadInput(f"order_by: the direction must be one of {', '.join(DIRECTIONS)}", "INVALID_DIRECTION")
    return DIRECTIONS[direction]


def _only(entry: Any, label: str) -> tuple[str, Any]:
    """Return the one key of an object and its value; raises BadInput."""
    if not isinstance(entry, Mapping) or len(entry) != 1:
        raise BadInput(f"{label}: must be an object with exactly one key", CODE)
    return next(iter(entry.items()))
