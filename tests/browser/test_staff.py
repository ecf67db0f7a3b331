"""Staff in a browser: found, edited, added, deactivated, in step at once."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Right, StaffAccount
from accounts.services.roles import create_built_in_roles
from accounts.services.staff import edit_account
from accounts.staff_values import FIELDS, Values
from schools.audit import Actor
from staffimport.core.snapshot import RosterPerson, RosterSchool, Snapshot
from staffimport.models import ImportRun
from staffimport.store import snapshots
from tests.browser.looks import LOOKS, faults, fits
from tests.browser.steps import end_session, press_until, sign_in
from tests.cast import (
    make_account,
    make_admin,
    make_match,
    make_rows,
    make_run,
    make_school,
)

CHANGED = "Kim Marsh changed this account while you were editing."
SAY_WHO = "Say first under “Here already?”"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KIM = Actor("Kim Marsh")


@pytest.fixture
def dana(oak):
    create_built_in_roles(oak)
    return make_admin(oak, rights=list(Right))


@pytest.fixture
def lincoln(oak):
    school = make_school(oak)
    make_match(school)
    return school


@pytest.fixture
def jose(oak, dana, lincoln):
    """José Castañeda: made at Lincoln by a final, at the district with a pin."""
    person = {"first_name": "José", "last_name": "Castañeda", "clever_id": "c1"}
    teacher = oak.user_roles.get(name="Teacher")
    at_lincoln = make_account(
        lincoln, **person, user_role=teacher, job_title="Teacher", origin="import"
    )
    make_account(oak, **person, pinned_fields=["email"], email="jose@oak.example")
    run = make_run(oak, "final", applied_at=timezone.now())
    row = {"account_id": at_lincoln.pk, "outcome": "created", "keyword": "teacher"}
    name = {"first_name": "José", "last_name": "Castañeda"}
    make_rows(run, {}, {**row, **name, "state": "applied", "writes": True})
    school = RosterSchool(f"clever-{lincoln.pk}", "Lincoln High School")
    roster = RosterPerson(
        "c1",
        first="José",
        last="Castañeda",
        email="jlee@oak.example",
        is_staff=True,
        staff_title="Teacher",
        staff_schools=(school.clever_id,),
        is_district_admin=True,
    )
    snapshots.save(oak, Snapshot("d", schools=[school], people=[roster]))
    return at_lincoln


def test_somebody_is_found_without_accents_and_told_whole(page, jose):
    page.get_by_role("link", name="Staff", exact=True).click()
    page.get_by_label("Search name, e-mail, employee ID, title").fill("castaneda jose")
    page.keyboard.press("Enter")

    row = page.get_by_role("row", name=re.compile("Castañeda, José"))
    expect(row).to_contain_text("Lincoln High School: Teacher")
    expect(page.get_by_role("status").first).to_have_text("2 accounts")
    row.get_by_role("link", name="Castañeda, José").click()
    expect(
        page.get_by_role("heading", name=re.compile("José Castañeda"))
    ).to_be_visible()
    expect(page.get_by_text("Clever says “jlee@oak.example”")).to_be_visible()
    expect(page.get_by_text("Staff (School Admins in Clever)").first).to_be_visible()
    run = ImportRun.objects.get()
    page.get_by_role(
        "link", name=f"Keyword “teacher”, Final import {run.pk}"
    ).first.click()
    expect(page.get_by_role("region", name="The whole story")).to_be_visible()


def test_an_edit_is_made_with_the_keyboard_alone(page, jose):
    page.goto(f"/staff/{jose.pk}/")
    edit = page.get_by_role("link", name="Edit the account at Lincoln High School")
    press_until(page, edit)
    page.keyboard.press("Enter")
    title = page.get_by_label("Job title", exact=True)
    expect(title).to_be_visible()
    press_until(page, title)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Dean")
    press_until(page, page.get_by_role("button", name="Save"))
    page.keyboard.press("Enter")

    expect(page.get_by_text("Saved: Job title. Job title is pinned")).to_be_visible()
    expect(page.get_by_text("Clever says “Teacher”")).to_be_visible()
    follow = page.get_by_role("button", name=re.compile("Follow Clever.*Job title"))
    press_until(page, follow)
    page.keyboard.press("Enter")
    expect(page.get_by_text("follows Clever again.")).to_be_visible()
    jose.refresh_from_db()
    assert (jose.job_title, jose.pinned_fields) == ("Dean", [])


def test_two_who_edit_at_once_lose_nothing(page, jose):
    page.goto(f"/staff/{jose.pk}/edit/")
    theirs = {name: getattr(jose, name) for name in FIELDS}
    theirs |= {"job_title": "Dean", "email": "kim@oak.example"}
    edit_account(jose, Values(**theirs), {}, KIM)
    page.get_by_label("E-mail", exact=True).fill("mine@oak.example")
    page.get_by_role("button", name="Save").click()

    note = page.get_by_role("alert")
    expect(note).to_contain_text(
        "Kim Marsh changed this account while you were editing."
    )
    expect(note).to_contain_text(
        "is now “kim@oak.example”; yours is “mine@oak.example”"
    )
    expect(page.get_by_label("Job title", exact=True)).to_have_value("Dean")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved: E-mail.")).to_be_visible()


def test_what_was_typed_outlives_a_session_that_has_ended(page, jose, dana):
    page.goto(f"/staff/{jose.pk}/edit/")
    page.get_by_label("Job title", exact=True).fill("Dean")
    page.get_by_label("Counselor List").check()
    end_session(page)
    page.get_by_role("button", name="Save").click()
    sign_in(page, dana.email)

    expect(page.get_by_text("What you typed before is back")).to_be_visible()
    expect(page.get_by_label("Job title", exact=True)).to_have_value("Dean")
    expect(page.get_by_label("Counselor List")).to_be_checked()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved: Job title and Counselor List.")).to_be_visible()
    page.goto(f"/staff/{jose.pk}/edit/")
    expect(page.get_by_text("What you typed before is back")).to_be_hidden()


def test_leaving_with_something_typed_asks_first(page, jose):
    asked = []

    def leave(dialog):
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto(f"/staff/{jose.pk}/edit/")
    page.get_by_label("Job title", exact=True).fill("Dean")
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    assert asked == []

    page.goto(f"/staff/{jose.pk}/edit/")
    page.get_by_label("Job title", exact=True).fill("Dean")
    page.get_by_role("link", name="Home").first.click()
    expect(page.get_by_role("heading", name="Last runs")).to_be_visible()
    assert asked == ["beforeunload"]


def test_what_is_wrong_is_one_click_from_its_field(page, jose):
    page.goto(f"/staff/{jose.pk}/edit/")
    page.get_by_label("E-mail", exact=True).fill("office")
    page.get_by_label("Job title", exact=True).fill("Dean")
    page.get_by_role("button", name="Save").click()

    page.get_by_role("alert").get_by_role("link", name="E-mail").click()
    expect(page.get_by_label("E-mail", exact=True)).to_be_focused()
    expect(page.get_by_label("Job title", exact=True)).to_have_value("Dean")


def test_deactivating_asks_in_a_dialog_first(page, jose):
    page.goto(f"/staff/{jose.pk}/")
    link = page.get_by_role("link", name="Deactivate the account at Lincoln")
    link.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("No import brings it back")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(link).to_be_focused()
    link.click()
    page.get_by_label("Why (optional)").fill("Left in June")
    page.get_by_role("button", name="Deactivate").click()

    expect(page.get_by_text("is inactive. Imports leave it so.")).to_be_visible()
    expect(page.get_by_text("“Left in June”")).to_be_visible()
    page.get_by_role("link", name="Reactivate the account at Lincoln").click()
    page.get_by_role("button", name="Reactivate").click()
    expect(
        page.get_by_text("The account at Lincoln High School is active.")
    ).to_be_visible()


def test_whoever_is_here_already_shows_up_while_one_types(page, oak, jose):
    page.get_by_role("link", name="Staff", exact=True).click()
    page.get_by_role("link", name="Add an account").click()
    page.get_by_label("First name").fill("jose")
    page.get_by_label("Last name").fill("castaneda")
    known = page.get_by_role("radio", name=re.compile("José Castañeda"))
    expect(known).to_be_visible()
    page.get_by_label("School", exact=True).select_option("District level")
    page.get_by_role("button", name="Add the account").click()
    expect(page.get_by_text(SAY_WHO)).to_be_visible()

    page.get_by_role("radio", name="Somebody else").check()
    page.get_by_role("button", name="Add the account").click()
    expect(page.get_by_text("Imports leave it alone until Clever")).to_be_visible()
    assert StaffAccount.objects.get(origin="manual").last_name == "castaneda"


def test_sync_now_waits_for_the_final_and_then_shows_its_progress(page, oak, jose):
    page.goto("/staff/")
    expect(page.get_by_role("button", name="Sync now")).to_be_disabled()
    expect(page.get_by_text("Complete a final import first.")).to_be_visible()

    oak.first_final_at = timezone.now()
    oak.save()
    page.goto("/staff/")
    page.get_by_role("button", name="Sync now").click()
    expect(page.get_by_role("heading", name="Waits for its turn")).to_be_visible()
    assert ImportRun.objects.get(kind="sync").requested_by_name == "Dana Whitfield"


@LOOKS
def test_staff_pages_are_accessible_and_fit(page, oak, jose):
    away = make_account(oak, last_name="Gone", status="inactive", inactive_by="Final 1")
    addresses = [
        "/staff/",
        "/staff/?q=nobody",
        "/staff/?pins=pinned",
        f"/staff/{jose.pk}/",
        f"/staff/{jose.pk}/edit/",
        f"/staff/{jose.pk}/deactivate/",
        f"/staff/{jose.pk}/take-out/",
        f"/staff/{away.pk}/",
        f"/staff/{away.pk}/reactivate/",
        f"/staff/add/?person={jose.pk}",
    ]

    found = {}
    for address in addresses:
        page.goto(address)
        for details in page.locator("details:not([open]) > summary").all():
            if details.is_visible():
                details.click()
        found[address] = (faults(page), fits(page))
    page.goto(f"/staff/{jose.pk}/")
    page.get_by_role("link", name="Deactivate the account at Lincoln").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found["dialog"] = (faults(page), fits(page))
    page.goto("/staff/add/")
    page.get_by_role("button", name="Add the account").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    found["faults"] = (faults(page), fits(page))

    assert found == dict.fromkeys(found, ([], True))


@LOOKS
def test_what_a_zone_leaves_is_accessible_and_fits(page, oak, dana, jose, complaints):
    north = oak.zones.create(name="North")
    StaffAccount.objects.filter(user=dana).update(zone=north)

    for schools in (oak.schools.none(), oak.schools.all()):
        north.schools.set(schools)
        page.goto("/")
        expect(
            page.get_by_text("Your account is restricted to the zone")
        ).to_be_visible()
        expect(page.get_by_role("navigation", name="Main")).to_have_text("Staff")
        assert faults(page) == []
        assert fits(page)
    page.get_by_role("link", name="Castañeda").first.click()
    assert faults(page) == []
    assert fits(page)
    page.goto("/runs/")
    expect(page.get_by_role("heading", name="This takes full access")).to_be_visible()
    assert faults(page) == []
    assert fits(page)
    complaints.clear()  # of the 403
    page.get_by_role("link", name="Staff of your zone").click()
    expect(page.get_by_role("heading", name="Staff", exact=True)).to_be_visible()
