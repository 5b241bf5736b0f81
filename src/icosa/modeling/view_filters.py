"""What a view filters by, as a condition for a plan of groups (`graphql-core.md` section 9: `viewId`)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson

from icosa.catalog.model import Catalog, Field, Object
from icosa.errors import BadInput, Forbidden, NotFound
from icosa.modeling.view_conditions import Conditions
from icosa.plan.filters import And, Filter, Not, Or
from icosa.plan.values import Values
from icosa.store.database import Database

VIEW = """
select v.object_id, v.content as view_content, p.id, p.kind, p.field_id, p.parent_id, p.content
from core.view v left join core.view_part p on p.view_id = v.id and p.kind in ('viewFilter', 'viewFilterGroup')
where v.id = $1 and v.workspace_id = $2 and v.deleted_at is null and (v.visibility = 'WORKSPACE' or v.created_by = $3)
order by p.ordinal
"""

Clock = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """Return the current moment in UTC."""
    return dt.datetime.now(dt.UTC)


class ViewFilters:
    """Reads the filters of views.

    Args:
        database: where views are.
        clock: tells what relative dates are relative to.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def condition(
        self, catalog: Catalog, owner: Object, view_id: UUID, identity: Mapping[str, str], values: Values
    ) -> Filter | None:
        """Return what a view adds to a request's own filter, None when it filters by nothing.

        Args:
            catalog: the caller's view of the model.
            owner: the object whose records are asked for.
            view_id: the view.
            identity: the caller's ids, as the event log has them.
            values: takes the values.

        Raises:
            NotFound: there is no such view, or it is somebody else's unlisted one.
            BadInput: the view is one of another object; a filter's value does not fit its field.
            Forbidden: the view filters by a field that the caller may not read; which one is not said.
        """
        user = identity.get("userWorkspaceId")
        rows = await self._database.fetch_all(VIEW, view_id, catalog.workspace_id, UUID(user) if user else None)
        if not rows or rows[0]["object_id"] not in catalog.by_id:
            raise NotFound("viewId: there is no such view", "VIEW_NOT_FOUND")
        if rows[0]["object_id"] != owner.id:
            raise BadInput("viewId: the view is one of another object", "INVALID_QUERY_INPUT")
        conditions = Conditions(catalog, owner, values, self._clock(), identity.get("workspaceMemberId"))
        parts = [row for row in rows if row["id"] is not None]
        try:
            found = _Parts(catalog, parts, conditions).below(None)
            anywhere = orjson.loads(rows[0]["view_content"]).get("anyFieldFilterValue")
            if anywhere:
                found.append(conditions.anywhere(anywhere))
        except BadInput as problem:
            raise BadInput(f"viewId: a filter of the view cannot be applied: {problem.message}", problem.code) from None
        return And(tuple(found)) if found else None


class _Parts:
    """The filters and filter groups of one view."""

    def __init__(self, catalog: Catalog, rows: Sequence[Any], conditions: Conditions) -> None:
        self._catalog = catalog
        self._conditions = conditions
        self._below: dict[UUID | None, list[Any]] = defaultdict(list)
        for row in rows:
            self._below[row["parent_id"]].append(row)

    def below(self, parent: UUID | None) -> list[Filter]:
        """Return the conditions of what stands directly in a group, or at the root."""
        made = [
            self._group(row) if row["kind"] == "viewFilterGroup" else self._filter(row) for row in self._below[parent]
        ]
        return [each for each in made if each is not None]

    def _group(self, row: Any) -> Filter | None:
        items = tuple(self.below(row["id"]))
        if not items:
            return None
        match orjson.loads(row["content"])["logicalOperator"]:
            case "OR":
                return Or(items)
            case "NOT":
                return Not(And(items))
            case _:
                return And(items)

    def _filter(self, row: Any) -> Filter | None:
        content = orjson.loads(row["content"])
        field = self._readable(row["field_id"])
        behind = content.get("relationTargetFieldMetadataId")
        if behind is None:
            return self._conditions.of_filter(field, None, content)
        if self._catalog.target(field) is None:
            raise _hidden()
        return self._conditions.of_filter(field, self._readable(UUID(behind)), content)

    def _readable(self, field_id: UUID) -> Field:
        field = self._catalog.field_by_id.get(field_id)
        if field is None:
            raise _hidden()
        return field


def _hidden() -> Forbidden:
    return Forbidden("viewId: your role may not read everything that the view filters by", "PERMISSION_DENIED")
