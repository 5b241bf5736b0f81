"""Operations on who belongs to a workspace: invitations, joining, leaving (`auth.md` section 6, `metadata.md` section 12)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from icosa.access.audit import audit
from icosa.access.changes import Change, ChangeKind
from icosa.access.invitations import Invited
from icosa.access.letters import invitation_letter
from icosa.access.workspaces import Person
from icosa.errors import BadInput
from icosa.fields.uuids import is_uuid
from icosa.founding.members import remove_member
from icosa.metadata.context import Context, Operations
from icosa.metadata.definitions import Told
from icosa.metadata.session_answers import told_token
from icosa.metadata.workspace import urls
from icosa.modeling.rows import moment

OPERATIONS = Operations()
FLAG = "WORKSPACE_MEMBERS"


def told_invitation(row: Any) -> Told:
    """Return an invitation; what its link carries never."""
    role = row["role_id"]
    expires, created = moment(row["expires_at"]), moment(row["created_at"])
    told = {"id": str(row["id"]), "email": row["email"], "roleId": None if role is None else str(role)}
    return {**told, "expiresAt": expires, "createdAt": created}


@OPERATIONS.add("findWorkspaceInvitations", flag=FLAG)
async def find_invitations(context: Context) -> list[Told]:
    """Return the workspace's invitations."""
    return [told_invitation(row) for row in await context.services.invitations.list(context.caller.workspace_id)]


@OPERATIONS.add("sendInvitations", flag=FLAG, needs_session=True)
async def send_invitations(context: Context, emails: Sequence[str], roleId: Any = None) -> Told:  # noqa: N803
    """Invite people; whoever picks a role for them must be allowed to give roles; raises BadInput and NotFound."""
    if roleId is not None:
        context.caller.require_flag("ROLES")
    role_id = None if roleId is None else UUID(str(roleId))
    made, refused = await context.services.invitations.invite(
        context.caller.workspace_id, emails, role_id, context.actor
    )
    return await _sent(context, made, refused)


@OPERATIONS.add("resendWorkspaceInvitation", flag=FLAG, needs_session=True)
async def resend_invitation(context: Context, appTokenId: str) -> Told:  # noqa: N803
    """Send an invitation again, with a new link; raises BadInput and NotFound."""
    identifier = _id(appTokenId, "appTokenId")
    made = await context.services.invitations.renew(context.caller.workspace_id, identifier, context.actor)
    return await _sent(context, [made], [])


@OPERATIONS.add("deleteWorkspaceInvitation", flag=FLAG, needs_session=True)
async def delete_invitation(context: Context, appTokenId: str) -> str:  # noqa: N803
    """Withdraw an invitation; raises BadInput and NotFound."""
    identifier = _id(appTokenId, "appTokenId")
    await context.services.invitations.withdraw(context.caller.workspace_id, identifier, context.actor)
    return "success"


async def _sent(context: Context, made: Sequence[Invited], refused: Sequence[str]) -> Told:
    """Send the letters and tell how it went; an invitation whose letter did not leave stays and can be sent again."""
    services = context.services
    locale = await services.database.fetch_value('select locale from core."user" where id = $1', context.caller.user_id)
    workspace = await services.database.fetch_value(
        "select display_name from core.workspace where id = $1", context.caller.workspace_id
    )
    letters = [
        invitation_letter(
            each.row["email"],
            locale,
            inviter=context.caller.name,
            workspace=workspace,
            link=f"{services.settings.public_url}/invite#{each.token}",
            seconds=services.settings.invitation_time,
        )
        for each in made
    ]
    left = await asyncio.gather(*(services.mailer.send(each) for each in letters))
    unsent = [f"{each.to}: the message could not be sent" for each, sent in zip(letters, left, strict=True) if not sent]
    errors = [*refused, *unsent]
    return {"success": not errors, "errors": errors, "result": [told_invitation(each.row) for each in made]}


@OPERATIONS.add("findInvitation", is_open=True)
async def find_invitation(context: Context, token: str) -> Told:
    """Tell who holds a link where it leads to; raises Forbidden."""
    row = await context.services.invitations.find(token)
    workspace = {"id": str(row["workspace_id"]), "displayName": row["display_name"]}
    return {"email": row["email"], "workspace": workspace, "expiresAt": moment(row["expires_at"])}


@OPERATIONS.add("signUpInWorkspace", is_open=True)
async def sign_up_in_workspace(
    context: Context,
    email: str,
    password: str,
    workspaceInviteHash: str | None = None,  # noqa: N803 - the API's own names
    workspacePersonalInviteToken: str | None = None,  # noqa: N803
    firstName: str | None = None,  # noqa: N803
    lastName: str | None = None,  # noqa: N803
    locale: str | None = None,
    **_more: Any,
) -> Told:
    """Join a workspace by invitation; raises Forbidden, BadInput and RateLimited."""
    person = Person(email, password, firstName or "", lastName or "", locale or "en")
    row = await context.services.joining(
        person, workspacePersonalInviteToken, workspaceInviteHash, context.request.client
    )
    token = context.services.sessions.login_token_for(email.lower(), row["id"])
    return {"loginToken": told_token(token), "workspace": {"id": str(row["id"]), "workspaceUrls": urls(context, row)}}


@OPERATIONS.add("deleteUserFromWorkspace", flag=FLAG, needs_session=True)
async def delete_user_from_workspace(context: Context, workspaceMemberIdToDelete: str) -> Told:  # noqa: N803
    """End a membership, whose tokens then do not hold any more; raises BadInput, NotFound and Forbidden."""
    member_id = _id(workspaceMemberIdToDelete, "workspaceMemberIdToDelete")
    services, workspace_id = context.services, context.caller.workspace_id
    async with services.database.transaction() as connection:
        user_id = await remove_member(connection, context.full, member_id)
        await audit(connection, context.actor, workspace_id, "member.removed", user_id)
    services.authenticator.forget(Change(workspace_id, ChangeKind.USER, user_id))
    row = await services.database.fetch_row(
        "select id from core.user_workspace where workspace_id = $1 and user_id = $2", workspace_id, user_id
    )
    return {"id": str(row["id"] if row else member_id)}


def _id(text: str, name: str) -> UUID:
    if not is_uuid(text):
        raise BadInput(f"{name}: must be a UUID", "INVALID_ID")
    return UUID(text)
