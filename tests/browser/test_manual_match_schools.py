"""The manual's "Match Naviance Schools to Clever Schools", step by step."""

import re

import pytest
from playwright.sync_api import expect

from schools.models import School
from schools.tests.building import our, pairs
from staffimport.models import ImportRun
from tests.browser.steps import choose_data_import, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def maple(maple):
    """Maple Valley, whose Elementary goes by another name in Naviance."""
    elementary = School.objects.filter(name="Maple Valley Elementary")
    elementary.update(name="Creek Lane Elementary", nces_id="")
    our(maple, "St. Brendan Academy", "A0501234")
    return maple


def test_match_naviance_schools_to_clever_schools(maya_page, maya, maple, worker):
    page = maya_page
    sign_in(page, maya.email)
    # Whoever has connected asks once what Clever has.
    page.get_by_role("link", name="Readiness").click()
    page.get_by_role("button", name="Check now").click()
    check = ImportRun.Kind.CHECK
    worker.until(maple.import_runs.filter(kind=check, state="succeeded").exists)
    page.get_by_role("link", name="Home").first.click()

    # 1. From the Naviance for Districts homepage, go to the gear icon, select Setup,
    #    then choose Data Import.
    choose_data_import(page)
    # 2. Click Import Data via Clever.
    page.get_by_role("link", name="Import Data via Clever").click()
    # 3. From the Set Up Clever page, review the matched schools. Schools with an active
    #    Clever subscription display unmatched at the beginning of the list. You can
    #    find a list of schools without a Clever subscription at the end of the list.
    #    Naviance attempts to match schools according to the NCES ID and school name.
    expect(page.get_by_role("heading", name="Set Up Clever", level=1)).to_be_visible()
    expect(page.locator("th.rowgroup")).to_have_text(
        [
            re.compile("Unmatched 1"),
            re.compile("Matched 2"),
            re.compile("Naviance schools without Clever subscription 2"),
        ]
    )
    high = page.get_by_role("row", name=re.compile("Maple Valley High School"))
    expect(high).to_contain_text("NCES ID equal")
    # 4. Click Select Match for an unmatched school. Click edit to reset a matched
    #    school.
    page.get_by_role("button", name="edit the match of Maple Valley Middle").click()
    unsaved = page.get_by_role("region", name="Unsaved changes")
    expect(unsaved).to_contain_text("Maple Valley Middle School is reset.")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name=re.compile("Undo .*Maple Valley Middle")).click()
    expect(unsaved).to_have_count(0)
    page.get_by_role("button", name="Select Match for Maple Valley Elem").click()
    # 5. Choose the desired school, then click Save.
    #    Match schools according to the NCES ID field, as school names and addresses
    #    may be different.
    desired = page.get_by_role("radio", name="Creek Lane Elementary")
    expect(page.get_by_text("NCES ID: none")).to_be_visible()
    desired.check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(unsaved).to_contain_text("Maple Valley Elementary has a new match.")
    # 6. When finished matching all schools, click Save Updated Matches.
    page.get_by_role("button", name="Save Updated Matches").click()

    expect(page.get_by_text("1 match is saved")).to_be_visible()
    expect(unsaved).to_have_count(0)
    assert pairs(maple)["Maple Valley Elementary"] == "Creek Lane Elementary"
    # If schools in Naviance are not in Clever, log in to your Clever Dashboard to
    # review your schools. Contact Clever to add more schools.
    without = page.locator("th.rowgroup").last
    expect(
        without.get_by_role("link", name="Log in to your Clever Dashboard")
    ).to_be_visible()
    expect(without.get_by_role("link", name="Contact Clever")).to_be_visible()
