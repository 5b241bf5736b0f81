"""PHONES: a primary number with its codes and more of them."""

from __future__ import annotations

from typing import Any

from icosa.errors import BadInput
from icosa.fields.base import Leaf, Mode
from icosa.fields.composite import CompositeType, Part, gathered
from icosa.fields.emails import list_part, prefixed
from icosa.fields.json_schema import TEXT, named_object
from icosa.fields.phone_numbers import Phone, normalise_phone
from icosa.fields.raw_json import RawJson
from icosa.fields.spec import FieldSpec
from icosa.fields.text import Text, checked_text

PRIMARY = ("primaryPhoneNumber", "primaryPhoneCountryCode", "primaryPhoneCallingCode")
FURTHER_KEYS = frozenset({"number", "countryCode", "callingCode"})
PHONE = named_object(
    "PhoneItem", "One more phone.", many=True, number=dict(TEXT), countryCode=dict(TEXT), callingCode=dict(TEXT)
)


def checked_phone(number: Any, country_code: Any, calling_code: Any, label: str) -> Phone:
    """Return a normalised phone; raises BadInput with the codes of `rest-core.md` section 3."""
    texts = [checked_text(value, label) for value in (number, country_code, calling_code)]
    try:
        return normalise_phone(*texts)
    except BadInput as problem:
        raise prefixed(problem, label) from None


class Phones(CompositeType):
    """Phone numbers, parsed and split into national number, country and calling code."""

    name = "PHONES"
    graphql_name = "Phones"
    schema_description = (
        "Phone numbers: a primary one and more of them, split into national number, country and calling code."
    )
    can_be_unique = True
    can_be_searched = True
    parts = (
        *(Part(name, Text(), unique=True) for name in PRIMARY),
        Part(
            "additionalPhones",
            RawJson(),
            "[]",
            counts=False,
            named=PHONE,
        ),
    )

    def accept_parts(self, values: dict[str, Any], leaves: dict[str, Leaf], mode: Mode) -> dict[str, Any]:
        """Parse each number with its codes; what an update does not name stays."""
        del mode
        stored: dict[str, Any] = {}
        if any(name in values for name in PRIMARY):
            number, country, calling = (values.get(name) for name in PRIMARY)
            phone = checked_phone(number, country, calling, leaves["primaryPhoneNumber"].label)
            found = dict(zip(PRIMARY, (phone.number, phone.country_code, phone.calling_code), strict=True))
            stored.update({name: text for name, text in found.items() if name in values or text is not None})
        if "additionalPhones" in values:
            label = leaves["additionalPhones"].label
            further = [self._further(item, label) for item in list_part(values["additionalPhones"], label)]
            stored["additionalPhones"] = [phone for phone in further if phone["number"]] or None
        return stored

    @staticmethod
    def _further(item: Any, label: str) -> dict[str, str]:
        if not isinstance(item, dict) or not FURTHER_KEYS.issuperset(item):
            raise BadInput(
                f"{label}: each phone must be an object of number, countryCode and callingCode", "INVALID_ARGS_DATA"
            )
        phone = checked_phone(item.get("number"), item.get("countryCode"), item.get("callingCode"), label)
        return {
            "number": phone.number or "",
            "countryCode": phone.country_code or "",
            "callingCode": phone.calling_code or "",
        }

    def merge_sql(self, spec: FieldSpec, rows: str) -> dict[str, str]:
        """Keep the survivor's primary number and gather all others."""
        number, country, calling, further = (leaf.column for leaf in self.leaves(spec))
        merged = super().merge_sql(spec, rows)
        item = (
            f"""jsonb_build_object('number', b."{number}", 'countryCode', coalesce(b."{country}", ''), """
            f"""'callingCode', coalesce(b."{calling}", ''))"""
        )
        merged[further] = gathered(rows, f'b."{number}"', item, f'b."{further}"', "x.item")
        return merged

    def search_sql(self, spec: FieldSpec, alias: str) -> tuple[str, ...]:
        """Feed the number in the forms that people type (`data-model.md`)."""
        number, _, calling, further = (f'{alias}"{leaf.column}"' for leaf in self.leaves(spec))
        return (
            number,
            calling,
            f"({calling} || {number})",
            f"(replace({calling}, '+', '') || {number})",
            f"('0' || {number})",
            f"core.json_texts({further})",
        )
