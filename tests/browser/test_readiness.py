"""The Readiness page, by the words of the manual's two lists, in a real browser."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from staffimport.core.planning import plan
from staffimport.core.tests.builders import account, input_of, staff, teacher
from staffimport.models import ImportRun, RunProgress
from staffimport.store import readiness, snapshots
from tests.browser.looks import LOOKS, faults, fits
from tests.cast import make_run

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Manual, "Prepare Staff Data in Clever" and "Prepare and Import Data", word for word.
IN_CLEVER = """\
Confirm the data in Naviance and Clever is aligned before starting the Clever staff \
integration process in Naviance.
Ensure school staff in Clever are assigned the Teacher or Staff user type.
Ensure all district staff in Clever are assigned the District Admins user type.
Identify staff not shared with Clever and create a user role in Naviance specifically \
for them.
Check Clever settings to confirm that teachers are shared by schools.
Check the staff data fields available to Naviance via Clever's API.
Verify that staff in Clever have assigned titles, so the Naviance user role and \
function is set correctly. Enter titles in Clever for staff without them assigned.
Create title to role mapping by identifying the titles and associated keywords that \
correspond with each user role in Naviance.
Add any staff with the Teacher user type to Sections if they should have access to \
multiple schools in Naviance. Staff with the Staff user type must be added to sections \
manually if access at multiple schools is needed."""
BEFORE_TEST = """\
School staff are matched from Clever to Naviance using Last Name and Email Address or \
Employee ID.
School staff in Naviance are using a school-issued email address. If a personal email \
address, verify that their employee IDs in Naviance match the format in Clever.
District staff are matched from Clever to Naviance using their last name and email \
address.
All school staff must exist in Clever as either Teachers or School Admins user types.
All district staff must exist in Clever and are assigned the District Admins user type.
Staff titles are defined in Clever to set the user's role in Naviance.
Staff who work at multiple schools are assigned to Sections or Schools in Clever, so \
Naviance accounts are created at the correct schools."""


@pytest.fixture
def report(oak):
    """A check of a district with 60 people without a last name, and more."""
    people = [
        *(
            staff(f"p{n:03}", last="", first=f"N{n:03}", number=f"1{n}")
            for n in range(60)
        ),
        teacher("t1", email="ana@gmail.com", title="Nurse"),
    ]
    given = input_of(people, [account("a1", email="ana@yahoo.com", employee_id="007")])
    run = make_run(oak, "check")
    run.snapshot = snapshots.save(oak, given.snapshot)
    run.save()
    readiness.save(run, given, plan(given))
    return run


def test_the_manuals_two_lists_stand_there_line_by_line(page, report):
    page.goto("/")
    page.get_by_role("link", name="Readiness").click()

    for title, lines in (
        ("Prepare Staff Data in Clever", IN_CLEVER),
        ("Prepare and Import Data", BEFORE_TEST),
    ):
        part = page.get_by_role("region", name=title)
        expect(part.get_by_role("heading", level=3)).to_have_text(lines.splitlines())


def test_the_people_of_a_check_open_page_and_download(page, report):
    page.goto("/readiness/")
    check = page.locator("#check-no_last_name")
    expect(check).to_contain_text("They can be neither matched nor created.")
    summary = check.locator("summary")
    summary.focus()
    page.keyboard.press("Enter")

    expect(check.get_by_text("1 to 50 of 60 people")).to_be_visible()
    check.get_by_role("link", name="Next").focus()
    page.keyboard.press("Enter")
    expect(check.get_by_text("51 to 60 of 60 people")).to_be_visible()
    check.get_by_role("link", name="Previous").focus()
    page.keyboard.press("Enter")
    expect(check.get_by_text("1 to 50 of 60 people")).to_be_visible()
    with page.expect_download() as download:
        check.get_by_role("link", name=re.compile("CSV")).click()
    lines = download.value.path().read_text().splitlines()
    assert len(lines) == 61


def test_check_now_shows_the_check_until_it_has_ended(page, oak):
    page.goto("/readiness/")
    expect(page.get_by_text("Nothing checked yet")).to_be_visible()
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_text("Waits for its turn")).to_be_visible()

    run = ImportRun.objects.get(kind="check")
    run.state, run.started_at = "running", timezone.now()
    run.save()
    RunProgress.objects.create(run=run, step="pull", done=5, total=10)
    expect(page.get_by_text("5 of 10")).to_be_visible()

    run.state, run.error = "failed", "Clever refused our token (401)."
    run.finished_at = timezone.now()
    run.save()
    expect(page.get_by_text("Clever refused our token (401).")).to_be_visible()
    expect(page.get_by_role("button", name="Check now")).to_be_visible()


@LOOKS
def test_readiness_is_accessible_and_fits(page, oak, report):
    found = {}
    page.goto("/readiness/")
    for details in page.locator("details.lines__fine > summary").all():
        details.click()
    check = page.locator("#check-no_last_name")
    check.locator("summary").click()
    expect(check.get_by_text("1 to 50 of 60 people")).to_be_visible()
    found["report"] = (faults(page), fits(page))
    page.goto("/readiness/no_last_name/?page=2")
    found["people"] = (faults(page), fits(page))
    make_run(oak, "check", "queued")
    page.goto("/readiness/")
    found["checking"] = (faults(page), fits(page))

    assert found == dict.fromkeys(found, ([], True))
