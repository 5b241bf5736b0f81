"""What views and their parts may hold (`metadata.md` section 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from icosa.catalog.model import Field

VIEW_TYPES = ("TABLE", "KANBAN", "CALENDAR", "FIELDS_WIDGET", "TABLE_WIDGET")
OPEN_IN = ("SIDE_PANEL", "RECORD_PAGE")
VISIBILITIES = ("WORKSPACE", "UNLISTED")
LAYOUTS = ("DAY", "WEEK", "MONTH")
AGGREGATES = (
    "MIN",
    "MAX",
    "AVG",
    "SUM",
    "COUNT",
    "COUNT_UNIQUE_VALUES",
    "COUNT_EMPTY",
    "COUNT_NOT_EMPTY",
    "COUNT_TRUE",
    "COUNT_FALSE",
    "PERCENTAGE_EMPTY",
    "PERCENTAGE_NOT_EMPTY",
)
FORBIDDEN_SIGNS = frozenset("'\"\\;.=*/")
INVALID = "INVALID_VIEW_DATA"
INVALID_FILTER = "INVALID_VIEW_FILTER_DATA"
EMPTINESS = ("IS_EMPTY", "IS_NOT_EMPTY")
CONTAINING = ("CONTAINS", "DOES_NOT_CONTAIN", *EMPTINESS)
EQUALITY = ("IS", "IS_NOT", *EMPTINESS)
MOMENTS = ("IS", "IS_RELATIVE", "IS_IN_PAST", "IS_IN_FUTURE", "IS_TODAY", "IS_BEFORE", "IS_AFTER", *EMPTINESS)
OPERANDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(
            [
                "TEXT",
                "EMAILS",
                "FULL_NAME",
                "ADDRESS",
                "LINKS",
                "PHONES",
                "RAW_JSON",
                "FILES",
                "MULTI_SELECT",
                "ACTOR",
                "ARRAY",
                "RICH_TEXT",
            ],
            CONTAINING,
        ),
        "CURRENCY": ("GREATER_THAN_OR_EQUAL", "LESS_THAN_OR_EQUAL", *EMPTINESS),
        **dict.fromkeys(
            ("NUMBER", "RATING", "NUMERIC", "POSITION"),
            ("IS", "IS_NOT", "GREATER_THAN_OR_EQUAL", "LESS_THAN_OR_EQUAL", *EMPTINESS),
        ),
        **dict.fromkeys(("DATE", "DATE_TIME"), MOMENTS),
        **dict.fromkeys(("SELECT", "RELATION", "MORPH_RELATION", "UUID"), EQUALITY),
        "BOOLEAN": ("IS",),
        "TS_VECTOR": ("VECTOR_SEARCH",),
    }
)


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a part.

    Attributes:
        kind: bool, number, text, json, enum or id.
        default: what it is when it is left out.
        required: whether a create must bring it.
        values: of an enum.
    """

    kind: str
    default: Any = None
    required: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartKind:
    """One kind of part.

    Attributes:
        name: as GraphQL calls it with a small first letter: `viewField`.
        missing: the code of an unknown one.
        keys: what it holds beside its view and its field.
        has_field: whether it is about a field.
        parent: the key that names another part it belongs to, and that part's kind.
    """

    name: str
    missing: str
    keys: Mapping[str, Key]
    has_field: bool = False
    parent: tuple[str, str] | None = None


_VISIBLE = Key("bool", True)
_POSITION = Key("number", 0)
PARTS: Mapping[str, PartKind] = MappingProxyType(
    {
        each.name: each
        for each in (
            PartKind(
                "viewField",
                "VIEW_FIELD_NOT_FOUND",
                {
                    "isVisible": _VISIBLE,
                    "size": Key("number", 0),
                    "position": _POSITION,
                    "aggregateOperation": Key("enum", values=AGGREGATES),
                },
                has_field=True,
                parent=("viewFieldGroupId", "viewFieldGroup"),
            ),
            PartKind(
                "viewFilter",
                "VIEW_FILTER_NOT_FOUND",
                {
                    "operand": Key("text"),
                    "value": Key("json", required=True),
                    "positionInViewFilterGroup": Key("number"),
                    "subFieldName": Key("text"),
                    "relationTargetFieldMetadataId": Key("id"),
                },
                has_field=True,
                parent=("viewFilterGroupId", "viewFilterGroup"),
            ),
            PartKind(
                "viewFilterGroup",
                "VIEW_FILTER_GROUP_NOT_FOUND",
                {
                    "logicalOperator": Key("enum", "AND", values=("AND", "OR", "NOT")),
                    "positionInViewFilterGroup": Key("number"),
                },
                parent=("parentViewFilterGroupId", "viewFilterGroup"),
            ),
            PartKind(
                "viewSort",
                "VIEW_SORT_NOT_FOUND",
                {"direction": Key("enum", "ASC", values=("ASC", "DESC")), "subFieldName": Key("text")},
                has_field=True,
            ),
            PartKind(
                "viewGroup",
                "VIEW_GROUP_NOT_FOUND",
                {"fieldValue": Key("text", required=True), "isVisible": _VISIBLE, "position": _POSITION},
            ),
            PartKind(
                "viewFieldGroup",
                "VIEW_FIELD_GROUP_NOT_FOUND",
                {"name": Key("text", required=True), "position": _POSITION, "isVisible": _VISIBLE},
            ),
        )
    }
)


def operand_problem(each: Field, operand: str) -> str | None:
    """Return why an operand does not suit a field, or None."""
    known = OPERANDS.get(each.type.name, ())
    return None if operand in known else f"operand: a {each.type.name} field takes {', '.join(known)}"


def first_operand(each: Field) -> str:
    """Return the operand that a filter has when none is given."""
    return OPERANDS.get(each.type.name, ("IS",))[0]
