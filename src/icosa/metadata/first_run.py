"""From an empty server to a workspace over the API: sign up, found, activate (`auth.md` section 6, "First run")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from icosa.access.audit import audit
from icosa.access.texts import checked_text
from icosa.access.workspaces import LONGEST_NAME, Person
from icosa.errors import NotFound
from icosa.founding.workspaces import found_workspace
from icosa.metadata.context import Context, Operations
from icosa.metadata.definitions import Told
from icosa.metadata.session_answers import told_session, told_token
from icosa.metadata.workspace import told_workspace, urls

OPERATIONS = Operations()
Given = Mapping[str, Any]


@OPERATIONS.add("signUp", is_open=True)
async def sign_up(
    context: Context,
    email: str,
    password: str,
    firstName: str | None = None,  # noqa: N803 - the API's own names
    lastName: str | None = None,  # noqa: N803
    locale: str | None = None,
    setupToken: str | None = None,  # noqa: N803
    **_more: Any,
) -> Told:
    """Make an account to found a workspace with; raises BadInput, Forbidden and RateLimited."""
    person = Person(email, password, firstName or "", lastName or "", locale or "en")
    return told_session(await context.services.sign_up(person, setupToken, context.request.client), [])


@OPERATIONS.add("signUpInNewWorkspace", for_user=True)
async def sign_up_in_new_workspace(context: Context, input: Given) -> Told:
    """Found a workspace, its admin being the signed-in user; raises BadInput and Forbidden."""
    services = context.services
    user = await services.database.fetch_row('select email from core."user" where id = $1', context.user_id)
    if user is None:
        raise NotFound("The user does not exist", "USER_NOT_FOUND")
    founded = await found_workspace(
        services.database,
        str(input["displayName"]),
        context.user_id,
        legacy_fields=services.settings.legacy_fields,
        several=services.settings.is_multiworkspace_enabled,
        subdomain=input.get("subdomain") if services.settings.is_multiworkspace_enabled else None,
        is_active=False,
    )
    row = await services.database.fetch_row("select * from core.workspace where id = $1", founded.workspace_id)
    token = services.sessions.login_token_for(user["email"], founded.workspace_id)
    workspace = {"id": str(founded.workspace_id), "workspaceUrls": urls(context, row)}
    return {"loginToken": told_token(token), "workspace": workspace}


@OPERATIONS.add("activateWorkspace", flag="WORKSPACE", needs_session=True)
async def activate_workspace(context: Context, data: Given) -> Told:
    """Make the workspace ready, with sample data when that is asked for; a ready one stays as it is; raises BadInput."""
    services, workspace_id = context.services, context.caller.workspace_id
    name = data.get("displayName")
    if name is not None:
        name = checked_text(str(name), "displayName", LONGEST_NAME, "INVALID_INPUT")
    status = await services.database.fetch_value(
        "select activation_status from core.workspace where id = $1", workspace_id
    )
    if status == "PENDING_CREATION":
        if data.get("withSampleData"):
            await services.fill(workspace_id)
            services.snapshots.forget(workspace_id)
        async with services.database.transaction() as connection:
            await connection.execute(
                "update core.workspace set activation_status = 'ACTIVE', display_name = coalesce($2, display_name), "
                "updated_at = now() where id = $1",
                workspace_id,
                name,
            )
            await audit(connection, context.actor, workspace_id, "workspace.activated", workspace_id)
    return await told_workspace(context)
