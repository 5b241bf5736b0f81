"""Objects, fields and relations as the other rooms read them. Nothing here changes after it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any
from uuid import UUID

from icosa.fields.base import FieldType, Leaf, Mode
from icosa.fields.spec import FieldSpec
from icosa.naming import capitalized, quoted

SYSTEM_FIELDS = frozenset(
    {"id", "createdAt", "updatedAt", "deletedAt", "createdBy", "updatedBy", "position", "searchVector"}
)


@dataclass(frozen=True, slots=True)
class Relation:
    """One end of a relation.

    Attributes:
        many_to_one: whether this end holds the join column.
        target_object_id: the object at the other end.
        target_field_id: the field at the other end.
        on_delete: SET_NULL, CASCADE, RESTRICT or NO_ACTION on the end with the column, else None.
    """

    many_to_one: bool
    target_object_id: UUID
    target_field_id: UUID
    on_delete: str | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Field(FieldSpec):
    """A field of an object; compared by identity, since a catalog holds each field once."""

    id: UUID
    object_id: UUID
    type: FieldType
    label: str = ""
    description: str = ""
    icon: str = ""
    is_active: bool = True
    is_system: bool = False
    is_custom: bool = False
    is_unique: bool = False
    is_ui_editable: bool = True
    is_label_synced_with_name: bool = False
    relation: Relation | None = None
    morph_id: UUID | None = None
    morph_name: str | None = None
    universal_identifier: UUID | None = None
    created_at: Any = None
    updated_at: Any = None

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """The field's columns."""
        return self.type.leaves(self)

    def accept(self, value: Any, mode: Mode) -> dict[str, Any]:
        """Check and normalise a value of a request's body; see `FieldType.accept`."""
        return self.type.accept(value, self, self.leaves, mode)

    @property
    def is_composite(self) -> bool:
        """Whether the field is read as an object of its columns."""
        return bool(self.leaves) and len(self.leaves[0].path) > 1

    @property
    def join_column(self) -> str | None:
        """The API name of a many-to-one relation's join column, else None."""
        return self.leaves[0].path[0] if self.relation is not None and self.relation.many_to_one else None

    @property
    def join_sql(self) -> str:
        """The quoted join column of a many-to-one relation.

        Raises:
            LookupError: the field is no such relation.
        """
        if self.join_column is None:
            raise LookupError(self.name)
        return quoted(self.leaves[0].column)


@dataclass(frozen=True, slots=True)
class UniqueKey:
    """A unique constraint among live records.

    Attributes:
        name: the index's name in PostgreSQL.
        fields: the fields it is made of.
        leaves: the columns that count.
    """

    name: str
    fields: tuple[Field, ...]
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class Index:
    """An index of an object's table.

    Attributes:
        id: its id.
        name: its name in PostgreSQL.
        index_type: BTREE or GIN.
        fields: ids of the fields, in order.
        sub_fields: the part of each that is a composite; empty when none is.
    """

    id: UUID
    name: str
    index_type: str
    fields: tuple[UUID, ...]
    sub_fields: tuple[str | None, ...] = ()
    is_custom: bool = False
    is_unique: bool = False
    where_clause: str | None = None
    created_at: Any = None
    updated_at: Any = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Object:
    """An object: a kind of record with a table of its own; compared by identity.

    `fields` holds what the reader of this catalog may read; `unwritable` names those of them that it may not write, and
    `hidden` the names of what is left out, so that asking for it is refused for the right reason.
    """

    id: UUID
    schema: str
    table: str
    name_singular: str
    name_plural: str
    label_singular: str
    label_plural: str
    fields: tuple[Field, ...]
    description: str = ""
    icon: str = ""
    color: str | None = None
    shortcut: str | None = None
    is_active: bool = True
    is_system: bool = False
    is_custom: bool = False
    is_searchable: bool = False
    is_audit_logged: bool = True
    is_ui_creatable: bool = True
    is_ui_editable: bool = True
    is_label_synced_with_name: bool = False
    label_identifier_field_id: UUID | None = None
    image_identifier_field_id: UUID | None = None
    duplicate_criteria: tuple[tuple[str, ...], ...] = ()
    search_fields: tuple[str, ...] = ()
    unique_keys: tuple[UniqueKey, ...] = ()
    indexes: tuple[Index, ...] = ()
    universal_identifier: UUID | None = None
    created_at: Any = None
    updated_at: Any = None
    can_update: bool = True
    can_soft_delete: bool = True
    can_destroy: bool = True
    unwritable: frozenset[UUID] = field(default_factory=frozenset)
    hidden: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def sql_name(self) -> str:
        """The table, qualified and quoted."""
        return f"{quoted(self.schema)}.{quoted(self.table)}"

    @cached_property
    def type_name(self) -> str:
        """The name as answers and GraphQL types use it: `createCompany`, `Company`."""
        return capitalized(self.name_singular)

    @cached_property
    def plural_type_name(self) -> str:
        """The plural name with its first letter raised."""
        return capitalized(self.name_plural)

    @cached_property
    def field_by_name(self) -> Mapping[str, Field]:
        """The fields by API name."""
        return {each.name: each for each in self.fields}

    @cached_property
    def field_by_join_column(self) -> Mapping[str, Field]:
        """The many-to-one relations by the name of their join column."""
        return {each.join_column: each for each in self.fields if each.join_column is not None}

    @cached_property
    def leaf_by_path(self) -> Mapping[tuple[str, ...], Leaf]:
        """Every column that may be read, by its API path."""
        return {leaf.path: leaf for each in self.fields for leaf in each.leaves}

    @cached_property
    def leaf_by_column(self) -> Mapping[str, Leaf]:
        """Every column that may be read, by its name in the table."""
        return {leaf.column: leaf for each in self.fields for leaf in each.leaves}

    @cached_property
    def file_leaves(self) -> tuple[Leaf, ...]:
        """The columns that name uploaded files."""
        return tuple(leaf for each in self.fields if each.type.holds_files for leaf in each.leaves)

    @property
    def id_leaf(self) -> Leaf:
        """The primary key."""
        return self.leaf_by_path[("id",)]


_SERIALS = count()


class Catalog:
    """All objects of a workspace, or of one role's view of it, at one version of the model.

    Args:
        workspace_id: whose model it is.
        schema: where its tables are.
        version: each change of the model or of the switches raises it.
        objects: in the order in which they were made.
        flags: the workspace's switches that are on.
        field_by_id: the fields of all objects, where the caller knows them already.

    Attributes:
        serial: no other catalog of this process has it; stands for the catalog in what may outlast it.
        companions: what was made of the catalog and goes with it; see `companions.Companions`.
    """

    def __init__(
        self,
        workspace_id: UUID,
        schema: str,
        version: int,
        objects: tuple[Object, ...],
        flags: frozenset[str] = frozenset(),
        field_by_id: Mapping[UUID, Field] | None = None,
    ) -> None:
        self.serial = next(_SERIALS)
        self.companions: dict[object, Any] = {}
        self.flags = flags
        self.workspace_id = workspace_id
        self.schema = schema
        self.version = version
        self.objects = objects
        self.by_id = {each.id: each for each in objects}
        self.by_singular = {each.name_singular: each for each in objects}
        self.by_plural = {each.name_plural: each for each in objects}
        if field_by_id is None:
            field_by_id = {one.id: one for each in objects for one in each.fields}
        self.field_by_id = field_by_id

    def followed_by(self, version: int, objects: tuple[Object, ...], flags: frozenset[str]) -> Catalog:
        """Return the catalog of a newer version; the work is that of what differs, objects and fields of both are shared."""
        fields = dict(self.field_by_id)
        kept = set(objects)
        for former in self.objects:
            if former not in kept:
                for each in former.fields:
                    del fields[each.id]
        known = set(self.objects)
        for owner in objects:
            if owner not in known:
                fields.update((each.id, each) for each in owner.fields)
        return Catalog(self.workspace_id, self.schema, version, objects, flags, fields)

    @property
    def event_table(self) -> str:
        """The workspace's event log, qualified and quoted."""
        return f"{quoted(self.schema)}.event"

    @property
    def published_table(self) -> str:
        """The positions of published events, qualified and quoted."""
        return f"{quoted(self.schema)}.published_event"

    def target(self, relation_field: Field) -> Object | None:
        """Return the object at a relation's other end; None when this view does not hold it."""
        relation = relation_field.relation
        return None if relation is None else self.by_id.get(relation.target_object_id)

    def inverse(self, relation_field: Field) -> Field | None:
        """Return the field at a relation's other end; None when this view does not hold it."""
        relation = relation_field.relation
        return None if relation is None else self.field_by_id.get(relation.target_field_id)
