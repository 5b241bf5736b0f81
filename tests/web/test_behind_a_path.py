"""The app behind the path of the server's public address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from conftest import make_database
from support.serving import EMAIL, PASSWORD, environment_of, icosa, serving
from web.conftest import Visit


@pytest.fixture(scope="module")
def path_server(postgres_url: str) -> Iterator[str]:
    environment = {**environment_of(make_database(postgres_url)), "SERVER_URL": "http://localhost/crm"}
    icosa(environment, "init", "--workspace-name", "Tests", "--email", EMAIL, "--password", PASSWORD)
    with serving(environment) as url:
        yield url


@pytest.mark.parametrize("path", ["/crm", "/crm/settings/roles"])
def test_pages_calls_and_links_stay_below_the_path(visit: Visit, path_server: str, path: str) -> None:
    visitor = visit(path_server, signed_in=False)
    page = visitor.go(path)
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Companies")).to_be_visible()
    expect(page).to_have_url(path_server + path)
    page.get_by_role("link", name="Members").click()
    expect(page).to_have_url(f"{path_server}/crm/settings/members")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Members")
