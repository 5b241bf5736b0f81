"""The addresses of the app (`web-app.md` parts 1 and 3)."""

from __future__ import annotations

import re

APP = re.compile(r"/?|/(welcome|sign-in|invite|reset-password|objects|settings)(/.*)?")
OLD = (
    (re.compile(r"/settings/(mcp-apis|developers)(?P<rest>/(apis|webhooks)/.+)?(/.*)?"), "/settings/api-webhooks"),
    (re.compile(r"/settings/(?P<rest>(apis|webhooks)/.+)"), "/settings/api-webhooks/"),
    (re.compile(r"/settings/(apis|webhooks)/?"), "/settings/api-webhooks"),
)


def is_page(path: str) -> bool:
    """Return whether a path is a page of the app; which ones there are below it only the app knows."""
    return APP.fullmatch(path) is not None


def newer(path: str) -> str | None:
    """Return where a page of an older spelling is now, None for any other path."""
    for old, place in OLD:
        found = old.fullmatch(path)
        if found is not None:
            return place + (found.groupdict().get("rest") or "").rstrip("/")
    return None
