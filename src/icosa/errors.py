"""The one tree of domain errors.

Every refusal that a client may see is an `IcosaError`; each protocol turns it into its own form. The class says the
family (and so the HTTP status), `code` the machine-readable rule, `details` further keys of the answer.
Codes: `rest-core.md` section 3, `graphql-core.md` section 13, `DECISIONS.md` items 6, 15 and 16.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class IcosaError(Exception):
    """A refusal with a message for people and a code for programs.

    Args:
        message: one sentence that names the field and the rule; shown to the client as it is.
        code: the rule's code, such as `INVALID_CURSOR`; None when the contract has none.
        details: further keys of the error, such as `conflictingRecordId`.
    """

    status: ClassVar[int] = 500
    family: ClassVar[str] = "INTERNAL_SERVER_ERROR"

    def __init__(self, message: str, code: str | None = None, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.details: Mapping[str, Any] = details


class BadInput(IcosaError):
    """What the client sent breaks a rule (HTTP 400, GraphQL `BAD_USER_INPUT`)."""

    status = 400
    family = "BAD_USER_INPUT"


class Unauthenticated(IcosaError):
    """Nobody known is calling: the token is missing or does not hold (HTTP 401); `code` is the subcode."""

    status = 401
    family = "UNAUTHENTICATED"


class Forbidden(IcosaError):
    """A known caller lacks the right (HTTP 403)."""

    status = 403
    family = "FORBIDDEN"


class NotFound(IcosaError):
    """The addressed record or definition does not exist (HTTP 404)."""

    status = 404
    family = "NOT_FOUND"


class Conflict(IcosaError):
    """The change clashes with what is there already (HTTP 409)."""

    status = 409
    family = "CONFLICT"


class TooLarge(IcosaError):
    """The request's body is over the limit (HTTP 413)."""

    status = 413
    family = "BAD_USER_INPUT"


class RateLimited(IcosaError):
    """The caller has used up a rate-limit window (HTTP 429); `details` hold `retryAfterMs`."""

    status = 429
    family = "BAD_USER_INPUT"


class Misconfigured(IcosaError):
    """The operator's set-up does not work; shown on the command line, never to an API client."""


class Unavailable(IcosaError):
    """The database does not answer in time (HTTP 503)."""

    status = 503
    family = "TIMEOUT"
