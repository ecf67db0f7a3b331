"""Whom the way to launch writes to: support of requests and wishes, admins of dates."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts import tasks
from accounts.models import Mail, Right, StaffAccount, User, UserRole
from accounts.recipients import import_managers
from accounts.services.deletion import delete_departed
from accounts.services.launch import (
    ask_for_launch_date,
    look_for_requests,
    remind_of_launches,
)
from clever.oauth import DistrictToken
from clever.standin import Standin
from schools.audit import Actor
from schools.errors import RefusedError
from schools.models import District
from schools.services.due_launches import launch_due_districts
from schools.services.requests import record_request, unknown_owners

pytestmark = pytest.mark.django_db

DANA = Actor("Dana Whitfield")
MONDAY = date(2026, 10, 19)
PACIFIC = ZoneInfo("America/Los_Angeles")


@pytest.fixture
def clever(settings):
    """The stand-in and its application, known to the settings."""
    with Standin(roster="small") as standin:
        settings.CLEVER_API_URL = settings.CLEVER_OAUTH_URL = standin.url
        settings.CLEVER_CLIENT_ID = standin.client_id
        settings.CLEVER_CLIENT_SECRET = standin.client_secret
        yield standin


@pytest.fixture
def launching(maple):
    """Maple Valley, to be launched on Monday, October 19."""
    maple.activated_at = datetime(2026, 9, 21, 17, tzinfo=UTC)
    maple.launch_date = MONDAY
    maple.save()
    return maple


def admin(district, email="dana@maple.example", **changes):
    role = district.user_roles.get(name="District Site Manager")
    return StaffAccount.objects.create(
        **{
            "district": district,
            "first_name": "Dana",
            "last_name": "Whitfield",
            "email": email,
            "user_role": role,
            **changes,
        }
    )


def at(day, hour, month=10, zone=PACIFIC):
    return datetime(2026, month, day, hour, tzinfo=zone)


def subjects():
    return [(mail.to, mail.subject) for mail in Mail.objects.order_by("pk")]


# Requests


def test_an_unknown_owner_becomes_a_request_and_support_is_told_once(clever, settings):
    settings.SUPPORT_EMAIL = "help@navsync.example"

    found = look_for_requests()
    again = look_for_requests()

    district = District.objects.get()
    assert (found, again) == ([district], [])
    assert district.state == "requested"
    assert district.user_roles.filter(is_built_in=True).exists()
    assert subjects() == [
        (
            "help@navsync.example",
            "Maple Valley School District has requested Naviance in Clever",
        )
    ]
    mail = Mail.objects.get()
    assert f"/admin/schools/district/{district.pk}/change/" in mail.text
    assert "Contact in Clever: " in mail.text
    assert "Name(" not in mail.text + mail.html


def test_a_known_owners_new_token_is_kept_and_nobody_is_told(clever, maple):
    District.objects.update(clever_id=clever.district_id, clever_token="old")

    assert look_for_requests() == []

    maple.refresh_from_db()
    assert maple.clever_token == clever.token
    assert subjects() == []


def test_a_district_that_left_and_was_deleted_is_not_requested_again(clever, maple):
    # It never removed NavSync in Clever, so Clever's list still has its token.
    long_ago = timezone.now() - timedelta(days=1000)
    District.objects.update(clever_id=clever.district_id, disconnected_at=long_ago)
    assert delete_departed(timezone.now()) == ["maple"]

    assert look_for_requests() == []

    assert not District.objects.exists()
    assert subjects() == []


@pytest.mark.parametrize(
    ("made", "is_request"),
    [
        ("{:%Y-%m-%dT%H:%M:%S.500Z}", True),
        ("{:%Y-%m-%dT%H:%M:%S}", True),
        ("{:%d/%m/%Y}", False),
        ("", False),
    ],
)
def test_a_district_that_was_deleted_and_connects_anew_is_a_request(
    maple, made, is_request
):
    long_ago = timezone.now() - timedelta(days=1000)
    District.objects.update(clever_id="m1", disconnected_at=long_ago)
    delete_departed(timezone.now())
    soon = made.format(timezone.now() + timedelta(days=1))
    old = DistrictToken("m1", "old", created="2024-07-30T08:11:02.113Z")

    assert unknown_owners([old]) == []
    new = DistrictToken("m1", "new", created=soon)
    assert unknown_owners([new]) == ([new] if is_request else [])


def test_an_owner_that_can_not_be_recorded_keeps_no_other_from_it(
    clever, monkeypatch, caplog
):
    tokens = [DistrictToken(key, "refused") for key in ("a1", "b2", "c3")]
    monkeypatch.setattr("accounts.services.launch.district_tokens", lambda: tokens)

    def faulty(owner, actor):
        if owner.token.district_id == "a1":
            msg = "UNIQUE constraint failed: schools_district.slug"
            raise IntegrityError(msg)
        return record_request(owner, actor)

    monkeypatch.setattr("accounts.services.launch.record_request", faulty)

    with pytest.raises(ExceptionGroup, match="can't be recorded"):
        look_for_requests()

    recorded = District.objects.order_by("clever_id").values_list(
        "clever_id", flat=True
    )
    assert list(recorded) == ["b2", "c3"]
    assert "Clever district a1 is not recorded." in caplog.text


def test_without_an_application_nobody_is_asked(clever, settings):
    settings.CLEVER_CLIENT_SECRET = ""

    assert look_for_requests() == []
    assert not District.objects.exists()


def test_a_clever_that_can_not_be_reached_fails_no_worker(clever, caplog):
    clever.stop()

    tasks.look_for_requests()

    assert "Clever's list of districts can't be read" in caplog.text
    assert clever.client_secret not in caplog.text
    assert not District.objects.exists()


# Wishes


def test_a_wish_for_another_date_is_mailed_to_support_with_its_reason(
    launching, settings
):
    settings.SUPPORT_EMAIL = "help@navsync.example"
    wanted = timezone.now().date() + timedelta(days=90)

    ask_for_launch_date(launching, wanted, DANA, "Testing week")

    mail = Mail.objects.get()
    assert mail.to == "help@navsync.example"
    assert mail.subject.startswith("Maple Valley asks to launch on ")
    assert "Dana Whitfield of Maple Valley asks for another launch date" in mail.text
    assert "Why: Testing week" in mail.text
    assert "No final import has run yet." in mail.text


def test_each_wish_is_mailed(launching):
    today = timezone.now().date()

    ask_for_launch_date(launching, today + timedelta(days=90), DANA, "Testing week")
    ask_for_launch_date(launching, today + timedelta(days=91), DANA, "And a holiday")

    assert Mail.objects.count() == 2


def test_a_wish_that_is_refused_is_not_mailed(launching):
    with pytest.raises(RefusedError):
        ask_for_launch_date(launching, date(2020, 1, 1), DANA, "Testing week")

    assert not Mail.objects.exists()
    assert not launching.audit_entries.exists()


# Reminders


@pytest.mark.parametrize(
    ("now", "subject"),
    [
        (at(4, 8), None),
        (at(5, 8), "Maple Valley launches in 14 days, on Monday, October 19"),
        (at(6, 8), None),
        (at(12, 7), None),
        (at(12, 8), "Maple Valley launches in 7 days, on Monday, October 19"),
        (at(12, 23), "Maple Valley launches in 7 days, on Monday, October 19"),
        (at(18, 8), "Maple Valley launches tomorrow, on Monday, October 19"),
        (at(19, 8), None),
        (at(20, 8), None),
    ],
)
def test_admins_are_reminded_in_the_morning_14_7_and_1_day_before(
    launching, now, subject
):
    admin(launching)

    remind_of_launches(now)

    expected = [("dana@maple.example", subject)] if subject else []
    assert subjects() == expected


@pytest.mark.parametrize(
    ("zone", "now", "is_reminded"),
    [
        # 8 AM in New York is 5 AM in California, whose admins still sleep.
        ("America/New_York", datetime(2026, 10, 12, 12, tzinfo=UTC), True),
        ("America/Los_Angeles", datetime(2026, 10, 12, 12, tzinfo=UTC), False),
        # In Guam it is the 12th already while UTC says the 11th.
        ("Pacific/Guam", datetime(2026, 10, 11, 22, tzinfo=UTC), True),
        ("Pacific/Honolulu", datetime(2026, 10, 13, 5, tzinfo=UTC), True),
    ],
)
def test_the_day_is_that_of_the_district(launching, zone, now, is_reminded):
    District.objects.update(time_zone=zone)
    admin(launching)

    assert remind_of_launches(now) == is_reminded


@pytest.mark.parametrize(("utc_hour", "is_reminded"), [(15, False), (16, True)])
def test_8_am_is_later_in_utc_when_summer_time_has_ended(
    launching, utc_hour, is_reminded
):
    District.objects.update(launch_date=date(2026, 11, 8))
    admin(launching)

    now = datetime(2026, 11, 1, utc_hour, tzinfo=UTC)

    assert remind_of_launches(now) == is_reminded


def test_nobody_is_reminded_of_a_date_twice_but_of_a_new_one_again(launching):
    admin(launching)
    for hour in (8, 9, 10):
        remind_of_launches(at(12, hour))
    assert Mail.objects.count() == 1

    District.objects.update(launch_date=date(2026, 10, 26))
    remind_of_launches(at(12, 11))
    remind_of_launches(at(19, 8))

    assert [subject for _to, subject in subjects()] == [
        "Maple Valley launches in 7 days, on Monday, October 19",
        "Maple Valley launches in 14 days, on Monday, October 26",
        "Maple Valley launches in 7 days, on Monday, October 26",
    ]


@pytest.mark.parametrize(
    "facts",
    [
        {"launched_at": at(1, 8)},
        {"paused_at": at(1, 8)},
        {"disconnected_at": at(1, 8)},
        {"activated_at": None},
    ],
)
def test_who_is_not_on_the_way_is_not_reminded(launching, facts):
    District.objects.update(**facts)
    admin(launching)

    assert remind_of_launches(at(12, 8)) == 0


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "Your staff are not imported yet"),
        ({"first_final_at": at(1, 8)}, "Naviance Support reviews your launch"),
        (
            {"first_final_at": at(1, 8), "materials_reviewed_at": at(2, 8)},
            "Everything is ready: the district launches by itself",
        ),
    ],
)
def test_a_reminder_says_what_is_left_and_who_does_it(launching, facts, words):
    District.objects.update(**facts)
    admin(launching)

    remind_of_launches(at(12, 8))

    mail = Mail.objects.get()
    assert words in mail.text
    assert words in mail.html
    assert mail.text.startswith("Hello Dana,")
    assert "(District Site Manager)" in mail.text


@pytest.mark.parametrize(("uses_sso", "is_told"), [(True, True), (False, False)])
def test_a_reminder_tells_of_clever_only_who_signs_in_with_it(
    launching, uses_sso, is_told
):
    District.objects.update(uses_sso=uses_sso)
    admin(launching)

    remind_of_launches(at(12, 8))

    mail = Mail.objects.get()
    for body in (mail.text, mail.html):
        assert ("your staff sign in with Clever" in body) is is_told


def test_a_reminder_is_out_of_date_the_next_day(launching):
    admin(launching)

    remind_of_launches(at(12, 8))

    assert Mail.objects.get().send_until == at(13, 0)


# Who is written to


def test_admins_are_active_district_accounts_that_may_manage_the_import(maple, cedar):
    admin(maple)
    role = UserRole.objects.create(district=maple, name="Dean", rights=[])
    admin(maple, "powerless@maple.example", user_role=role)
    admin(maple, "roleless@maple.example", user_role=None)
    admin(maple, "gone@maple.example", status="inactive")
    admin(maple, "school@maple.example", school=maple.schools.first())
    admin(cedar, "other@cedar.example")
    off = User.objects.create_user("off@maple.example", is_active=False)
    admin(maple, "off@maple.example", user=off)
    role = UserRole.objects.create(
        district=maple, name="Analyst", rights=[Right.MANAGE_DATA_IMPORT]
    )
    admin(maple, "analyst@maple.example", user_role=role, first_name="")

    found = [(p.address, p.first_name, p.role) for p in import_managers(maple)]

    assert found == [
        ("dana@maple.example", "Dana", "District Site Manager"),
        ("analyst@maple.example", "", "Analyst"),
    ]


def test_a_shared_address_is_written_to_once_and_a_malformed_one_never(maple):
    admin(maple, "Office@maple.example")
    admin(maple, "office@maple.example ")
    admin(maple, "no address")
    admin(maple, "")

    assert [p.address for p in import_managers(maple)] == ["Office@maple.example"]


def test_the_schedule_launches_and_sends_what_is_left(launching, mailoutbox):
    now = timezone.now()
    District.objects.update(
        launch_date=now.astimezone(PACIFIC).date(),
        first_final_at=now,
        materials_reviewed_at=now,
    )
    ask_for_launch_date(
        District.objects.get(), now.date() + timedelta(days=9), DANA, "Testing week"
    )

    tasks.send_waiting_mails()
    launch_due_districts(now)

    launching.refresh_from_db()
    assert launching.opens_clever_sign_in
    assert [message.to for message in mailoutbox] == [["support@navsync.example"]]
