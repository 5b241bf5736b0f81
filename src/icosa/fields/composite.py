"""What the composite types share: an object of named sub-fields, each with a column of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from icosa.errors import BadInput
from icosa.fields.base import Aggregation, FieldType, Leaf, Mode, ScalarType
from icosa.fields.json_schema import JsonSchema, Named, Refer, or_null
from icosa.fields.spec import FieldSpec
from icosa.naming import capitalized, stored_name


@dataclass(frozen=True, slots=True)
class Part:
    """One sub-field of a composite.

    Attributes:
        name: API name below the field.
        type: scalar type of its column.
        empty_json: what a stored NULL reads as.
        unique: whether it counts for uniqueness.
        counts: whether it counts for emptiness and distinct values.
        options: for a part with fixed values.
        in_input: whether GraphQL's input types show it.
        named: what its value is made of, where that is more than the type says.
        schema: JSON Schema of its value where the type's says too little.
        clearable: whether a body may send null.
    """

    name: str
    type: ScalarType
    empty_json: str = '""'
    unique: bool = False
    counts: bool = True
    options: tuple[str, ...] = ()
    in_input: bool = True
    named: Named | None = None
    schema: JsonSchema | None = None
    clearable: bool = True

    def value_schema(self, refer: Refer) -> JsonSchema:
        """Return the JSON Schema of a value that is there."""
        if self.named is not None:
            return self.named.value_schema(refer)
        return dict(self.schema or self.type.value_schema(self.options))

    def answer_schema(self, refer: Refer) -> JsonSchema:
        """Return the JSON Schema of a value in an answer."""
        schema = self.value_schema(refer)
        return or_null(schema) if self.empty_json == "null" else schema

    def body_schema(self, refer: Refer) -> JsonSchema:
        """Return the JSON Schema of a value in a body."""
        schema = self.value_schema(refer)
        return or_null(schema) if self.clearable else schema


class CompositeType(FieldType):
    """A field of several columns, named `{field}{Part}`."""

    parts: ClassVar[tuple[Part, ...]]
    graphql_name: ClassVar[str]
    can_be_unique = False
    schema_description: ClassVar[str]

    @property
    def type_names(self) -> tuple[str, ...]:
        """The names that the type takes in GraphQL and OpenAPI."""
        return (self.graphql_name, self.answer_name, self.body_name, *(each.name for each in self.named))

    @property
    def named(self) -> tuple[Named, ...]:
        """What the parts are made of that has a name."""
        return tuple(part.named for part in self.parts if part.named is not None)

    @property
    def answer_name(self) -> str:
        """The name of the schema that answers of every field of the type share."""
        return f"{self.graphql_name}Value"

    @property
    def body_name(self) -> str:
        """The name of the schema that bodies of every field of the type share."""
        return f"{self.graphql_name}Input"

    def answer_schema(self, refer: Refer) -> JsonSchema:
        """Return the JSON Schema of a value in an answer: every part is told."""
        return {
            "type": "object",
            "description": self.schema_description,
            "properties": {part.name: part.answer_schema(refer) for part in self.parts},
            "required": [part.name for part in self.parts],
        }

    def body_schema(self, refer: Refer) -> JsonSchema:
        """Return the JSON Schema of a value in a body: an update keeps the parts that it does not name."""
        return {
            "type": "object",
            "description": self.schema_description,
            "properties": {part.name: part.body_schema(refer) for part in self.parts},
        }

    def leaves(self, spec: FieldSpec) -> tuple[Leaf, ...]:
        """Return one column for each part."""
        defaults = spec.default_value if isinstance(spec.default_value, dict) else {}
        return tuple(self._leaf(part, spec, defaults.get(part.name)) for part in self.parts)

    def _leaf(self, part: Part, spec: FieldSpec, default: Any) -> Leaf:
        return Leaf(
            path=(spec.name, part.name),
            column=stored_name(f"{spec.name}{capitalized(part.name)}"),
            type=part.type,
            spec=spec,
            empty_json=part.empty_json,
            options=part.options,
            groupable=part.type.groupable,
            default_sql=None if default is None else part.type.default_sql(default),
        )

    def unique_leaves(self, spec: FieldSpec) -> tuple[Leaf, ...]:
        """Return the columns of the parts that count for uniqueness."""
        return tuple(leaf for part, leaf in zip(self.parts, self.leaves(spec), strict=True) if part.unique)

    def content_leaves(self, spec: FieldSpec) -> tuple[Leaf, ...]:
        """Return the columns of the parts that count for emptiness."""
        return tuple(leaf for part, leaf in zip(self.parts, self.leaves(spec), strict=True) if part.counts)

    def accept(self, value: Any, spec: FieldSpec, leaves: tuple[Leaf, ...], mode: Mode) -> dict[str, Any]:
        """Check each part that is named; null for the whole is empty on create and no change on update.

        Raises:
            BadInput: not an object, an unknown part, or a part's own refusal.
        """
        if value is None:
            return dict.fromkeys((leaf.column for leaf in leaves), None) if mode is Mode.CREATE else {}
        if not isinstance(value, dict):
            raise BadInput(f"{spec.name}: must be an object or null", "INVALID_ARGS_DATA")
        named = {leaf.path[1]: leaf for leaf in leaves}
        for key in value:
            if key not in named:
                raise BadInput(f"{spec.name}.{key}: there is no such sub-field", "INVALID_ARGS_DATA")
        parts = self.accept_parts(value, named, mode)
        return {named[name].column: stored for name, stored in parts.items()}

    def accept_parts(self, values: dict[str, Any], leaves: dict[str, Leaf], mode: Mode) -> dict[str, Any]:
        """Return the parts to store by name; types with rules between their parts override this."""
        del mode
        return {name: leaves[name].type.accept_leaf(value, leaves[name]) for name, value in values.items()}


def amounts(leaf: Leaf) -> tuple[tuple[Aggregation, Leaf, str], ...]:
    """Return the aggregates of a numeric part, named after the field and the part."""
    computed = (Aggregation.MIN, Aggregation.MAX, Aggregation.AVG, Aggregation.SUM)
    return tuple((c, leaf, capitalized(leaf.path[1])) for c in computed)


def gathered(rows: str, primary: str, primary_item: str, further: str, item_key: str) -> str:
    """Return SQL for the list part of a merged field: all values but the survivor's primary, each once, in order.

    Args:
        rows: table of the merged records, ranked by `_rank`, alias `b` in the other arguments.
        primary: SQL of the primary value, NULL when there is none.
        primary_item: SQL of the list item that a primary value becomes.
        further: SQL of the column with the list.
        item_key: SQL of the value that makes an item `x.item` the same as another.
    """
    items = (
        f"SELECT {primary_item} AS item, b._rank * 1000000 AS place FROM {rows} b WHERE {primary} IS NOT NULL "
        f"UNION ALL SELECT e.item, b._rank * 1000000 + e.place FROM {rows} b "
        f"CROSS JOIN LATERAL jsonb_array_elements({further}) WITH ORDINALITY AS e(item, place)"
    )
    kept = f"(SELECT {primary_item} FROM {rows} b WHERE {primary} IS NOT NULL ORDER BY b._rank LIMIT 1)"
    distinct = f"SELECT DISTINCT ON ({item_key}) x.item, x.place FROM ({items}) x ORDER BY {item_key}, x.place"
    is_primary = item_key.replace("x.item", "d.item")
    of_primary = item_key.replace("x.item", kept)
    return f"(SELECT jsonb_agg(d.item ORDER BY d.place) FROM ({distinct}) d WHERE {is_primary} IS DISTINCT FROM {of_primary})"
