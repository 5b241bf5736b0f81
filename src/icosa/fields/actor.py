"""ACTOR: who made or changed a record."""

from __future__ import annotations

from typing import Any

from icosa.errors import BadInput
from icosa.fields.base import Leaf, Mode
from icosa.fields.composite import CompositeType, Part
from icosa.fields.json_schema import Named, named_object
from icosa.fields.raw_json import RawJson
from icosa.fields.select import Select, one_of
from icosa.fields.spec import FieldSpec
from icosa.fields.text import Text
from icosa.fields.uuids import Uuid

SOURCES = (
    "EMAIL",
    "CALENDAR",
    "WORKFLOW",
    "AGENT",
    "API",
    "IMPORT",
    "MANUAL",
    "SYSTEM",
    "WEBHOOK",
    "APPLICATION",
)
SOURCE = Named("ActorSourceEnum", {**one_of(SOURCES), "description": "How it came."})


class Context(RawJson):
    """The actor's context; unlike other documents an empty one stays `{}` (`data-model.md`, "createdBy and updatedBy")."""

    def check_document(self, document: Any, leaf: Leaf) -> Any:
        """Take objects only."""
        if not isinstance(document, dict):
            raise BadInput(f"{leaf.label}: must be an object or null", "INVALID_ARGS_DATA")
        return document


class Actor(CompositeType):
    """The caller, a person, a workflow or the system."""

    name = "ACTOR"
    graphql_name = "Actor"
    schema_description = "Who made or changed a record."
    parts = (
        Part("source", Select(), "null", options=SOURCES, clearable=False, named=SOURCE),
        Part("workspaceMemberId", Uuid(), "null", in_input=False),
        Part("name", Text(), in_input=False, counts=False),
        Part("context", Context(), "null", counts=False, named=named_object("ActorContext", "More about how it came.")),
    )

    def accept_parts(self, values: dict[str, Any], leaves: dict[str, Leaf], mode: Mode) -> dict[str, Any]:
        """Check each part; a source cannot be emptied."""
        if values.get("source", "") is None:
            raise BadInput(f"{leaves['source'].label}: must be one of {', '.join(SOURCES)}", "INVALID_ARGS_DATA")
        return super().accept_parts(values, leaves, mode)


def caller_columns(spec: FieldSpec, source: str, name: str, member_id: str | None) -> dict[str, Any]:
    """Return the stored columns of an actor field for a caller (`data-model.md`, table "who calls")."""
    return {
        f"{spec.name}Source": source,
        f"{spec.name}Name": name or None,
        f"{spec.name}WorkspaceMemberId": member_id,
        f"{spec.name}Context": {},
    }
