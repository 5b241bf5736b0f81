"""axe finds nothing on any page, and every page has its landmarks, one heading and no sideways scrolling."""

from __future__ import annotations

from itertools import product
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from support.serving import Server
from web.conftest import WEB, Visit
from web.places import OUTSIDE, PLAYGROUNDS, inside

AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (1280, 360)
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# The bundled playgrounds have faults of their own; the plain alternatives stand beside them.
RULES = """async (others) => {
  const found = await axe.run(
    { exclude: others },
    { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  );
  return found.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).slice(0, 3).join(' | ')}`);
}"""


def problems(page: Page, *others: str) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(RULES, [[each] for each in others])
    return found


def check(page: Page, *others: str) -> list[str]:
    found = problems(page, *others)
    if not others:
        found += [
            f"{page.locator(name).count()} of {name}" for name in ("h1", "main") if page.locator(name).count() != 1
        ]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("scrolls sideways")
    return [f"{page.url}: {each}" for each in found]


def look(page: Page, *others: str) -> list[str]:
    """Check a page in both colour schemes and at both widths."""
    found: list[str] = []
    for width, theme in product(WIDTHS, THEMES):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", theme)
        found += [f"{theme}, {width} px: {each}" for each in check(page, *others)]
    return found


@pytest.mark.parametrize("language", ["en", "ro"])
def test_pages_have_no_barriers(visit: Visit, web_server: Server, language: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed in web/node_modules")
    found: list[str] = []
    outside = visit(web_server.url, signed_in=False, language=language)
    for path in OUTSIDE:
        found += look(outside.go(path))
    visitor = visit(web_server.url, language=language)
    for path in inside(web_server).values():
        found += look(visitor.go(path))
    for path in PLAYGROUNDS:
        found += look(visitor.go(path), ".playground-main > *")
    assert not found, "\n".join(found)
