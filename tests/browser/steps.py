"""What tests do on pages over and over, and what they see of the page as a whole."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

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


def expect_asked(page: Page, **wanted: str) -> None:
    """Wait until the address has this filter, order and place, and nothing else."""
    page.wait_for_url(lambda url: asked(url) == wanted)


def asked(url: str) -> dict[str, str]:
    """Return the filter, order and place in an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
