"""Steps that several walks take, in the words of either language."""

from __future__ import annotations

from playwright.sync_api import Page, expect

NEW_KEY = "/settings/api-webhooks/apis/new"


def make_key(page: Page, name: str, role: str = "Admin") -> str:
    """Make a key on the page of the new key, say that it is stored, and return its token."""
    page.get_by_label("Name", exact=False).first.fill(name)
    choose(page, "Role", role)
    page.get_by_role("button", name="Create key").click()
    token = read_token(page)
    page.get_by_label("I have stored it").check()
    return token


def read_token(page: Page) -> str:
    """Return the token that the page shows this once."""
    field = page.get_by_role("textbox", name="API key")
    expect(field).to_be_visible()
    token = field.input_value()
    assert token.count(".") == 2
    return token


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a drop-down."""
    page.get_by_role("combobox", name=label).or_(page.get_by_role("textbox", name=label)).first.click()
    page.get_by_role("option", name=option, exact=True).click()


def confirm(page: Page, action: str, word: str = "yes") -> None:
    """Type the word into the open dialog and go on."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(word)
    dialog.get_by_role("button", name=action, exact=True).click()
    expect(dialog).to_be_hidden()
