"""Defaults and settings of fields: whether they suit the field's type (`metadata.md` section 6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from icosa.fields.base import FieldType, ScalarType, unquote_default
from icosa.fields.composite import CompositeType
from icosa.fields.moments import parse_date, parse_date_time
from icosa.fields.numbers import decimal_of
from icosa.fields.raw_json import is_storable
from icosa.fields.uuids import is_uuid

FUNCTIONS = {"DATE": "now", "DATE_TIME": "now", "UUID": "uuid"}
NO_DEFAULT = frozenset({"FILES", "RELATION", "MORPH_RELATION"})
DATA_TYPES = frozenset({"float", "int", "bigint"})
NUMBER_TYPES = frozenset({"number", "percentage", "shortNumber"})
DISPLAY_FORMATS = frozenset({"RELATIVE", "USER_SETTINGS", "CUSTOM"})
MOST_FILES = 60
DEFAULT_ACTOR = {"source": "'MANUAL'", "name": "'System'", "workspaceMemberId": None}


class Unsuitable(Exception):
    """A default or a setting that does not suit the field; its text says why."""


def is_quoted(value: Any) -> bool:
    """Return whether a value is a text in single quotes inside the JSON text, as defaults hold texts."""
    return isinstance(value, str) and len(value) >= 2 and value[0] == value[-1] == "'" and "\x00" not in value


def checked_default(kind: FieldType, value: Any, options: tuple[str, ...]) -> Any:
    """Return a field's default as it is kept; a composite of empty parts becomes null.

    Args:
        kind: the field's type.
        value: what was sent.
        options: the field's option values.

    Raises:
        Unsuitable: it does not suit the type.
    """
    if kind.name == "ACTOR":
        value = value or DEFAULT_ACTOR
    if value is None:
        return None
    if kind.name in NO_DEFAULT:
        raise Unsuitable("a field of this type has no default")
    if isinstance(kind, CompositeType):
        return _composite(kind, value)
    if not isinstance(kind, ScalarType):
        raise Unsuitable("a field of this type has no default")
    _scalar(kind, value, options)
    return value


def _composite(kind: CompositeType, value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise Unsuitable("the default must be an object of sub-fields")
    parts = {part.name: part for part in kind.parts}
    for name, inner in value.items():
        if name not in parts:
            raise Unsuitable(f"there is no sub-field '{name}'")
        if inner is None:
            continue
        part = parts[name]
        is_number = part.type.name == "NUMERIC"
        _scalar(part.type, unquote_default(inner) if is_number else inner, part.options)
    empty = all(inner is None or unquote_default(inner) in ("", [], {}) for inner in value.values())
    return None if empty else dict(value)


def _scalar(kind: ScalarType, value: Any, options: tuple[str, ...]) -> None:
    if FUNCTIONS.get(kind.name) == value:
        return
    match kind.name:
        case "TEXT":
            if not is_quoted(value):
                raise Unsuitable("the default must be a text in single quotes, such as \"'hello'\"")
        case "NUMBER":
            if isinstance(value, bool) or not isinstance(value, int | float) or decimal_of(value) is None:
                raise Unsuitable("the default must be a number")
        case "NUMERIC":
            if isinstance(value, bool) or decimal_of(value) is None:
                raise Unsuitable("the default must be a number")
        case "BOOLEAN":
            if not isinstance(value, bool):
                raise Unsuitable("the default must be true or false")
        case "DATE" | "DATE_TIME":
            _moment(kind.name, value)
        case "UUID":
            if not is_quoted(value) or not is_uuid(unquote_default(value)):
                raise Unsuitable("the default must be uuid, or a UUID in single quotes")
        case "SELECT" | "RATING":
            if not is_quoted(value) or unquote_default(value) not in options:
                raise Unsuitable("the default must be an option's value in single quotes")
        case "MULTI_SELECT":
            _choices(value, options)
        case "ARRAY":
            if not isinstance(value, list) or not all(isinstance(item, str) and "\x00" not in item for item in value):
                raise Unsuitable("the default must be a list of texts")
        case "RAW_JSON":
            if not isinstance(value, dict | list) or not is_storable(value):
                raise Unsuitable("the default must be a JSON object or list")
        case _:
            raise Unsuitable("a field of this type has no default")


def _moment(kind: str, value: Any) -> None:
    if not is_quoted(value):
        raise Unsuitable("the default must be now, or a date in single quotes")
    try:
        (parse_date if kind == "DATE" else parse_date_time)(value[1:-1])
    except ValueError:
        raise Unsuitable("the default is no date") from None


def _choices(value: Any, options: tuple[str, ...]) -> None:
    if not isinstance(value, list) or not value:
        raise Unsuitable("the default must be a list of options that is not empty")
    chosen = [unquote_default(item) for item in value]
    if not all(is_quoted(item) for item in value) or len(set(chosen)) < len(chosen) or not set(chosen) <= set(options):
        raise Unsuitable("the default must name options, each once and in single quotes")


def checked_settings(kind: FieldType, value: Any) -> dict[str, Any] | None:
    """Return a field's settings as they are kept.

    Raises:
        Unsuitable: they do not suit the type.
    """
    if kind.name == "FILES" and (not isinstance(value, Mapping) or "maxNumberOfValues" not in value):
        raise Unsuitable("settings.maxNumberOfValues is required")
    if value is None:
        return None
    if not isinstance(value, Mapping) or not is_storable(dict(value)):
        raise Unsuitable("settings must be a JSON object")
    settings = dict(value)
    _one_of(settings, "dataType", DATA_TYPES if kind.name == "NUMBER" else None)
    _one_of(settings, "type", NUMBER_TYPES if kind.name == "NUMBER" else None)
    _one_of(settings, "displayFormat", DISPLAY_FORMATS if kind.name in {"DATE", "DATE_TIME"} else None)
    most = MOST_FILES if kind.name == "FILES" else None
    for name in ("maxNumberOfValues", "displayedMaxRows", "decimals"):
        _whole(settings, name, 0 if name == "decimals" else 1, most if name == "maxNumberOfValues" else None)
    if isinstance(kind, CompositeType) and "subFields" in settings:
        known = {part.name for part in kind.parts}
        shown = settings["subFields"]
        if not isinstance(shown, list) or not all(isinstance(each, str) and each in known for each in shown):
            raise Unsuitable("settings.subFields must be a list of sub-fields")
    return settings


def _one_of(settings: Mapping[str, Any], name: str, known: frozenset[str] | None) -> None:
    if known is not None and settings.get(name) is not None and settings[name] not in known:
        raise Unsuitable(f"settings.{name} must be one of {', '.join(sorted(known))}")


def _whole(settings: Mapping[str, Any], name: str, least: int, most: int | None) -> None:
    value = settings.get(name)
    if value is None and name != "maxNumberOfValues":
        return
    if name in settings and (
        isinstance(value, bool) or not isinstance(value, int) or value < least or (most is not None and value > most)
    ):
        limit = f" and at most {most}" if most is not None else ""
        raise Unsuitable(f"settings.{name} must be a whole number, {least} or more{limit}")


def default_options(kind: FieldType) -> list[dict[str, Any]] | None:
    """Return the fixed options of a RATING, None for other types."""
    if kind.name != "RATING":
        return None
    return [
        {
            "id": str(UUID(int=RATING_IDS + stars)),
            "value": f"RATING_{stars}",
            "label": str(stars),
            "position": stars - 1,
        }
        for stars in range(1, 6)
    ]


RATING_IDS = 0x1C05A000000040008000000000000000
