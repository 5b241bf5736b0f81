"""Walk 8: in Romanian, by keyboard alone, on a phone, from the sign-in to the first call and back out."""

from __future__ import annotations

import httpx
from playwright.sync_api import Page, expect

from support.serving import EMAIL, PASSWORD, Server
from web.conftest import Visit

MOST_STEPS = 80


def tab_to(page: Page, name: str, role: str = "") -> None:
    """Press Tab until the element with this name has the focus, and see that the focus can be seen."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => { const it = document.activeElement;
              // A page that still loads has nowhere for the focus to go: then the whole document has it, with all its text.
              return it === document.body ? { name: '', role: '', ring: true } : {
              name: it.getAttribute('aria-label') ?? (it.labels?.[0]?.innerText || it.innerText || ''),
              role: it.getAttribute('role') ?? it.tagName.toLowerCase(),
              ring: getComputedStyle(it).outlineStyle !== 'none' || it.matches('input, [role=combobox]'),
            }; }"""
        )
        if name in focused["name"] and role in focused["role"]:
            assert focused["ring"], f"nobody sees that {name} has the focus"
            return
    raise AssertionError(f"Tab does not reach {name}")


def test_by_keyboard_on_a_phone_in_romanian(visit: Visit, web_server: Server) -> None:
    page = visit(web_server.url, signed_in=False, language="ro", width=360).go("/")
    expect(page.locator("html")).to_have_attribute("lang", "ro")
    expect(page.get_by_role("heading", level=1)).to_have_text("Autentificare")
    tab_to(page, "Adresă de e-mail")
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bine ai venit")

    # The skip link comes first and leads past the navigation.
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Sari la conținut")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    page.evaluate("document.activeElement.blur()")
    tab_to(page, "Meniu")
    page.keyboard.press("Enter")
    tab_to(page, "API-uri și webhookuri")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="API-uri și webhookuri")).to_be_focused()
    tab_to(page, "Creează o cheie")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Cheie API nouă")).to_be_focused()
    expect(page.get_by_role("textbox", name="Nume")).to_be_visible()
    tab_to(page, "Nume")
    page.keyboard.type("De pe telefon")
    tab_to(page, "Rol")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    tab_to(page, "Creează o cheie", "button")
    page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name="Cheie API")
    expect(field).to_be_visible()
    expect(page.get_by_text("Cheia nu va mai fi afișată")).to_be_visible()
    token = field.input_value()
    assert (
        httpx.get(f"{web_server.url}/rest/companies", headers={"authorization": f"Bearer {token}"}).status_code == 200
    )
    tab_to(page, "Am păstrat-o")
    page.keyboard.press("Space")

    # The word to type is that of the page's language.
    tab_to(page, "Revocă", "button")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Revocă")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("da")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("API-uri și webhookuri")
    assert (
        httpx.get(f"{web_server.url}/rest/companies", headers={"authorization": f"Bearer {token}"}).status_code == 401
    )


def test_the_drawer_closes_behind_its_links(visit: Visit, web_server: Server) -> None:
    page = visit(web_server.url, language="ro", width=360).go("/")
    tab_to(page, "Meniu")
    page.keyboard.press("Enter")
    tab_to(page, "Membri")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Membri")
    expect(page.locator(".sidebar")).not_to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_the_language_can_be_changed_and_is_remembered(visit: Visit, web_server: Server) -> None:
    page = visit(web_server.url).go("/")
    page.get_by_role("button", name="Language").click()
    page.get_by_role("menuitemradio", name="Română").click()
    expect(page.get_by_role("link", name="Model de date").first).to_be_visible()
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "ro")
    page.get_by_role("button", name="Limbă").click()
    page.get_by_role("menuitemradio", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_colours_can_be_changed_and_are_remembered(visit: Visit, web_server: Server) -> None:
    page = visit(web_server.url).go("/")
    page.get_by_role("button", name="Dark colours").click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
