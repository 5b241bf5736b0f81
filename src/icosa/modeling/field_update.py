"""Changes of a field (`metadata.md` sections 6 to 8): checked whole, then made in rows and tables."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from icosa.catalog.model import Field
from icosa.errors import Forbidden
from icosa.modeling import ddl
from icosa.modeling.change import Change
from icosa.modeling.defaults import Unsuitable, checked_default, checked_settings
from icosa.modeling.fields import INVALID, NOT_ALLOWED, add_fields, find_field
from icosa.modeling.indexes import drop_indexes_of
from icosa.modeling.inputs import Given, flag, text
from icosa.modeling.names import derived_name, name_problem, required_text
from icosa.modeling.options import OptionChange, checked_options, stored_options
from icosa.modeling.problems import Problems
from icosa.modeling.relations import ON_DELETE, RelationMaker
from icosa.modeling.rows import Row, many_to_one, update_row
from icosa.modeling.search_vectors import trigger_function
from icosa.modeling.taken import check_free, part_names
from icosa.modeling.unique import create_unique_indexes, make_unique
from icosa.modeling.view_upkeep import follow_options, forget_field
from icosa.naming import quoted

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
        self.more: list[Row] = []

    async def run(self) -> Field:
        """Check everything, then change rows and tables."""
        self._texts()
        self._name()
        self._active()
        options = self._options()
        self._default(options)
        self._settings()
        self._targets()
        self.problems.check()
        renamed = "name" in self.row
        await self._lock()
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
        if self.more:
            await add_fields(self.change, self.more)
        return self.change.catalog.field_by_id[self.field.id]

    async def _lock(self) -> None:
        """Take the tables, in a mode that lets records be read where no column changes."""
        becomes_unique = self.given.get("isUnique") is True and not self.field.is_unique
        if self.row.keys() & IN_TABLES or ("isUnique" in self.given and not becomes_unique):
            await self.change.lock_fields([self.field])
        elif self.before or becomes_unique:
            await self.change.lock([self.owner], "SHARE ROW EXCLUSIVE")

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

    def _targets(self) -> None:
        payloads = self.given.get("morphRelationsUpdatePayload")
        if payloads is None:
            return
        if self.field.morph_id is None:
            self.problems.add(INVALID, f"morphRelationsUpdatePayload: {self.field.name} is no morph relation")
            return
        siblings = [each for each in self.owner.fields if each.morph_id == self.field.morph_id]
        self.more = RelationMaker(self.change.catalog, self.owner, self.problems).more_targets(siblings, payloads)

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
            await make_unique(self.change, self.owner, row, "update")
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
            # The rows fit already: only what happens to them when a record is destroyed is another.
            statements.append(f"{ddl.foreign_key(self.change.catalog, owner, changed)} NOT VALID")
            await self.change.leave(owner)
        if renamed and changed.name in owner.search_fields:
            statements.append(trigger_function(owner))
        await self.change.run(*statements)
        if changed.is_unique and not self.field.is_unique:
            await create_unique_indexes(self.change, changed)
        if self.before:
            await self.change.touch(owner.id)
