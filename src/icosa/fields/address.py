"""ADDRESS: free texts and a position on the globe."""

from __future__ import annotations

from icosa.fields.composite import CompositeType, Part
from icosa.fields.numbers import Numeric
from icosa.fields.spec import FieldSpec
from icosa.fields.text import Text

TEXTS = ("addressStreet1", "addressStreet2", "addressCity", "addressPostcode", "addressState", "addressCountry")


class Address(CompositeType):
    """A postal address; nothing is looked up."""

    name = "ADDRESS"
    graphql_name = "Address"
    schema_description = "A postal address."
    can_be_searched = True
    parts = (
        *(Part(name, Text()) for name in TEXTS),
        Part("addressLat", Numeric(), "null"),
        Part("addressLng", Numeric(), "null"),
    )

    def search_sql(self, spec: FieldSpec, alias: str) -> tuple[str, ...]:
        """Feed the six texts."""
        return tuple(f'{alias}"{leaf.column}"' for leaf in self.leaves(spec)[: len(TEXTS)])
