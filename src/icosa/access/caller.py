"""A caller whose token holds."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from icosa.access.permissions import Permissions
from icosa.access.tokens import TokenKind
from icosa.errors import Forbidden


@dataclass(frozen=True, eq=False)
class Caller:
    """Who calls, on which workspace, with which rights.

    Attributes:
        kind: the token's kind.
        workspace_id: the workspace that the token reaches, and no other.
        permissions: the role's rights.
        name: the key's name, or the person's.
        api_key_id: of a key.
        user_id: of a person.
        user_workspace_id: of a person.
        workspace_member_id: of a person.
    """

    kind: TokenKind
    workspace_id: UUID
    permissions: Permissions
    name: str
    api_key_id: UUID | None = None
    user_id: UUID | None = None
    user_workspace_id: UUID | None = None
    workspace_member_id: UUID | None = None

    @property
    def role_id(self) -> UUID:
        """The caller's one role."""
        return self.permissions.role_id

    @property
    def is_person(self) -> bool:
        """Whether a signed-in person calls, not a key."""
        return self.user_id is not None

    @property
    def source(self) -> str:
        """The caller as `createdBy.source` tells it (`data-model.md`)."""
        return "MANUAL" if self.is_person else "API"

    @property
    def identity(self) -> dict[str, str]:
        """The ids that tell who it was, for the event log."""
        ids = {
            "apiKeyId": self.api_key_id,
            "userId": self.user_id,
            "userWorkspaceId": self.user_workspace_id,
            "workspaceMemberId": self.workspace_member_id,
        }
        return {name: str(each) for name, each in ids.items() if each is not None}

    def require_session(self) -> None:
        """Raise unless a person calls with an access token: only then may credentials be made, changed or revoked.

        Raises:
            Forbidden: `FORBIDDEN_EXCEPTION` (`auth.md` section 2, "`ACCESS` only").
        """
        if self.kind is not TokenKind.ACCESS:
            raise Forbidden("Credentials are managed by a signed-in user, not with an API key", "FORBIDDEN_EXCEPTION")

    def require_flag(self, flag: str) -> None:
        """Raise unless the role allows a setting or a tool.

        Raises:
            Forbidden: `PERMISSION_DENIED` (`auth.md` section 2, "Role").
        """
        if not self.permissions.has_flag(flag):
            raise Forbidden(f"The caller's role lacks the right {flag}", "PERMISSION_DENIED")
