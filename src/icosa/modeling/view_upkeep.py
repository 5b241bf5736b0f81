"""What changes of fields do to views (`metadata.md` sections 5 to 7)."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import orjson

from icosa.catalog.model import Field, Object
from icosa.modeling.options import OptionChange


async def forget_field(connection: Any, field_id: UUID) -> None:
    """Take a deactivated field out of views: its columns, filters and sorts, and the views that are laid out by it."""
    await connection.execute("delete from core.view_part where field_id = $1", field_id)
    await connection.execute(
        "delete from core.view where main_group_by_field_id = $1 or calendar_field_id = $1", field_id
    )
    await connection.execute(
        "update core.view set aggregate_field_id = null, content = content - 'kanbanAggregateOperation' "
        "where aggregate_field_id = $1",
        field_id,
    )


async def follow_options(connection: Any, each: Field, way: OptionChange) -> None:
    """Rename or drop options in the filters and groups that name them."""
    rows = await connection.fetch(
        "select p.id, p.kind, p.content from core.view_part p join core.view v on v.id = p.view_id "
        "where (p.kind = 'viewFilter' and p.field_id = $1) or (p.kind = 'viewGroup' and v.main_group_by_field_id = $1)",
        each.id,
    )
    for row in rows:
        content = orjson.loads(row["content"])
        key = "value" if row["kind"] == "viewFilter" else "fieldValue"
        after = _followed(content.get(key), way)
        if after is None:
            await connection.execute("delete from core.view_part where id = $1", row["id"])
        elif after != content.get(key):
            content[key] = after
            await connection.execute(
                "update core.view_part set content = $2, updated_at = now() where id = $1",
                row["id"],
                orjson.dumps(content).decode(),
            )


def _followed(value: Any, way: OptionChange) -> Any:
    """Return a filter's or a group's value after the change; None when nothing is left of it.

    A filter's list may stand as JSON text, as the front end of old writes it.
    """
    if isinstance(value, list):
        kept = [way.renamed.get(item, item) for item in value if item not in way.removed]
        return kept or None
    if isinstance(value, str) and value.startswith("["):
        try:
            read = orjson.loads(value)
        except orjson.JSONDecodeError:
            return value
        followed = _followed(read, way)
        return None if followed is None else orjson.dumps(followed).decode()
    if isinstance(value, str):
        return None if value in way.removed else way.renamed.get(value, value)
    return value


async def show_identifier(connection: Any, owner: Object, each: Field) -> None:
    """Put a new label identifier first and visible into every view of its object."""
    rows = await connection.fetch(
        "select v.id, v.workspace_id, min((p.content ->> 'position')::double precision) as first from core.view v "
        "left join core.view_part p on p.view_id = v.id and p.kind = 'viewField' "
        "where v.object_id = $1 and v.type <> 'FIELDS_WIDGET' group by v.id",
        owner.id,
    )
    for row in rows:
        content = {"isVisible": True, "position": 0 if row["first"] is None else row["first"] - 1}
        await connection.execute(
            "insert into core.view_part (id, workspace_id, view_id, kind, field_id, content) "
            "values ($1, $2, $3, 'viewField', $4, $5) "
            "on conflict (view_id, kind, field_id) where kind in ('viewField', 'viewSort') "
            "do update set content = view_part.content || excluded.content, updated_at = now()",
            uuid4(),
            row["workspace_id"],
            row["id"],
            each.id,
            orjson.dumps(content).decode(),
        )
