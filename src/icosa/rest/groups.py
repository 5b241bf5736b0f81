"""GET …/groupBy: the parameters become a plan of groups (`rest-core.md` section 14)."""

from __future__ import annotations

from typing import Any

import orjson

from icosa.catalog.model import Catalog, Object
from icosa.errors import BadInput
from icosa.fields.uuids import is_uuid
from icosa.plan.aggregates import aggregates_of
from icosa.plan.dimensions import DimensionReader
from icosa.plan.groups import DimensionValues, GroupBy, GroupPart
from icosa.plan.reads import Record, Records, Source, TotalCount
from icosa.plan.values import Values
from icosa.rest.filters import read_filter
from icosa.rest.orders import read_order
from icosa.transport.parameters import Parameters

DEFAULT_GROUPS = 50


def read_groups(catalog: Catalog, owner: Object, parameters: Parameters, record: Record, values: Values) -> GroupBy:
    """Return the plan of a request for groups; its values are kept in `values`.

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
    for name in ("viewId", "view_id"):
        view = parameters.one(name)
        if view is not None and not is_uuid(view):
            raise BadInput(f"{name}: must be a UUID")
    shown = read_order(catalog, owner, parameters.unless_repeated("order_by_for_records"))
    condition = read_filter(catalog, owner, parameters.all("filter"), values)
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
