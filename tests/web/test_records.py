"""Records in the browser: made, changed, looked back at, deleted and brought back; sorted, filtered; many of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from conftest import make_database
from support.serving import Server, running_server
from web.conftest import Visit
from web.steps import choose, confirm

MANY = 20_000
BATCH = 200
PAGE = 60
# Rows beyond a page's first one, so that the page is the one in sight, whatever the head of the table covers.
WELL_WITHIN = 5
ROW_HEIGHT = 41
FOUND = "/objects/companies?field=name&operator=is&value=Quillon"


def client_of(server: Server) -> httpx.Client:
    return httpx.Client(base_url=server.url, headers={"authorization": f"Bearer {server.key}"}, timeout=60)


@pytest.fixture(scope="module")
def full_server(postgres_url: str) -> Iterator[Server]:
    """Give a server with many companies."""
    with running_server(make_database(postgres_url)) as server, client_of(server) as client:

        def make(start: int) -> None:
            bodies = [{"name": f"Company {number:06}", "employees": number} for number in range(start, start + BATCH)]
            assert client.post("/rest/batch/companies", json=bodies).status_code == 201

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(make, range(0, MANY, BATCH)))
        yield server


def call_shown(page: Page) -> str:
    return page.get_by_role("region", name="The API call behind this").locator("code").inner_text().removeprefix("GET ")


def test_a_record_from_its_making_to_its_return(visit: Visit, web_server: Server) -> None:
    page = visit(web_server.url).go("/objects/companies")
    page.get_by_role("button", name="New record").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Quillon")
    page.get_by_role("textbox", name="Employees").fill("12")
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quillon")

    page.get_by_role("button", name="Edit").click()
    page.get_by_role("textbox", name="Employees").fill("many")
    page.get_by_role("textbox", name="Employees").fill("13")
    page.get_by_role("textbox", name="City").first.fill("Cluj")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Record saved")).to_be_visible()
    expect(page.get_by_text("Cluj")).to_be_visible()

    page.get_by_role("tab", name="History").click()
    updated = page.get_by_role("listitem").filter(has_text="Updated")
    expect(updated.locator("del")).to_contain_text(["12"])
    page.get_by_role("tab", name="JSON").click()
    expect(page.get_by_role("region", name="The record as the API tells it")).to_contain_text('"employees": 13')

    page.get_by_role("button", name="Delete").click()
    expect(page).to_have_url(f"{web_server.url}/objects/companies")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Quillon is back")).to_be_visible()
    page.goto(f"{web_server.url}{FOUND}")
    page.get_by_role("link", name="Quillon").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("This record is deleted")).to_be_visible()
    page.get_by_role("button", name="Delete for good").click()
    confirm(page, "Delete for good")
    expect(page).to_have_url(f"{web_server.url}/objects/companies")
    page.goto(f"{web_server.url}{FOUND}")
    expect(page.get_by_text("No record matches the filter.")).to_be_visible()


def test_a_refusal_names_the_field_and_json_is_taken_too(visit: Visit, web_server: Server) -> None:
    page = visit(web_server.url).go("/objects/people")
    page.get_by_role("button", name="New record").click()
    page.get_by_role("textbox", name="Emails").fill("nobody at home")
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("emails")
    page.get_by_text("JSON", exact=True).click()
    body = page.get_by_role("textbox", name="Body of the request")
    expect(body).to_have_value(re.compile("nobody at home"))
    body.fill('{"name": {"firstName": "Json"')
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_text("This is not valid JSON.")).to_be_visible()
    body.fill('{"name": {"firstName": "Json", "lastName": "Jansen"}}')
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Json Jansen")


def test_what_is_on_screen_is_what_the_call_answers(visit: Visit, web_server: Server) -> None:
    page = visit(web_server.url).go("/objects/people")
    choose(page, "Field to filter by", "Job Title")
    page.get_by_role("textbox", name="Value").fill("marketing")
    head = page.get_by_role("columnheader", name="Name", exact=True)
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(page.get_by_role("region", name="The API call behind this")).to_contain_text("marketing")
    with client_of(web_server) as client:
        told: dict[str, Any] = client.get(call_shown(page)).json()
    names = [f"{each['name']['firstName']} {each['name']['lastName']}".strip() for each in told["data"]["people"]]
    assert 0 < told["totalCount"] < 200
    expect(page.get_by_text(f"{told['totalCount']} record")).to_be_visible()
    expect(page.locator("tbody th[scope=row]").first).to_have_text(names[0])
    page.get_by_role("button", name="Copy: path").click()
    assert page.evaluate("navigator.clipboard.readText()") == call_shown(page)
    page.reload()
    expect(page.locator("tbody th[scope=row]").first).to_have_text(names[0])
    page.get_by_role("button", name="Clear the filter").click()
    expect(page.get_by_role("region", name="The API call behind this")).not_to_contain_text("marketing")


def test_links_lead_from_record_to_record(visit: Visit, web_server: Server) -> None:
    page = visit(web_server.url).go("/objects/people?field=company&operator=filled")
    link = page.locator("tbody tr").first.get_by_role("link").and_(page.locator("[href*='/companies/']"))
    # Until its name is known a record goes by the beginning of its id.
    expect(link).not_to_have_text(re.compile("…$"))
    name = link.inner_text()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.get_by_role("tab", name="Relations").click()
    expect(page.get_by_role("heading", name="People", level=2)).to_be_visible()


def test_many_records_are_as_quick_as_few(visit: Visit, full_server: Server) -> None:
    page = visit(full_server.url).go("/objects/companies?sort=employees")
    expect(page.get_by_text("20,000 records")).to_be_visible()
    frame = page.get_by_role("region", name="Companies")
    expect(page.get_by_role("table")).to_have_attribute("aria-rowcount", str(MANY + 1))
    assert "starting_after" not in call_shown(page)
    for number in range(1, 7):
        before = call_shown(page)
        row = PAGE * number + WELL_WITHIN
        scroll = "(frame, top) => frame.scrollTo(0, top)"
        frame.evaluate(scroll, ROW_HEIGHT * row)
        expect(page.get_by_role("link", name=f"Company {row:06}")).to_be_attached()
        # The first time it came no further than to the end of what was loaded by then.
        frame.evaluate(scroll, ROW_HEIGHT * row)
        expect(page.get_by_role("region", name="The API call behind this").locator("code")).not_to_have_text(
            f"GET {before}"
        )
    assert page.locator("tbody tr").count() < 100, "only rows in sight exist"
    expect(page.get_by_role("region", name="The API call behind this")).to_contain_text("starting_after=")
    with client_of(full_server) as client:
        told = client.get(call_shown(page)).json()
    assert told["data"]["companies"][0]["employees"] == PAGE * 6
    page.get_by_role("button", name="Employees").click()
    expect(page.get_by_role("link", name="Company 019999")).to_be_visible()
