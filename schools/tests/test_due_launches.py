"""The schedule launches on the date, and leaves to support what missed it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from schools.audit import Actor
from schools.models import District
from schools.services import due_launches, leaving, lifecycle
from schools.services.due_launches import Stop, launch_due_districts, stop_over_date

pytestmark = pytest.mark.django_db

SAM = Actor("Sam Ortiz")
BEFORE = datetime(2026, 10, 13, 16, tzinfo=UTC)  # 9 AM in the district
ON_DATE = datetime(2026, 10, 19, 16, tzinfo=UTC)
DAY_AFTER = datetime(2026, 10, 20, 16, tzinfo=UTC)


def ready(district, **facts):
    """Let a district lack nothing but its date for the launch."""
    fields = {
        "activated_at": BEFORE - timedelta(days=20),
        "first_final_at": BEFORE - timedelta(days=2),
        "materials_reviewed_at": BEFORE - timedelta(days=1),
        "launch_date": date(2026, 10, 19),
        **facts,
    }
    District.objects.filter(pk=district.pk).update(**fields)
    district.refresh_from_db()
    return district


def pause(district, since, until):
    with time_machine.travel(since, tick=False):
        lifecycle.pause_district(district, SAM, "Clever is down")
    with time_machine.travel(until, tick=False):
        lifecycle.resume_district(district, SAM, "It is up again")


def test_the_schedule_launches_those_whose_midnight_has_come(maple, cedar):
    ready(maple, time_zone="America/New_York")
    ready(cedar, time_zone="America/Los_Angeles")
    midnight_in_new_york = datetime(2026, 10, 19, 4, tzinfo=UTC)

    before = launch_due_districts(midnight_in_new_york - timedelta(seconds=1))
    at_midnight = launch_due_districts(midnight_in_new_york)
    again = launch_due_districts(midnight_in_new_york)

    assert (before, at_midnight, again) == ([], [maple], [])
    entry = maple.audit_entries.first()
    assert (entry.actor_name, entry.verb, entry.note) == (
        "Schedule",
        "launched district",
        "The launch date is here and the materials are reviewed.",
    )
    cedar.refresh_from_db()
    assert cedar.state == "ready"


def test_a_district_without_a_review_is_not_launched_on_its_date(maple):
    ready(maple, materials_reviewed_at=None)

    assert launch_due_districts(ON_DATE) == []


def test_a_district_that_was_paused_over_its_date_is_not_launched_by_itself(maple):
    ready(maple)
    pause(maple, BEFORE, DAY_AFTER)

    assert launch_due_districts(DAY_AFTER) == []
    assert stop_over_date(maple) == Stop("paused", date(2026, 10, 20))


@pytest.mark.parametrize("until", [BEFORE + timedelta(hours=1), ON_DATE])
def test_a_pause_that_ended_by_the_date_keeps_nobody_from_the_launch(maple, until):
    ready(maple)
    pause(maple, BEFORE, until)

    assert launch_due_districts(DAY_AFTER) == [maple]


def test_with_a_new_date_a_district_that_was_paused_launches_by_itself(maple):
    ready(maple)
    pause(maple, BEFORE, DAY_AFTER)
    with time_machine.travel(DAY_AFTER, tick=False):
        lifecycle.move_launch_date(maple, date(2026, 10, 21), SAM, "The next day")

    assert launch_due_districts(DAY_AFTER + timedelta(days=1)) == [maple]


def test_a_district_that_came_back_after_its_date_is_not_launched_by_itself(
    clever, maple
):
    ready(maple, clever_id=clever.district_id)
    with time_machine.travel(BEFORE, tick=False):
        leaving.disconnect_district(maple, SAM, "They leave")
    with time_machine.travel(DAY_AFTER, tick=False):
        leaving.reconnect_district(maple, SAM, "They stay", clever.token)

    assert launch_due_districts(DAY_AFTER) == []
    assert stop_over_date(maple) == Stop("disconnected", date(2026, 10, 20))


def test_a_district_paused_while_another_is_launched_is_not_launched(
    maple, cedar, monkeypatch
):
    ready(maple)
    ready(cedar)

    def launch_while_support_pauses(district, *how):
        lifecycle.launch_district(district, *how)
        for other in District.objects.filter(launched_at=None):
            lifecycle.pause_district(other, SAM, "Clever is down")

    monkeypatch.setattr(due_launches, "launch_district", launch_while_support_pauses)

    launched = launch_due_districts(ON_DATE)

    assert [district.slug for district in launched] == ["cedar"]
    maple.refresh_from_db()
    assert (maple.launched_at, maple.is_paused) == (None, True)


def test_a_district_paused_between_the_look_and_the_launch_is_not_launched(
    maple, monkeypatch
):
    ready(maple)

    def support_is_faster(district, *how):
        paused = District.objects.get(pk=district.pk)
        lifecycle.pause_district(paused, SAM, "Clever is down")
        lifecycle.launch_district(district, *how)

    monkeypatch.setattr(due_launches, "launch_district", support_is_faster)

    assert launch_due_districts(ON_DATE) == []
    maple.refresh_from_db()
    assert maple.launched_at is None
