"""EMAILS: a primary address and more of them, lower-cased."""

from __future__ import annotations

from typing import Any

import orjson

from icosa.errors import BadInput
from icosa.fields.base import Leaf, Mode
from icosa.fields.composite import CompositeType, Part, gathered
from icosa.fields.email_addresses import normalise_email
from icosa.fields.raw_json import RawJson
from icosa.fields.spec import FieldSpec
from icosa.fields.text import Text, checked_text


def list_part(value: Any, label: str) -> list[Any]:
    """Return the list of a list-like sub-field; JSON text of a list passes too, null is none.

    Raises:
        BadInput: anything else.
    """
    if isinstance(value, str) and value:
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            raise BadInput(f"{label}: must be a list", "INVALID_ARGS_DATA") from None
    if value is None or value == "":
        return []
    if not isinstance(value, list):
        raise BadInput(f"{label}: must be a list", "INVALID_ARGS_DATA")
    return value


def prefixed(problem: BadInput, label: str) -> BadInput:
    """Return a normaliser's refusal with the field's name in front."""
    return BadInput(f"{label}: {problem.message}", problem.code or "INVALID_ARGS_DATA", **problem.details)


def checked_email(value: Any, label: str) -> str | None:
    """Return a normalised address, None for an empty one; raises BadInput."""
    text = checked_text(value, label)
    if text is None:
        return None
    try:
        return normalise_email(text)
    except BadInput as problem:
        raise prefixed(problem, label) from None


class Emails(CompositeType):
    """E-mail addresses; the primary one may be unique."""

    name = "EMAILS"
    graphql_name = "Emails"
    schema_description = "E-mail addresses: a primary one and more of them, in small letters."
    can_be_unique = True
    can_be_searched = True
    parts = (
        Part("primaryEmail", Text(), unique=True),
        Part("additionalEmails", RawJson(), "[]", counts=False, schema={"type": "array", "items": {"type": "string"}}),
    )

    def accept_parts(self, values: dict[str, Any], leaves: dict[str, Leaf], mode: Mode) -> dict[str, Any]:
        """Check and lower-case each address."""
        del mode
        stored: dict[str, Any] = {}
        if "primaryEmail" in values:
            stored["primaryEmail"] = checked_email(values["primaryEmail"], leaves["primaryEmail"].label)
        if "additionalEmails" in values:
            label = leaves["additionalEmails"].label
            addresses = [checked_email(item, label) for item in list_part(values["additionalEmails"], label)]
            if None in addresses:
                raise BadInput(f"{label}: an address must not be empty", "INVALID_ARGS_DATA")
            stored["additionalEmails"] = addresses or None
        return stored

    def merge_sql(self, spec: FieldSpec, rows: str) -> dict[str, str]:
        """Keep the survivor's primary address and gather all others."""
        primary, further = (leaf.column for leaf in self.leaves(spec))
        merged = super().merge_sql(spec, rows)
        item = f'to_jsonb(b."{primary}")'
        merged[further] = gathered(rows, f'b."{primary}"', item, f'b."{further}"', "x.item")
        return merged

    def search_sql(self, spec: FieldSpec, alias: str) -> tuple[str, ...]:
        """Feed each address and, once more, its domain (`data-model.md`)."""
        primary, more = (f'{alias}"{leaf.column}"' for leaf in self.leaves(spec))
        return (
            primary,
            f"split_part({primary}, '@', 2)",
            f"core.json_texts({more})",
            f"replace(core.json_texts({more}), '@', ' ')",
        )
