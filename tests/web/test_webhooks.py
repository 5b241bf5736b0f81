"""Walk 5: a webhook to a receiver of our own: test, delivery, failure, retry, replay."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from playwright.sync_api import expect

from conftest import make_database
from support.serving import Server, environment_of, icosa, serving
from web.conftest import EMAIL, PASSWORD, Visit
from web.steps import confirm


class Receiver:
    """An HTTP server that notes what it is sent and answers as told."""

    def __init__(self) -> None:
        self.status = 200
        self.bodies: list[str] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.bodies.append(self.rfile.read(int(self.headers["content-length"])).decode())
                self.send_response(receiver.status)
                self.end_headers()
                self.wfile.write(b"noted")

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever, daemon=True)
    thread.start()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()


@pytest.fixture(scope="module")
def server(postgres_url: str) -> Iterator[Server]:
    """Give a server that may send to this machine and gives up after the second attempt."""
    environment = {
        **environment_of(make_database(postgres_url)),
        "OUTBOUND_HTTP_ALLOWED_INTERNAL_HOSTS": "127.0.0.1",
        "WEBHOOK_RETRY_SCHEDULE": "1s",
    }
    icosa(environment, "init", "--workspace-name", "Tests", "--email", EMAIL, "--password", PASSWORD)
    key = icosa(environment, "api-key", "create", "--name", "Tests", "--role", "Admin")
    with serving(environment) as url:
        yield Server(url, key, environment)


def make_company(server: Server, name: str) -> None:
    headers = {"authorization": f"Bearer {server.key}"}
    assert httpx.post(f"{server.url}/rest/companies", json={"name": name}, headers=headers).status_code == 201


def test_a_webhook_from_its_test_to_a_replay(visit: Visit, server: Server, receiver: Receiver) -> None:
    page = visit(server.url).go("/settings/api-webhooks/webhooks/new")
    page.get_by_role("button", name="Create webhook").click()
    expect(page.get_by_text("Enter an http or https address")).to_be_visible()
    page.get_by_label("Endpoint URL").fill(receiver.url)
    expect(page.get_by_text("This is a private address.")).to_be_visible()
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("The receiver took it.")).to_be_visible()
    assert '"eventName":"ping"' in receiver.bodies[0]
    page.get_by_role("button", name="Create webhook").click()
    expect(page.get_by_role("heading", name="Deliveries")).to_be_visible()

    make_company(server, "First")
    succeeded = page.get_by_role("row", name="company.created").filter(has_text="Succeeded · 200")
    expect(succeeded).to_have_count(1)

    receiver.status = 500
    make_company(server, "Second")
    dead = page.get_by_role("row", name="company.created").filter(has_text="Failed · 500")
    expect(dead).to_have_count(1)
    dead.get_by_role("link").click()
    expect(page.get_by_role("row", name="The receiver answered 500")).to_have_count(2)
    expect(page.get_by_role("region", name="Request body")).to_contain_text("Second")

    receiver.status = 200
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("Succeeded · 200")).to_be_visible(timeout=20_000)
    assert receiver.bodies[-1] == receiver.bodies[-2]
    page.get_by_role("link", name="Webhook", exact=True).click()
    expect(succeeded).to_have_count(2)


def test_a_secret_is_masked_rolled_and_the_webhook_deleted(visit: Visit, server: Server, receiver: Receiver) -> None:
    page = visit(server.url).go("/settings/api-webhooks/webhooks/new")
    page.get_by_label("Endpoint URL").fill(receiver.url)
    page.get_by_role("button", name="Create webhook").click()
    secret = page.get_by_label("Secret", exact=True).and_(page.locator("input"))
    expect(secret).to_have_attribute("type", "password")
    first = secret.input_value()
    page.get_by_role("button", name="Show or hide the secret").click()
    expect(secret).to_have_attribute("type", "text")
    page.get_by_role("button", name="Roll").click()
    confirm(page, "Roll")
    expect(secret).not_to_have_value(first)
    page.get_by_role("switch", name="On").click(force=True)
    expect(page.get_by_role("switch", name="Off")).to_be_visible()
    address = page.url
    page.get_by_role("button", name="Delete").click()
    confirm(page, "Delete")
    expect(page).to_have_url(f"{server.url}/settings/api-webhooks#webhooks")
    page.goto(address)
    expect(page.get_by_text("There is no such webhook.")).to_be_visible()
