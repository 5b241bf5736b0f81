"""All field types by the names that the metadata API uses."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from icosa.fields.actor import Actor
from icosa.fields.address import Address
from icosa.fields.arrays import TextList
from icosa.fields.base import FieldType
from icosa.fields.boolean import Boolean
from icosa.fields.currency import Currency
from icosa.fields.dates import Date, DateTime
from icosa.fields.emails import Emails
from icosa.fields.files import Files
from icosa.fields.full_name import FullName
from icosa.fields.links import Links
from icosa.fields.numbers import Number, Numeric, Position
from icosa.fields.phones import Phones
from icosa.fields.raw_json import RawJson
from icosa.fields.relations import MorphRelation, Relation
from icosa.fields.rich_text import RichText
from icosa.fields.select import MultiSelect, Rating, Select
from icosa.fields.text import Text
from icosa.fields.ts_vector import TsVector
from icosa.fields.uuids import Uuid

TYPES: tuple[FieldType, ...] = (
    Uuid(),
    Text(),
    Number(),
    Numeric(),
    Boolean(),
    DateTime(),
    Date(),
    Select(),
    MultiSelect(),
    Rating(),
    TextList(),
    RawJson(),
    Files(),
    Position(),
    TsVector(),
    FullName(),
    Emails(),
    Phones(),
    Links(),
    Currency(),
    Address(),
    Actor(),
    RichText(),
    Relation(),
    MorphRelation(),
)

FIELD_TYPES: Mapping[str, FieldType] = MappingProxyType({each.name: each for each in TYPES})
