"""Failed sign-ins slow down by address and by account (`auth.md` sections 7 and 12).

They are counted in the database, so that all processes count together. Who is over the limit of an account may still
come in from an address that the account was used from before: otherwise a stranger could lock somebody out.
"""

from __future__ import annotations

from icosa.errors import RateLimited
from icosa.store.database import Database

MOST_FAILURES = 10
FAILURE_SECONDS = 60

FAILURES = """
select key, ceil(extract(epoch from resets_at - now()))::int as seconds from core.sign_in_failure
where key = any($1) and resets_at > now() and failures >= $2
"""
NOTE_FAILURE = """
insert into core.sign_in_failure (key, failures, resets_at)
select key, 1, now() + make_interval(secs => $2) from unnest($1::text[]) as key order by key
on conflict (key) do update set
    failures = case when sign_in_failure.resets_at > now() then sign_in_failure.failures + 1 else 1 end,
    resets_at = case when sign_in_failure.resets_at > now() then sign_in_failure.resets_at else excluded.resets_at end
"""
CAME_BEFORE = """
select exists (
    select from core.audit a join core."user" u on u.id = a.actor_id
    where u.email = $1 and a.action = 'session.started' and a.from_address = $2 and a.at > now() - interval '90 days'
)
"""


class SignInLimits:
    """Ten failures a minute for each address and each account.

    Args:
        database: where they are counted.
        purpose: what is counted by account apart from other things, such as `email` for sign-ins.
    """

    def __init__(self, database: Database, purpose: str = "email") -> None:
        self._database = database
        self._purpose = purpose

    async def check(self, client: str | None, email: str | None = None) -> None:
        """Raise when there were too many failures from an address or for an account.

        Raises:
            RateLimited: `LIMIT_REACHED`, with the time to wait.
        """
        keys = self._keys(client, email)
        full = {row["key"]: row["seconds"] for row in await self._database.fetch_all(FAILURES, keys, MOST_FAILURES)}
        account = f"{self._purpose}:{email}"
        if account in full and client and await self._database.fetch_value(CAME_BEFORE, email, client):
            del full[account]
        if full:
            seconds = max(1, *full.values())
            raise RateLimited(
                f"Too many failed attempts; wait {seconds} seconds", "LIMIT_REACHED", retryAfterMs=seconds * 1000
            )

    async def note(self, client: str | None, email: str | None = None) -> None:
        """Count a failure."""
        await self._database.execute(NOTE_FAILURE, self._keys(client, email), float(FAILURE_SECONDS))

    def _keys(self, client: str | None, email: str | None) -> list[str]:
        account = [f"{self._purpose}:{email}"] if email else []
        return [*account, *([f"address:{client}"] if client else [])]
