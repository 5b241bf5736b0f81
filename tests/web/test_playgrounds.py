"""Walk 6: each playground by its own address, one call made, closed; nothing kept, nobody else asked."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from support.serving import Server
from web.conftest import Visit

CALLS = {"core": ("companies", "/rest/companies"), "metadata": ("objects", "/rest/metadata/objects")}


@pytest.mark.parametrize("schema", ["core", "metadata"])
def test_rest(visit: Visit, web_server: Server, schema: str) -> None:
    tag, path = CALLS[schema]
    page = visit(web_server.url).go(f"/settings/playground/rest/{schema}#tag/{tag}/GET/{tag}")
    expect(page.get_by_text("touch real data")).to_be_visible()
    page.get_by_role("button", name=f"Test Request (get /{tag})").first.click()
    with page.expect_response(lambda answer: answer.url.split("?")[0] == web_server.url + path) as answer:
        page.get_by_role("dialog").get_by_role("button", name="Send").first.click()
    assert answer.value.status == 200
    page.keyboard.press("Escape")
    close(page, web_server)


@pytest.mark.parametrize("schema", ["core", "metadata"])
def test_graphql(visit: Visit, web_server: Server, schema: str) -> None:
    page = visit(web_server.url).go(f"/settings/playground/graphql/{schema}")
    run_query(page, CALLS[schema][0])
    answer = page.locator(".result-window")
    expect(answer).to_contain_text("edges")
    expect(answer).not_to_contain_text("errors")
    page.get_by_role("button", name="Show GraphiQL Explorer").click()
    expect(page.locator(".graphiql-explorer-root")).to_contain_text(CALLS[schema][0])
    close(page, web_server)


def test_what_a_key_may_do_can_be_seen_with_the_key(visit: Visit, web_server: Server) -> None:
    page = visit(web_server.url).go("/settings/playground/graphql/core")
    page.get_by_role("button", name="Use a key").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(f"Bearer {web_server.key}\n")
    dialog.get_by_role("button", name="Use a key").click()
    expect(page.get_by_text("the key that you pasted")).to_be_visible()
    with page.expect_request(lambda request: request.url.endswith("/graphql")) as request:
        run_query(page, "companies")
    assert request.value.headers["authorization"] == f"Bearer {web_server.key}"
    close(page, web_server)


def test_a_document_that_cannot_be_loaded_is_told_with_a_way_to_try_again(visit: Visit, web_server: Server) -> None:
    visitor = visit(web_server.url)
    visitor.page.route("**/rest/open-api/core", lambda route: route.abort())
    page = visitor.go("/settings/playground/rest/core")
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer")
    page.unroute("**/rest/open-api/core")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Icosa API")).to_be_visible(timeout=20_000)


def test_plain_files_stand_beside_the_playgrounds(visit: Visit, web_server: Server) -> None:
    visitor = visit(web_server.url)
    page = visitor.go("/settings/playground/rest/core")
    with page.expect_download() as download:
        page.get_by_role("button", name="OpenAPI file").click()
    assert '"openapi": "3.1' in download.value.path().read_text()
    page = visitor.go("/settings/playground/graphql/core")
    with page.expect_download() as download:
        page.get_by_role("button", name="Schema as SDL").click()
    assert "type Company " in download.value.path().read_text()


def run_query(page: Page, field: str) -> None:
    """Run the query that GraphiQL begins with, once its editor holds it and the schema is there."""
    expect(page.locator(".graphiql-editors")).to_contain_text(field)
    page.get_by_role("button", name="Show GraphiQL Explorer").wait_for()
    page.get_by_role("button", name="Execute query").click()


def close(page: Page, server: Server) -> None:
    page.get_by_role("link", name="Close the playground").click()
    expect(page).to_have_url(f"{server.url}/settings/api-webhooks")
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "Bearer" not in kept
    assert server.key not in kept
