"""GET of a collection: the parameters become a read of one page (`rest-core.md` sections 4 to 8)."""

from __future__ import annotations

from icosa.catalog.model import Catalog, Object
from icosa.errors import BadInput
from icosa.plan.cursors import read_cursor
from icosa.plan.reads import Page, PageInfo, Read, Record, Records, Shape, Source, TotalCount
from icosa.plan.values import Values
from icosa.records.resemblance import MOST_DUPLICATES
from icosa.rest.filters import read_filter
from icosa.rest.orders import read_order
from icosa.transport.parameters import AFTER, BEFORE, Parameters

DEFAULT_LIMIT = 60
PAGE_INFO = PageInfo(
    (
        ("startCursor", "startCursor"),
        ("endCursor", "endCursor"),
        ("hasNextPage", "hasNextPage"),
        ("hasPreviousPage", "hasPreviousPage"),
    )
)


def list_shape(owner: Object, record: Record) -> Shape:
    """Return the form of a list's answer."""
    return Shape(
        (
            ("data", Shape(((owner.name_plural, Records(record)),))),
            ("totalCount", TotalCount()),
            ("pageInfo", PAGE_INFO),
        )
    )


def read_list(catalog: Catalog, owner: Object, parameters: Parameters, record: Record, values: Values) -> Read:
    """Return the plan of a list, its values kept in `values`; `depth` has been read into `record` already.

    Raises:
        BadInput: a parameter that breaks a rule.
    """
    limit = parameters.limit(DEFAULT_LIMIT)
    after, before = parameters.cursor(AFTER), parameters.cursor(BEFORE)
    if after is not None and before is not None:
        raise BadInput("starting_after and ending_before exclude each other")
    order = read_order(catalog, owner, parameters.unless_repeated("order_by"))
    condition = read_filter(catalog, owner, parameters.all("filter"), values)
    text = after if after is not None else before
    cursor = None if text is None else read_cursor(text, order, values)
    page = Page(limit, cursor, backward=before is not None)
    return Read(Source(owner, condition, order), page, list_shape(owner, record))


def duplicates_page(owner: Object, record: Record) -> Read:
    """Return the plan of one record's duplicates."""
    key = f"{owner.name_singular}Duplicates"
    shape = Shape(((key, Records(record)), ("totalCount", TotalCount()), ("pageInfo", PAGE_INFO)))
    return Read(Source(owner), Page(MOST_DUPLICATES), shape)
