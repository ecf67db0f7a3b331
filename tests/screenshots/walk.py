"""The way through the console, a picture at each stop; in the guide's order."""

import re
from collections.abc import Callable

import requests
from playwright.sync_api import Page, expect

from tests.browser.steps import choose_data_import, open_set_up_clever, sign_in
from tests.screenshots.album import DESK, PHONE, Shot, Visit

SHOTS: list[Shot] = []


def shot(
    name: str, *, width: int = DESK, whole: bool = True
) -> Callable[[Callable[[Visit], None]], Callable[[Visit], None]]:
    """Put a step into the walk, and the picture of where it leads into the album."""

    def add(come_there: Callable[[Visit], None]) -> Callable[[Visit], None]:
        SHOTS.append(Shot(name, come_there, width, whole))
        return come_there

    return add


@shot("sign-in")
def _sign_in(visit: Visit) -> None:
    visit.page.goto("/")
    expect(visit.page.get_by_label("E-mail")).to_be_visible()


@shot("home-at-first")
def _home(visit: Visit) -> None:
    sign_in(visit.page, visit.email, visit.password)
    expect(visit.page.get_by_role("heading", name="Last runs")).to_be_visible()


@shot("readiness")
def _readiness(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("link", name="Readiness").click()
    page.get_by_role("button", name="Check now").click()
    part = page.get_by_role("heading", name="Prepare Staff Data in Clever")
    expect(part).to_be_visible()


@shot("gear-menu", whole=False)
def _gear(visit: Visit) -> None:
    visit.page.goto("/")
    visit.page.locator("details.menu > summary").click()
    expect(visit.page.locator(".menu__list").get_by_text("Setup")).to_be_visible()


@shot("data-import")
def _data_import(visit: Visit) -> None:
    visit.page.goto("/")
    choose_data_import(visit.page)


@shot("match-schools")
def _match_schools(visit: Visit) -> None:
    visit.page.get_by_role("link", name="Import Data via Clever").click()
    expect(visit.page.get_by_role("heading", name="Match Schools")).to_be_visible()


@shot("select-match", whole=False)
def _select_match(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name=re.compile("^Select Match")).first.click()
    expect(page.locator(".suggest")).to_be_visible()
    page.locator("#match-list").evaluate("part => part.scrollIntoView()")


@shot("save-updated-matches", whole=False)
def _save_updated_matches(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("region", name="Unsaved changes")).to_be_visible()


@shot("verify-schools")
def _verify(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="Save Updated Matches").click()
    expect(page.get_by_text("1 match is saved")).to_be_visible()
    page.locator(".pagehead").get_by_role("link", name="Import Staff Data").click()
    button = page.get_by_role("button", name="Yes, schools are matched correctly")
    expect(button).to_be_visible()


@shot("import-staff-data")
def _settings(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="Yes, schools are matched correctly").click()
    expect(page.get_by_role("heading", name="Keywords")).to_be_visible()


@shot("title-workbench", whole=False)
def _workbench(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="Add New").click()
    keyword = page.get_by_label(re.compile(r"^Keyword \d+$")).last
    expect(keyword).to_be_focused()
    keyword.fill("interventionist")
    page.get_by_label("Try a title").fill("Lead Interventionist")
    expect(page.get_by_text("Changes with your unsaved edit")).to_be_visible()
    expect(page.locator("#try-result")).to_contain_text("interventionist")
    page.evaluate("scrollTo(0, 0)")


@shot("test-in-progress")
def _test(visit: Visit) -> None:
    page = visit.page
    _slow_clever_down(visit)
    page.get_by_role("button", name="Save & Begin Test Import").click()
    _expect_progress(page)


@shot("results")
def _results(visit: Visit) -> None:
    _let_clever_go_on(visit)
    heading = visit.page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Results of the test import")


@shot("results-on-a-phone", width=PHONE)
def _results_on_a_phone(visit: Visit) -> None:
    visit.page.reload()


@shot("rows-story", whole=False)
def _story(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("link", name=re.compile(r"^Held \d")).click()
    page.get_by_role("link", name=re.compile("^Details ?:")).first.click()
    expect(page.locator(".story")).to_be_visible()
    page.set_viewport_size({"width": DESK, "height": 950})
    page.locator("table.rows").evaluate("table => table.scrollIntoView()")


@shot("held-rows")
def _held(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("link", name=re.compile("^Close ?:")).click()
    expect(page.locator(".story")).to_have_count(0)


@shot("start-import", whole=False)
def _start_import(visit: Visit) -> None:
    page = visit.page
    open_set_up_clever(page, "Import Staff Data")
    page.get_by_role("link", name="Start Import").click()
    expect(page.get_by_role("dialog")).to_be_visible()


@shot("final-in-progress")
def _final(visit: Visit) -> None:
    page = visit.page
    _slow_clever_down(visit)
    page.get_by_label("Yes, permanently import staff records").check()
    page.get_by_role("dialog").get_by_role("button", name="Start Import").click()
    _expect_progress(page)


@shot("final-results")
def _final_results(visit: Visit) -> None:
    page = visit.page
    _let_clever_go_on(visit)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Results of the final import")
    while not page.get_by_role("region", name="Proof").is_visible():
        page.wait_for_timeout(500)
        page.reload()


@shot("import-history")
def _history(visit: Visit) -> None:
    page = visit.page
    tabs = page.get_by_role("navigation", name="Set Up Clever")
    tabs.get_by_role("link", name="Import history").click()
    expect(page.get_by_role("heading", name="Import history", level=1)).to_be_visible()


@shot("undo-preview", whole=False)
def _undo(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("link", name="Can be undone").click()
    expect(page.get_by_role("heading", name=re.compile("^Undo Final"))).to_be_visible()


@shot("home-afterwards")
def _home_afterwards(visit: Visit) -> None:
    visit.page.goto("/")
    expect(visit.page.get_by_role("heading", name="Last runs")).to_be_visible()


@shot("staff")
def _staff(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("link", name="Staff", exact=True).click()
    expect(page.get_by_role("heading", name="Staff", level=1)).to_be_visible()


@shot("person")
def _person(visit: Visit) -> None:
    page = visit.page
    page.get_by_label("Search name, e-mail, employee ID, title").fill("counselor")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("account")
    page.locator("main table tbody th a, main table tbody td a").first.click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()


def _expect_progress(page: Page) -> None:
    expect(page.get_by_text("In Progress").first).to_be_visible()
    expect(page.locator(".pulls")).to_be_visible()


def _slow_clever_down(visit: Visit) -> None:
    """Let Clever stop in the midst of its lists, with progress to be seen."""
    for role, seconds in (("teacher", 1), ("staff", 600)):
        path = f"/users?role={role}&limit=10000"
        _faults(visit, "POST", {"kind": "slow", "path": path, "seconds": seconds})


def _let_clever_go_on(visit: Visit) -> None:
    _faults(visit, "DELETE")


def _faults(visit: Visit, method: str, fault: dict[str, object] | None = None) -> None:
    address = f"{visit.clever_url}/_standin/faults"
    requests.request(method, address, json=fault, timeout=10).raise_for_status()
