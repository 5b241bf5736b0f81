"""Takes a screenshot of each page in both languages, both colour schemes and two widths: `make screenshots`.

It starts a server of its own with demo data and writes to `screenshots/`, a folder that is not in the repository.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, expect, sync_playwright

from conftest import make_database
from icosa.store.embedded import EmbeddedServer
from support.serving import Server, running_server
from web.conftest import WEB, Visitor, chromium_path
from web.places import OUTSIDE, PLAYGROUNDS, inside

MESSAGES = WEB / "src" / "messages"
LANGUAGES = {"en": "en-GB", "ro": "ro-RO"}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (1280, 360)
DRAWN_MS = 400
PLAYGROUND_MS = 3_000


def take(page: Page, folder: Path, name: str) -> None:
    """Take the pictures of what a page shows, in both colour schemes and at both widths."""
    is_playground = name.startswith("playground")
    for width, theme in product(WIDTHS, THEMES):
        page.set_viewport_size({"width": width, "height": 860})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.wait_for_timeout(PLAYGROUND_MS if is_playground else DRAWN_MS)
        page.screenshot(path=folder / f"{name}-{theme}-{width}.png", full_page=not is_playground)


def take_all(browser: Browser, server: Server, folder: Path, language: str) -> None:
    """Take the pictures of all pages in one language."""
    context = browser.new_context(locale=LANGUAGES[language], reduced_motion="reduce")
    visitor = Visitor(context, context.new_page(), server.url)
    for path in OUTSIDE:
        take(visitor.go(path), folder, f"{path.strip('/')}-{language}")
    visitor.sign_in()
    playgrounds = {path.removeprefix("/settings/").replace("/", "-"): path for path in PLAYGROUNDS}
    for name, path in (inside(server) | playgrounds).items():
        take(visitor.go(path), folder, f"{name}-{language}")
    take_moments(visitor, folder, language)
    context.close()


def take_moments(visitor: Visitor, folder: Path, language: str) -> None:
    """Take the pictures of dialogs, of a list without a match and of a request that is looked into."""
    words = json.loads((MESSAGES / f"{language}.json").read_text("utf-8"))
    for name, path, button in (
        ("new-record", "/objects/people", words["records"]["new"]),
        ("add-field", "/settings/data-model/companies", words["dataModel"]["addField"]),
        ("add-object", "/settings/data-model", words["dataModel"]["addObject"]),
    ):
        page = visitor.go(path)
        page.get_by_role("button", name=button).first.click()
        take(page, folder, f"{name}-{language}")
    nobody = "/objects/people?field=jobTitle&operator=contains&value=Nobody"
    take(visitor.go(nobody), folder, f"no-records-{language}")
    page = visitor.go("/settings/requests")
    page.locator("tbody button").first.click()
    take(page, folder, f"request-{language}")


def main(folder: Path) -> None:
    """Take all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=60_000)
    with tempfile.TemporaryDirectory() as data:
        database = asyncio.run(EmbeddedServer.start(Path(data)))
        with running_server(make_database(database.url), demo=True) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
            )
            for language in LANGUAGES:
                take_all(browser, server, folder, language)
            browser.close()
        asyncio.run(database.stop())
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
