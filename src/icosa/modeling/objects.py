"""Make, change and delete objects (`metadata.md` section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid4

from icosa.catalog.model import Catalog, Field, Object
from icosa.errors import BadInput, NotFound
from icosa.fields.registry import TYPES
from icosa.modeling import ddl
from icosa.modeling.change import Change
from icosa.modeling.default_views import make_default_views
from icosa.modeling.fields import add_columns, drop_fields, search_by
from icosa.modeling.inputs import Given, flag, text
from icosa.modeling.install import insert_rows
from icosa.modeling.names import LONGEST, derived_name, makes_taken_type, name_problem, required_text, tidy
from icosa.modeling.problems import Problems
from icosa.modeling.rows import ONE_TO_MANY, Row, field_row, many_to_one, object_row, relation_pair, update_row
from icosa.modeling.search_vectors import dropped_function, keep_search_vector
from icosa.modeling.view_upkeep import show_identifier
from icosa.naming import capitalized, quoted

INVALID = "INVALID_OBJECT_INPUT"
LABELS = ("labelSingular", "labelPlural")
NAMES = ("nameSingular", "namePlural")
TEXTS = ("description", "icon", "color", "shortcut")
COSMETIC = frozenset({*LABELS, "description", "icon", "color", "isActive"})
STANDARD = COSMETIC | {"isSearchable"}
CUSTOM = STANDARD | {
    *NAMES,
    "shortcut",
    "isLabelSyncedWithName",
    "labelIdentifierFieldMetadataId",
    "imageIdentifierFieldMetadataId",
}
LABEL_TYPES = frozenset(each.name for each in TYPES if each.can_be_label)
IMAGE_TYPES = frozenset({"TEXT", "LINKS", "FILES"})
DEFAULT_ACTOR = {"name": "''", "source": "'MANUAL'"}
SYSTEM_FIELDS = (
    ("id", "UUID", "Id", "Icon123", False, "uuid"),
    ("createdAt", "DATE_TIME", "Creation date", "IconCalendar", False, "now"),
    ("createdBy", "ACTOR", "Created by", "IconCreativeCommonsSa", False, DEFAULT_ACTOR),
    ("deletedAt", "DATE_TIME", "Deleted at", "IconCalendarClock", True, None),
    ("position", "POSITION", "Position", "IconHierarchy2", False, 0),
    ("searchVector", "TS_VECTOR", "Search vector", "IconSearch", True, None),
    ("updatedAt", "DATE_TIME", "Last update", "IconCalendarClock", False, "now"),
    ("updatedBy", "ACTOR", "Updated by", "IconUserCircle", False, DEFAULT_ACTOR),
)
RELATIVES = (
    ("timelineActivities", "timelineActivity", "Timeline Activities", "IconTimelineEvent"),
    ("attachments", "attachment", "Attachments", "IconFileImport"),
    ("noteTargets", "noteTarget", "Notes", "IconCheckbox"),
    ("taskTargets", "taskTarget", "Tasks", "IconCheckbox"),
)


async def create_object(change: Change, given: Given) -> Object:
    """Make an object with its system fields, its name and its relations to notes, tasks, attachments and timeline.

    Args:
        change: the change under way.
        given: `CreateObjectInput`.

    Raises:
        Invalid: a rule of names or labels is broken.
        BadInput: an empty name, a key of the wrong kind.
    """
    names = {key: required_text(given.get(key), key) for key in NAMES}
    labels = {key: _label(required_text(given.get(key), key)) for key in LABELS}
    problems = Problems("objectMetadata", "create", names)
    if flag(given, "isRemote", default=False):
        problems.add(INVALID, "isRemote: remote objects cannot be made")
    synced = flag(given, "isLabelSyncedWithName", default=False)
    _check_names(change.catalog, None, names, labels, problems, synced=synced)
    problems.check()
    owner_id = uuid4()
    fields = _own_fields(owner_id, with_name=not flag(given, "skipNameField", default=False))
    identifier_field = next((row for row in fields if row["name"] == "name"), fields[0])
    texts = {key: text(given, key) or None if key in {"color", "shortcut"} else text(given, key) for key in TEXTS}
    row = object_row(
        id=str(owner_id),
        name_singular=names["nameSingular"],
        name_plural=names["namePlural"],
        label_singular=labels["labelSingular"],
        label_plural=labels["labelPlural"],
        table_name=f"_{names['nameSingular'][:40]}_{owner_id.hex[:12]}",
        is_label_synced_with_name=synced,
        label_identifier_field_id=identifier_field["id"],
        search_fields=["name"] if identifier_field["name"] == "name" else [],
        **texts,
    )
    near, far = _relatives(change.catalog, row)
    await insert_rows(change.connection, "object_metadata", change.workspace_id, [row])
    await insert_rows(change.connection, "field_metadata", change.workspace_id, [*fields, *near, *far])
    catalog = await change.reload()
    owner = catalog.by_id[owner_id]
    await change.run(
        ddl.create_table(owner), ddl.watch_others(owner), *keep_search_vector(owner), *ddl.standing_indexes(owner)
    )
    await change.lock_fields(catalog.field_by_id[UUID(each["id"])] for each in far)
    for each in far:
        await add_columns(change, catalog.field_by_id[UUID(each["id"])])
    await make_default_views(change.connection, catalog, owner)
    return owner


def _own_fields(owner_id: UUID, *, with_name: bool) -> list[Row]:
    fields = [
        field_row(owner_id, kind, name, label, icon=icon, is_nullable=nullable, default_value=default, is_system=True)
        for name, kind, label, icon, nullable, default in SYSTEM_FIELDS
    ]
    return [*fields, field_row(owner_id, "TEXT", "name", "Name", icon="IconAbc")] if with_name else fields


def _relatives(catalog: Catalog, owner: Row) -> tuple[list[Row], list[Row]]:
    """Return both ends of the relations to the objects that every object is related to."""
    near, far = [], []
    for name, target_name, label, icon in RELATIVES:
        target = catalog.by_singular[target_name]
        group = next(each for each in target.fields if each.morph_name is not None)
        join = f"{group.morph_name}{capitalized(owner['name_singular'])}"
        one = field_row(owner["id"], "RELATION", name, label, icon=icon, settings=ONE_TO_MANY)
        other = field_row(
            target.id,
            "MORPH_RELATION",
            join,
            owner["label_singular"],
            icon=icon,
            settings=many_to_one(join),
            morph_id=str(group.morph_id),
            morph_name=group.morph_name,
        )
        relation_pair(one, other)
        near.append(one)
        far.append(other)
    return near, far


def _label(value: str) -> str:
    return capitalized(tidy(value))


def _check_names(
    catalog: Catalog,
    itself: Object | None,
    names: Mapping[str, str],
    labels: Mapping[str, str],
    problems: Problems,
    *,
    synced: bool,
) -> None:
    taken = {name for each in catalog.objects if each is not itself for name in (each.name_singular, each.name_plural)}
    for key, name in names.items():
        problem = name_problem(name)
        if problem:
            problems.add(INVALID, f"{key}: {problem}", name)
        elif makes_taken_type(name):
            problems.add(INVALID, f"{key}: '{name}' would make a type name that is taken", name)
        elif name in taken:
            problems.add("OBJECT_ALREADY_EXISTS", f"{key}: '{name}' is taken", name)
    if names["nameSingular"].lower() == names["namePlural"].lower():
        problems.add(INVALID, "namePlural: must differ from nameSingular", names["namePlural"])
    for key, label in labels.items():
        if not 1 <= len(label) <= LONGEST:
            problems.add(INVALID, f"{key}: must have 1 to {LONGEST} characters", label)
    if synced:
        made = {key: derived_name(label) for key, label in zip(NAMES, labels.values(), strict=True)}
        if made["nameSingular"] == made["namePlural"]:
            made["namePlural"] += "s"
        for key, name in names.items():
            if made[key] != name:
                problems.add(INVALID, f"{key}: must be '{made[key]}', as the label makes it", name)


def find_object(change: Change, object_id: UUID) -> Object:
    """Return an object.

    Raises:
        NotFound: `OBJECT_METADATA_NOT_FOUND`.
    """
    found = change.catalog.by_id.get(object_id)
    if found is None:
        raise NotFound("There is no such object", "OBJECT_METADATA_NOT_FOUND")
    return found


async def update_object(change: Change, object_id: UUID, given: Given) -> Object:
    """Change an object and return it; a rename moves its routes and keeps its data.

    Raises:
        NotFound: there is no such object.
        BadInput: a key that may not change on a standard object.
        Invalid: a rule is broken.
    """
    owner = find_object(change, object_id)
    allowed = CUSTOM if owner.is_custom else COSMETIC if owner.is_system else STANDARD
    named = {key: value for key, value in given.items() if key in CUSTOM}
    refused = sorted(set(named) - allowed)
    if refused:
        raise BadInput(f"{refused[0]}: may not change on a standard object", INVALID)
    problems = Problems("objectMetadata", "update", {"nameSingular": owner.name_singular})
    row: Row = {}
    for key in TEXTS:
        if key in named:
            row[key] = text(named, key) or (None if key in {"color", "shortcut"} else "")
    for key, column in (
        ("isActive", "is_active"),
        ("isSearchable", "is_searchable"),
        ("isLabelSyncedWithName", "is_label_synced_with_name"),
    ):
        if named.get(key) is not None:
            row[column] = flag(named, key, default=True)
    row |= _names_and_labels(change.catalog, owner, named, row, problems)
    identified = _identifiers(owner, named, row, problems)
    problems.check()
    await update_row(change.connection, "object_metadata", owner.id, row)
    if "name_singular" in row:
        await _rename_morphs(change, owner, row["name_singular"])
    catalog = await change.reload()
    changed = catalog.by_id[owner.id]
    if identified is not None:
        await show_identifier(change.connection, owner, identified)
    if identified is not None and identified.name not in changed.search_fields and changed.search_fields:
        await change.lock([changed])
        await search_by(change, changed, (*changed.search_fields, identified.name))
    if row.get("is_searchable") and not owner.is_searchable:
        if not await change.is_large(changed):
            await change.lock([changed], "SHARE")
        await change.make_index(
            changed, ddl.search_index(changed).replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS", 1)
        )
    return change.catalog.by_id[owner.id]


def _names_and_labels(catalog: Catalog, owner: Object, named: Given, row: Row, problems: Problems) -> Row:
    names = {"nameSingular": owner.name_singular, "namePlural": owner.name_plural}
    labels = {"labelSingular": owner.label_singular, "labelPlural": owner.label_plural}
    for key in NAMES:
        if named.get(key) is not None:
            names[key] = required_text(named[key], key)
    for key in LABELS:
        if named.get(key) is not None:
            labels[key] = _label(required_text(named[key], key))
    if owner.is_custom:
        synced = row.get("is_label_synced_with_name", owner.is_label_synced_with_name)
        _check_names(catalog, owner, names, labels, problems, synced=synced)
    elif any(len(label) > LONGEST for label in labels.values()):
        problems.add(INVALID, f"A label must have 1 to {LONGEST} characters")
    before = {
        "name_singular": owner.name_singular,
        "name_plural": owner.name_plural,
        "label_singular": owner.label_singular,
        "label_plural": owner.label_plural,
    }
    after = dict(zip(before, (*names.values(), *labels.values()), strict=True))
    return {column: value for column, value in after.items() if value != before[column]}


def _identifiers(owner: Object, named: Given, row: Row, problems: Problems) -> Field | None:
    """Note the label and image identifiers and return the new label identifier."""
    found: Field | None = None
    for key, column, types in (
        ("labelIdentifierFieldMetadataId", "label_identifier_field_id", LABEL_TYPES),
        ("imageIdentifierFieldMetadataId", "image_identifier_field_id", IMAGE_TYPES),
    ):
        if key not in named or (named[key] is None and key.startswith("image")):
            if key in named:
                row[column] = None
            continue
        each = next((one for one in owner.fields if str(one.id) == str(named[key]).lower()), None)
        if each is None or each.type.name not in types:
            known = ", ".join(sorted(types))
            problems.add(INVALID, f"{key}: must be a field of the object of type {known}", named[key])
            continue
        row[column] = str(each.id)
        if key.startswith("label"):
            found = each
    return found


async def _rename_morphs(change: Change, owner: Object, name: str) -> None:
    """Rename the morph fields that point at an object that is renamed, with their columns."""
    morphs = [
        each
        for each in change.catalog.field_by_id.values()
        if each.morph_name is not None
        and each.relation is not None
        and each.relation.target_object_id == owner.id
        and each.name == f"{each.morph_name}{capitalized(owner.name_singular)}"
    ]
    await change.lock_fields(morphs)
    for each in morphs:
        renamed = f"{each.morph_name}{capitalized(name)}"
        settings = {**each.settings, "joinColumnName": f"{renamed}Id"}
        await update_row(change.connection, "field_metadata", each.id, {"name": renamed, "settings": settings})
        holder = change.catalog.by_id[each.object_id]
        former = each.leaves[0].column
        catalog = await change.reload()
        column = catalog.field_by_id[each.id].leaves[0].column
        await change.run(f"ALTER TABLE {holder.sql_name} RENAME COLUMN {quoted(former)} TO {quoted(column)}")


async def delete_object(change: Change, object_id: UUID) -> Object:
    """Delete a custom object: its records, fields, both ends of every relation, indexes; return it as it was.

    Raises:
        NotFound: there is no such object.
        Invalid: it is a standard object.
    """
    owner = find_object(change, object_id)
    if not owner.is_custom or owner.is_system:
        problems = Problems("objectMetadata", "delete", {"nameSingular": owner.name_singular})
        raise problems.refuse(
            INVALID, f"{owner.name_singular}: a standard object cannot be deleted", owner.name_singular
        )
    pointing = [
        each
        for each in change.catalog.field_by_id.values()
        if each.relation is not None and each.relation.target_object_id == owner.id and each.object_id != owner.id
    ]
    await change.lock_fields([*owner.fields, *pointing])
    await drop_fields(change, pointing)
    connection = change.connection
    await change.run(f"DROP TABLE {owner.sql_name}", dropped_function(owner))
    for table in ("object_permission", "field_permission"):
        await connection.execute(f"DELETE FROM core.{table} WHERE object_id = $1", owner.id)
    await connection.execute("DELETE FROM core.object_metadata WHERE id = $1", owner.id)
    await change.reload()
    return owner
