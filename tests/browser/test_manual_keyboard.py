"""The whole way of the manual with the keyboard alone, from signing in to history."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import StaffAccount
from schools.models import School
from schools.tests.building import pairs
from staffimport.models import ImportRun
from tests.browser.steps import press_until
from tests.cast import PASSWORD
from tests.stage import done

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def maple(maple):
    """Maple Valley, whose Elementary goes by another name; Clever is read."""
    elementary = School.objects.filter(name="Maple Valley Elementary")
    elementary.update(name="Creek Lane Elementary", nces_id="")
    done("match_schools", "maple")
    return maple


class Keys:
    """Somebody at the keyboard of a page, who has no mouse."""

    def __init__(self, page):
        self.page = page
        self.press = page.keyboard.press
        self.type = page.keyboard.type

    def go_to(self, role, name):
        """Tab to what has this role and name."""
        press_until(self.page, self.page.get_by_role(role, name=name).first)

    def use(self, role, name, key="Enter"):
        """Tab to what has this role and name, and press it."""
        self.go_to(role, name)
        self.press(key)


def sign_in(page, keys, email):
    press_until(page, page.get_by_label("E-mail"))
    keys.type(email)
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Last runs")).to_be_visible()


def choose_data_import(page, keys):
    # The skip link comes first, then what is in the page's head.
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    press_until(page, page.locator("details.menu > summary"))
    keys.press("Enter")
    keys.use("link", "Data Import")
    keys.use("link", "Import Data via Clever")


def match_schools(page, keys):
    keys.use("button", "Select Match for Maple Valley Elementary")
    expect(page.get_by_role("radio", name="Creek Lane Elementary")).to_be_focused()
    keys.press("Space")
    keys.use("button", re.compile("^Save$"))
    expect(page.locator("th", has_text="Maple Valley Elementary")).to_be_focused()
    keys.use("button", "Save Updated Matches")
    expect(page.get_by_text("1 match is saved")).to_be_visible()
    button = page.locator(".pagehead").get_by_role("link", name="Import Staff Data")
    press_until(page, button)
    keys.press("Enter")
    keys.use("button", "Yes, schools are matched correctly")


def fill_in_the_settings(page, keys):
    expect(page.get_by_role("heading", level=1)).to_have_text("Import Staff Data")
    keys.use("button", "Add New")
    expect(page.get_by_label("Keyword 1")).to_be_focused()
    keys.type("teacher")
    press_until(page, page.get_by_label("User role for new keyword"))
    keys.type("Teach")
    keys.use("checkbox", "Teacher List for new keyword", key="Space")
    keys.use("button", "Add New")
    expect(page.get_by_label("Keyword 2")).to_be_focused()
    keys.type("gone in a moment")
    keys.use("button", "Delete new keyword")
    expect(page.get_by_role("button", name="Delete teacher")).to_be_focused()
    keys.use("radio", "Yes: staff sign in from the Clever portal", key="Space")


def review_the_results(page, keys):
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Results of the test import"
    )
    keys.use("link", "Created")
    keys.use("link", re.compile("Details ?: Shah, Sven"))
    expect(page.locator(".story")).to_contain_text("Teacher, Grade 3")
    expect(page.get_by_role("link", name=re.compile("Close ?: Shah"))).to_be_focused()


def start_import(page, keys):
    keys.use("link", "Start Import")
    tick = page.get_by_label("Yes, permanently import staff records")
    expect(tick).to_be_focused()
    keys.press("Space")
    expect(tick).to_be_checked()
    button = page.get_by_role("dialog").get_by_role("button", name="Start Import")
    press_until(page, button)
    keys.press("Enter")


def check_progress(page, keys, label, served):
    expect(page.get_by_text("In Progress").first).to_be_visible()
    keys.use("link", label)
    expect(page.get_by_text("In Progress").first).to_be_visible()
    served.clear_faults()


def test_the_whole_way_with_the_keyboard_alone(maya_page, maya, maple, worker, served):
    page, keys = maya_page, Keys(maya_page)

    sign_in(page, keys, maya.email)
    choose_data_import(page, keys)
    match_schools(page, keys)
    fill_in_the_settings(page, keys)
    served.fault("slow", path="/sections", seconds=600)
    keys.use("button", "Save & Begin Test Import")
    check_progress(page, keys, "Check Test Import Progress", served)
    review_the_results(page, keys)
    served.fault("slow", path="/sections", seconds=600)
    start_import(page, keys)
    check_progress(page, keys, "Check Final Import Progress", served)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Results of the final import")
    keys.use("link", "Import history")

    expect(heading).to_have_text("Import history")
    run = maple.import_runs.get(kind=ImportRun.Kind.FINAL)
    expect(page.get_by_role("row", name=str(run))).to_contain_text("by Maya Site")
    assert pairs(maple)["Maple Valley Elementary"] == "Creek Lane Elementary"
    shah = StaffAccount.objects.get(last_name="Shah")
    assert (str(shah.user_role), shah.teacher_list) == ("Teacher", True)
