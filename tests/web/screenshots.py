"""Takes a screenshot of each page in both languages and both colour schemes: `make screenshots`.

It starts a server of its own with demo data and writes to `screenshots/`, a folder that is not in the repository.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from conftest import make_database
from icosa.store.embedded import EmbeddedServer
from support.serving import Server, running_server
from web.conftest import Visitor, chromium_path
from web.places import OUTSIDE, PLAYGROUNDS, inside

LOOKS = [("en", "light", 1280), ("en", "dark", 1280), ("ro", "light", 1280), ("ro", "dark", 1280), ("ro", "light", 360)]
DRAWN_MS = 400


def take(browser: Browser, server: Server, folder: Path, language: str, theme: str, width: int) -> None:
    """Take the pictures of one language, scheme and width."""
    context = browser.new_context(
        viewport={"width": width, "height": 860},
        color_scheme="dark" if theme == "dark" else "light",
        locale={"en": "en-GB", "ro": "ro-RO"}[language],
        reduced_motion="reduce",
    )
    visitor = Visitor(context, context.new_page(), server.url)
    places = {path.strip("/"): path for path in OUTSIDE}
    shots = [places, inside(server) | {path.strip("/").replace("/", "-"): path for path in PLAYGROUNDS}]
    for signed_in, pages in enumerate(shots):
        if signed_in:
            visitor.sign_in()
        for name, path in pages.items():
            page = visitor.go(path)
            page.wait_for_timeout(DRAWN_MS * (8 if "playground" in path else 1))
            page.screenshot(path=folder / f"{name}-{language}-{theme}-{width}.png", full_page="playground" not in path)
    context.close()


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
            for look in LOOKS:
                take(browser, server, folder, *look)
            browser.close()
        asyncio.run(database.stop())
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
