"""From a request to its caller's access: token, model, role's view."""

from __future__ import annotations

from urllib.parse import parse_qsl
from uuid import UUID
from weakref import WeakKeyDictionary

from icosa.access.authenticate import TOKENS_IN_URLS, Authenticator
from icosa.access.caller import Caller
from icosa.access.views import Views
from icosa.catalog.model import Catalog
from icosa.catalog.snapshots import Snapshots
from icosa.errors import Unauthenticated
from icosa.records.access import Access
from icosa.records.documents import Author
from icosa.transport.messages import Request


class Authorizer:
    """Gives each request its caller's access.

    Args:
        authenticator: checks tokens.
        snapshots: the models.
    """

    def __init__(self, authenticator: Authenticator, snapshots: Snapshots) -> None:
        self.authenticator = authenticator
        self.snapshots = snapshots
        self._views = Views()
        self._kept: WeakKeyDictionary[Caller, Access] = WeakKeyDictionary()

    async def __call__(self, request: Request) -> Access:
        """Return the access of a request's caller; raises Unauthenticated."""
        return (await self.known(request))[1]

    async def known(self, request: Request) -> tuple[Caller, Access]:
        """Return a request's caller and its access.

        Raises:
            Unauthenticated: the token is missing or does not hold.
        """
        header = request.header(b"authorization")
        in_query = header is None and _has_token(request.query)
        caller = await self.authenticator.authenticate(header, request.client, token_in_query=in_query)
        request.caller = caller
        full = self.snapshots.current(caller.workspace_id) or await self.snapshots.get(caller.workspace_id)
        if full is None:
            raise Unauthenticated("The token's workspace does not exist", "UNKNOWN_WORKSPACE")
        kept = self._kept.get(caller)
        if kept is None or kept.full is not full:
            kept = self._kept[caller] = self._access(caller, full)
        return caller, kept

    async def user(self, request: Request) -> UUID:
        """Return the signed-in user of a request that is about no workspace.

        Raises:
            Unauthenticated: the token is missing or does not hold.
            Forbidden: an API key calls.
        """
        header = request.header(b"authorization")
        in_query = header is None and _has_token(request.query)
        return await self.authenticator.user(header, request.client, token_in_query=in_query)

    def _access(self, caller: Caller, full: Catalog) -> Access:
        member = None if caller.workspace_member_id is None else str(caller.workspace_member_id)
        author = Author(caller.source, caller.name, member)
        view = self._views.view(full, caller.permissions)
        return Access(full, view, author, caller.is_person, caller.identity, caller.permissions.has_flag)


def _has_token(query: bytes) -> bool:
    return any(name in TOKENS_IN_URLS for name, _ in parse_qsl(query.decode("latin-1")))
