"""How a page is looked at: in each dress, for what axe finds and what sticks out.

A page looks the same on each database, so these tests run on SQLite alone.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = pytest.mark.parametrize(
    "look",
    [
        pytest.param(look, marks=pytest.mark.looks)
        for look in ("light 1280", "dark 1280", "light 390", "dark 390")
    ],
)


def faults(page: Page) -> list[tuple[str, str]]:
    """Return what axe finds on the page: rule and element of each fault."""
    expect(page.locator("body")).to_be_visible()  # a page on its way is waited for
    options = {"runOnly": {"type": "tag", "values": WCAG}}
    found = Axe().run(page, options=options).response["violations"]
    return [(v["id"], node["html"]) for v in found for node in v["nodes"]]


def fits(page: Page) -> bool:
    """Whether nothing makes the page wider than its window."""
    return bool(
        page.evaluate(
            "document.documentElement.scrollWidth"
            " <= document.documentElement.clientWidth"
        )
    )
