"""GET …/groupBy: the parameters become a plan of groups (`rest-core.md` section 14)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson

from icosa.catalog.model import Catalog, Object
from icosa.errors import BadInput
from icosa.fields.uuids import is_uuid
from icosa.plan.aggregates import aggregates_of
from icosa.plan.dimensions import DimensionReader
from icosa.plan.filters import And, Filter
from icosa.plan.groups import DimensionValues, GroupBy, GroupPart
from icosa.plan.reads import Record, Records, Source, TotalCount
from icosa.plan.values import Values
from icosa.rest.filters import read_filter
from icosa.rest.orders import read_order
from icosa.transport.parameters import Parameters

DEFAULT_GROUPS = 50


def read_view_id(parameters: Parameters) -> UUID | None:
    """Return the view whose filters a request for groups adds to its own.

    Raises:
        BadInput: it is no UUID.
    """
    for name in ("viewId", "view_id"):
        view = parameters.one(name)
        if view is None:
            continue
        if not is_uuid(view):
            raise BadInput(f"{name}: must be a UUID")
        return UUID(view)
    return None


def read_groups(
    catalog: Catalog, owner: Object, parameters: Parameters, record: Record, values: Values, of_view: Filter | None
) -> GroupBy:
    """Return the plan of a request for groups; its values are kept in `values`.

    `of_view` is what the view that the request names filters by.

    Raises:
        BadInput: a parameter that breaks a rule.
    """
    reader = DimensionReader(catalog, owner, values)
    asked = _json(parameters, "group_by")
    if asked is None:
        raise BadInput("group_by: is required, a JSON list of objects with one key each")
    dimensions = reader.dimensions(asked)
    order = reader.order(_json(parameters, "order_by") or [], dimensions)
    entries: list[tuple[str, GroupPart]] = [("groupByDimensionValues", DimensionValues())]
    entries += _aggregates(owner, _json(parameters, "aggregate"))
    if parameters.flag("include_records_sample"):
        entries.append(("records", Records(record)))
    shown = read_order(catalog, owner, parameters.unless_repeated("order_by_for_records"))
    condition = read_filter(catalog, owner, parameters.all("filter"), values)
    if of_view is not None:
        condition = of_view if condition is None else And((condition, of_view))
    limit = parameters.limit(DEFAULT_GROUPS) or DEFAULT_GROUPS
    return GroupBy(Source(owner, condition, shown), dimensions, order, limit, tuple(entries), exact_as_text=True)


def _aggregates(owner: Object, names: Any) -> list[tuple[str, GroupPart]]:
    if names is None:
        return []
    if not isinstance(names, list):
        raise BadInput("aggregate: must be a JSON list of names")
    known = aggregates_of(owner)
    entries: list[tuple[str, GroupPart]] = []
    for name in dict.fromkeys(map(str, names)):
        if name == "totalCount":
            entries.append((name, TotalCount()))
        elif name in known:
            entries.append((name, known[name]))
        else:
            raise BadInput(f"aggregate: there is no aggregate '{name[:100]}' of {owner.label_plural.lower()}")
    return entries


def _json(parameters: Parameters, name: str) -> Any:
    text = parameters.one(name)
    if text is None:
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadInput(f"{name}: must be JSON") from None
