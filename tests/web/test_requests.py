"""The request log in the browser: from a key to its requests, to what one of them was told."""

from __future__ import annotations

import httpx
from playwright.sync_api import expect

from support.serving import Server
from web.conftest import Visit
from web.steps import choose, make_key


def test_a_refused_call_of_a_key_is_found_from_the_keys_page(visit: Visit, web_server: Server) -> None:
    page = visit(web_server.url).go("/settings/api-webhooks/apis/new")
    token = make_key(page, "Lost caller")
    with httpx.Client(base_url=web_server.url, headers={"authorization": f"Bearer {token}"}) as client:
        client.get("/rest/companies?limit=1&token=geheim")
        refused = client.get("/rest/companies/not-an-id")
        client.post("/graphql", json={"query": "query Typo { compannies { totalCount } }"})
    page.reload()
    page.get_by_role("link", name="Requests of this key").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Request log")
    expect(page.get_by_role("button", name="Details of")).to_have_count(3)
    expect(page.get_by_role("row", name="Typo")).to_contain_text("GRAPHQL_VALIDATION_FAILED")
    choose(page, "Status", "4xx · caller’s faults")
    row = page.get_by_role("row", name="/rest/companies/not-an-id")
    expect(page.get_by_role("button", name="Details of")).to_have_count(1)
    expect(row).to_contain_text("400")
    expect(row).to_contain_text("Lost caller")
    row.get_by_role("button").click()
    expect(page.get_by_text(refused.headers["x-request-id"])).to_be_visible()
    expect(page.get_by_role("region", name="Error body")).to_contain_text("not-an-id")
    page.goto(f"{web_server.url}/settings/requests?path=token%3D&status=succeeded")
    expect(page.get_by_text("No request matches the filter.")).to_be_visible()
    assert "geheim" not in page.content()


def test_what_the_server_says_of_itself(visit: Visit, web_server: Server) -> None:
    visitor = visit(web_server.url)
    page = visitor.go("/settings/about")
    expect(page.get_by_text("A worker delivers")).to_be_visible()
    expect(page.get_by_text("PostgreSQL")).to_be_visible()
    page = visitor.go("/settings/roles")
    expect(page.get_by_role("heading", name="Read only")).to_be_visible()
    page = visitor.go("/settings/members")
    expect(page.get_by_role("row", name="ada@example.com You")).to_contain_text("Admin")
