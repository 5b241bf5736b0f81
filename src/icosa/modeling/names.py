"""Names of objects and fields: their form, what is reserved, and what a label makes (`metadata.md` section 5)."""

from __future__ import annotations

import re
from typing import Any

from anyascii import anyascii

from icosa.errors import BadInput
from icosa.fields.base import ScalarType
from icosa.fields.composite import CompositeType
from icosa.fields.registry import TYPES
from icosa.naming import capitalized

NAME = re.compile(r"[a-z][a-zA-Z0-9]*", re.ASCII)
LONGEST = 63
WORD = re.compile(r"[a-z]+|[0-9]+", re.ASCII)
ANY_BLANKS = re.compile(r"\s+")
COUNTED_WORDS = """
    approvedAccessDomain appToken billingCustomer billingEntitlement billingMeter billingProduct billingSubscription
    billingSubscriptionItem featureFlag job keyValuePair pageLayout pageLayoutTab pageLayoutWidget twoFactorMethod user
    userWorkspace workspace role userWorkspaceRole plan event field link type object relation
"""
OTHER_WORDS = """
    currency currencies fullNames address addresses index aggregate search searches
    not or and Int Float Boolean String ID
"""
RESERVED = frozenset({*COUNTED_WORDS.split(), *(f"{word}s" for word in COUNTED_WORDS.split()), *OTHER_WORDS.split()})
FIXED_TYPES = frozenset(
    {
        *(name for each in TYPES if isinstance(each, CompositeType) for name in each.type_names),
        *(each.named.name for each in TYPES if isinstance(each, ScalarType) and each.named is not None),
        "ErrorBody",
        "RecordId",
        "PageInfo",
        "ChangedObject",
        "RecordChange",
        "RecordHistory",
        "Cursor",
        "ConnectionCursor",
        "FileObject",
        "FilterIs",
        "OrderByDirection",
        "Query",
        "Mutation",
        "UUID",
        "DateTime",
        "Date",
        "BigFloat",
        "BigInt",
        "JSON",
        "Position",
        "TSVector",
        "SearchRecord",
        "Upload",
        "FileWithSignedUrl",
        "LinkMetadata",
        "TimelineThread",
        "TimelineThreadParticipant",
        "TimelineThreadsWithTotal",
        "TimelineCalendarEvent",
        "TimelineCalendarEventParticipant",
        "TimelineCalendarEventsWithTotal",
    }
)
TYPE_SUFFIXES = (
    "Connection",
    "Edge",
    "CreateInput",
    "UpdateInput",
    "FilterInput",
    "OrderByInput",
    "GroupByInput",
    "RelationInput",
    "ConnectInput",
    "WhereUniqueInput",
    "ForResponse",
    "ForUpdate",
)


def tidy(text: str) -> str:
    """Return a text trimmed, inner runs of blanks made one."""
    return ANY_BLANKS.sub(" ", text).strip()


def name_problem(name: str, *, reserved: frozenset[str] = RESERVED) -> str | None:
    """Return what is wrong with the form of a name, None when it may be used."""
    if len(name) > LONGEST:
        return f"'{name[:20]}…' is longer than {LONGEST} characters"
    if not NAME.fullmatch(name):
        return f"'{name}' must be camelCase: a small letter first, then letters and digits"
    if name in reserved:
        return f"'{name}' is a reserved word"
    return None


def makes_taken_type(name: str) -> bool:
    """Return whether an object's name would make a GraphQL type or OpenAPI schema that is there already."""
    made = capitalized(name)
    return made in FIXED_TYPES or made.endswith(TYPE_SUFFIXES)


def derived_name(label: str) -> str:
    """Return the name that a label makes; empty when it makes none.

    Everything is taken to small ASCII letters and digits; runs of other signs part words, digits are words of their own.
    """
    spelled = label.strip()
    if spelled[:1].isdigit():
        spelled = f"n{spelled}"
    words = WORD.findall(anyascii(spelled).lower())
    if not words:
        return ""
    made = words[0] + "".join(capitalized(word) for word in words[1:])
    return f"{made}Custom" if made in RESERVED else made


def required_text(value: Any, key: str) -> str:
    """Return a text that must not be empty.

    Raises:
        BadInput: it is empty or no text.
    """
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"{key}: must be a text that is not empty", "INVALID_INPUT")
    if "\x00" in value:
        raise BadInput(f"{key}: must not hold a NUL character", "INVALID_INPUT")
    return value
