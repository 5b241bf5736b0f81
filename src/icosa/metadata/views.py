"""Operations on views and their parts (`metadata.md` section 9), for both protocols."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from icosa.errors import BadInput, Forbidden, NotFound
from icosa.fields.uuids import is_uuid
from icosa.metadata.context import Context, Operations, Run
from icosa.metadata.definitions import Told
from icosa.modeling.view_parts import create_part, delete_part, find_part, update_part
from icosa.modeling.view_rules import PARTS, PartKind
from icosa.modeling.view_store import LISTS, part_told, read_views
from icosa.modeling.views import create_view, delete_view, destroy_view, find_view, update_view
from icosa.naming import capitalized

FLAG = "VIEWS"
OPERATIONS = Operations()
Given = Mapping[str, Any]
BOOLEAN_ANSWERS = frozenset({"viewFilterGroup", "viewSort"})
BY_ID = frozenset({"viewFilterGroup"})
MANY = frozenset({"viewField", "viewFieldGroup", "viewGroup"})


@asynccontextmanager
async def _transaction(context: Context) -> AsyncIterator[Any]:
    async with context.services.database.transaction() as connection:
        yield connection


def _id(value: Any, code: str) -> UUID:
    if not is_uuid(value):
        raise NotFound("There is nothing with this id", code)
    return UUID(str(value))


def _may_change(context: Context, visibility: str, author: UUID | None) -> None:
    """Raise unless the caller may change a view of this visibility.

    Raises:
        Forbidden: the role lacks VIEWS, and it is no unlisted view of the caller's own.
    """
    caller = context.caller
    if caller.permissions.has_flag(FLAG):
        return
    if caller.is_person and visibility == "UNLISTED" and author in {None, caller.user_workspace_id}:
        return
    raise Forbidden("The caller's role lacks the right VIEWS", "PERMISSION_DENIED")


async def list_views(context: Context, object_id: UUID | None = None, types: Sequence[str] | None = None) -> list[Told]:
    """Return the views that the caller may see."""
    async with _transaction(context) as connection:
        found = await read_views(
            connection, context.view, object_id=object_id, user_workspace_id=context.caller.user_workspace_id
        )
    return [each for each in found if types is None or each["type"] in types]


async def one_view(context: Context, view_id: UUID) -> Told | None:
    """Return a view that the caller may see, or None."""
    async with _transaction(context) as connection:
        found = await read_views(
            connection, context.view, view_id=view_id, user_workspace_id=context.caller.user_workspace_id
        )
    return found[0] if found else None


async def make_view(context: Context, given: Given) -> Told:
    """Make a view."""
    _may_change(context, str(given.get("visibility") or "WORKSPACE"), None)
    async with _transaction(context) as connection:
        view_id = await create_view(connection, context.view, given, context.caller.user_workspace_id)
        return (await _read(connection, context, view_id))[0]


async def change_view(context: Context, view_id: UUID, given: Given) -> Told:
    """Change a view."""
    async with _transaction(context) as connection:
        row = await find_view(connection, context.view, view_id)
        _may_change(context, row["visibility"], row["created_by"])
        await update_view(connection, context.view, view_id, given)
        return (await _read(connection, context, view_id))[0]


async def _read(connection: Any, context: Context, view_id: UUID) -> list[Told]:
    return await read_views(
        connection, context.view, view_id=view_id, user_workspace_id=context.caller.user_workspace_id
    )


async def remove_view(context: Context, view_id: UUID, *, final: bool) -> None:
    """Put a view into the trash, or delete it for good."""
    async with _transaction(context) as connection:
        row = await find_view(connection, context.view, view_id, deleted=final)
        _may_change(context, row["visibility"], row["created_by"])
        await (destroy_view if final else delete_view)(connection, context.view, view_id)


async def list_parts(context: Context, kind: PartKind, view_id: UUID | None) -> list[Told]:
    """Return the parts of one kind, of one view or of all."""
    if view_id is not None:
        view = await one_view(context, view_id)
        views = [view] if view is not None else []
    else:
        views = await list_views(context)
    return [part for view in views for part in view[LISTS[kind.name]]]


async def one_part(context: Context, kind: PartKind, part_id: UUID) -> Told:
    """Return a part; raises NotFound."""
    async with _transaction(context) as connection:
        return part_told(await find_part(connection, context.view, kind, part_id))


async def make_parts(context: Context, kind: PartKind, given: Sequence[Given]) -> list[Told]:
    """Make parts, all or none, and return them in the order sent."""
    async with _transaction(context) as connection:
        made = []
        for each in given:
            await _check_part(connection, context, each.get("viewId"))
            part_id = await create_part(connection, context.view, kind, each)
            made.append(part_told(await find_part(connection, context.view, kind, part_id)))
        return made


async def change_parts(context: Context, kind: PartKind, changes: Sequence[tuple[UUID, Given]]) -> list[Told]:
    """Change parts, all or none, and return them in the order sent."""
    async with _transaction(context) as connection:
        changed = []
        for part_id, given in changes:
            row = await find_part(connection, context.view, kind, part_id)
            await _check_part(connection, context, str(row["view_id"]))
            await update_part(connection, context.view, kind, part_id, given)
            changed.append(part_told(await find_part(connection, context.view, kind, part_id)))
        return changed


async def remove_part(context: Context, kind: PartKind, part_id: UUID) -> Told:
    """Delete a part and return it as it was."""
    async with _transaction(context) as connection:
        row = await find_part(connection, context.view, kind, part_id)
        await _check_part(connection, context, str(row["view_id"]))
        return part_told(await delete_part(connection, context.view, kind, part_id))


async def _check_part(connection: Any, context: Context, view_id: Any) -> None:
    row = None
    if is_uuid(view_id):
        row = await connection.fetchrow(
            "select visibility, created_by from core.view where id = $1 and workspace_id = $2",
            UUID(view_id),
            context.caller.workspace_id,
        )
    if row is None:
        _may_change(context, "WORKSPACE", None)
    else:
        _may_change(context, row["visibility"], row["created_by"])


@OPERATIONS.add("getViews")
async def get_views(context: Context, objectMetadataId: str | None = None, viewTypes: Any = None) -> list[Told]:  # noqa: N803
    """Return views."""
    if objectMetadataId is not None and not is_uuid(objectMetadataId):
        raise BadInput("objectMetadataId: must be a UUID", "INVALID_INPUT")
    return await list_views(context, UUID(objectMetadataId) if objectMetadataId else None, viewTypes)


@OPERATIONS.add("getView")
async def get_view(context: Context, id: str) -> Told | None:
    """Return a view or None."""
    return await one_view(context, UUID(id)) if is_uuid(id) else None


@OPERATIONS.add("createView")
async def create(context: Context, input: Given) -> Told:
    """Make a view; raises Invalid, NotFound and Forbidden."""
    return await make_view(context, input)


@OPERATIONS.add("updateView")
async def update(context: Context, id: str, input: Given) -> Told:
    """Change a view; raises Invalid, NotFound and Forbidden."""
    return await change_view(context, _id(id, "VIEW_NOT_FOUND"), input)


@OPERATIONS.add("deleteView")
async def delete(context: Context, id: str) -> bool:
    """Put a view into the trash; raises NotFound and Forbidden."""
    await remove_view(context, _id(id, "VIEW_NOT_FOUND"), final=False)
    return True


@OPERATIONS.add("destroyView")
async def destroy(context: Context, id: str) -> bool:
    """Delete a view for good; raises Invalid, NotFound and Forbidden."""
    await remove_view(context, _id(id, "VIEW_NOT_FOUND"), final=True)
    return True


def _enter(kind: PartKind) -> None:
    """Enter the operations on one kind of part."""
    name = capitalized(kind.name)

    async def get_many(context: Context, viewId: str | None = None) -> list[Told]:  # noqa: N803
        return await list_parts(context, kind, _id(viewId, "VIEW_NOT_FOUND") if viewId else None)

    async def get_one(context: Context, id: str) -> Told | None:
        try:
            return await one_part(context, kind, _id(id, kind.missing))
        except NotFound:
            return None

    async def create_one(context: Context, input: Given) -> Told:
        return (await make_parts(context, kind, [input]))[0]

    async def create_many(context: Context, inputs: Sequence[Given]) -> list[Told]:
        return await make_parts(context, kind, inputs)

    def change(input: Given, id: str | None = None) -> tuple[UUID, Given]:
        given = input if kind.name in BY_ID else input["update"]
        return _id(id or input.get("id"), kind.missing), given

    async def update_one(context: Context, input: Given, id: str | None = None) -> Told:
        return (await change_parts(context, kind, [change(input, id)]))[0]

    async def update_many(context: Context, inputs: Sequence[Given]) -> list[Told]:
        return await change_parts(context, kind, [change(each) for each in inputs])

    async def remove(context: Context, input: Given | None = None, id: str | None = None) -> Told | bool:
        told = await remove_part(context, kind, _id(id or (input or {}).get("id"), kind.missing))
        return True if kind.name in BOOLEAN_ANSWERS else told

    runs: dict[str, Run] = {
        f"get{name}s": get_many,
        f"get{name}": get_one,
        f"create{name}": create_one,
        f"update{name}": update_one,
        f"delete{name}": remove,
        f"destroy{name}": remove,
    }
    if kind.name in MANY:
        runs[f"createMany{name}s"] = create_many
    if kind.name == "viewGroup":
        runs[f"updateMany{name}s"] = update_many
    for operation, run in runs.items():
        OPERATIONS.add(operation)(run)


for _kind in PARTS.values():
    _enter(_kind)
