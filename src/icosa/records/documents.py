"""The bodies of a create or an update as documents of columns, checked and normalised (`rest-core.md` sections 9 to 12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from icosa.catalog.model import Catalog, Field, Object, UniqueKey
from icosa.errors import BadInput, Forbidden
from icosa.fields.actor import caller_columns
from icosa.fields.base import Leaf, Mode
from icosa.fields.uuids import fresh_id, is_record_id, is_uuid
from icosa.plan.paths import no_field, no_target
from icosa.plan.writes import Columns, Connect
from icosa.sql.inputs import OFFSET, PLACE, connect_column, connect_leaves

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, as `createdBy` and `updatedBy` tell it (`data-model.md`, "createdBy and updatedBy")."""

    source: str
    name: str
    workspace_member_id: str | None = None


class Documents:
    """Turns bodies into documents for one object.

    Args:
        catalog: the caller's view.
        owner: the object that is written, out of that view.
        author: who writes.
    """

    def __init__(self, catalog: Catalog, owner: Object, author: Author) -> None:
        self._catalog = catalog
        self._owner = owner
        actors = {
            name: caller_columns(owner.field_by_name[name], author.source, author.name, author.workspace_member_id)
            for name in ("createdBy", "updatedBy")
            if name in owner.field_by_name
        }
        self._caller = actors.get("createdBy", {})
        self._updated_by = actors.get("updatedBy", {})
        self._connects: dict[Field, Connect] = {}

    def create(self, body: Any, index: int) -> Document:
        """Return the document of a new record.

        Args:
            body: parsed JSON.
            index: its place in the batch, which decides about positions.

        Raises:
            BadInput: not an object, an unknown field or a value that breaks a rule.
            Forbidden: a field that the caller may not write.
        """
        document = self._columns(body, Mode.CREATE)
        if "id" not in document:
            document["id"] = fresh_id()
        document.update(self._updated_by)
        document.update(self._created_by(body.get("createdBy"), document))
        document.setdefault("position", "first")
        self._place(document, index)
        return document

    def update(self, body: Any, identifier: str | None = None) -> Document:
        """Return the document of a change.

        Args:
            body: parsed JSON.
            identifier: the id in the path; a body may repeat it and nothing else. None for many records.

        Raises:
            BadInput: see `create`; also another id than the path's, which would move the record.
        """
        document = self._columns(body, Mode.UPDATE)
        if "id" in document and (identifier is None or document.pop("id").lower() != identifier.lower()):
            raise BadInput("id: a record keeps its id", "INVALID_ARGS_DATA")
        document.update(self._updated_by)
        self._place(document, 0)
        return document

    def upsert(self, body: Any, index: int) -> Document:
        """Return the document of a record that is to be made or changed; what is not named keeps its value on a change.

        Raises:
            BadInput: see `create`.
        """
        document = self._columns(body, Mode.UPDATE)
        if "id" not in document:
            document["id"] = fresh_id()
            document["_new"] = True
        document.update(self._updated_by)
        document.update(self._created_by(body.get("createdBy"), document))
        if "position" not in document:
            document["position"] = "first"
            document["_placed"] = True
        self._place(document, index)
        return document

    def subject(self, body: Any) -> Document:
        """Return the columns of a record that need not exist, checked and normalised as for a create.

        Raises:
            BadInput: see `create`.
        """
        return self._columns(body, Mode.CREATE)

    def columns(self, documents: Sequence[Document]) -> Columns:
        """Return which columns the documents hold, all of them together."""
        known = self._owner.leaf_by_column
        # The documents of a batch are mostly of one shape.
        shapes = {tuple(document) for document in documents}
        sets = [{name for name in shape if name in known} for shape in shapes]
        names: set[str] = set().union(*sets)
        everywhere = names.intersection(*sets)
        partial = frozenset(names - everywhere)
        connects = tuple(self._connects[field] for field in sorted(self._connects, key=lambda each: each.name))
        return Columns(tuple(sorted(names)), partial, connects)

    def _columns(self, body: Any, mode: Mode) -> Document:
        if not isinstance(body, dict):
            raise BadInput("Each record must be a JSON object", "INVALID_ARGS_DATA")
        document: Document = {}
        for name, value in body.items():
            field = self._owner.field_by_name.get(name)
            if field is not None and field.relation is None:
                self._check_right(field)
                self._accept(document, field, value, mode)
            elif field is not None:
                self._check_right(field)
                self._relate(document, field, value, body)
            else:
                joined = self._owner.field_by_join_column.get(name)
                if joined is None:
                    raise no_field(self._owner, name, "INVALID_ARGS_DATA", name)
                self._check_right(joined)
                document.update(joined.accept(value, mode))
        return document

    def _check_right(self, field: Field) -> None:
        # Most roles may write everything, and a UUID's hash takes longer than this question.
        if self._owner.unwritable and field.id in self._owner.unwritable:
            raise Forbidden(f"{field.name}: your role may not write this field", "PERMISSION_DENIED")

    def _accept(self, document: Document, field: Field, value: Any, mode: Mode) -> None:
        if field.name == "id":
            if not is_record_id(value):
                raise BadInput("id: must be a UUID of version 1 to 5", "INVALID_QUERY_INPUT")
        elif field.name in {"createdBy", "updatedBy"} and value is None:
            return
        accepted = field.accept(value, mode)
        if field.name != "updatedBy":
            document.update(accepted)

    def _created_by(self, sent: Any, document: Document) -> Document:
        """Return the actor to store: a named one is kept whole, without a name only its source is."""
        caller = self._caller
        if not (caller and isinstance(sent, dict)):
            return caller
        source = document.get("createdBySource")
        if document.get("createdByName"):
            given = {column: document.get(column) for column in caller}
            return {**given, "createdBySource": source or "MANUAL"}
        return caller if source is None else {**caller, "createdBySource": source}

    def _place(self, document: Document, index: int) -> None:
        place = document.get("position")
        if isinstance(place, str):
            document["position"] = None
            document[PLACE] = place
            document[OFFSET] = index

    def _relate(self, document: Document, field: Field, value: Any, body: Mapping[str, Any]) -> None:
        """Read `{connect: {where: …}}` or `{disconnect: true}` (`rest-core.md` section 12)."""
        join = field.join_column
        if join is None:
            field.accept(value, Mode.UPDATE)
            return
        target = self._catalog.target(field)
        if not isinstance(value, dict) or not value or not {"connect", "disconnect"}.issuperset(value):
            raise BadInput(
                f"{field.name}: must be {{connect: {{where: …}}}} or {{disconnect: true}}; or write '{join}'",
                "INVALID_ARGS_DATA",
            )
        if join in body:
            raise BadInput(f"{field.name}: give either '{field.name}' or '{join}', not both", "INVALID_ARGS_DATA")
        if len(value) > 1:
            raise BadInput(f"{field.name}: connect and disconnect exclude each other", "INVALID_ARGS_DATA")
        if "disconnect" in value:
            if not isinstance(value["disconnect"], bool):
                raise BadInput(f"{field.name}.disconnect: must be true or false", "INVALID_ARGS_DATA")
            if value["disconnect"]:
                document[field.leaves[0].column] = None
            return
        if target is None:
            raise no_target(self._owner, field.name)
        self._connect(document, field, target, value["connect"])

    def _connect(self, document: Document, field: Field, target: Object, connect: Any) -> None:
        where = connect.get("where") if isinstance(connect, dict) and set(connect) == {"where"} else None
        if not isinstance(where, dict) or not where:
            raise BadInput(f"{field.name}.connect: must be {{where: {{…}}}}", "INVALID_ARGS_DATA")
        key, columns = self._where(field, target, where)
        made = Connect(field, key)
        if self._connects.setdefault(field, made) != made:
            raise BadInput(
                f"{field.name}.connect: all records of a batch must use the same unique field", "INVALID_ARGS_DATA"
            )
        for leaf in connect_leaves(made, target):
            document[connect_column(made, leaf)] = columns[leaf.column]

    def _where(self, field: Field, target: Object, where: dict[str, Any]) -> tuple[UniqueKey | None, Document]:
        label = f"{field.name}.connect.where"
        if set(where) == {"id"}:
            if not is_uuid(where["id"]):
                raise BadInput(f"{label}.id: must be a UUID", "INVALID_ARGS_DATA")
            return None, {"id": where["id"]}
        for key in target.unique_keys:
            if {each.name for each in key.fields} == set(where):
                columns: Document = {}
                for each in key.fields:
                    columns.update(each.accept(where[each.name], Mode.UPDATE))
                if all(self._filled(leaf, columns) for leaf in key.leaves):
                    return key, columns
                raise BadInput(f"{label}: every part of the unique field must be given", "INVALID_ARGS_DATA")
        raise BadInput(f"{label}: {target.label_singular.lower()} has no unique field like that", "INVALID_ARGS_DATA")

    @staticmethod
    def _filled(leaf: Leaf, columns: Document) -> bool:
        return columns.get(leaf.column) is not None
