"""Support's board and a district's way to launch, in a real browser."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Invitation, User
from accounts.staff_rows import STAFF_COLUMNS
from navsync.support.groups import LEAD
from schools.clock import full_day
from schools.models import District
from tests.browser.looks import LOOKS, faults, fits
from tests.cast import (
    PASSWORD,
    day,
    make_account,
    make_district,
    make_match,
    make_rows,
    make_run,
    make_school,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SECOND = 30
"""How long a code of the second factor is good."""


@pytest.fixture
def secret():
    return generate_totp_secret()


@pytest.fixture
def lead(transactional_db, secret):
    """A support lead with a second factor."""
    user = User.objects.create_user(
        "kim@navsync.example",
        PASSWORD,
        first_name="Kim",
        last_name="Marsh",
        is_staff=True,
    )
    user.groups.add(Group.objects.get(name=LEAD))
    TOTP.activate(user, secret)
    return user


@pytest.fixture
def support(open_page, lead, secret, settings):
    """A page on which the lead has signed in with the second factor."""
    settings.SUPPORT_MFA_REQUIRED = True
    settings.MFA_TOTP_TOLERANCE = 1  # the code may run out while it is typed
    page = open_page()
    page.goto("/admin/schools/district/board/")
    page.get_by_label("E-mail").fill(lead.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    code = format_hotp_value(hotp_value(secret, int(time.time()) // SECOND))
    page.get_by_label("code").fill(code)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Board")).to_be_visible()
    return page


def act(page, button, why, **fields):
    """Press an action on the district's page, say why, and send it."""
    page.get_by_role("link", name=button, exact=True).click()
    for label, value in fields.items():
        page.get_by_label(label.replace("_", " ").capitalize()).fill(value)
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("textbox", name="Why").or_(
        page.get_by_role("textbox", name="Note")
    ).fill(why)
    page.get_by_role("button", name=button, exact=True).click()


def test_support_finds_a_district_on_the_board_and_brings_it_to_launch(
    support, dana, oak, open_page
):
    District.objects.update(activated_at=None, setup_begun_at=None)
    make_district("elm")
    support.reload()
    later = day(40)

    support.get_by_role("link", name="Support acts next 1").click()
    expect(support.locator("#content").get_by_role("row")).to_have_count(2)
    support.get_by_role("link", name="Oak Unified").click()
    act(support, "Activate", "By telephone", Confirmed_with="Lee Park")
    expect(support.get_by_text("Oak Unified is activated.")).to_be_visible()
    act(support, "Move launch date", "Holidays", New_launch_date=later.isoformat())
    moved = f"The launch date of Oak Unified is moved to {full_day(later)}."
    expect(support.get_by_text(moved)).to_be_visible()
    launching = support.get_by_role("link", name="Launch now", exact=True)
    expect(launching).to_have_count(0)
    support.goto(f"/admin/schools/district/action/launch/?district={oak.pk}")
    refusal = support.get_by_text("No final import has run in Oak Unified")
    expect(refusal).to_be_visible()
    District.objects.filter(pk=oak.pk).update(first_final_at=timezone.now())
    support.goto(f"/admin/schools/district/{oak.pk}/change/")
    act(support, "Mark materials reviewed", "All read")
    act(support, "Launch now", "They asked for it")
    expect(support.get_by_text("Oak Unified is launched.")).to_be_visible()

    home = open_page()
    home.goto("/accounts/login/")
    home.get_by_label("E-mail").fill(dana.email)
    home.get_by_label("Password").fill(PASSWORD)
    home.get_by_role("button", name="Sign in").click()
    expect(home.get_by_text("Launched.", exact=False).first).to_be_visible()
    home.goto("/launch/")
    expect(home.get_by_text("They asked for it")).to_be_visible()
    expect(home.get_by_text("Kim Marsh").first).to_be_visible()


@pytest.fixture
def everything(oak):
    """Oak Unified past its first final, with something in every list."""
    now = timezone.now()
    District.objects.update(
        first_final_at=now,
        launch_date=day(-2),
        clever_last_sync=now - timedelta(hours=9),
        uses_sso=False,
    )
    match = make_match(make_school(oak))
    match.imported_at = now
    match.save()
    held = {"state": "held", "held_reason": "brake"}
    make_rows(make_run(oak, "final", applied_at=now), held, {"outcome": "conflict"})
    make_run(oak, "sync", "failed", error="Clever did not accept the token.")
    account = make_account(make_school(oak, "Grant"), email="t@oak.example")
    Invitation.objects.create(district=oak, account=account, person="p", state="failed")
    make_district("elm", activated_at=None)
    return match


@LOOKS
def test_supports_pages_are_accessible_and_fit(support, everything, oak, lead):
    district = f"/admin/schools/district/{oak.pk}/change/"
    found = {}
    for address in (
        "/admin/",
        "/admin/schools/district/board/",
        "/admin/schools/district/board/?q=nowhere",
        district,
        f"/admin/schools/district/action/move-launch-date/?district={oak.pk}",
        f"/admin/schools/district/action/unlock-match/?district={oak.pk}",
        f"/admin/schools/schoolmatch/{everything.pk}/change/",
        "/admin/schools/district/",
        f"/admin/staffimport/importrun/?district={oak.pk}",
        f"/admin/staffimport/importrun/{oak.import_runs.first().pk}/change/",
        "/admin/schools/auditentry/",
        f"/admin/accounts/user/{lead.pk}/change/",
        "/admin/schools/school/add/",
    ):
        support.goto(address, wait_until="load")
        found[address] = (faults(support), fits(support))

    assert found == dict.fromkeys(found, ([], True))


@LOOKS
def test_why_a_row_of_a_file_is_refused_is_read_without_a_mouse(support, oak, tmp_path):
    file = tmp_path / "staff.csv"
    row = ["district", *[""] * (len(STAFF_COLUMNS) - 2), "nowhere"]
    file.write_text(f"{','.join(STAFF_COLUMNS)}\n{','.join(row)}\n")
    support.goto("/admin/accounts/staffaccount/import/")
    support.get_by_label("File to import").set_input_files(file)
    support.get_by_label("District:").select_option("Oak Unified")
    support.get_by_role("button", name="Submit").click()

    reason = support.get_by_text("Line 2").first
    expect(reason).to_be_visible()
    shown = reason.evaluate("e => e.checkVisibility({ opacityProperty: true })")
    assert (shown, faults(support), fits(support)) == (True, [], True)
