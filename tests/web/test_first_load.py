"""What a first visit costs: pages, scripts and styles as they come over the wire; fonts and data are not counted."""

from __future__ import annotations

import pytest
from playwright.sync_api import Response

from support.serving import Server
from web.conftest import Visit

LIMIT = 250 * 1024
COUNTED = {"document", "script", "stylesheet"}


@pytest.mark.parametrize("path", ["/sign-in", "/", "/settings/api-webhooks"])
def test_the_first_load_stays_small(visit: Visit, web_server: Server, path: str) -> None:
    visitor = visit(web_server.url, signed_in=path != "/sign-in", language="ro")
    sizes: dict[str, int] = {}

    def note(response: Response) -> None:
        if response.request.resource_type in COUNTED:
            assert response.headers.get("content-encoding") == "gzip" or response.request.resource_type == "document"
            sizes[response.url] = int(response.headers["content-length"])

    visitor.page.on("response", note)
    visitor.go(path)
    visitor.page.wait_for_load_state("networkidle")
    assert len(sizes) > 3
    assert sum(sizes.values()) <= LIMIT, f"{sum(sizes.values()) / 1024:.0f} kB: {sizes}"
