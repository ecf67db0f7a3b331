"""Match Schools in a browser: unsaved changes kept, by keyboard, without script."""

import pytest
from playwright.sync_api import expect

from schools.tests.building import lock, matched, our, pairs, their
from tests.browser.looks import LOOKS, faults, fits
from tests.browser.steps import end_session, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/setup/match-schools/"
PLAZA = {"address": "1 School Plaza"}


@pytest.fixture
def cedar_ridge(oak):
    """One Clever school unmatched, two matched, one locked, one Naviance only."""
    their(oak, "Virtual Academy", "419999001201", staff_count=9, **PLAZA)
    our(oak, "Virtual School", **PLAZA)
    our(oak, "St. Brendan Academy", "A0501234")
    for name in ("Pioneer", "Eastgate", "Lincoln"):
        match = matched(their(oak, name, staff_count=31), our(oak, name))
    lock(match)
    return oak


def unsaved(page):
    return page.get_by_role("region", name="Unsaved changes")


def expect_nothing_kept(page):
    """Wait until this window keeps no changes for when the page comes back."""
    page.wait_for_function(
        "!Object.keys(sessionStorage).some((key) => key.startsWith('matches-'))"
    )


def test_a_match_from_the_list_with_the_keyboard_alone(page, cedar_ridge):
    page.goto(PAGE)
    press = page.keyboard.press
    page.get_by_role("button", name="Select Match for Virtual Academy").focus()
    press("Enter")
    expect(page.get_by_role("radio", name="Virtual School")).to_be_focused()
    press("Tab")
    page.keyboard.type("brendan")
    press("Enter")
    others = page.get_by_label("Another Naviance school (1 of 1 is free)")
    expect(others).to_be_visible()
    expect(page.get_by_label("Find in the list")).to_be_focused()
    press("Tab")
    press("Tab")
    expect(others).to_be_focused()
    page.keyboard.type("St")
    expect(page.get_by_role("radio", name="Virtual School")).not_to_be_checked()
    press("Tab")
    press("Enter")
    expect(page.locator("th", has_text="Virtual Academy")).to_be_focused()
    press("Tab")
    expect(
        page.get_by_role("button", name="Undo the change to Virtual Academy")
    ).to_be_focused()
    page.get_by_role("button", name="Save Updated Matches").focus()
    press("Enter")

    expect(page.get_by_text("1 match is saved")).to_be_visible()
    assert pairs(cedar_ridge)["Virtual Academy"] == "St. Brendan Academy"


def test_unsaved_changes_are_asked_about_and_come_back(page, cedar_ridge):
    page.goto(PAGE)
    page.get_by_role("button", name="edit the match of Pioneer").click()
    expect(unsaved(page)).to_be_visible()
    asked = []

    def leave(dialog):
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)

    page.get_by_role("link", name="Import history").click()
    expect(page.get_by_role("heading", name="Import history", level=1)).to_be_visible()
    page.go_back()

    expect(unsaved(page)).to_contain_text("Pioneer is reset.")
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Discard").click()
    expect(unsaved(page)).to_have_count(0)
    expect_nothing_kept(page)
    assert len(pairs(cedar_ridge)) == 3


def test_changes_outlive_an_expired_session(page, cedar_ridge, dana):
    page.goto(PAGE)
    page.get_by_role("button", name="edit the match of Pioneer").click()
    expect(unsaved(page)).to_be_visible()
    end_session(page)

    page.get_by_role("button", name="Save Updated Matches").click()
    sign_in(page, dana.email)

    expect(unsaved(page)).to_contain_text("Pioneer is reset.")
    page.get_by_role("button", name="Save Updated Matches").click()
    expect(page.get_by_text("1 match is saved")).to_be_visible()


def test_a_lost_connection_keeps_the_changes_on_the_page(page, cedar_ridge, complaints):
    page.goto(PAGE)
    page.get_by_role("button", name="edit the match of Pioneer").click()
    expect(unsaved(page)).to_be_visible()
    page.route(f"**{PAGE}", lambda route: route.abort())

    page.get_by_role("button", name="Save Updated Matches").click()
    expect(page.get_by_text("Not saved: no connection.")).to_be_visible()
    page.unroute(f"**{PAGE}")
    page.get_by_role("button", name="Save Updated Matches").click()

    expect(page.get_by_text("1 match is saved")).to_be_visible()
    assert "Pioneer" not in pairs(cedar_ridge)
    assert complaints  # the browser's own, of the connection
    complaints.clear()


def test_it_works_without_script(open_page, page, cedar_ridge):
    session = page.context.storage_state()
    plain = open_page(java_script_enabled=False, storage_state=session)
    plain.goto(PAGE)

    plain.get_by_role("button", name="Select Match for Virtual Academy").click()
    plain.get_by_role("button", name="Save", exact=True).click()
    plain.get_by_role("button", name="Save Updated Matches").click()

    expect(plain.get_by_text("1 match is saved")).to_be_visible()
    assert pairs(cedar_ridge)["Virtual Academy"] == "Virtual School"


@LOOKS
def test_its_pages_are_accessible_and_fit(page, cedar_ridge):
    found = {}
    for address in ("/setup/", f"{PAGE}verify/", f"{PAGE}?q=nobody"):
        page.goto(address)
        found[address] = (faults(page), fits(page))
    page.goto(PAGE)
    page.get_by_role("button", name="edit the match of Pioneer").click()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Select Match for Virtual Academy").click()
    expect(page.get_by_role("radio", name="Virtual School")).to_be_visible()
    found[PAGE] = (faults(page), fits(page))
    page.get_by_role("button", name="Discard").click()
    expect(unsaved(page)).to_have_count(0)

    assert found == dict.fromkeys(found, ([], True))
