"""FILES: a list of uploaded files, each with a label of its record's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from icosa.errors import BadInput
from icosa.fields.base import Leaf
from icosa.fields.json_schema import JsonSchema, Named
from icosa.fields.raw_json import RawJson
from icosa.fields.uuids import is_uuid
from icosa.naming import literal

MOST_FILES = 10
LONGEST_LABEL = 1000
LINK_SIGN = r'"\u000F'
"""Stands before a file's id where its link belongs; see `icosa.files.links`."""
PARTS = ("fileId", "label", "extension", "url")


class Files(RawJson):
    """References to uploaded files, stored as `{fileId, label, extension}`; the link is made when they are read."""

    name = "FILES"
    holds_files = True
    can_be_unique = False
    named: ClassVar[Named | None] = Named(
        "FileValue",
        {
            "type": "object",
            "description": "A file. `extension` and `url` are the server's and stand in answers only.",
            "properties": {
                "fileId": {"type": "string", "format": "uuid"},
                "label": {"type": "string"},
                "extension": {"type": "string"},
                "url": {"type": "string"},
            },
            "required": ["fileId", "label"],
        },
        many=True,
    )

    def value_schema(self, options: Sequence[str], item: JsonSchema | None = None) -> JsonSchema:
        """Return a list of files; see `ScalarType.value_schema`."""
        del options
        return {"type": "array", "items": item or {"type": "object"}}

    def check_document(self, document: Any, leaf: Leaf) -> Any:
        """Take a list of `{fileId, label}`; whether the files are there is looked up before they are stored."""
        if not isinstance(document, list):
            raise BadInput(f"{leaf.label}: must be a list of {{fileId, label}} or null", "INVALID_ARGS_DATA")
        most = leaf.spec.settings.get("maxNumberOfValues") or MOST_FILES
        if len(document) > most:
            raise BadInput(f"{leaf.label}: takes {most} files at most", "INVALID_ARGS_DATA")
        return [_checked(each, leaf) for each in document] or None

    def json(self, expression: str) -> str:
        """Write each file with the place of its link."""
        return self.items_json(expression, tuple((part, part) for part in PARTS))

    def cursor_json(self, expression: str) -> str:
        """Write what is stored."""
        return f"{expression}::text"

    def items_json(self, expression: str, entries: Sequence[tuple[str, str]]) -> str:
        """Return SQL that writes some parts of each file as JSON; NULL stays NULL.

        Args:
            expression: the column.
            entries: (key in the answer, part, or a JSON constant that is no part) in order.
        """
        pieces = []
        for number, (key, part) in enumerate(entries):
            pieces.append(literal(f'{"," if number else ""}"{key}":'))
            pieces.append(_part_json(part))
        inside = " || ".join(pieces) or "''"
        # Most records have no file: no sub-select is begun for them.
        return (
            f"CASE WHEN {expression} IS NOT NULL THEN "
            f"(SELECT '[' || string_agg('{{' || {inside} || '}}', ',' ORDER BY _n) || ']' "
            f"FROM jsonb_array_elements({expression}) WITH ORDINALITY AS _files (_file, _n)) END"
        )


def _part_json(part: str) -> str:
    if part == "url":
        return f"""{literal(LINK_SIGN)} || (_file ->> 'fileId') || '"'"""
    if part in PARTS:
        return f"coalesce((_file -> {literal(part)})::text, 'null')"
    return literal(part)


def _checked(item: Any, leaf: Leaf) -> Any:
    if not isinstance(item, dict) or set(item) != {"fileId", "label"}:
        raise BadInput(f"{leaf.label}: each file must be {{fileId, label}}", "INVALID_ARGS_DATA")
    if not is_uuid(item["fileId"]):
        raise BadInput(f"{leaf.label}: fileId must be a UUID", "INVALID_ARGS_DATA")
    label = item["label"]
    if not isinstance(label, str) or len(label) > LONGEST_LABEL:
        raise BadInput(f"{leaf.label}: label must be a text of {LONGEST_LABEL} characters at most", "INVALID_ARGS_DATA")
    return {"fileId": str(item["fileId"]).lower(), "label": label}
