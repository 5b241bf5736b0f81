"""What an operation of the Metadata API is given, and the table of all operations."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from icosa.access.api_keys import ApiKeys
from icosa.access.audit import Actor
from icosa.access.authenticate import Authenticator
from icosa.access.caller import Caller
from icosa.access.invitations import Invitations
from icosa.access.origins import Origins
from icosa.access.password_resets import PasswordResets
from icosa.access.request_log import RequestLog
from icosa.access.sessions import Sessions
from icosa.access.setup import Setup
from icosa.access.sign_up import SignUp
from icosa.catalog.model import Catalog
from icosa.catalog.snapshots import Snapshots
from icosa.errors import Forbidden, Unauthenticated
from icosa.files.uploads import Uploads
from icosa.founding.joining import Joining
from icosa.mail.mailers import Mailer
from icosa.modeling.change import Modeler
from icosa.records.access import Access
from icosa.settings import Settings
from icosa.store.database import Database, acting_for
from icosa.transport.messages import Request
from icosa.webhooks.addresses import AddressRules
from icosa.webhooks.deliveries import Deliveries
from icosa.webhooks.registrations import Webhooks

# Fills a workspace with sample data; the seeder lies above this room.
Fill = Callable[[UUID], Awaitable[object]]


if TYPE_CHECKING:
    from icosa.metadata.subscriptions import Subscriptions


@dataclass(frozen=True)
class Services:
    """What operations work with, one for each process."""

    database: Database
    snapshots: Snapshots
    modeler: Modeler
    authenticator: Authenticator
    api_keys: ApiKeys
    sessions: Sessions
    webhooks: Webhooks
    deliveries: Deliveries
    request_log: RequestLog
    address_rules: AddressRules
    subscriptions: Subscriptions
    settings: Settings
    wrote: Callable[[UUID], None]
    origins: Origins
    setup: Setup
    sign_up: SignUp
    invitations: Invitations
    joining: Joining
    password_resets: PasswordResets
    mailer: Mailer
    fill: Fill
    uploads: Uploads


@dataclass(frozen=True)
class Context:
    """One request.

    Attributes:
        services: of the process.
        request: what came in.
        known: the caller with its access to records; None where an operation is open.
        user: the id of the signed-in user, where an operation is about no workspace.
    """

    services: Services
    request: Request
    known: tuple[Caller, Access] | None
    user: UUID | None = None

    @property
    def host(self) -> str:
        """The name that the server was called by."""
        return self.request.header(b"host") or "localhost"

    @property
    def caller(self) -> Caller:
        """The caller.

        Raises:
            Unauthenticated: nobody known is calling.
        """
        if self.known is None:
            raise Unauthenticated("A token is required", "TOKEN_MISSING")
        return self.known[0]

    @property
    def user_id(self) -> UUID:
        """The signed-in user of an operation that is about no workspace.

        Raises:
            Unauthenticated: nobody known is calling.
        """
        if self.user is None:
            raise Unauthenticated("A token is required", "TOKEN_MISSING")
        return self.user

    @property
    def view(self) -> Catalog:
        """What the caller may see of the model."""
        if self.known is None:
            raise Unauthenticated("A token is required", "TOKEN_MISSING")
        return self.known[1].view

    @property
    def full(self) -> Catalog:
        """The whole model."""
        if self.known is None:
            raise Unauthenticated("A token is required", "TOKEN_MISSING")
        return self.known[1].full

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Let what is changed within be told as the caller's doing; where nobody known is calling, nothing is told."""
        if self.known is None:
            yield
            return
        caller, access = self.known
        with acting_for(access.actor_json):
            yield
        self.services.wrote(caller.workspace_id)

    @property
    def actor(self) -> Actor:
        """The caller as the audit table tells it."""
        caller = self.caller
        kind, identifier = ("USER", caller.user_id) if caller.is_person else ("API_KEY", caller.api_key_id)
        return Actor(kind, identifier, self.request.client)


Run = Callable[..., Awaitable[Any]]


class Needs(Enum):
    """Whom an operation needs."""

    NOBODY = 0
    USER = 1
    CALLER = 2


@dataclass(frozen=True, slots=True)
class Operation:
    """A root field.

    Attributes:
        run: takes the context and the arguments.
        is_open: whether no caller is needed (`auth.md` section 5, "Open").
        for_user: whether a signed-in user is needed, but no workspace.
        flag: the setting or tool that the role must allow.
        needs_session: whether only a signed-in person may, with an access token.
        needs_person: whether a person must call, with whatever token.
    """

    run: Run
    is_open: bool = False
    for_user: bool = False
    flag: str | None = None
    needs_session: bool = False
    needs_person: bool = False

    @property
    def needs(self) -> Needs:
        """Whom it needs."""
        return Needs.NOBODY if self.is_open else Needs.USER if self.for_user else Needs.CALLER

    async def __call__(self, context: Context, arguments: Mapping[str, Any]) -> Any:
        """Check the caller's right and run.

        Raises:
            Forbidden: the caller may not.
        """
        if self.needs is Needs.CALLER:
            if self.needs_session:
                context.caller.require_session()
            if self.needs_person and not context.caller.is_person:
                raise Forbidden("This is for signed-in people, not for API keys", "FORBIDDEN_EXCEPTION")
            if self.flag is not None:
                context.caller.require_flag(self.flag)
        return await self.run(context, **arguments)


class Operations(dict[str, Operation]):
    """Root fields by name."""

    def add(
        self,
        name: str,
        *,
        is_open: bool = False,
        for_user: bool = False,
        flag: str | None = None,
        needs_session: bool = False,
        needs_person: bool = False,
    ) -> Callable[[Run], Run]:
        """Enter a function as a root field."""

        def enter(run: Run) -> Run:
            self[name] = Operation(run, is_open, for_user, flag, needs_session, needs_person)
            return run

        return enter
