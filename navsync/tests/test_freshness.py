"""How far accounts are behind Clever, and when the next sync comes."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from navsync.freshness import IN_STEP, LATE, ON_ITS_WAY, read_freshness
from navsync.schedule import SYNC_TASK, next_sync
from tests.cast import make_district, make_run

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 13, 16, 42, tzinfo=UTC)
AT_NOW = time_machine.travel(NOW, tick=False)


def ago(**time):
    return NOW - timedelta(**time)


@pytest.fixture
def oak():
    return make_district(
        "oak", first_final_at=ago(days=5), clever_last_sync=ago(hours=2)
    )


def applied(district, pulled_at, applied_at=None, kind="sync"):
    done = applied_at or pulled_at
    return make_run(
        district, kind, pulled_at=pulled_at, applied_at=done, finished_at=done
    )


@AT_NOW
@pytest.mark.parametrize(
    ("synced", "pulled", "done", "expected"),
    [
        (ago(hours=2), ago(minutes=115), ago(minutes=113), (IN_STEP, "7 minutes", 0)),
        (ago(hours=9), ago(hours=2), ago(hours=2), (IN_STEP, "7 hours", 1)),
        (ago(hours=2), ago(hours=3), ago(hours=3), (ON_ITS_WAY, "2 hours", 0)),
        (ago(hours=6), ago(hours=7), ago(hours=7), (ON_ITS_WAY, "6 hours", 0)),
        (ago(hours=7), ago(hours=8), ago(hours=8), (LATE, "7 hours", 1)),
        (None, ago(hours=8), ago(hours=8), ("", "", 0)),
    ],
)
def test_freshness_is_measured_against_what_the_manual_promises(
    oak, synced, pulled, done, expected
):
    oak.clever_last_sync = synced
    run = applied(oak, pulled, done)

    fresh = read_freshness(oak, run, NOW)

    assert (fresh.standing, fresh.lag, fresh.is_slow) == expected


@AT_NOW
def test_before_the_first_final_there_is_nothing_to_measure(oak):
    oak.first_final_at = None

    fresh = read_freshness(oak, None, NOW)

    assert (fresh.standing, fresh.next_at, fresh.failed) == ("", None, None)


@AT_NOW
@pytest.mark.parametrize(
    ("synced", "quiet"),
    [(ago(days=2), ""), (ago(days=3, minutes=1), "3 days"), (None, "")],
)
def test_a_clever_that_has_not_synced_for_long_is_named(oak, synced, quiet):
    oak.clever_last_sync = synced

    assert read_freshness(oak, None, NOW).quiet == quiet


@AT_NOW
def test_a_failed_sync_is_shown_until_something_was_applied_after_it(oak):
    first = applied(oak, ago(hours=9))
    failed = make_run(oak, "sync", "failed", error="Clever refused our token (401).")
    make_run(oak, "sync", "running")

    assert read_freshness(oak, first, NOW).failed == failed
    assert read_freshness(oak, applied(oak, ago(hours=1)), NOW).failed is None


@AT_NOW
@pytest.mark.parametrize(
    "facts",
    [
        {"paused_at": NOW},
        {"sync_paused_at": NOW},
        {"disconnected_at": NOW},
        {"first_final_at": None},
        {"clever_token": ""},
    ],
)
def test_no_next_sync_is_promised_while_the_periodic_sync_is_off(oak, facts):
    assert read_freshness(oak, None, NOW).next_at is not None
    for name, value in facts.items():
        setattr(oak, name, value)

    assert read_freshness(oak, None, NOW).next_at is None


@AT_NOW
def test_the_next_sync_is_that_of_the_settings_until_beat_has_started():
    assert next_sync(NOW) == datetime(2026, 10, 13, 20, tzinfo=UTC)


def plan(**fields):
    return PeriodicTask.objects.create(name="Sync", task=SYNC_TASK, **fields)


@AT_NOW
def test_support_may_have_planned_another_hour():
    plan(crontab=CrontabSchedule.objects.create(minute="30", hour="2"))

    assert next_sync(NOW) == datetime(2026, 10, 14, 2, 30, tzinfo=UTC)


@AT_NOW
@pytest.mark.parametrize(
    ("last_run_at", "expected"),
    [
        (ago(minutes=4), NOW + timedelta(minutes=6)),
        (None, NOW + timedelta(minutes=10)),
        (ago(hours=4), NOW),
    ],
)
def test_or_an_interval_which_counts_from_the_last_time(last_run_at, expected):
    every = IntervalSchedule.objects.create(every=10, period="minutes")
    plan(interval=every, last_run_at=last_run_at)

    assert next_sync(NOW) == expected


@AT_NOW
def test_a_schedule_that_support_stopped_has_no_next_sync():
    plan(crontab=CrontabSchedule.objects.create(minute="30"), enabled=False)

    assert next_sync(NOW) is None
