"""Tokens and sessions as `/metadata` tells them (`auth.md` section 6)."""

from __future__ import annotations

from icosa.access.sessions import Issued, Pair
from icosa.metadata.definitions import Told
from icosa.modeling.rows import moment


def told_token(issued: Issued) -> Told:
    """Return a token with its expiry."""
    return {"token": issued.token, "expiresAt": moment(issued.expires_at)}


def told_pair(pair: Pair) -> Told:
    """Return a pair of tokens."""
    return {"accessOrWorkspaceAgnosticToken": told_token(pair.access), "refreshToken": told_token(pair.refresh)}


def told_session(pair: Pair, workspaces: list[Told]) -> Told:
    """Return what `signIn` and `signUp` answer: a pair of tokens, and the workspaces that the person is a member of."""
    available = {"availableWorkspacesForSignIn": workspaces, "availableWorkspacesForSignUp": []}
    return {"tokens": told_pair(pair), "availableWorkspaces": available}
