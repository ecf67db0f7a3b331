"""What tests do on pages over and over, and what they see of the page as a whole."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.cast import PASSWORD


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Fill in the page that asks who one is, and send it."""
    expect(page.get_by_label("E-mail")).to_be_visible()
    for field in page.locator("[autofocus]").all():
        # The browser puts the focus there a moment after the page has come.
        expect(field).to_be_focused()
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def end_session(page: Page) -> None:
    """End the session behind the page's back, as time does.

    An answer on its way would bring it back.
    """
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies(name="sessionid")


def expect_asked(page: Page, **wanted: str) -> None:
    """Wait until the address has this filter, order and place, and nothing else."""
    page.wait_for_url(lambda url: asked(url) == wanted)


def asked(url: str) -> dict[str, str]:
    """Return the filter, order and place in an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def choose_data_import(page: Page) -> None:
    """Go to the gear icon, select Setup, then choose Data Import."""
    page.locator("details.menu > summary").click()
    menu = page.locator(".menu__list")
    expect(menu.get_by_text("Setup")).to_be_visible()
    menu.get_by_role("link", name="Data Import").click()
    expect(page.get_by_role("heading", name="Data Import", level=1)).to_be_visible()


def open_set_up_clever(page: Page, tab: str) -> None:
    """Choose Data Import, click Import Data via Clever, and open one of its parts."""
    choose_data_import(page)
    page.get_by_role("link", name="Import Data via Clever").click()
    tabs = page.get_by_role("navigation", name="Set Up Clever")
    tabs.get_by_role("link", name=tab).click()
    expect(tabs.get_by_role("link", name=tab)).to_have_attribute("aria-current", "page")


def press_until(page: Page, locator: Locator, limit: int = 150) -> None:
    """Press Tab until the locator has the focus."""
    expect(locator).to_be_visible()
    for _press in range(limit):
        page.keyboard.press("Tab")
        if locator.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"Tab never came to {locator}.")
