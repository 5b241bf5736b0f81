"""FULL_NAME: first and last name."""

from __future__ import annotations

from icosa.fields.composite import CompositeType, Part
from icosa.fields.spec import FieldSpec
from icosa.fields.text import Text


class FullName(CompositeType):
    """A person's name, as sent."""

    name = "FULL_NAME"
    graphql_name = "FullName"
    schema_description = "A first and a last name."
    can_be_label = True
    can_be_searched = True
    parts = (Part("firstName", Text()), Part("lastName", Text()))

    def search_sql(self, spec: FieldSpec, alias: str) -> tuple[str, ...]:
        """Feed both names."""
        return tuple(f'{alias}"{leaf.column}"' for leaf in self.leaves(spec))
