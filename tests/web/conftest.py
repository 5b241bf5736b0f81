"""A server with demo data and a real Chromium in front of it.

Every page that is opened is watched: a test fails when a page asks anybody but the server for something, throws, or writes
an error to the console.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from conftest import make_database
from icosa.web.files import DIST
from support.serving import EMAIL, PASSWORD, Server, running_server

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WEB = Path(__file__).parents[2] / "web"
# A machine that runs other tests meanwhile takes its time.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
# A refused request is what some tests are about; the API reference tells when its window closes over a request.
HARMLESS = ("Failed to load resource", "The request has been cancelled")
LOGIN = (
    "mutation ($e: String!, $p: String!, $o: String!) "
    "{ getLoginTokenFromCredentials(email: $e, password: $p, origin: $o) { loginToken { token } } }"
)
EXCHANGE = (
    "mutation ($t: String!, $o: String!) { getAuthTokensFromLoginToken(loginToken: $t, origin: $o) "
    "{ tokens { refreshToken { token expiresAt } } } }"
)


def chromium_path() -> str | None:
    return os.environ.get("ICOSA_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)


@pytest.fixture(scope="module")
def browser(postgres_url: str) -> Iterator[Browser]:
    # Playwright keeps a loop running in this thread: the database has to be there before, and no other module's tests
    # may run meanwhile.
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium found: install Debian's package 'chromium' or set ICOSA_CHROMIUM to walk the web app")
    if not DIST.is_dir():
        pytest.skip("the web app is not built: npm could not run at installation")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def web_server(postgres_url: str) -> Iterator[Server]:
    with running_server(make_database(postgres_url), demo=True) as server:
        yield server


@dataclass
class Visitor:
    """A person with a browser of their own.

    Attributes:
        page: the page in front of them.
        url: the server's address.
        faults: what went wrong unseen.
    """

    context: BrowserContext
    page: Page
    url: str
    faults: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("request", self._note_request)
        page.on("console", self._note_message)
        page.on("pageerror", lambda problem: self.faults.append(f"thrown: {problem}"))

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.faults.append(f"asked a stranger: {request.url}")

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(each in message.text for each in HARMLESS):
            self.faults.append(f"console: {message.text}")

    def go(self, path: str) -> Page:
        self.page.goto(self.url + path)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until the page has its heading and nothing on it is still loading."""
        self.page.locator("h1").wait_for()
        expect(self.page.locator(".loading")).to_have_count(0)

    def sign_in(self) -> None:
        """Leave in the browser what an earlier sign-in would have left."""
        token = refresh_token(self.url)
        self.context.add_init_script(
            "localStorage.getItem('tokenPairState') ?? localStorage.setItem('tokenPairState', "
            f"JSON.stringify({{refreshToken: {{token: '{token}', expiresAt: ''}}}}))"
        )


def refresh_token(url: str) -> str:
    def ask(query: str, **variables: str) -> Any:
        body = {"query": query, "variables": {"o": url, **variables}}
        return httpx.post(f"{url}/metadata", json=body, timeout=30).json()["data"]

    login = ask(LOGIN, e=EMAIL, p=PASSWORD)["getLoginTokenFromCredentials"]["loginToken"]["token"]
    pair = ask(EXCHANGE, t=login)["getAuthTokensFromLoginToken"]["tokens"]
    return str(pair["refreshToken"]["token"])


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Give a function that opens a browser on a server: signed in or not, in a language, with colours and a width."""
    visitors: list[Visitor] = []

    def open_browser(
        url: str, *, signed_in: bool = True, language: str = "en", theme: str = "light", width: int = 1280
    ) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            locale={"en": "en-GB", "ro": "ro-RO"}[language],
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        visitor = Visitor(context, page, url)
        visitor.watch(page)
        if signed_in:
            visitor.sign_in()
        visitors.append(visitor)
        return visitor

    yield open_browser
    faults = [fault for visitor in visitors for fault in visitor.faults]
    for visitor in visitors:
        visitor.context.close()
    assert not faults, faults
