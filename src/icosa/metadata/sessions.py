"""Operations that begin and renew sessions; none needs a caller (`auth.md` section 6)."""

from __future__ import annotations

from typing import Any

from icosa.fields.email_addresses import normalise_email
from icosa.metadata.context import Context, Operations
from icosa.metadata.definitions import Told
from icosa.metadata.session_answers import told_pair, told_session, told_token
from icosa.metadata.workspace import urls

OPERATIONS = Operations()


@OPERATIONS.add("checkUserExists", is_open=True)
async def check_user_exists(context: Context, email: str, **_more: Any) -> Told:
    """Tell whether an address has an account; kept for compatibility and counted like a failed sign-in."""
    address = normalise_email(email)
    exists = await context.services.sessions.is_known(address, context.request.client)
    return {"exists": exists, "availableWorkspacesCount": 1 if exists else 0, "isEmailVerified": exists}


@OPERATIONS.add("getPublicWorkspaceDataByDomain", is_open=True)
async def public_workspace(context: Context, origin: str) -> Told:
    """Tell what a sign-in page shows of the workspace; raises NotFound and BadInput."""
    row = await context.services.origins.public(origin, context.host)
    providers = {"password": True, "google": False, "microsoft": False, "magicLink": False, "sso": []}
    return {
        "id": str(row["id"]),
        "displayName": row["display_name"],
        "logo": row["logo"],
        "workspaceUrls": urls(context, row),
        "authProviders": providers,
    }


@OPERATIONS.add("getLoginTokenFromCredentials", is_open=True)
async def login_token(context: Context, email: str, password: str, origin: str, **_more: Any) -> Told:
    """Return a login token; raises BadInput, Forbidden, NotFound and RateLimited."""
    workspace = await context.services.origins.workspace(origin, context.host)
    wanted = None if workspace is None else workspace["id"]
    issued = await context.services.sessions.login_token(email, password, context.request.client, wanted)
    return {"loginToken": told_token(issued)}


@OPERATIONS.add("getAuthTokensFromLoginToken", is_open=True)
async def auth_tokens(context: Context, loginToken: str, origin: str) -> Told:  # noqa: N803
    """Return a pair of tokens for a login token; raises BadInput, Unauthenticated, Forbidden and NotFound."""
    workspace = await context.services.origins.workspace(origin, context.host)
    wanted = None if workspace is None else workspace["id"]
    return {"tokens": told_pair(await context.services.sessions.from_login_token(loginToken, wanted))}


@OPERATIONS.add("renewToken", is_open=True)
async def renew_token(context: Context, appToken: str) -> Told:  # noqa: N803
    """Return a new pair for a refresh token; raises BadInput, Unauthenticated and Forbidden."""
    return {"tokens": told_pair(await context.services.sessions.renew(appToken))}


@OPERATIONS.add("signIn", is_open=True)
async def sign_in(context: Context, email: str, password: str, **_more: Any) -> Told:
    """Sign in at once, to every workspace of the person; raises BadInput, Forbidden and RateLimited."""
    alone = await context.services.setup.takes_workspaces()
    signed_in = await context.services.sessions.sign_in(
        email, password, context.request.client, without_workspace=alone
    )
    workspaces = [
        {
            "id": str(row["id"]),
            "displayName": row["display_name"],
            "loginToken": token.token,
            "workspaceUrls": urls(context, row),
            "logo": row["logo"],
        }
        for row, token in signed_in.workspaces
    ]
    return told_session(signed_in.pair, workspaces)
