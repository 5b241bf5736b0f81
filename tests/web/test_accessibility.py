"""axe finds nothing on any page, and every page has its landmarks, one heading and no sideways scrolling."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from support.serving import Server
from web.conftest import WEB, Visit
from web.places import OUTSIDE, PLAYGROUNDS, inside

AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
# The bundled playgrounds have faults of their own; the plain alternatives stand beside them.
RULES = """async (others) => {
  const found = await axe.run(
    { exclude: others },
    { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  );
  return found.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).slice(0, 3).join(' | ')}`);
}"""


def problems(page: Page, *others: str) -> list[str]:
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


@pytest.mark.parametrize(("theme", "width", "language"), [("light", 1280, "en"), ("dark", 360, "ro")])
def test_pages_have_no_barriers(visit: Visit, web_server: Server, theme: str, width: int, language: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed in web/node_modules")
    found: list[str] = []
    outside = visit(web_server.url, signed_in=False, theme=theme, width=width, language=language)
    for path in OUTSIDE:
        found += check(outside.go(path))
    visitor = visit(web_server.url, theme=theme, width=width, language=language)
    for path in inside(web_server).values():
        found += check(visitor.go(path))
    for path in PLAYGROUNDS:
        found += check(visitor.go(path), ".playground-main > *")
    assert not found, "\n".join(found)
