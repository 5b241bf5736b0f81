"""Operations on passwords (`auth.md` section 6)."""

from __future__ import annotations

from typing import Any

from icosa.access.changes import Change, ChangeKind
from icosa.errors import NotFound
from icosa.metadata.context import Context, Operations
from icosa.metadata.definitions import Told
from icosa.metadata.session_answers import told_pair

OPERATIONS = Operations()
SUCCESS = {"success": True}


@OPERATIONS.add("emailPasswordResetLink", is_open=True)
async def email_reset_link(context: Context, email: str, **_more: Any) -> Told:
    """Send a link to a new password; the answer does not tell whether anybody has the address; raises RateLimited."""
    await context.services.password_resets.ask(email, context.request.client)
    return SUCCESS


@OPERATIONS.add("validatePasswordResetToken", is_open=True)
async def validate_reset_token(context: Context, passwordResetToken: str) -> Told:  # noqa: N803
    """Tell whose password a link sets; raises Forbidden."""
    row = await context.services.password_resets.find(passwordResetToken)
    return {"id": str(row["user_id"]), "email": row["email"], "hasPassword": True}


@OPERATIONS.add("updatePasswordViaResetToken", is_open=True)
async def update_password(context: Context, newPassword: str, passwordResetToken: str) -> Told:  # noqa: N803
    """Set a password by a link and end all sessions; raises Forbidden and BadInput."""
    services = context.services
    await services.password_resets.reset(passwordResetToken, newPassword, context.request.client)
    services.authenticator.forget()
    return SUCCESS


@OPERATIONS.add("changePassword", needs_session=True)
async def change_password(context: Context, currentPassword: str, newPassword: str) -> Told:  # noqa: N803
    """Set one's own password, end all other sessions and return new tokens; raises Forbidden and BadInput."""
    services, caller = context.services, context.caller
    email = await services.database.fetch_value('select email from core."user" where id = $1', caller.user_id)
    if email is None or caller.user_id is None:
        raise NotFound("The user does not exist", "USER_NOT_FOUND")
    await services.sessions.prove(email, currentPassword, context.request.client)
    await services.password_resets.change(caller.user_id, newPassword, context.actor)
    services.authenticator.forget(Change(caller.workspace_id, ChangeKind.USER, caller.user_id))
    return {"tokens": told_pair(await services.sessions.new_pair(email, caller.workspace_id))}
