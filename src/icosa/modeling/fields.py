"""Make, change and delete fields (`metadata.md` sections 6 to 8)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from icosa.catalog.model import Field, Object
from icosa.errors import Forbidden, NotFound
from icosa.fields.registry import FIELD_TYPES
from icosa.modeling import ddl
from icosa.modeling.change import Change
from icosa.modeling.default_views import add_to_page_views
from icosa.modeling.defaults import Unsuitable, checked_default, checked_settings, default_options
from icosa.modeling.indexes import drop_indexes_of
from icosa.modeling.inputs import Given, flag, identifier, text
from icosa.modeling.install import insert_rows
from icosa.modeling.names import LONGEST, RESERVED, derived_name, name_problem, required_text
from icosa.modeling.options import checked_options
from icosa.modeling.problems import Problems
from icosa.modeling.relations import ON_DELETE, RelationMaker
from icosa.modeling.rows import Row, delete_rows, field_row
from icosa.modeling.search_vectors import keep_search_vector, refill
from icosa.modeling.taken import check_free, part_names
from icosa.modeling.unique import create_unique_indexes, make_unique
from icosa.naming import quoted

INVALID = "INVALID_FIELD_INPUT"
NOT_ALLOWED = "FIELD_MUTATION_NOT_ALLOWED"


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
        if kind.is_morph:
            rows = maker.morph(given.get("morphRelationsCreationPayload"), name, label, **more)
        else:
            rows = maker.relation(given.get("relationCreationPayload"), name, label, **more)
    else:
        rows = [await _plain_row(change, owner, name, label, given, more, problems)]
    problems.check()
    if flag(given, "isUnique", default=False):
        await make_unique(change, owner, rows[0], "create")
    made = (await add_fields(change, rows))[0]
    await create_unique_indexes(change, made)
    return made


async def add_fields(change: Change, rows: list[Row]) -> list[Field]:
    """Make the fields of rows, with their columns and their places in views, and return them."""
    await insert_rows(change.connection, "field_metadata", change.workspace_id, rows)
    catalog = await change.reload()
    made = [catalog.field_by_id[UUID(row["id"])] for row in rows]
    await change.lock_fields(made)
    for each in made:
        await add_columns(change, each)
        await add_to_page_views(change.connection, each)
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
    if each.join_column is not None:
        await change.run(f"ALTER TABLE {owner.sql_name} ADD COLUMN {ddl.joined_column(change.catalog, owner, each)}")
        await change.make_index(owner, ddl.relation_index(owner, each))
    else:
        added = ", ".join(f"ADD COLUMN {ddl.column(leaf)}" for leaf in each.leaves)
        await change.run(f"ALTER TABLE {owner.sql_name} {added}")
    if any(leaf.default_sql for leaf in each.leaves):
        await change.touch(owner.id)


def find_field(change: Change, field_id: UUID) -> Field:
    """Return a field.

    Raises:
        NotFound: `FIELD_METADATA_NOT_FOUND`.
    """
    found = change.catalog.field_by_id.get(field_id)
    if found is None:
        raise NotFound("There is no such field", "FIELD_METADATA_NOT_FOUND")
    return found


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
    """Make an object's search vector of other fields: at once, or behind the change on a large table."""
    await change.connection.execute(
        "UPDATE core.object_metadata SET search_fields = $2 WHERE id = $1", owner.id, list(names)
    )
    changed = (await change.reload()).by_id[owner.id]
    await change.run(*keep_search_vector(changed))
    if await change.is_large(changed):
        await change.leave(changed, renew_search=True)
    else:
        await change.run(refill(changed))
        await change.touch(changed.id)
