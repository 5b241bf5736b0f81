"""Rate limits at the door: every request of an API key is counted before it is answered."""

from __future__ import annotations

from icosa.access.caller import Caller
from icosa.access.rate_limits import RateLimiter
from icosa.app.access import Authorizer
from icosa.records.access import Access
from icosa.transport.messages import Request


class MeteredAuthorizer(Authorizer):
    """An authorizer that counts; it is put in place of the other only while a window is on.

    Args:
        authorizer: the one whose work it does.
        limiter: counts.
    """

    def __init__(self, authorizer: Authorizer, limiter: RateLimiter) -> None:
        super().__init__(authorizer.authenticator, authorizer.snapshots)
        self._limiter = limiter

    async def known(self, request: Request) -> tuple[Caller, Access]:
        """Return a request's caller and its access.

        Raises:
            Unauthenticated: the token is missing or does not hold.
            RateLimited: the key or its workspace has had enough.
        """
        caller, access = await super().known(request)
        if caller.api_key_id is not None:

            async def charge(cost: int) -> None:
                taken = await self._limiter.take(caller, cost)
                request.answer_headers = taken.headers
                taken.check()

            request.charge = charge
            await charge(1)
        return caller, access
