"""Which operation a method and a path mean (`rest-core.md` section 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType

from icosa.errors import BadInput
from icosa.fields.uuids import is_record_id
from icosa.transport.parameters import AFTER, BEFORE


class Action(Enum):
    """The operations of the Core REST API."""

    LIST = auto()
    READ = auto()
    CREATE = auto()
    BATCH = auto()
    UPDATE = auto()
    UPDATE_MANY = auto()
    REMOVE = auto()
    REMOVE_MANY = auto()
    RESTORE = auto()
    RESTORE_MANY = auto()
    DUPLICATES = auto()
    MERGE = auto()
    GROUP = auto()
    HISTORY = auto()


@dataclass(frozen=True, slots=True)
class Route:
    """What a path asks for: the operation, the object's plural name, the record's id if there is one."""

    action: Action
    plural: str
    id: str | None = None


WRITE_PARAMETERS = frozenset({"depth", "upsert"})
FILTERED_WRITE = frozenset({"filter", "depth"})
PARAMETERS: Mapping[Action, frozenset[str]] = MappingProxyType(
    {
        Action.LIST: frozenset({"filter", "order_by", "limit", "depth", *AFTER, *BEFORE}),
        Action.READ: frozenset({"depth"}),
        Action.CREATE: WRITE_PARAMETERS,
        Action.BATCH: WRITE_PARAMETERS,
        Action.UPDATE: frozenset({"depth"}),
        Action.UPDATE_MANY: FILTERED_WRITE,
        Action.REMOVE: frozenset({"soft_delete"}),
        Action.REMOVE_MANY: frozenset({"filter", "soft_delete"}),
        Action.RESTORE: frozenset({"depth"}),
        Action.RESTORE_MANY: FILTERED_WRITE,
        Action.DUPLICATES: frozenset({"depth"}),
        Action.MERGE: frozenset({"depth"}),
        Action.HISTORY: frozenset({"limit", *AFTER}),
        Action.GROUP: frozenset(
            {
                "group_by",
                "aggregate",
                "filter",
                "order_by",
                "limit",
                "viewId",
                "view_id",
                "include_records_sample",
                "order_by_for_records",
            }
        ),
    }
)

COLLECTION = {
    "GET": Action.LIST,
    "POST": Action.CREATE,
    "PATCH": Action.UPDATE_MANY,
    "PUT": Action.UPDATE_MANY,
    "DELETE": Action.REMOVE_MANY,
}
RECORD = {"GET": Action.READ, "PATCH": Action.UPDATE, "PUT": Action.UPDATE, "DELETE": Action.REMOVE}
NAMED = {
    ("GET", "groupBy"): Action.GROUP,
    ("POST", "duplicates"): Action.DUPLICATES,
    ("PATCH", "merge"): Action.MERGE,
    ("PUT", "merge"): Action.UPDATE_MANY,
}


def find_route(method: str, segments: list[str]) -> Route:
    """Return the operation of a path below `/rest`.

    Args:
        method: in capitals; HEAD is asked as GET.
        segments: the path's parts, empty ones dropped.

    Raises:
        BadInput: the path is none of the routes, or its id is no record id.
    """
    match segments:
        case ["batch", plural] if method == "POST":
            return Route(Action.BATCH, plural)
        case ["restore", plural] if method == "PATCH":
            return Route(Action.RESTORE_MANY, plural)
        case ["restore", plural, identifier] if method == "PATCH":
            return Route(Action.RESTORE, plural, record_id(identifier))
        case [plural] if method in COLLECTION:
            return Route(COLLECTION[method], plural)
        case [plural, name] if (method, name) in NAMED:
            return Route(NAMED[method, name], plural)
        case [plural, identifier, "history"] if method == "GET":
            return Route(Action.HISTORY, plural, record_id(identifier))
        case [plural, identifier] if method in RECORD:
            return Route(RECORD[method], plural, record_id(identifier))
        case _:
            raise BadInput(f"There is no route {method} /rest/{'/'.join(segments)}")


def record_id(text: str) -> str:
    """Return a record's id out of a path.

    Raises:
        BadInput: it is no UUID of version 1 to 5.
    """
    if not is_record_id(text):
        raise BadInput(f"'{text[:60]}' is not a record's id: it must be a UUID of version 1 to 5")
    return text
