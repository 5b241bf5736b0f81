"""Make, change and delete fields (`metadata.md` sections 6 to 8)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg

from icosa.catalog.model import Field, Object
from icosa.errors import Forbidden, NotFound
from icosa.fields.registry import FIELD_TYPES
from icosa.modeling import ddl
from icosa.modeling.change import Change
from icosa.modeling.default_views import add_to_page_views
from icosa.modeling.defaults import Unsuitable, checked_default, checked_settings, default_options
from icosa.modeling.indexes import drop_indexes_of, unique_row
from icosa.modeling.inputs import Given, flag, identifier, text
from icosa.modeling.install import insert_rows
from icosa.modeling.names import LONGEST, RESERVED, derived_name, name_problem, required_text
from icosa.modeling.options import OptionChange, checked_options, stored_options
from icosa.modeling.problems import Problems
from icosa.modeling.relations import ON_DELETE, RelationMaker
from icosa.modeling.rows import Row, delete_rows, field_row, many_to_one, update_row
from icosa.modeling.taken import check_free, part_names
from icosa.modeling.view_upkeep import follow_options, forget_field
from icosa.naming import quoted

INVALID = "INVALID_FIELD_INPUT"
NOT_ALLOWED = "FIELD_MUTATION_NOT_ALLOWED"
IN_TABLES = frozenset({"name", "default_value", "settings"})
STANDARD_FIXED = ("name", "isLabelSyncedWithName")
CHANGEABLE = frozenset(
    {
        "name",
        "label",
        "description",
        "icon",
        "isActive",
        "isLabelSyncedWithName",
        "isUnique",
        "defaultValue",
        "options",
        "settings",
        "morphRelationsUpdatePayload",
    }
)


async def create_field(change: Change, given: Given, *, reserved: frozenset[str] = RESERVED) -> Field:
    """Make a field, with its column and, for a relation, the other end; return it, of a morph the first.

    Args:
        change: the change under way.
        given: `CreateFieldInput`.
        reserved: names that may not be used; the demo has a field by one of them (`demo-data.md`).

    Raises:
        Invalid: a rule is broken.
        BadInput: a key of the wrong kind, an empty name.
    """
    name = required_text(given.get("name"), "name")
    problems = Problems("fieldMetadata", "create", {"name": name, "objectMetadataId": given.get("objectMetadataId")})
    owner = change.catalog.by_id.get(identifier(given, "objectMetadataId"))
    if owner is None:
        raise problems.refuse("OBJECT_METADATA_NOT_FOUND", "There is no such object", given.get("objectMetadataId"))
    kind = FIELD_TYPES.get(str(given.get("type")))
    if kind is None or not kind.can_be_created:
        raise problems.refuse(INVALID, f"type: a {given.get('type')} field cannot be made", given.get("type"))
    label = _checked_names(given, name, problems, reserved)
    more: Row = {
        "description": text(given, "description"),
        "icon": text(given, "icon"),
        "is_label_synced_with_name": flag(given, "isLabelSyncedWithName", default=False),
        "is_ui_editable": flag(given, "isUIEditable", default=True),
    }
    if kind.is_relation:
        maker = RelationMaker(change.catalog, owner, problems)
        if given.get("settings") is not None:
            more["settings"] = _junction(given["settings"], problems)
        if kind.name == "RELATION":
            rows = maker.relation(given.get("relationCreationPayload"), name, label, **more)
        else:
            rows = maker.morph(given.get("morphRelationsCreationPayload"), name, label, **more)
    else:
        rows = [await _plain_row(change, owner, name, label, given, more, problems)]
    problems.check()
    await insert_rows(change.connection, "field_metadata", change.workspace_id, rows)
    if flag(given, "isUnique", default=False):
        await _make_unique(change, owner, rows[0], "create")
    catalog = await change.reload()
    await change.lock_fields(catalog.field_by_id[UUID(row["id"])] for row in rows)
    for row in rows:
        each = catalog.field_by_id[UUID(row["id"])]
        await add_columns(change, each)
        await add_to_page_views(change.connection, each)
    made = catalog.field_by_id[UUID(rows[0]["id"])]
    await _create_unique_indexes(change, made)
    return made


def _checked_names(given: Given, name: str, problems: Problems, reserved: frozenset[str]) -> str:
    label = text(given, "label").strip() if given.get("label") is not None else ""
    problem = name_problem(name, reserved=reserved)
    if problem:
        problems.add(INVALID, f"name: {problem}", name)
    if not label or len(label) > LONGEST * 4:
        problems.add(INVALID, "label: must be a text that is not empty", label)
    if flag(given, "isLabelSyncedWithName", default=False) and derived_name(label) != name:
        problems.add(
            "NAME_NOT_SYNCED_WITH_LABEL", f"name: must be '{derived_name(label)}', as the label makes it", name
        )
    return label


def _junction(settings: Any, problems: Problems) -> Row:
    if not isinstance(settings, dict):
        raise problems.refuse(INVALID, "settings must be a JSON object", settings)
    action = settings.get("onDelete")
    if action is not None and action not in ON_DELETE:
        raise problems.refuse(INVALID, f"settings.onDelete must be one of {', '.join(sorted(ON_DELETE))}", action)
    return {key: settings[key] for key in ("junctionTargetFieldId", "onDelete") if key in settings}


async def _plain_row(
    change: Change, owner: Object, name: str, label: str, given: Given, more: Row, problems: Problems
) -> Row:
    kind = FIELD_TYPES[str(given["type"])]
    check_free(owner, [name, *part_names(kind, name)], problems)
    options = default_options(kind)
    if kind.has_options and options is None:
        options = checked_options(given.get("options"), problems)
    nullable = flag(given, "isNullable", default=True)
    default: Any = None
    settings: Row | None = None
    try:
        values = tuple(str(each["value"]) for each in options or ())
        default = checked_default(kind, given.get("defaultValue"), values)
        settings = checked_settings(kind, given.get("settings"))
    except Unsuitable as unsuitable:
        problems.add(INVALID, f"{name}: {unsuitable}", given.get("defaultValue"))
    problems.check()
    if not nullable and default is None and await _has_records(change, owner):
        problems.add(INVALID, f"{name}: a field that may not be empty needs a default, since there are records")
    return field_row(
        owner.id,
        kind.name,
        name,
        label,
        **more,
        is_nullable=nullable,
        default_value=default,
        options=options,
        **({} if settings is None else {"settings": settings}),
    )


async def _has_records(change: Change, owner: Object) -> bool:
    return bool(await change.connection.fetchval(f"SELECT EXISTS (SELECT FROM {owner.sql_name})"))


async def add_columns(change: Change, each: Field) -> None:
    """Make a field's columns, with key and index for a relation; a default fills the records that are there.

    PostgreSQL keeps a constant default beside the table, so no row is rewritten (manual, `ALTER TABLE`, notes).
    """
    owner = change.catalog.by_id[each.object_id]
    if not each.leaves:
        return
    added = ", ".join(f"ADD COLUMN {ddl.column(leaf)}" for leaf in each.leaves)
    statements = [f"ALTER TABLE {owner.sql_name} {added}"]
    if each.join_column is not None:
        statements += [ddl.foreign_key(change.catalog, owner, each), ddl.relation_index(owner, each)]
    await change.run(*statements)
    if any(leaf.default_sql for leaf in each.leaves):
        await change.touch(owner.id)


async def _make_unique(change: Change, owner: Object, row: Row, action: str) -> None:
    kind = FIELD_TYPES[row["type"]]
    problems = Problems("index", action, {"name": row["name"], "objectMetadataId": str(owner.id)})
    to_many = kind.is_relation and row["settings"]["relationType"] != "MANY_TO_ONE"
    if (not kind.can_be_unique and kind.name not in {"LINKS", "EMAILS", "PHONES"}) or to_many:
        raise problems.refuse(
            "INDEX_FIELD_INVALID_TYPE_FOR_UNIQUE", f"{row['name']}: a {kind.name} field has no single key"
        )
    if row["default_value"] is not None:
        raise problems.refuse(
            "INDEX_FIELD_INVALID_DEFAULT_VALUE", f"{row['name']}: a unique field cannot have a default"
        )
    await insert_rows(change.connection, "index_metadata", change.workspace_id, [unique_row(owner.id, UUID(row["id"]))])


async def _create_unique_indexes(change: Change, each: Field) -> None:
    owner = change.catalog.by_id[each.object_id]
    for key in owner.unique_keys:
        if each in key.fields:
            try:
                await change.run(ddl.unique_index(owner, key))
            except asyncpg.UniqueViolationError:
                problems = Problems("index", "update", {"name": each.name})
                raise problems.refuse(
                    "INDEX_NOT_UNIQUE", f"{each.name}: several records share a value, so it cannot be made unique"
                ) from None


def find_field(change: Change, field_id: UUID) -> Field:
    """Return a field.

    Raises:
        NotFound: `FIELD_METADATA_NOT_FOUND`.
    """
    found = change.catalog.field_by_id.get(field_id)
    if found is None:
        raise NotFound("There is no such field", "FIELD_METADATA_NOT_FOUND")
    return found


async def update_field(change: Change, field_id: UUID, given: Given) -> Field:
    """Change a field and return it.

    Args:
        change: the change under way.
        field_id: which.
        given: `UpdateFieldInput`; keys of no meaning are ignored.

    Raises:
        NotFound: there is no such field.
        Forbidden: a standard field's name.
        Invalid: a rule is broken.
    """
    each = find_field(change, field_id)
    named = {key: value for key, value in given.items() if key in CHANGEABLE}
    problems = Problems("fieldMetadata", "update", {"name": each.name, "objectMetadataId": str(each.object_id)})
    if not each.is_custom and any(key in named for key in STANDARD_FIXED):
        raise Forbidden(f"{each.name}: a standard field keeps its name", NOT_ALLOWED)
    if each.is_system and set(named) - {"settings", "isActive"}:
        raise problems.refuse(NOT_ALLOWED, f"{each.name}: of a system field only settings and isActive may change")
    return await _FieldUpdate(change, each, named, problems).run()


class _FieldUpdate:
    """One field's change in the making."""

    def __init__(self, change: Change, each: Field, given: Given, problems: Problems) -> None:
        self.change = change
        self.field = each
        self.owner = change.catalog.by_id[each.object_id]
        self.given = given
        self.problems = problems
        self.row: Row = {}
        self.before: list[str] = []

    async def run(self) -> Field:
        """Check everything, then change rows and tables."""
        self._texts()
        self._name()
        self._active()
        options = self._options()
        self._default(options)
        self._settings()
        self.problems.check()
        renamed = "name" in self.row
        if self.before or self.row.keys() & IN_TABLES or "isUnique" in self.given:
            await self.change.lock_fields([self.field])
        await self.change.run(*self.before)
        await update_row(self.change.connection, "field_metadata", self.field.id, self.row)
        if "is_active" in self.row and self.field.relation is not None:
            other = {"is_active": self.row["is_active"]}
            await update_row(self.change.connection, "field_metadata", self.field.relation.target_field_id, other)
        await self._views()
        if renamed:
            await self._rename_in_search()
        await self._unique()
        catalog = await self.change.reload()
        changed = catalog.field_by_id[self.field.id]
        await self._alter(changed, renamed=renamed)
        return changed

    def _texts(self) -> None:
        for key in ("label", "description", "icon"):
            if key in self.given:
                value = text(self.given, key)
                if key == "label" and not value.strip():
                    self.problems.add(INVALID, "label: must be a text that is not empty", value)
                self.row[key] = value

    def _name(self) -> None:
        each = self.field
        name = each.name
        if "name" in self.given:
            name = required_text(self.given["name"], "name")
            if name != each.name:
                problem = name_problem(name)
                if problem:
                    self.problems.add(INVALID, f"name: {problem}", name)
                joins = [f"{name}Id"] if each.join_column else []
                check_free(self.owner, [name, *joins, *part_names(each.type, name)], self.problems, besides=each)
                self.row["name"] = name
        synced = flag(self.given, "isLabelSyncedWithName", default=each.is_label_synced_with_name)
        if synced != each.is_label_synced_with_name:
            self.row["is_label_synced_with_name"] = synced
        made = derived_name(self.row.get("label", each.label))
        if synced and made != name:
            self.problems.add(NOT_ALLOWED, f"name: must be '{made}', as the label makes it", name)

    def _active(self) -> None:
        if "isActive" not in self.given:
            return
        active = flag(self.given, "isActive", default=True)
        if not active and self.owner.label_identifier_field_id == self.field.id:
            self.problems.add(NOT_ALLOWED, f"{self.field.name}: the label identifier cannot be deactivated")
        self.row["is_active"] = active

    def _options(self) -> tuple[str, ...]:
        each = self.field
        known = each.leaves[0].options if each.leaves else ()
        if self.given.get("options") is None or each.type.name not in {"SELECT", "MULTI_SELECT"}:
            return known
        options = checked_options(self.given["options"], self.problems)
        self.row["options"] = options
        return tuple(str(option["value"]) for option in options)

    def _default(self, options: tuple[str, ...]) -> None:
        each = self.field
        value = self.given.get("defaultValue", each.default_value)
        if "defaultValue" not in self.given and "options" not in self.row:
            return
        if "defaultValue" not in self.given:
            value = self._mapped_default(value)
        try:
            checked = checked_default(each.type, value, options)
        except Unsuitable as unsuitable:
            self.problems.add(INVALID, f"{each.name}: {unsuitable}", value)
            return
        if checked is None and not each.is_nullable and "defaultValue" in self.given:
            self.problems.add(INVALID, f"{each.name}: a field that may not be empty needs a default")
        if checked is not None and each.is_unique:
            problems = Problems("index", "update", {"name": each.name})
            raise problems.refuse("INDEX_FIELD_INVALID_DEFAULT_VALUE", f"{each.name}: a unique field has no default")
        if checked != each.default_value:
            self.row["default_value"] = checked
        self._records_of_options(checked)

    def _mapped_default(self, default: Any) -> Any:
        """Return the default after its option was renamed or removed."""
        way = OptionChange(stored_options(self.field), self.row["options"])
        renamed = {f"'{old}'": f"'{new}'" for old, new in way.renamed.items()}
        gone = {f"'{value}'" for value in way.removed}
        if isinstance(default, list):
            return [renamed.get(item, item) for item in default if item not in gone] or None
        return None if default in gone else renamed.get(default, default)

    def _records_of_options(self, default: Any) -> None:
        if "options" not in self.row:
            return
        way = OptionChange(stored_options(self.field), self.row["options"])
        if way.removed and default is None and not self.field.is_nullable:
            self.problems.add(
                INVALID, f"{self.field.name}: records hold a removed option, and the field may not be empty"
            )
        if way.touches_records:
            self.before += way.statements(self.owner, self.field, default)

    def _settings(self) -> None:
        each = self.field
        sent = self.given.get("settings")
        if "settings" not in self.given or (sent is None and each.type.name != "FILES"):
            if "name" in self.row and each.join_column is not None:
                self.row["settings"] = {**each.settings, "joinColumnName": f"{self.row['name']}Id"}
            return
        if each.relation is not None:
            self._relation_settings(sent)
            return
        try:
            self.row["settings"] = checked_settings(each.type, sent)
        except Unsuitable as unsuitable:
            self.problems.add(INVALID, f"{each.name}: {unsuitable}", sent)

    def _relation_settings(self, sent: Any) -> None:
        each = self.field
        sent = sent if isinstance(sent, dict) else {}
        action = sent.get("onDelete")
        if action is not None and (each.join_column is None or action not in ON_DELETE):
            self.problems.add(
                INVALID, "settings.onDelete: only where the join column is, one of the known actions", action
            )
        kept = {key: sent[key] for key in ("junctionTargetFieldId", "onDelete") if sent.get(key) is not None}
        name = self.row.get("name", each.name)
        own = many_to_one(name) if each.join_column is not None else {"relationType": "ONE_TO_MANY"}
        self.row["settings"] = {
            **own,
            **({"onDelete": each.relation.on_delete} if each.relation and each.join_column else {}),
            **kept,
        }

    async def _views(self) -> None:
        connection = self.change.connection
        if self.row.get("is_active") is False:
            await forget_field(connection, self.field.id)
            if self.field.relation is not None:
                await forget_field(connection, self.field.relation.target_field_id)
        if "options" in self.row:
            await follow_options(connection, self.field, OptionChange(stored_options(self.field), self.row["options"]))

    async def _rename_in_search(self) -> None:
        await self.change.connection.execute(
            "UPDATE core.object_metadata SET search_fields = array_replace(search_fields, $2, $3) WHERE id = $1",
            self.owner.id,
            self.field.name,
            self.row["name"],
        )

    async def _unique(self) -> None:
        if "isUnique" not in self.given:
            return
        wanted = flag(self.given, "isUnique", default=self.field.is_unique)
        if wanted and not self.field.is_unique:
            row: Row = {
                "id": str(self.field.id),
                "type": self.field.type.name,
                "name": self.field.name,
                "settings": self.field.settings,
                "default_value": self.row.get("default_value", self.field.default_value),
            }
            await _make_unique(self.change, self.owner, row, "update")
        elif not wanted and self.field.is_unique:
            await drop_indexes_of(self.change, self.field, unique_alone=True)

    async def _alter(self, changed: Field, *, renamed: bool) -> None:
        owner = self.change.catalog.by_id[changed.object_id]
        table = f"ALTER TABLE {owner.sql_name}"
        statements = []
        if renamed:
            statements += [
                f"{table} RENAME COLUMN {quoted(old.column)} TO {quoted(new.column)}"
                for old, new in zip(self.field.leaves, changed.leaves, strict=True)
                if old.column != new.column
            ]
        if "default_value" in self.row:
            for leaf in changed.leaves:
                action = f"SET DEFAULT {leaf.default_sql}" if leaf.default_sql else "DROP DEFAULT"
                statements.append(f"{table} ALTER COLUMN {quoted(leaf.column)} {action}")
        old_action = self.field.relation.on_delete if self.field.relation else None
        if changed.relation is not None and changed.relation.on_delete != old_action:
            statements.append(f"{table} DROP CONSTRAINT {quoted(ddl.foreign_key_name(changed))}")
            statements.append(ddl.foreign_key(self.change.catalog, owner, changed))
        await self.change.run(*statements)
        if changed.is_unique and not self.field.is_unique:
            await _create_unique_indexes(self.change, changed)
        if self.before:
            await self.change.touch(owner.id)


async def delete_field(change: Change, field_id: UUID) -> Field:
    """Delete a field with its columns, of a relation both ends and of a morph all of them; return it as it was.

    Raises:
        NotFound: there is no such field.
        Forbidden: a standard or system field.
        Invalid: the label identifier.
    """
    each = find_field(change, field_id)
    if not each.is_custom or each.is_system:
        raise Forbidden(f"{each.name}: a standard or system field cannot be deleted", NOT_ALLOWED)
    owner = change.catalog.by_id[each.object_id]
    if owner.label_identifier_field_id == each.id:
        problems = Problems("fieldMetadata", "delete", {"name": each.name, "objectMetadataId": str(each.object_id)})
        raise problems.refuse(NOT_ALLOWED, f"{each.name}: the label identifier cannot be deleted")
    siblings = [one for one in owner.fields if each.morph_id is not None and one.morph_id == each.morph_id] or [each]
    others = [other for one in siblings if (other := change.catalog.inverse(one)) is not None]
    await change.lock_fields([*siblings, *others])
    await drop_fields(change, [*siblings, *others])
    await change.reload()
    return each


async def drop_fields(change: Change, fields: list[Field]) -> None:
    """Delete fields: rows, columns, and what indexes and permissions say of them."""
    for each in fields:
        owner = change.catalog.by_id[each.object_id]
        await drop_indexes_of(change, each)
        if each.name in owner.search_fields:
            await search_by(change, owner, tuple(name for name in owner.search_fields if name != each.name))
        if each.leaves:
            dropped = ", ".join(f"DROP COLUMN {quoted(leaf.column)}" for leaf in each.leaves)
            await change.run(f"ALTER TABLE {owner.sql_name} {dropped}")
    ids = [each.id for each in fields]
    await change.connection.execute("DELETE FROM core.field_permission WHERE field_id = ANY($1::uuid[])", ids)
    await delete_rows(change.connection, "field_metadata", ids)


async def search_by(change: Change, owner: Object, names: tuple[str, ...]) -> None:
    """Make an object's search vector of other fields; the column is generated, so it is made anew."""
    await change.connection.execute(
        "UPDATE core.object_metadata SET search_fields = $2 WHERE id = $1", owner.id, list(names)
    )
    catalog = await change.reload()
    await change.run(*ddl.renew_search_vector(catalog.by_id[owner.id]))
