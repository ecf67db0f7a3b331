"""Who is told that a district is launched, or that its launch date has passed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts import tasks
from accounts.models import Mail
from accounts.services.launch_news import tell_of_launches, tell_of_passed_dates
from accounts.tests.at_clever import account
from schools.audit import Actor
from schools.models import District
from schools.services import lifecycle

MONDAY = date(2026, 10, 19)
NINE = datetime(2026, 10, 20, 9, tzinfo=ZoneInfo("America/Los_Angeles"))
SUPPORT = "help@navsync.example"


@pytest.fixture
def launching(maple, settings):
    """Maple Valley and its admin Dana, with a launch date on October 19."""
    settings.SUPPORT_EMAIL = SUPPORT
    maple.activated_at = datetime(2026, 9, 21, 17, tzinfo=UTC)
    maple.launch_date = MONDAY
    maple.save()
    role = "District Site Manager"
    account(maple, "", role, first_name="Dana", email="dana@maple.example")
    return maple


def facts(**changes):
    District.objects.filter(slug="maple").update(**changes)


def subjects():
    return [(mail.to, mail.subject) for mail in Mail.objects.order_by("pk")]


# Launched


def test_admins_are_told_once_that_their_district_is_launched(launching):
    facts(launched_at=NINE)

    made = [tell_of_launches(NINE + timedelta(minutes=m)) for m in (1, 11)]

    assert made == [1, 0]
    assert subjects() == [("dana@maple.example", "Maple Valley is launched")]


@pytest.mark.parametrize(
    ("uses_sso", "words"),
    [
        (True, "your staff sign in with Clever"),
        (None, "your staff sign in with Clever"),
        (False, "Your staff sign in with their e-mail address and password"),
    ],
)
def test_the_mail_says_how_staff_sign_in_now(launching, uses_sso, words):
    facts(launched_at=NINE, uses_sso=uses_sso)

    tell_of_launches(NINE)

    mail = Mail.objects.get()
    assert words in mail.text
    assert words in mail.html
    assert "(District Site Manager)" in mail.text


@pytest.mark.parametrize(
    "changes",
    [
        {"launched_at": None},
        {"launched_at": NINE - timedelta(days=4)},
        {"launched_at": NINE, "disconnected_at": NINE},
    ],
    ids=["not launched", "launched long ago", "disconnected"],
)
def test_nobody_is_told_of_a_launch_that_is_no_news(launching, changes):
    facts(**changes)

    assert tell_of_launches(NINE) == 0


# A date that passed


def test_support_and_admins_are_told_once_that_the_date_passed(launching):
    made = [tell_of_passed_dates(NINE + timedelta(hours=hour)) for hour in (0, 1, 24)]

    assert made == [2, 0, 0]
    subject = "Maple Valley did not launch on Monday, October 19"
    assert subjects() == [(SUPPORT, subject), ("dana@maple.example", subject)]
    to_support, to_admin = Mail.objects.order_by("pk")
    assert "No final import has run in Maple Valley" in to_support.text
    assert f"/admin/schools/district/{launching.pk}/change/" in to_support.html
    assert "Ask Naviance Support for another launch date" in to_admin.text
    assert "/launch/" in to_admin.html


def test_a_new_date_that_passes_too_is_told_again(launching):
    tell_of_passed_dates(NINE)
    facts(launch_date=MONDAY + timedelta(days=7))

    assert tell_of_passed_dates(NINE) == 0
    assert tell_of_passed_dates(NINE + timedelta(days=7)) == 2


def test_after_a_final_import_only_support_has_to_act(launching):
    facts(first_final_at=NINE - timedelta(days=5))

    tell_of_passed_dates(NINE)

    mail = Mail.objects.get()
    assert mail.to == SUPPORT
    assert "launch materials of Maple Valley are not marked as reviewed" in mail.text


def test_support_is_told_when_nothing_is_lacking_any_more(launching):
    facts(first_final_at=NINE, materials_reviewed_at=NINE)

    tell_of_passed_dates(NINE)

    assert "Nothing is lacking any more" in Mail.objects.get().text


def test_support_is_told_that_a_pause_over_the_date_kept_it_from_launching(
    launching, time_machine
):
    before = NINE - timedelta(days=5)
    facts(first_final_at=before, materials_reviewed_at=before)
    launching.refresh_from_db()
    sam = Actor("Sam Ortiz")
    time_machine.move_to(before, tick=False)
    lifecycle.pause_district(launching, sam, "Clever is down")
    time_machine.move_to(NINE, tick=False)
    lifecycle.resume_district(launching, sam, "It is up again")

    tell_of_passed_dates(NINE)

    mail = Mail.objects.get()
    for body in (mail.text, mail.html):
        assert "the district was paused until Tuesday, October 20." in body


@pytest.mark.parametrize(
    ("now", "made"),
    [
        (datetime(2026, 10, 20, 14, 59, tzinfo=UTC), 0),  # 7:59 AM in California
        (datetime(2026, 10, 20, 15, 0, tzinfo=UTC), 2),
        (NINE - timedelta(days=1), 0),  # the launch date itself
        (NINE + timedelta(days=4), 0),
    ],
)
def test_the_morning_after_is_that_of_the_district(launching, now, made):
    assert tell_of_passed_dates(now) == made


@pytest.mark.parametrize(
    "changes",
    [
        {"launched_at": NINE},
        {"disconnected_at": NINE},
        {"paused_at": NINE},
        {"activated_at": None},
    ],
    ids=str,
)
def test_no_date_passes_for_who_is_not_on_the_way(launching, changes):
    facts(**changes)

    assert tell_of_passed_dates(NINE) == 0


def test_the_schedule_tells_and_the_mail_leaves(launching, time_machine, mailoutbox):
    time_machine.move_to(NINE, tick=False)
    facts(launched_at=NINE)

    tasks.tell_of_launches()
    tasks.send_waiting_mails()

    [message] = mailoutbox
    assert message.to == ["dana@maple.example"]
    assert message.subject == "Maple Valley is launched"
    [(html, kind)] = message.alternatives
    assert kind == "text/html"
    assert "is launched" in html
