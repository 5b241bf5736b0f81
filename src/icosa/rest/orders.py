"""The text of an `order_by` parameter as sort keys (`rest-core.md` section 6)."""

from __future__ import annotations

import re

from icosa.catalog.model import Catalog, Object
from icosa.errors import BadInput
from icosa.plan.conditions import distinct, make_order_key
from icosa.plan.reads import OrderKey

ITEM = re.compile(r"([^\[\],]+)(?:\[([^\[\]]*)\])?")
DEFAULT_DIRECTION = "AscNullsFirst"


def read_order(catalog: Catalog, owner: Object, text: str | None) -> tuple[OrderKey, ...]:
    """Return the sort keys of `field[Direction],field.subField,…`; none when the parameter is missing.

    Raises:
        BadInput: an empty parameter or item, an unknown field (`FIELD_NOT_FOUND`) or direction.
    """
    if text is None:
        return ()
    keys = []
    for item in text.split(","):
        found = ITEM.fullmatch(item)
        if found is None:
            raise BadInput(f"order_by: expected field or field[Direction], not '{item}'")
        direction = DEFAULT_DIRECTION if found[2] is None else found[2]
        keys.append(make_order_key(catalog, owner, found[1].split("."), direction))
    return distinct(keys)
