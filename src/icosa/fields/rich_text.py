"""RICH_TEXT: a markdown and a block document, each made from the other when only one is sent."""

from __future__ import annotations

from typing import Any

from icosa.errors import BadInput
from icosa.fields.base import Leaf, Mode
from icosa.fields.composite import CompositeType, Part
from icosa.fields.emails import prefixed
from icosa.fields.rich_text_markdown import normalise_rich_text
from icosa.fields.spec import FieldSpec
from icosa.fields.text import Text, checked_text


class RichText(CompositeType):
    """A formatted text (`data-model.md`, "Rich text")."""

    name = "RICH_TEXT"
    graphql_name = "RichText"
    schema_description = (
        "A formatted text, as markdown and as blocks; either is made from the other when only one is sent."
    )
    can_be_searched = True
    parts = (Part("blocknote", Text(), "null"), Part("markdown", Text()))

    def accept(self, value: Any, spec: FieldSpec, leaves: tuple[Leaf, ...], mode: Mode) -> dict[str, Any]:
        """Null clears on update too (`DECISIONS.md` item 20)."""
        del mode
        return super().accept(value, spec, leaves, Mode.CREATE)

    def accept_parts(self, values: dict[str, Any], leaves: dict[str, Leaf], mode: Mode) -> dict[str, Any]:
        """Make the missing half from the other; both are always replaced."""
        del mode
        if not values:
            return {}
        label = leaves["markdown"].spec.name
        markdown = checked_text(values.get("markdown"), leaves["markdown"].label)
        blocknote = checked_text(values.get("blocknote"), leaves["blocknote"].label)
        try:
            markdown, blocknote = normalise_rich_text(markdown, blocknote)
        except BadInput as problem:
            raise prefixed(problem, label) from None
        return {"markdown": markdown, "blocknote": blocknote}

    def search_sql(self, spec: FieldSpec, alias: str) -> tuple[str, ...]:
        """Feed the markdown."""
        return (f'{alias}"{self.leaves(spec)[1].column}"',)
