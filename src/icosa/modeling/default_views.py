"""The views that objects have from the start (`data-model.md`, "Views"; `metadata.md` section 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

import orjson

from icosa.catalog.model import Catalog, Field, Object
from icosa.modeling.views import insert_parts, make_groups

INDEX_NAME = "All {objectLabelPlural}"
NO_INDEX = frozenset({"messageList", "messageListMember", "messageCampaign"})
OWN_NAMES = MappingProxyType({"workflowVersion": "Versions", "workflowRun": "Runs"})
CUSTOM_COLUMNS = "name createdAt createdBy updatedAt updatedBy"
CUSTOM_WIDTH, WIDTH = 180, 150
WIDTHS: Mapping[tuple[str, str], int] = MappingProxyType(
    {
        ("company", "name"): 180,
        ("company", "domainName"): 100,
        ("company", "linkedinLink"): 170,
        ("company", "address"): 170,
        ("person", "name"): 210,
        ("note", "title"): 210,
        ("task", "title"): 210,
        ("dashboard", "title"): 200,
    }
)
ICONS = MappingProxyType({"note": "IconNotes", "workflow": "IconTable"})
TASK_COLUMNS = "title taskTargets createdBy dueAt assignee bodyV2 createdAt"
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "company": "name domainName createdBy accountOwner createdAt linkedinLink address",
        "person": "name emails createdBy company phones createdAt jobTitle linkedinLink",
        "opportunity": "name amount createdBy closeDate company pointOfContact",
        "note": "title noteTargets bodyV2 createdBy createdAt",
        "task": "title status taskTargets createdBy dueAt assignee bodyV2 createdAt",
        "workflow": "name statuses updatedAt createdBy versions runs",
        "dashboard": "title createdBy createdAt updatedAt",
        "noteTarget": "id note targetPerson targetCompany targetOpportunity",
        "taskTarget": "id task targetPerson targetCompany targetOpportunity",
        "attachment": "name file targetPerson targetCompany targetOpportunity targetTask targetNote targetDashboard "
        "targetWorkflow createdBy createdAt",
        "timelineActivity": "name happensAt targetPerson targetCompany targetOpportunity targetTask targetNote "
        "targetWorkflow targetWorkflowVersion targetWorkflowRun targetDashboard workspaceMember",
        "workspaceMember": "name createdAt ownedOpportunities assignedTasks",
        "workflowVersion": "name workflow status updatedAt runs",
        "workflowRun": "name workflow status",
        "workflowAutomatedTrigger": "type workflow createdAt",
        "message": "subject messageThread messageParticipants receivedAt headerMessageId text createdAt",
        "messageThread": "subject messages updatedAt createdAt",
        "messageParticipant": "handle message role displayName person workspaceMember createdAt",
        "messageChannelMessageAssociation": "messageChannelId message messageExternalId direction createdAt",
        "messageChannelMessageAssociationMessageFolder": "messageChannelMessageAssociation messageFolderId createdAt",
        "calendarEvent": "title startsAt endsAt isFullDay location conferenceLink isCanceled createdAt",
        "calendarEventParticipant": "handle calendarEvent displayName isOrganizer responseStatus person workspaceMember "
        "createdAt",
        "calendarChannelEventAssociation": "calendarChannelId calendarEvent eventExternalId createdAt",
        "callRecording": "title status recordingRequestStatus startedAt",
        "blocklist": "handle workspaceMember createdAt",
    }
)
PAGE_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "company": "domainName annualRevenue address createdAt accountOwner linkedinLink createdBy",
        "person": "emails company linkedinLink createdAt phones jobTitle createdBy",
        "opportunity": "amount company createdAt stage pointOfContact createdBy closeDate owner",
        "note": "bodyV2 createdAt noteTargets createdBy",
        "task": "dueAt createdAt status createdBy assignee bodyV2 taskTargets",
    }
)
ASSIGNED_TO_ME = '{"isCurrentWorkspaceMemberSelected":true,"selectedRecordIds":[]}'


async def ensure_default_views(connection: Any, catalog: Catalog) -> None:
    """Make the default views of a workspace that has no view at all."""
    if await connection.fetchval("select true from core.view where workspace_id = $1 limit 1", catalog.workspace_id):
        return
    for owner in catalog.objects:
        await make_default_views(connection, catalog, owner)
    await _boards(connection, catalog)


async def make_default_views(connection: Any, catalog: Catalog, owner: Object) -> None:
    """Make an object's INDEX view and the view of its record page."""
    if owner.name_singular not in NO_INDEX:
        names = CUSTOM_COLUMNS if owner.is_custom else COLUMNS.get(owner.name_singular, "name createdAt")
        view = {
            "name": OWN_NAMES.get(owner.name_singular, INDEX_NAME),
            "key": "INDEX",
            "icon": owner.icon if owner.is_custom else ICONS.get(owner.name_singular, "IconList"),
        }
        await _view(connection, catalog, owner, view, names.split())
    named = PAGE_FIELDS.get(owner.name_singular, "").split()
    fields = _page_fields(owner, named)
    page = {
        "name": f"{owner.label_singular} Record Page Fields",
        "type": "FIELDS_WIDGET",
        "icon": "IconList",
        "position": 1,
    }
    shown = {each.name for each in fields if each.name in named} or {each.name for each in fields}
    await _view(connection, catalog, owner, page, [each.name for each in fields], shown=shown)


def _page_fields(owner: Object, named: Sequence[str]) -> list[Field]:
    first = [owner.field_by_name[name] for name in named if name in owner.field_by_name]
    label = owner.label_identifier_field_id
    rest = [
        each
        for each in owner.fields
        if each not in first
        and each.id != label
        and each.name not in {"id", "deletedAt", "position", "searchVector"}
        and not each.is_custom
    ]
    return [*first, *rest]


async def add_to_page_views(connection: Any, each: Field) -> None:
    """Show a new field at the end of its object's record page views."""
    rows = await connection.fetch(
        "select v.id, v.workspace_id, coalesce(max((p.content ->> 'position')::double precision), -1) as last "
        "from core.view v left join core.view_part p on p.view_id = v.id and p.kind = 'viewField' "
        "where v.object_id = $1 and v.type = 'FIELDS_WIDGET' and v.deleted_at is null group by v.id",
        each.object_id,
    )
    for row in rows:
        content = {"isVisible": True, "size": CUSTOM_WIDTH, "position": row["last"] + 1}
        await insert_parts(connection, row["workspace_id"], row["id"], "viewField", [(each.id, content)])


async def _view(
    connection: Any,
    catalog: Catalog,
    owner: Object,
    given: Mapping[str, Any],
    names: Sequence[str],
    *,
    shown: set[str] | None = None,
) -> UUID:
    view_id = uuid4()
    content = orjson.dumps({}).decode()
    await connection.execute(
        "insert into core.view (id, workspace_id, object_id, name, type, key, icon, position, main_group_by_field_id, "
        "content, is_own) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, true)",
        view_id,
        catalog.workspace_id,
        owner.id,
        given["name"],
        given.get("type", "TABLE"),
        given.get("key"),
        given["icon"],
        float(given.get("position", 0)),
        given.get("main_group_by_field_id"),
        content,
    )
    width = CUSTOM_WIDTH if owner.is_custom else WIDTH
    fields = [owner.field_by_name[name] for name in names if name in owner.field_by_name]
    columns = [
        (
            each.id,
            {
                "isVisible": shown is None or each.name in shown,
                "size": WIDTHS.get((owner.name_singular, each.name), width),
                "position": place,
            },
        )
        for place, each in enumerate(fields)
    ]
    await insert_parts(connection, catalog.workspace_id, view_id, "viewField", columns)
    return view_id


async def _boards(connection: Any, catalog: Catalog) -> None:
    """Make the boards of opportunities and tasks, and the list of one's own tasks."""
    deals, tasks = catalog.by_singular.get("opportunity"), catalog.by_singular.get("task")
    if deals is not None and {"stage", "amount"} <= deals.field_by_name.keys():
        stage = deals.field_by_name["stage"]
        given = {"name": "By Stage", "type": "KANBAN", "icon": "IconLayoutKanban", "position": 2}
        columns = COLUMNS["opportunity"].split()
        board = await _view(connection, catalog, deals, {**given, "main_group_by_field_id": stage.id}, columns)
        await connection.execute(
            "update core.view set aggregate_field_id = $2, content = $3 where id = $1",
            board,
            deals.field_by_name["amount"].id,
            orjson.dumps({"kanbanAggregateOperation": "SUM"}).decode(),
        )
        await make_groups(connection, catalog, board, stage)
    if tasks is None or not {"status", "assignee"} <= tasks.field_by_name.keys():
        return
    status = tasks.field_by_name["status"]
    given = {"name": "By Status", "type": "KANBAN", "icon": "IconLayoutKanban", "position": 1}
    board = await _view(
        connection,
        catalog,
        tasks,
        {**given, "main_group_by_field_id": status.id},
        ["title", "status", "dueAt", "assignee", "createdAt"],
    )
    values = [{"fieldValue": one.value, "isVisible": True, "position": n} for n, one in enumerate(status.options)]
    await insert_parts(connection, catalog.workspace_id, board, "viewGroup", [(None, value) for value in values])
    mine = {"name": "Assigned to Me", "icon": "IconUserCircle", "position": 2, "main_group_by_field_id": status.id}
    own = await _view(connection, catalog, tasks, mine, TASK_COLUMNS.split())
    await make_groups(connection, catalog, own, status)
    condition = {"operand": "IS", "value": ASSIGNED_TO_ME}
    await insert_parts(
        connection, catalog.workspace_id, own, "viewFilter", [(tasks.field_by_name["assignee"].id, condition)]
    )
