"""UUID: identifiers and the join columns of relations."""

from __future__ import annotations

import os
import re
from typing import Any, ClassVar
from uuid import UUID

from icosa.errors import BadInput
from icosa.fields.base import (
    ORDERED,
    Leaf,
    Operand,
    ScalarType,
    bad_operand,
    list_operand,
    null_operand,
    refuse_operator,
    text_default_sql,
)
from icosa.fields.json_schema import JsonSchema
from icosa.fields.spec import FieldSpec

UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
RECORD_ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII
)
VARIANTS = "89ab"


def is_uuid(value: Any) -> bool:
    """Return whether a value is the text of a UUID, any version, any letter case."""
    return isinstance(value, str) and UUID_TEXT.fullmatch(value) is not None


def is_record_id(value: Any) -> bool:
    """Return whether a value may stand as a record's id in a path: versions 1 to 5 (`rest-core.md` section 1)."""
    return isinstance(value, str) and RECORD_ID.fullmatch(value) is not None


def fresh_id() -> str:
    """Return a random UUID as text, of version 4 (RFC 9562 section 5.4).

    `uuid.uuid4` and its text take three times as long, which is felt in a batch.
    """
    digits = os.urandom(16).hex()
    variant = VARIANTS[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


class Uuid(ScalarType):
    """An identifier."""

    name = "UUID"
    schema: ClassVar[JsonSchema] = {"type": "string", "format": "uuid"}
    pg_type = "uuid"
    graphql_type = "UUID"
    graphql_filter = "UUIDFilter"
    operators = ORDERED
    can_be_label = True
    can_be_searched = True

    def json(self, expression: str) -> str:
        """Write in quotes; no escaping is needed."""
        return f"""('"' || {expression} || '"')"""

    def accept_leaf(self, value: Any, leaf: Leaf) -> Any:
        """Take the text of a UUID or null."""
        if value is None:
            return None
        if not is_uuid(value):
            raise BadInput(f"{leaf.label}: must be a UUID or null", "INVALID_ARGS_DATA")
        return value

    def default_sql(self, default: Any) -> str:
        """Return a generator or a constant."""
        return "gen_random_uuid()" if default == "uuid" else text_default_sql(default, "uuid")

    def operand(self, operator: str, value: Any, leaf: Leaf) -> Operand:
        """Check a UUID."""
        refuse_operator(operator, leaf)
        if operator == "is":
            return null_operand(value, leaf)
        if operator == "in":
            return Operand("in", [self._uuid(item, leaf) for item in list_operand(value, leaf)])
        return Operand(operator, self._uuid(value, leaf))

    def _uuid(self, value: Any, leaf: Leaf) -> UUID:
        if not is_uuid(value):
            raise bad_operand(leaf, "a UUID")
        return UUID(value)

    def from_cursor(self, value: Any, leaf: Leaf) -> Any:
        """Take the UUID back."""
        del leaf
        if not is_uuid(value):
            raise ValueError("not a UUID")
        return UUID(value)

    def search_sql(self, spec: FieldSpec, alias: str) -> tuple[str, ...]:
        """Feed the identifier's text."""
        return (f'{alias}"{spec.name}"::text',)
