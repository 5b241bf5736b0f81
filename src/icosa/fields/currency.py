"""CURRENCY: an amount in millionths and the code of its currency."""

from __future__ import annotations

from icosa.fields.base import COUNTING, Aggregation, Leaf
from icosa.fields.composite import CompositeType, Part, amounts
from icosa.fields.numbers import Micros
from icosa.fields.spec import FieldSpec
from icosa.fields.text import Text


class Currency(CompositeType):
    """A sum of money; any text passes as the code (`rest-core.md` section 9)."""

    name = "CURRENCY"
    graphql_name = "Currency"
    schema_description = "A sum of money, a number of millionths: 1500000 is 1.50."
    parts = (Part("amountMicros", Micros(), "null"), Part("currencyCode", Text(), "null"))

    def aggregations(self, spec: FieldSpec) -> tuple[tuple[Aggregation, Leaf | None, str], ...]:
        """Count, and compute over the amount."""
        return (*((c, None, "") for c in COUNTING), *amounts(self.leaves(spec)[0]))
