"""The dashboard and the launch page in a browser: in each state of a district."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Mail, StaffAccount
from schools.audit import Actor
from schools.models import CleverSchool, District
from schools.services import lifecycle
from staffimport.models import FieldDrift, RosterSnapshot
from tests.browser.looks import LOOKS, faults, fits
from tests.browser.steps import sign_in
from tests.cast import day, make_match, make_rows, make_run, make_school

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAM = Actor("Sam Ortiz")


def days(number):
    return timezone.now() + timedelta(days=number)


@pytest.fixture
def oak(oak):
    """A district in the middle of its setup, to be launched in eight days."""
    District.objects.update(
        activated_at=days(-20),
        launch_date=day(8),
        clever_last_sync=timezone.now() - timedelta(hours=2),
    )
    oak.refresh_from_db()
    return oak


def add_tests(district):
    """Two tests with a trend, and something of each kind that waits."""
    make_match(make_school(district))
    CleverSchool.objects.create(district=district, clever_id="v", name="Virtual High")
    for ago, people, counts in (
        (9, 900, {"matched": 701, "created": 214, "inactive": 131}),
        (1, 912, {"matched": 796, "created": 118, "inactive": 37, "conflict": 3}),
    ):
        snapshot = RosterSnapshot.objects.create(
            district=district, blob=b"-", counts={"people": people}
        )
        run = make_run(district, snapshot=snapshot, pulled_at=days(-ago))
        make_rows(run, {"state": "held", "held_reason": "brake"})
        run.counts = {**run.counts, **counts}
        run.save()
    pinned = StaffAccount.objects.create(district=district, last_name="Lee")
    FieldDrift.objects.create(
        account=pinned, field="email", clever_value="x@oak.example"
    )


def launch(district):
    """Three days of imports and syncs, the newest failed."""
    District.objects.update(
        first_final_at=days(-5), materials_reviewed_at=days(-4), launched_at=days(-3)
    )
    for ago, kind in ((3, "final"), (2, "sync"), (1, "sync")):
        at = days(-ago)
        make_run(district, kind, pulled_at=at, applied_at=at, counts={"matched": 9})
    make_run(district, "sync", "failed", error="Clever refused our token (401).")


@LOOKS
def test_the_home_page_is_accessible_and_fits_in_every_state(page, oak):
    found = {}

    def look(state):
        page.goto("/")
        found[state] = (faults(page), fits(page))

    look("new")
    add_tests(oak)
    look("tested")
    page.get_by_text("Show as a table").click()
    found["table"] = (faults(page), fits(page))
    District.objects.update(launch_date=day(-2))
    oak.refresh_from_db()
    look("late")
    lifecycle.pause_district(oak, SAM, "Their SIS is being replaced.")
    look("paused")
    District.objects.update(paused_at=None)
    launch(oak)
    look("launched")
    District.objects.update(sync_paused_at=timezone.now())
    look("stopped by an undo")

    assert found == dict.fromkeys(found, ([], True))


@LOOKS
def test_the_launch_page_is_accessible_and_fits(page, oak):
    lifecycle.move_launch_date(oak, day(15), SAM, "They asked for a week more.")
    page.goto("/launch/")
    asked = (faults(page), fits(page))

    page.get_by_label("Launch date you want").fill("2020-01-01")
    page.get_by_label("Why").fill("Testing week")
    page.get_by_role("button", name="Ask Naviance Support").click()
    expect(page.get_by_text("January 1, 2020 is past in Oak Unified")).to_be_visible()

    assert asked == ([], True)
    assert (faults(page), fits(page)) == ([], True)
    expect(page.get_by_label("Why")).to_have_value("Testing week")


@pytest.mark.parametrize("look", ["light 1280", "light 390"])
def test_another_launch_date_is_asked_for_by_keyboard_alone(page, oak, sent):
    wanted = day(30)
    page.goto("/")
    ask = page.get_by_role("link", name="Ask Support for an earlier or later date")
    ask.focus()
    page.keyboard.press("Enter")
    expect(
        page.get_by_role("heading", name="Ask Support for an earlier")
    ).to_be_visible()

    page.get_by_label("Launch date you want").focus()
    page.keyboard.type(f"{wanted:%m%d%Y}")
    page.keyboard.press("Tab")
    if not page.get_by_label("Why").evaluate(
        "field => field === document.activeElement"
    ):
        page.keyboard.press("Tab")  # past the calendar's button
    page.keyboard.type("Testing week")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Naviance Support has not answered yet.")).to_be_visible()
    mail = Mail.objects.get()
    assert mail.subject.startswith("Oak Unified asks to launch on ")
    assert sent() == [("send_mail", mail.pk)]


def test_no_date_is_asked_for_beside_as_soon_as_possible(page, oak):
    District.objects.update(first_final_at=days(-1), materials_reviewed_at=days(-1))
    page.goto("/launch/")
    date = page.get_by_label("Launch date you want")
    expect(date).to_be_visible()

    page.get_by_label("A launch as soon as possible").check()

    expect(date).to_be_hidden()


@pytest.mark.parametrize("look", ["light 390"])
def test_on_a_phone_who_acts_next_stands_before_the_way_there(page, oak):
    add_tests(oak)
    page.goto("/")

    following = page.get_by_role("heading", name="You act next").bounding_box()
    first_step = page.locator(".course b").first.bounding_box()

    assert following["y"] < first_step["y"]


def test_the_picture_of_the_trend_is_named_and_its_table_says_the_same(page, oak):
    add_tests(oak)
    page.goto("/")

    picture = page.get_by_role("img", name="The last 2 tests")
    expect(picture).to_be_visible()
    page.get_by_text("Show as a table").press("Enter")
    table = page.get_by_role("table", name="Outcomes of your tests")
    expect(table.get_by_role("row")).to_have_count(3)
    expect(table.get_by_role("row").last).to_contain_text("912")


def test_support_moves_a_launch_date_and_the_district_reads_why(
    page, oak, open_page, settings, django_user_model
):
    settings.SUPPORT_MFA_REQUIRED = False
    django_user_model.objects.create_superuser("sam@navsync.example", "a-secret-word")
    support = open_page()
    support.goto(f"/admin/schools/district/{oak.pk}/change/")
    sign_in(support, "sam@navsync.example", "a-secret-word")

    support.get_by_role("link", name="Move launch date").click()
    support.get_by_label("New launch date").fill(f"{days(40):%Y-%m-%d}")
    support.get_by_label("Why").fill("Their testing week")
    support.get_by_role("button", name="Move launch date").click()

    expect(
        support.get_by_text("The launch date of Oak Unified is moved to")
    ).to_be_visible()
    page.goto("/launch/")
    history = page.get_by_role("region", name="What was done")
    expect(history).to_contain_text("Their testing week")
    expect(history).to_contain_text("sam@navsync.example, today")
