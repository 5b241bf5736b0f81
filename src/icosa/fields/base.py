"""The contract of a field type, and the leaf: one column that can be filtered, sorted, grouped and written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, ClassVar

from icosa.errors import BadInput
from icosa.fields.json_schema import JsonSchema, Named, or_null
from icosa.fields.spec import FieldSpec
from icosa.naming import literal


class Mode(Enum):
    """Which write a value is checked for: composites treat what is not named differently (`DECISIONS.md` items 10, 20)."""

    CREATE = "create"
    UPDATE = "update"


class Aggregation(Enum):
    """What an aggregate computes (`graphql-core.md` section 8)."""

    COUNT_UNIQUE = "countUniqueValues"
    COUNT_EMPTY = "countEmpty"
    COUNT_NOT_EMPTY = "countNotEmpty"
    PERCENTAGE_EMPTY = "percentageEmpty"
    PERCENTAGE_NOT_EMPTY = "percentageNotEmpty"
    MIN = "min"
    MAX = "max"
    AVG = "avg"
    SUM = "sum"
    COUNT_TRUE = "countTrue"
    COUNT_FALSE = "countFalse"


COUNTING = (
    Aggregation.COUNT_UNIQUE,
    Aggregation.COUNT_EMPTY,
    Aggregation.COUNT_NOT_EMPTY,
    Aggregation.PERCENTAGE_EMPTY,
    Aggregation.PERCENTAGE_NOT_EMPTY,
)


@dataclass(frozen=True, slots=True)
class Operand:
    """A filter's operator and value after the type has checked them.

    Attributes:
        operator: the operator to write, which may be another than was asked (`eq ""` on text becomes `empty`).
        value: the statement's parameter in the driver's Python form; ignored when `takes_value` is False.
        takes_value: whether the operator has a parameter at all.
    """

    operator: str
    value: Any = None
    takes_value: bool = True


@dataclass(frozen=True, eq=False)
class Leaf:
    """One column of a field: what a path in a filter, an order or a group ends at.

    Attributes:
        path: the API path below the object: `("stage",)`, `("name", "firstName")`, `("companyId",)`.
        column: the column's name in the object's table.
        type: the scalar type of the column.
        spec: the field it belongs to.
        empty_json: the JSON text that a stored NULL reads as: `null`, `""` or `[]`.
        options: option values in order, for types that have them.
        groupable: whether group-by may use it.
        writable: whether an input may hold it.
    """

    path: tuple[str, ...]
    column: str
    type: ScalarType
    spec: FieldSpec
    empty_json: str = "null"
    options: tuple[str, ...] = ()
    groupable: bool = True
    default_sql: str | None = None
    not_null: bool = False

    @cached_property
    def label(self) -> str:
        """The path as people write it, for error messages."""
        return ".".join(self.path)


class FieldType(ABC):
    """One of the contract's field metadata types (`field-types.json`)."""

    name: ClassVar[str]
    has_options: ClassVar[bool] = False
    is_relation: ClassVar[bool] = False
    is_morph: ClassVar[bool] = False
    """Whether several fields together lead to records of several objects."""
    can_be_unique: ClassVar[bool] = True
    can_be_created: ClassVar[bool] = True
    can_be_label: ClassVar[bool] = False
    can_be_searched: ClassVar[bool] = False
    is_documented: ClassVar[bool] = True
    """Whether the OpenAPI documents tell fields of the type."""
    holds_files: ClassVar[bool] = False
    """Whether a value is a list of uploaded files."""
    tells_image: ClassVar[bool] = False
    """Whether a value can be told as the address of a record's image."""

    @abstractmethod
    def leaves(self, spec: FieldSpec) -> tuple[Leaf, ...]:
        """Return the columns of a field of this type, in the order of their declaration."""

    @abstractmethod
    def accept(self, value: Any, spec: FieldSpec, leaves: tuple[Leaf, ...], mode: Mode) -> dict[str, Any]:
        """Check and normalise a value of a request's body.

        Args:
            value: parsed JSON.
            spec: the field.
            leaves: its columns, as `leaves` returns them; whoever has a field keeps them.
            mode: create or update.

        Returns:
            Column name → JSON value to store; a column that is left out keeps its value.

        Raises:
            BadInput: the value breaks a rule of the type; the message names the field.
        """

    def unique_leaves(self, spec: FieldSpec) -> tuple[Leaf, ...]:
        """Return the columns that count for uniqueness."""
        return self.leaves(spec)

    def aggregations(self, spec: FieldSpec) -> tuple[tuple[Aggregation, Leaf | None, str], ...]:
        """Return (operation, the leaf it reads or None for the whole field, name suffix) of each aggregate."""
        del spec
        return tuple((operation, None, "") for operation in COUNTING)

    def content_leaves(self, spec: FieldSpec) -> tuple[Leaf, ...]:
        """Return the leaves whose concatenation decides whether the field is empty (`graphql-core.md` section 8)."""
        return self.leaves(spec)

    def merge_sql(self, spec: FieldSpec, rows: str) -> dict[str, str]:
        """Return column → SQL of its value when records are merged (`rest-core.md` section 14).

        Args:
            spec: the field.
            rows: a table of the merged records, the survivor first by its column `_rank`.

        The field is taken whole from the first record in which it is not empty.
        """
        texts = [leaf.type.content(f'b."{leaf.column}"') for leaf in self.content_leaves(spec)]
        filled = " OR ".join(f"{text} IS NOT NULL" for text in texts)
        return {
            leaf.column: f'(SELECT b."{leaf.column}" FROM {rows} b WHERE {filled} ORDER BY b._rank LIMIT 1)'
            for leaf in self.leaves(spec)
        }

    def search_sql(self, spec: FieldSpec, alias: str) -> tuple[str, ...]:
        """Return SQL text expressions that feed the search vector (`data-model.md`, "searchVector and search")."""
        del spec, alias
        return ()


class ScalarType(FieldType):
    """A field type with one column; composites are built of these too."""

    pg_type: ClassVar[str]
    graphql_type: ClassVar[str]
    graphql_filter: ClassVar[str]
    param_type: ClassVar[str | None] = None
    operators: ClassVar[frozenset[str]]
    empty_json: ClassVar[str] = "null"
    groupable: ClassVar[bool] = True
    exact: ClassVar[bool] = False
    needs_zone: ClassVar[bool] = False
    is_dated: ClassVar[bool] = False
    is_list: ClassVar[bool] = False
    schema: ClassVar[JsonSchema]
    """The JSON Schema of a value that is there."""
    named: ClassVar[Named | None] = None
    """What a value is made of, where that is an object."""

    def leaves(self, spec: FieldSpec) -> tuple[Leaf, ...]:
        """Return the one column, named like the field."""
        return (self.leaf(spec, (spec.name,), spec.name, spec.default_value, not_null=not spec.is_nullable),)

    def leaf(
        self, spec: FieldSpec, path: tuple[str, ...], column: str, default: Any = None, *, not_null: bool = False
    ) -> Leaf:
        """Return a column of this type for a field or a sub-field."""
        return Leaf(
            path=path,
            column=column,
            type=self,
            spec=spec,
            empty_json=self.empty_json,
            options=self.option_values(spec),
            groupable=self.groupable,
            default_sql=None if default is None else self.default_sql(default),
            not_null=not_null,
        )

    def graphql_scalar(self, spec: FieldSpec) -> str:
        """Return the GraphQL scalar of a field's value (`graphql-core.md` section 3); types with options have enums."""
        del spec
        return self.graphql_type

    def option_values(self, spec: FieldSpec) -> tuple[str, ...]:
        """Return the option values in order; empty for types without options."""
        del spec
        return ()

    def value_schema(self, options: Sequence[str], item: JsonSchema | None = None) -> JsonSchema:
        """Return the JSON Schema of a value that is there.

        Args:
            options: the option values, for types that have them.
            item: what stands for one option or one item of a list, such as a reference; None writes it out.
        """
        del options, item
        return dict(self.schema)

    def answer_schema(self, leaf: Leaf, item: JsonSchema | None = None) -> JsonSchema:
        """Return the JSON Schema of a value in an answer, null included where it is told; see `value_schema`."""
        schema = self.value_schema(leaf.options, item)
        return or_null(schema) if leaf.empty_json == "null" and not leaf.not_null else schema

    def body_schema(self, leaf: Leaf, item: JsonSchema | None = None) -> JsonSchema:
        """Return the JSON Schema of a value in a body, null included where it empties the field; see `value_schema`."""
        schema = self.value_schema(leaf.options, item)
        return schema if leaf.not_null else or_null(schema)

    def accept(self, value: Any, spec: FieldSpec, leaves: tuple[Leaf, ...], mode: Mode) -> dict[str, Any]:
        """Check one value; see `FieldType.accept`."""
        del mode
        leaf = leaves[0]
        stored = self.accept_leaf(value, leaf)
        if stored is None and not spec.is_nullable:
            raise BadInput(f"{leaf.label}: a value is required, it cannot be null", "INVALID_ARGS_DATA")
        return {leaf.column: stored}

    @abstractmethod
    def accept_leaf(self, value: Any, leaf: Leaf) -> Any:
        """Check and normalise one value of a body; None means that NULL is stored.

        Raises:
            BadInput: the value is not of the type.
        """

    @abstractmethod
    def default_sql(self, default: Any) -> str:
        """Return the SQL expression of a default in its metadata form."""

    def json(self, expression: str) -> str:
        """Return SQL that writes a value as JSON text, NULL staying NULL."""
        return f"{expression}::text"

    def items_json(self, expression: str, entries: Sequence[tuple[str, str]]) -> str:
        """Return SQL that writes some parts of each item of a list as JSON; only types whose items have parts can."""
        raise NotImplementedError

    def cursor_json(self, expression: str) -> str:
        """Return SQL that writes a value as JSON without loss, for cursors; NULL stays NULL."""
        return self.json(expression)

    def order(self, expression: str, leaf: Leaf) -> str:
        """Return the SQL expression that sorts the type; it is applied to columns and to cursor values alike."""
        del leaf
        return expression

    def group_order(self, expression: str) -> str:
        """Return the SQL expression that sorts groups by a dimension of the type."""
        return expression

    def element_json(self, expression: str) -> str:
        """Return SQL that writes one element of a list column as JSON."""
        return f"to_json({expression})::text"

    def content(self, expression: str) -> str:
        """Return SQL for the text by which emptiness and distinct values are counted; NULL when empty."""
        return f"{expression}::text"

    def local_time(self, expression: str, zone: str | None) -> str:
        """Return SQL for the timestamp without zone by which dates fall into groups; only dated types have it."""
        raise NotImplementedError

    def parameter(self, position: int, *, many: bool = False) -> str:
        """Return the placeholder of a statement's parameter, counted from 1, with its cast."""
        return f"${position}::{self.param_type or self.pg_type}{'[]' if many else ''}"

    @abstractmethod
    def operand(self, operator: str, value: Any, leaf: Leaf) -> Operand:
        """Check a filter's value: text as REST sends it or the JSON value GraphQL sends.

        Raises:
            BadInput: the operator is not one of the type's, or the value does not fit it.
        """

    @abstractmethod
    def from_cursor(self, value: Any, leaf: Leaf) -> Any:
        """Return the driver's form of a value that `cursor_json` wrote.

        Raises:
            ValueError: the value was not written by `cursor_json`.
        """

    def test(self, operator: str, column: str, position: int, leaf: Leaf) -> str:
        """Return the SQL condition of a checked operator over a column and the parameter at `position`."""
        del leaf
        match operator:
            case "null":
                return f"{column} IS NULL"
            case "not_null":
                return f"{column} IS NOT NULL"
            case "in":
                return f"{column} = ANY({self.parameter(position, many=True)})"
            case _:
                return f"{column} {COMPARISONS[operator]} {self.parameter(position)}"


COMPARISONS = {"eq": "=", "neq": "<>", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
ORDERED = frozenset({*COMPARISONS, "in", "is"})


def refuse_operator(operator: str, leaf: Leaf) -> None:
    """Raise when a type has no such operator.

    Raises:
        BadInput: `INVALID_ARGS_FILTER`, naming the field and the operators it takes.
    """
    if operator not in leaf.type.operators:
        known = ", ".join(sorted(leaf.type.operators))
        raise BadInput(f"{leaf.label}: no operator '{operator}' here; it takes {known}", "INVALID_ARGS_FILTER")


def bad_operand(leaf: Leaf, rule: str) -> BadInput:
    """Return the error of a filter value that does not fit its field."""
    return BadInput(f"{leaf.label}: the filter's value must be {rule}", "INVALID_ARGS_FILTER")


def null_operand(value: Any, leaf: Leaf) -> Operand:
    """Return the operand of `is`, whose value is NULL or NOT_NULL.

    Raises:
        BadInput: any other value.
    """
    if value == "NULL":
        return Operand("null", takes_value=False)
    if value == "NOT_NULL":
        return Operand("not_null", takes_value=False)
    raise bad_operand(leaf, "NULL or NOT_NULL under 'is'")


def list_operand(value: Any, leaf: Leaf) -> Sequence[Any]:
    """Return the values of an `in` or `containsAny`.

    Raises:
        BadInput: no list, or an empty one (`INVALID_QUERY_INPUT`).
    """
    if not isinstance(value, list | tuple):
        raise bad_operand(leaf, "a list")
    if not value:
        raise BadInput(f"{leaf.label}: the filter's list is empty", "INVALID_QUERY_INPUT")
    return value


def unquote_default(default: Any) -> Any:
    """Return a default without the single quotes that its metadata form puts around texts."""
    if isinstance(default, str) and len(default) >= 2 and default[0] == default[-1] == "'":
        return default[1:-1]
    return default


def text_default_sql(default: Any, pg_type: str) -> str:
    """Return the SQL literal of a quoted default, cast to its column's type."""
    return f"{literal(str(unquote_default(default)))}::{pg_type}"
