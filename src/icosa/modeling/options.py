"""Options of SELECT and MULTI_SELECT: their rules, and what a change of them does to records (`metadata.md` section 7)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from icosa.catalog.model import Field, Object
from icosa.fields.base import unquote_default
from icosa.fields.uuids import is_uuid
from icosa.modeling.names import tidy
from icosa.modeling.problems import Problems
from icosa.naming import literal, quoted

VALUE = re.compile(r"(?!.*__)[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", re.ASCII)
LONGEST = 63
CODE = "INVALID_FIELD_INPUT"
Option = dict[str, Any]


def checked_options(sent: Any, problems: Problems) -> list[Option]:
    """Return options as they are kept; each broken rule becomes a problem."""
    if not isinstance(sent, list) or not sent:
        problems.add(CODE, "options: at least one is required", sent)
        return []
    options = [_option(each, problems) for each in sent]
    for name in ("value", "id", "position"):
        values = [each[name] for each in options]
        twice = next((value for place, value in enumerate(values) if value in values[:place]), None)
        if twice is not None:
            problems.add(CODE, f"options: the {name} '{twice}' stands twice", twice)
    return options


def _option(sent: Any, problems: Problems) -> Option:
    if not isinstance(sent, Mapping):
        problems.add(CODE, "options: each must be an object", sent)
        return {"id": str(uuid4()), "value": "", "label": "", "color": None, "position": None}
    value, label = sent.get("value"), sent.get("label")
    value = value.strip() if isinstance(value, str) else value
    label = tidy(label) if isinstance(label, str) else label
    if not isinstance(value, str) or len(value) > LONGEST or not VALUE.fullmatch(value):
        problems.add(CODE, f"options: the value '{value}' must be UPPER_SNAKE_CASE, {LONGEST} letters at most", value)
    if not isinstance(label, str) or not label or len(label) > LONGEST or "," in label or "\x00" in label:
        problems.add(CODE, f"options: the label '{label}' must have 1 to {LONGEST} letters and no comma", label)
    identifier = sent.get("id", str(uuid4()))
    if not is_uuid(identifier):
        problems.add(CODE, f"options: the id '{identifier}' must be a UUID", identifier)
    position = sent.get("position")
    if isinstance(position, bool) or not isinstance(position, int | float):
        problems.add(CODE, f"options: the position of '{value}' must be a number", position)
    color = sent.get("color")
    if color is not None and not isinstance(color, str):
        problems.add(CODE, f"options: the color of '{value}' must be a text", color)
    return {"id": identifier, "value": value, "label": label, "color": color, "position": position}


class OptionChange:
    """The way from one list of options to another, matched by id.

    Args:
        before: options as they are.
        after: as they will be.
    """

    def __init__(self, before: Sequence[Option], after: Sequence[Option]) -> None:
        kept = {each["id"].lower(): each["value"] for each in after}
        self.renamed = {
            each["value"]: kept[each["id"].lower()]
            for each in before
            if each["id"].lower() in kept and kept[each["id"].lower()] != each["value"]
        }
        self.removed = [each["value"] for each in before if each["id"].lower() not in kept]

    @property
    def touches_records(self) -> bool:
        """Whether any record may have to change."""
        return bool(self.renamed or self.removed)

    def statements(self, owner: Object, each: Field, default: Any) -> list[str]:
        """Return the statements that take records along.

        Args:
            owner: the object, with the tables as they are.
            each: the field.
            default: the field's default after the change, in metadata form.
        """
        column = quoted(each.leaves[0].column)
        values = ", ".join(literal(value) for value in [*self.renamed, *self.removed])
        if each.leaves[0].type.is_list:
            renames = " ".join(f"WHEN {literal(old)} THEN {literal(new)}" for old, new in self.renamed.items())
            item = f"CASE u.item {renames} ELSE u.item END" if renames else "u.item"
            gone = ", ".join(literal(value) for value in self.removed)
            kept = f" WHERE u.item NOT IN ({gone})" if gone else ""
            made = (
                f"nullif(ARRAY(SELECT {item} FROM unnest({column}) WITH ORDINALITY AS u(item, place){kept} "
                f"ORDER BY u.place), '{{}}')"
            )
            return [f"UPDATE {owner.sql_name} SET {column} = {made} WHERE {column} && ARRAY[{values}]::text[]"]
        renames = " ".join(f"WHEN {literal(old)} THEN {literal(new)}" for old, new in self.renamed.items())
        fallback = "NULL" if default is None else literal(str(unquote_default(default)))
        made = f"CASE {column} {renames} ELSE {fallback} END" if renames else fallback
        return [f"UPDATE {owner.sql_name} SET {column} = {made} WHERE {column} IN ({values})"]


def stored_options(each: Field) -> list[Option]:
    """Return a field's options as the catalog holds them."""
    return [
        {"id": one.id, "value": one.value, "label": one.label, "color": one.color, "position": one.position}
        for one in each.options
    ]
