"""RELATION and MORPH_RELATION: on the many-to-one side a join column, on the other side nothing."""

from __future__ import annotations

from typing import Any

from icosa.errors import BadInput
from icosa.fields.base import Aggregation, FieldType, Leaf, Mode
from icosa.fields.spec import FieldSpec
from icosa.fields.uuids import Uuid
from icosa.naming import stored_name

JOIN_COLUMN = Uuid()


class Relation(FieldType):
    """A link to records of one other object."""

    name = "RELATION"
    is_relation = True

    def leaves(self, spec: FieldSpec) -> tuple[Leaf, ...]:
        """Return the join column of a many-to-one relation. It stays nullable whatever the field says (`data-model.md`)."""
        if spec.settings.get("relationType") != "MANY_TO_ONE":
            return ()
        column = spec.settings.get("joinColumnName") or f"{spec.name}Id"
        return (JOIN_COLUMN.leaf(spec, (column,), stored_name(column)),)

    def accept(self, value: Any, spec: FieldSpec, leaves: tuple[Leaf, ...], mode: Mode) -> dict[str, Any]:
        """Take the join column's value; `connect` and `disconnect` are the planner's."""
        del mode
        if not leaves:
            raise BadInput(f"{spec.name}: a one-to-many relation is written from its other side", "INVALID_ARGS_DATA")
        return {leaves[0].column: JOIN_COLUMN.accept_leaf(value, leaves[0])}

    def aggregations(self, spec: FieldSpec) -> tuple[tuple[Aggregation, Leaf | None, str], ...]:
        """Offer none (`graphql-core.md` section 8)."""
        del spec
        return ()


class MorphRelation(Relation):
    """A link to records of several objects, one field for each."""

    name = "MORPH_RELATION"
    is_morph = True
