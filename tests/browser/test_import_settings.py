"""The settings page in a browser: keywords in order, unsaved edits kept."""

import re

import msgspec
import pytest
from playwright.sync_api import expect

from accounts.models import StaffAccount
from schools.audit import Actor
from staffimport.core.values import AppliesTo
from staffimport.services.import_settings import current_settings, save_settings
from staffimport.settings.file import KeywordEntry
from staffimport.tests.settings_forms import save_titles
from tests.browser.looks import LOOKS, faults, fits
from tests.browser.steps import end_session, sign_in
from tests.cast import make_match, make_school

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SETTINGS = "/setup/import-staff-data/"


@pytest.fixture
def settled(oak, dana):
    """Oak with titles in Clever, two keywords, and an account that keeps its role."""
    match = make_match(make_school(oak))
    titles = ["Teacher", "Teacher", "School Counselor", "MTSS Interventionist", ""]
    save_titles(oak, match, *titles)
    StaffAccount.objects.create(
        district=oak, school=match.school, clever_id="person-000", last_name="Lovelace0"
    )
    school = AppliesTo.SCHOOL
    keywords = (
        KeywordEntry("counselor", school, user_role="Counselor", counselor_list=True),
        KeywordEntry("teacher", school, user_role="Teacher", teacher_list=True),
    )
    wanted = msgspec.structs.replace(current_settings(oak), keywords=keywords)
    save_settings(oak, wanted, Actor("Jordan Lee"))
    return oak


def test_the_zone_is_made_with_one_click(page, settled):
    page.goto(SETTINGS)

    page.get_by_role("button", name="Make “No Schools Zone” and use it").click()

    expect(page.get_by_label("Default zone")).to_have_value("No Schools Zone")
    expect(page.get_by_text("New district staff would be unrestricted.")).to_have_count(
        0
    )


def test_keywords_are_reordered_by_keyboard_and_by_dragging(page, settled):
    page.goto(SETTINGS)
    down = page.get_by_role("button", name="Move counselor down")
    down.focus()
    page.keyboard.press("Enter")

    expect(page.locator("#said")).to_have_text("counselor is now 2 of 2")
    expect(down).to_be_focused()
    expect(page.get_by_label("Keyword 1")).to_have_value("teacher")

    page.locator(".keys .grip").nth(1).drag_to(page.locator(".keys tbody tr").nth(0))
    expect(page.get_by_label("Keyword 1")).to_have_value("counselor")
    expect(page.get_by_text("No unsaved changes.")).to_be_visible()


def test_a_bad_keyword_is_told_at_its_field_and_stays_as_typed(page, settled):
    page.goto(SETTINGS)
    page.get_by_label("Keyword 2").fill("🎓 teacher")
    page.get_by_role("button", name="Save", exact=True).click()

    field = page.get_by_label("Keyword 2")
    expect(page.get_by_text("Nothing was saved.")).to_be_visible()
    expect(field).to_have_value("🎓 teacher")
    expect(field).to_have_accessible_description(re.compile("holds an emoji"))
    assert faults(page) == []


def test_unsaved_edits_are_kept_when_the_page_is_left(page, settled):
    page.goto(SETTINGS)
    page.get_by_label("Keyword 2").fill("tutor")
    expect(page.get_by_text("2 unsaved changes")).to_be_visible()
    asked = []

    def accept(dialog):
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)

    page.goto("/audit/")
    page.goto(SETTINGS)
    page.get_by_role("button", name="Show them").click()

    assert asked == ["beforeunload"]
    expect(page.get_by_label("Keyword 2")).to_have_value("tutor")


def test_signing_in_in_another_tab_loses_nothing_that_is_typed(
    page, settled, dana, complaints
):
    page.goto(SETTINGS)
    page.get_by_label("Keyword 2").fill("tutor")
    page.wait_for_load_state("networkidle")
    other = page.context.new_page()
    site = page.url.removesuffix(SETTINGS)
    other.goto(f"{site}/accounts/logout/")
    other.get_by_role("main").get_by_role("button", name="Sign out").click()
    other.wait_for_load_state("networkidle")
    other.goto(f"{site}/accounts/login/")
    sign_in(other, dana.email)
    other.wait_for_url(f"{site}/")

    page.get_by_label("Keyword 2").press("End")
    page.get_by_label("Keyword 2").press_sequentially(" and coach")
    note = page.get_by_text("somebody signed in or out in another tab")
    expect(note).to_be_visible()
    assert faults(page) == []
    complaints.clear()
    page.get_by_role("link", name="Reload the page").click()
    page.get_by_role("button", name="Show them").click()

    expect(page.get_by_label("Keyword 2")).to_have_value("tutor and coach")


def test_the_last_letters_outlive_an_expired_session(page, settled, dana):
    page.goto(SETTINGS)
    end_session(page)
    page.get_by_label("Keyword 2").press("End")
    page.get_by_label("Keyword 2").press_sequentially(" and tutor")
    page.wait_for_url("**/login/**")
    sign_in(page, dana.email)
    page.get_by_role("button", name="Show them").click()

    expect(page.get_by_label("Keyword 2")).to_have_value("teacher and tutor")


def test_a_lost_connection_says_so_and_keeps_what_was_typed(page, settled):
    page.goto(SETTINGS)
    page.get_by_label("Try a title").fill("Lead Counselor-Teacher")
    expect(page.locator("#try-result")).to_contain_text("By “counselor” (1st)")
    page.evaluate("window.htmx.trigger(document.body, 'htmx:sendError', {})")

    expect(page.get_by_text("Not saved: no connection.")).to_be_visible()


@LOOKS
def test_settings_and_audit_trail_are_accessible_and_fit(page, settled):
    found = {}
    for address in (SETTINGS, "/audit/"):
        page.goto(address)
        for more in page.locator("main details.more").all():
            more.locator("summary").first.click()
        found[address] = (faults(page), fits(page))

    assert found == dict.fromkeys((SETTINGS, "/audit/"), ([], True))
