"""One filter of a view as a condition on records (`metadata.md` section 9, `graphql-core.md` section 9).

An operand that says what a value is not (`IS_NOT`, `DOES_NOT_CONTAIN`) also finds records without a value, as somebody
who reads the view expects; a value that is empty or half filled in asks nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from icosa.catalog.model import Catalog, Field, Object
from icosa.errors import BadInput
from icosa.fields.base import Leaf
from icosa.fields.moments import DAY, parse_date_time
from icosa.modeling.view_periods import relative_span
from icosa.plan.conditions import make_test
from icosa.plan.filters import And, Filter, Not, Or
from icosa.plan.values import Values

MICROS = 1_000_000
ONE_DAY = dt.timedelta(days=1)
ONE_MINUTE = dt.timedelta(minutes=1)
READ_PARTS = {"ACTOR": ("name",), "RICH_TEXT": ("markdown",), "CURRENCY": ("amountMicros",)}
EQUALITY = {"IS", "IS_NOT"}
CONTAINING = {"CONTAINS", "DOES_NOT_CONTAIN"}
NEGATIVE = {"IS_NOT", "DOES_NOT_CONTAIN"}
BOUNDS = {"GREATER_THAN_OR_EQUAL": "gte", "LESS_THAN_OR_EQUAL": "lte"}
NOTHING: tuple[Any, ...] = (None, "", [], {})


class Conditions:
    """Makes the conditions of one view's filters.

    Args:
        catalog: the caller's view of the model.
        owner: the object of the view.
        values: takes the values.
        now: what relative dates are relative to, in UTC.
        member_id: the caller as a workspace member; None for a key.
    """

    def __init__(
        self, catalog: Catalog, owner: Object, values: Values, now: dt.datetime, member_id: str | None
    ) -> None:
        self._catalog = catalog
        self._owner = owner
        self._values = values
        self._now = now
        self._member_id = member_id

    def of_filter(self, field: Field, behind: Field | None, content: Mapping[str, Any]) -> Filter | None:
        """Return the condition of a filter, None when it asks nothing.

        Args:
            field: what the filter is about.
            behind: the field of the related record that is looked at instead, when `field` is a relation.
            content: the filter as it is stored.

        Raises:
            BadInput: a value that does not fit, a relation that cannot be filtered through.
        """
        subject, prefix = (field, ()) if behind is None else (behind, (field.name,))
        operand = content["operand"]
        leaves = self._leaves(subject, content.get("subFieldName"))
        if operand in {"IS_EMPTY", "IS_NOT_EMPTY"}:
            return self._emptiness(subject, leaves, prefix, filled=operand == "IS_NOT_EMPTY")
        value = _parsed(content.get("value"))
        if operand in {"IS_IN_PAST", "IS_IN_FUTURE", "IS_TODAY"}:
            return self._moment(leaves[0], prefix, operand, None)
        if value in NOTHING:
            return None
        if subject.relation is not None:
            return self._related(leaves[0], prefix, operand, value)
        if leaves[0].type.is_dated:
            return self._moment(leaves[0], prefix, operand, value)
        if operand in CONTAINING:
            found = [self._containing(leaf, prefix, value) for leaf in leaves]
        elif operand in EQUALITY:
            found = [self._equal(leaf, prefix, value) for leaf in leaves]
        elif operand in BOUNDS:
            found = [self._bound(subject, leaves[0], prefix, BOUNDS[operand], value)]
        else:
            found = [self._test(leaves[0], prefix, "search", value)]
        return self._negated(leaves, prefix, found) if operand in NEGATIVE else _any(found)

    def anywhere(self, text: str) -> Filter:
        """Return the condition that a text stands in any field that the caller may read."""
        found: list[Filter] = []
        for field in self._owner.fields:
            if field.relation is not None or field.is_system:
                continue
            for leaf in self._leaves(field, None):
                if leaf.options:
                    wanted = [each.value for each in field.options if text.casefold() in each.label.casefold()]
                    if wanted:
                        found.append(self._containing(leaf, (), wanted))
                elif {"ilike", "containsIlike"} & leaf.type.operators:
                    found.append(self._containing(leaf, (), text))
                elif "gt" in leaf.type.operators and _number(text) is not None and not leaf.type.is_dated:
                    found.append(self._bound(field, leaf, (), "eq", text))
        return _any(found)

    def _leaves(self, field: Field, part: str | None) -> Sequence[Leaf]:
        """Return the columns that a filter on a field looks at."""
        if field.is_composite:
            named = (part,) if part else READ_PARTS.get(field.type.name)
            leaves = [each for each in field.leaves if named is None or each.path[-1] in named]
        else:
            leaves = list(field.leaves)
        if not leaves:
            raise BadInput(f"{field.name}: cannot be filtered by", "INVALID_ARGS_FILTER")
        return leaves

    def _test(self, leaf: Leaf, prefix: tuple[str, ...], operator: str, value: Any) -> Filter:
        return make_test(self._catalog, self._owner, (*prefix, *leaf.path), operator, value, self._values)

    def _null(self, leaf: Leaf, prefix: tuple[str, ...]) -> Filter:
        return self._test(leaf, prefix, "is", "NULL")

    def _never(self) -> Filter:
        return self._null(self._owner.id_leaf, ())

    def _emptiness(self, field: Field, leaves: Sequence[Leaf], prefix: tuple[str, ...], *, filled: bool) -> Filter:
        counted = [leaf for leaf in field.type.content_leaves(field) if leaf.path in {each.path for each in leaves}]
        tests = [self._test(leaf, prefix, "is", "NOT_NULL" if filled else "NULL") for leaf in counted or leaves]
        return _any(tests) if filled else And(tuple(tests))

    def _negated(self, leaves: Sequence[Leaf], prefix: tuple[str, ...], found: Sequence[Filter]) -> Filter:
        """Return what finds everything else, records without a value included."""
        pairs = zip(leaves, found, strict=True)
        return And(tuple(Or((self._null(leaf, prefix), Not(each))) for leaf, each in pairs))

    def _containing(self, leaf: Leaf, prefix: tuple[str, ...], value: Any) -> Filter:
        if leaf.options and leaf.type.is_list:
            return self._test(leaf, prefix, "containsAny", _listed(value))
        if leaf.options:
            return self._equal(leaf, prefix, value)
        operator = next((each for each in ("ilike", "containsIlike", "like") if each in leaf.type.operators), None)
        if operator is None:
            return self._equal(leaf, prefix, value)
        texts = [each for each in map(str, _listed(value)) if each]
        return _any([self._test(leaf, prefix, operator, f"%{_plain(each)}%") for each in texts])

    def _equal(self, leaf: Leaf, prefix: tuple[str, ...], value: Any) -> Filter:
        if not leaf.options:
            listed = _listed(value)
            return _any([self._test(leaf, prefix, "eq", _scalar(each)) for each in listed])
        wanted = [_option(each, leaf) for each in _listed(value)]
        known = [each for each in wanted if each in leaf.options]
        found: list[Filter] = [self._test(leaf, prefix, "in", known)] if known else []
        if "" in wanted:
            found.append(self._null(leaf, prefix))
        return _any(found) if found else self._never()

    def _bound(self, field: Field, leaf: Leaf, prefix: tuple[str, ...], operator: str, value: Any) -> Filter:
        if leaf.options:
            return self._test(leaf, prefix, operator, _option(value, leaf))
        number = _number(value)
        if number is None:
            raise BadInput(f"{leaf.label}: the filter's value must be a number", "INVALID_ARGS_FILTER")
        if field.type.name == "CURRENCY":
            number *= MICROS
        return self._test(leaf, prefix, operator, f"{number:f}")

    def _related(self, leaf: Leaf, prefix: tuple[str, ...], operand: str, value: Any) -> Filter | None:
        wanted = value if isinstance(value, dict) else {"selectedRecordIds": _listed(value)}
        listed = [str(each) for each in _listed(wanted.get("selectedRecordIds") or [])]
        myself = wanted.get("isCurrentWorkspaceMemberSelected") is True
        if not listed and not myself:
            return None
        if myself and self._member_id is not None:
            listed.append(self._member_id)
        found = self._test(leaf, prefix, "in", listed) if listed else self._never()
        return self._negated([leaf], prefix, [found]) if operand in NEGATIVE else found

    def _moment(self, leaf: Leaf, prefix: tuple[str, ...], operand: str, value: Any) -> Filter:
        timed = leaf.type.needs_zone
        today = self._now.replace(hour=0, minute=0, second=0, microsecond=0)
        now = self._now if timed else today

        def test(operator: str, moment: dt.datetime) -> Filter:
            text = moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if timed else moment.date().isoformat()
            return self._test(leaf, prefix, operator, text)

        match operand:
            case "IS_IN_PAST":
                return test("lt", now)
            case "IS_IN_FUTURE":
                return test("gt", now)
            case "IS_TODAY":
                return And((test("gte", today), test("lt", today + ONE_DAY)))
            case "IS_RELATIVE":
                start, end = relative_span(value, now)
                if not timed and end > now >= start and start == now:
                    return And((test("gt", start), test("lte", end)))
                return And((test("gte", start), test("lt", end)))
        text = str(value)
        try:
            moment = parse_date_time(text)
            length = ONE_DAY if not timed or DAY.fullmatch(text) else ONE_MINUTE
            start = moment.replace(second=0, microsecond=0) if timed else moment.replace(hour=0, minute=0)
            if operand == "IS_BEFORE":
                return test("lt", moment)
            if operand == "IS_AFTER":
                return test("gte", moment + ONE_DAY) if length == ONE_DAY else test("gt", moment)
            return And((test("gte", start), test("lt", start + length)))
        except (ValueError, OverflowError):
            raise BadInput(f"{leaf.label}: the filter's value must be a date", "INVALID_ARGS_FILTER") from None


def _any(items: Sequence[Filter]) -> Filter:
    return items[0] if len(items) == 1 else Or(tuple(items))


def _parsed(value: Any) -> Any:
    """Return a value that may stand as the JSON text of a list or an object, as the front end of old writes it."""
    if isinstance(value, str) and value[:1] in {"[", "{"}:
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            return value
    return value


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _plain(text: str) -> str:
    """Return a text as a LIKE pattern that matches it and nothing else."""
    return text.replace("%", r"\%").replace("_", r"\_")


def _scalar(value: Any) -> Any:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _option(value: Any, leaf: Leaf) -> str:
    """Return an option's value; a rating may stand as its number of stars."""
    text = str(value)
    stars = f"RATING_{text}"
    return stars if text not in leaf.options and stars in leaf.options else text


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
