"""Routes of views and their parts: bare rows, and lists that are bare arrays (`metadata.md` section 3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from icosa.errors import BadInput, NotFound
from icosa.fields.uuids import is_uuid
from icosa.metadata import views
from icosa.metadata.context import Context
from icosa.metadata.rest_reply import Reply, Route, route
from icosa.modeling.view_rules import PARTS, PartKind
from icosa.transport.parameters import Parameters

Given = Mapping[str, Any]
DONE = {"success": True}
UNDER_UPDATE = frozenset({"viewFilter", "viewGroup"})


def _parameter_id(parameters: Parameters, name: str) -> UUID | None:
    text = parameters.one(name)
    if text in {None, ""}:
        return None
    if not is_uuid(text):
        raise BadInput(f"{name}: must be a UUID", "INVALID_ID")
    return UUID(text)


async def list_views(context: Context, parameters: Parameters, _body: Any) -> Reply:
    """Answer the views, of one object or of all."""
    return Reply(await views.list_views(context, _parameter_id(parameters, "objectMetadataId")))


async def get_view(context: Context, _parameters: Parameters, _body: Any, view_id: str) -> Reply:
    """Answer a view."""
    found = await views.one_view(context, UUID(view_id))
    if found is None:
        raise NotFound("There is no such view", "VIEW_NOT_FOUND")
    return Reply(found)


async def post_view(context: Context, _parameters: Parameters, body: Given) -> Reply:
    """Make a view."""
    return Reply(await views.make_view(context, body), 201)


async def patch_view(context: Context, _parameters: Parameters, body: Given, view_id: str) -> Reply:
    """Change a view."""
    return Reply(await views.change_view(context, UUID(view_id), body))


async def delete_view(context: Context, _parameters: Parameters, _body: Any, view_id: str) -> Reply:
    """Put a view into the trash."""
    await views.remove_view(context, UUID(view_id), final=False)
    return Reply(DONE)


def part_routes(kind: PartKind) -> Iterator[Route]:
    """Yield the routes of one kind of part."""

    async def list_parts(context: Context, parameters: Parameters, _body: Any) -> Reply:
        return Reply(await views.list_parts(context, kind, _parameter_id(parameters, "viewId")))

    async def get_part(context: Context, _parameters: Parameters, _body: Any, part_id: str) -> Reply:
        return Reply(await views.one_part(context, kind, UUID(part_id)))

    async def post_part(context: Context, _parameters: Parameters, body: Given) -> Reply:
        return Reply((await views.make_parts(context, kind, [body]))[0], 201)

    async def patch_part(context: Context, _parameters: Parameters, body: Given, part_id: str) -> Reply:
        update = body.get("update")
        given = update if kind.name in UNDER_UPDATE and isinstance(update, dict) else body
        return Reply((await views.change_parts(context, kind, [(UUID(part_id), given)]))[0])

    async def delete_part(context: Context, _parameters: Parameters, _body: Any, part_id: str) -> Reply:
        await views.remove_part(context, kind, UUID(part_id))
        return Reply(DONE)

    plural = f"{kind.name}s"
    yield route("GET", plural, list_parts, parameters=frozenset({"viewId"}))
    yield route("POST", plural, post_part)
    yield route("GET", f"{plural}/{{id}}", get_part, missing=kind.missing)
    yield route("PATCH PUT", f"{plural}/{{id}}", patch_part, missing=kind.missing)
    yield route("DELETE", f"{plural}/{{id}}", delete_part, missing=kind.missing)


VIEW_ROUTES: tuple[Route, ...] = (
    route("GET", "views", list_views, parameters=frozenset({"objectMetadataId"})),
    route("POST", "views", post_view),
    route("GET", "views/{id}", get_view, missing="VIEW_NOT_FOUND"),
    route("PATCH PUT", "views/{id}", patch_view, missing="VIEW_NOT_FOUND"),
    route("DELETE", "views/{id}", delete_view, missing="VIEW_NOT_FOUND"),
    *(each for kind in PARTS.values() for each in part_routes(kind)),
)
