"""The manual's "Run a Test Staff Import", step by step, against a worker."""

import json
import re

import pytest
from playwright.sync_api import expect

from accounts.models import StaffAccount
from schools.audit import Actor
from staffimport import runner
from staffimport.models import ImportRun
from staffimport.services.import_settings import current_settings
from staffimport.services.start import start_check
from tests.browser.steps import choose_data_import, sign_in
from tests.stage import done

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def maple(maple, tmp_path):
    """Maple Valley: checked, its schools matched; two keywords give nothing yet."""
    runner.carry_out(start_check(maple, Actor("Maya Site"), send=False).pk)
    keywords = [{"keyword": "counselor"}, {"keyword": "teacher"}]
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"keywords": keywords}))
    done("load_import_settings", "maple", file)
    return maple


def fill_in_the_settings(page):
    # 3. Assign new counselors and teachers a specific Naviance Function and Role by
    #    selecting options from the drop-down lists.
    for title in ("Counselor", "Teacher"):
        keyword = title.lower()
        page.get_by_label(f"{keyword} applies to").select_option("School")
        page.get_by_label(f"Job function for {keyword}").select_option(title)
        page.get_by_label(f"User role for {keyword}").select_option(title)
    # 4. Select if the user should be included in the Teacher List or Counselor List.
    page.get_by_label("Teacher List for teacher").check()
    page.get_by_label("Counselor List for counselor").check()
    # 5. Click Add New for keywords and associate functions and roles, if necessary.
    #    Consider your staff member's titles as they currently exist in Clever.
    page.get_by_role("button", name="Add New").click()
    expect(page.get_by_label("Keyword 3")).to_be_focused()
    page.keyboard.type("principal")
    page.get_by_label("User role for new keyword").select_option("School Site Manager")
    titles = page.get_by_role("complementary", name="Title workbench")
    # Among the first or folded away, as the edits order them.
    expect(titles.get_by_text("Teacher, Grade 3")).to_be_attached()
    # 6. Set School and District account default settings for function, role, and list
    #    type, to be assigned to new staff accounts not included in the defined title
    #    keywords.
    expect(
        page.get_by_role(
            "heading", name="Set School and District account default settings"
        )
    ).to_be_visible()
    at_school = page.get_by_role("group", name="School accounts")
    at_school.get_by_label("Job function").select_option("Other")
    at_district = page.get_by_role("group", name="District accounts")
    at_district.get_by_label("Job function").select_option("Other")
    # 7. Two Naviance user roles are available for newly imported staff.
    #    Other School Staff for school accounts, Other District Staff for district ones.
    for group, role in (
        (at_school, "Other School Staff"),
        (at_district, "Other District Staff"),
    ):
        expect(group.get_by_label("User role")).to_have_value(role)
    # 8. For staff without a Clever account, use the Roles with staff in Naviance but
    #    not in the Clever section to select an associated role. District Site Manager
    #    is selected by default.
    #    Naviance recommends creating a district zone called No Schools Zone.
    name = "Roles with staff in Naviance but not in the Clever"
    roles = page.get_by_role("group", name=name)
    expect(roles.get_by_label("District Site Manager")).to_be_checked()
    page.get_by_label("Default zone").select_option("No Schools Zone")


def review_the_results(page):
    chips = page.get_by_role("navigation", name="Rows by outcome and state")
    for outcome, people in (("Inactive", 1), ("Created", 3), ("Matched", 29)):
        chip = chips.get_by_role("link", name=f"{outcome} {people}")
        expect(chip).to_be_visible()
    page.get_by_text("What the results mean").click()
    for word in ("Result", "Explanation", "Possible Scenarios"):
        expect(page.get_by_role("columnheader", name=word, exact=True)).to_be_visible()
    shah = page.get_by_role("row", name=re.compile("Shah, Sven"))
    expect(shah).to_contain_text("New. Teacher, Teacher List, by keyword “teacher”.")
    assert StaffAccount.objects.filter(last_name="Shah").count() == 0


def test_run_a_test_staff_import(maya_page, maya, maple, worker, served):
    page = maya_page
    sign_in(page, maya.email)
    # 1. From the Naviance for Districts homepage, go to the gear icon, select Setup,
    #    then choose Data Import
    choose_data_import(page)
    # 2. Click Import Staff Data from Match Schools on the Set Up Clever page.
    #    Verify schools are matched correctly, so staff accounts are created at the
    #    correct schools.
    page.get_by_role("link", name="Import Data via Clever").click()
    expect(page.get_by_role("heading", name="Match Schools")).to_be_visible()
    page.locator(".pagehead").get_by_role("link", name="Import Staff Data").click()
    page.get_by_role("button", name="Yes, schools are matched correctly").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Import Staff Data")
    fill_in_the_settings(page)
    # 9. Click Save & Begin Test Import. The test import displays In Progress and can
    #    take a few hours to complete.
    served.fault("slow", path="/sections", seconds=600)
    page.get_by_role("button", name="Save & Begin Test Import").click()
    expect(heading).to_contain_text("Test import")
    expect(page.get_by_text("In Progress").first).to_be_visible()
    expect(page.get_by_text("It can take a few hours")).to_be_visible()
    # 10. Select Check Test Import Progress to confirm the test import is complete.
    page.get_by_role("link", name="Check Test Import Progress").click()
    expect(page.get_by_text("In Progress").first).to_be_visible()
    served.clear_faults()

    # Review the results after the import is complete.
    expect(heading).to_have_text("Results of the test import")
    run = maple.import_runs.get(kind=ImportRun.Kind.TEST)
    assert (run.state, run.error) == (ImportRun.State.SUCCEEDED, "")
    review_the_results(page)
    # Optionally, update the staff import settings or add schools to the import data,
    # then redo the test import.
    page.get_by_role("button", name="Run the test again").click()
    tests = maple.import_runs.filter(kind="test", state="succeeded")
    worker.until(lambda: tests.count() == 2)
    expect(heading).to_have_text("Results of the test import")

    saved = current_settings(maple)
    assert [keyword.keyword for keyword in saved.keywords] == [
        *("counselor", "teacher", "principal")
    ]
    assert saved.keywords[0].counselor_list
    assert saved.district_default.zone == "No Schools Zone"
