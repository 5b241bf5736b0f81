"""LINKS: a primary link with its label and more of them."""

from __future__ import annotations

from typing import Any

from icosa.errors import BadInput
from icosa.fields.base import Leaf, Mode
from icosa.fields.composite import CompositeType, Part, gathered
from icosa.fields.emails import list_part, prefixed
from icosa.fields.json_schema import TEXT, named_object
from icosa.fields.raw_json import RawJson
from icosa.fields.spec import FieldSpec
from icosa.fields.text import Text, checked_text
from icosa.fields.web_links import normalise_link

LINK_KEYS = frozenset({"url", "label"})
LINK = named_object("LinkItem", "One more link.", many=True, url=dict(TEXT), label=dict(TEXT))


def checked_link(value: Any, label: str) -> str | None:
    """Return a normalised link, None for an empty one; raises BadInput `INVALID_URL`."""
    text = checked_text(value, label)
    if text is None:
        return None
    try:
        return normalise_link(text)
    except BadInput as problem:
        raise prefixed(problem, label) from None


def checked_secondary(value: Any, label: str) -> list[dict[str, Any]]:
    """Return the further links that have an address, normalised; raises BadInput."""
    links = []
    for item in list_part(value, label):
        if not isinstance(item, dict) or not LINK_KEYS.issuperset(item):
            raise BadInput(f"{label}: each link must be an object of url and label", "INVALID_ARGS_DATA")
        url = checked_link(item.get("url"), f"{label}.url")
        text = checked_text(item.get("label"), f"{label}.label")
        if url is not None:
            links.append({"url": url, "label": text or ""})
    return links


class Links(CompositeType):
    """Web links; the primary address may be unique."""

    name = "LINKS"
    graphql_name = "Links"
    schema_description = "Web links: a primary one and more of them."
    can_be_unique = True
    can_be_searched = True
    parts = (
        Part("primaryLinkLabel", Text(), counts=False),
        Part("primaryLinkUrl", Text(), unique=True),
        Part("secondaryLinks", RawJson(), "[]", counts=False, named=LINK),
    )

    def accept_parts(self, values: dict[str, Any], leaves: dict[str, Leaf], mode: Mode) -> dict[str, Any]:
        """Normalise each link; the first further one takes an empty primary's place (`rest-core.md` section 11)."""
        stored: dict[str, Any] = {}
        if "primaryLinkLabel" in values:
            stored["primaryLinkLabel"] = checked_text(values["primaryLinkLabel"], leaves["primaryLinkLabel"].label)
        if "primaryLinkUrl" in values:
            stored["primaryLinkUrl"] = checked_link(values["primaryLinkUrl"], leaves["primaryLinkUrl"].label)
        if "secondaryLinks" in values:
            stored["secondaryLinks"] = checked_secondary(values["secondaryLinks"], leaves["secondaryLinks"].label)
        emptied = mode is Mode.CREATE or "primaryLinkUrl" in stored
        if emptied and stored.get("primaryLinkUrl") is None:
            self._promote(stored)
        if "secondaryLinks" in stored:
            stored["secondaryLinks"] = stored["secondaryLinks"] or None
        return stored

    @staticmethod
    def _promote(stored: dict[str, Any]) -> None:
        further = stored.get("secondaryLinks")
        if further:
            first = further.pop(0)
            stored["primaryLinkUrl"] = first["url"]
            stored["primaryLinkLabel"] = first["label"] or None
        else:
            stored["primaryLinkLabel"] = None

    def merge_sql(self, spec: FieldSpec, rows: str) -> dict[str, str]:
        """Keep the survivor's primary link and gather all others, the same address once."""
        label, url, further = (leaf.column for leaf in self.leaves(spec))
        merged = super().merge_sql(spec, rows)
        item = f"""jsonb_build_object('url', b."{url}", 'label', coalesce(b."{label}", ''))"""
        merged[further] = gathered(rows, f'b."{url}"', item, f'b."{further}"', "(x.item ->> 'url')")
        return merged

    def search_sql(self, spec: FieldSpec, alias: str) -> tuple[str, ...]:
        """Feed labels and addresses."""
        label, url, further = (f'{alias}"{leaf.column}"' for leaf in self.leaves(spec))
        return (label, url, f"replace(core.json_texts({further}), ':', '')")
