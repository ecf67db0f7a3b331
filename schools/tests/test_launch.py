"""The rules of the way to launch, as tables; no database."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from schools.clock import day_in, zone_of
from schools.launch import (
    days_left,
    first_launch_date,
    has_passed,
    launch_lacks,
    launches_by_itself,
    reminder_due,
)
from schools.models import District

PACIFIC = ZoneInfo("America/Los_Angeles")
NOON = datetime(2026, 10, 5, 19, tzinfo=UTC)
MONDAY = date(2026, 10, 19)


def district(**facts):
    return District(name="Maple", **facts)


def ready(**facts):
    """A district that lacks nothing for its launch on Monday, October 19."""
    return district(
        **{
            "activated_at": NOON - timedelta(days=14),
            "setup_begun_at": NOON - timedelta(days=13),
            "first_final_at": NOON,
            "materials_reviewed_at": NOON,
            "launch_date": MONDAY,
            **facts,
        }
    )


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, "requested"),
        ({"setup_begun_at": NOON}, "requested"),
        ({"activated_at": NOON}, "activated"),
        ({"activated_at": NOON, "setup_begun_at": NOON}, "setting_up"),
        ({"activated_at": NOON, "first_final_at": NOON}, "ready"),
        ({"activated_at": NOON, "paused_at": NOON}, "activated"),
        (
            {"activated_at": NOON, "first_final_at": NOON, "launched_at": NOON},
            "launched",
        ),
        ({"activated_at": NOON, "launched_at": NOON}, "launched"),
        (
            {"activated_at": NOON, "launched_at": NOON, "disconnected_at": NOON},
            "disconnected",
        ),
        ({"disconnected_at": NOON}, "disconnected"),
    ],
)
def test_a_state_follows_from_facts(facts, state):
    assert district(**facts).state == state


@pytest.mark.parametrize(
    ("facts", "opens"),
    [
        ({}, False),
        ({"launched_at": NOON}, True),
        ({"launched_at": NOON, "paused_at": NOON}, True),
        ({"launched_at": NOON, "disconnected_at": NOON}, False),
        ({"launched_at": NOON, "uses_sso": True}, True),
        ({"launched_at": NOON, "uses_sso": False}, False),
    ],
)
def test_sign_in_with_clever_opens_at_the_launch_and_no_pause_shuts_it(facts, opens):
    assert ready(**facts).opens_clever_sign_in is opens


@pytest.mark.parametrize(
    ("zone", "activated_at", "expected"),
    [
        # 10 PM of October 12 in California is the 13th in New York.
        ("America/Los_Angeles", datetime(2026, 10, 13, 5, tzinfo=UTC), (11, 9)),
        ("America/New_York", datetime(2026, 10, 13, 5, tzinfo=UTC), (11, 10)),
        # Summer time ends on November 1 in between: 28 days stay 28 calendar days.
        ("America/Chicago", datetime(2026, 10, 20, 4, 30, tzinfo=UTC), (11, 16)),
        ("Pacific/Honolulu", datetime(2026, 10, 13, 9, 59, tzinfo=UTC), (11, 9)),
        ("Mars/Base", datetime(2026, 10, 13, 5, tzinfo=UTC), (11, 10)),
    ],
)
def test_the_launch_date_is_28_days_on_in_the_districts_calendar(
    zone, activated_at, expected
):
    found = first_launch_date(district(time_zone=zone), activated_at)

    assert found == date(2026, *expected)


def test_a_zone_nobody_knows_counts_as_utc():
    assert zone_of(district(time_zone="Mars/Base")) == ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("at", "day"),
    [
        # The night summer time ends: midnight is 7:00 UTC before, 8:00 after it.
        (datetime(2026, 11, 1, 6, 59, tzinfo=UTC), date(2026, 10, 31)),
        (datetime(2026, 11, 1, 7, 0, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2026, 11, 2, 7, 59, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2026, 11, 2, 8, 0, tzinfo=UTC), date(2026, 11, 2)),
        # And the one it begins.
        (datetime(2027, 3, 14, 8, 0, tzinfo=UTC), date(2027, 3, 14)),
        (datetime(2027, 3, 15, 6, 59, tzinfo=UTC), date(2027, 3, 14)),
        (datetime(2027, 3, 15, 7, 0, tzinfo=UTC), date(2027, 3, 15)),
    ],
)
def test_a_day_begins_at_midnight_there_whatever_time_is_saved(at, day):
    assert day_in(district(), at) == day


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, []),
        ({"activated_at": None}, ["is not activated yet"]),
        ({"launched_at": NOON}, ["is launched already"]),
        ({"disconnected_at": NOON}, ["was disconnected"]),
        ({"first_final_at": None}, ["No final import has run"]),
        ({"materials_reviewed_at": None}, ["are not marked as reviewed"]),
        ({"paused_at": NOON}, ["is paused"]),
        (
            {"first_final_at": None, "materials_reviewed_at": None},
            ["No final import has run", "are not marked as reviewed"],
        ),
    ],
)
def test_it_is_said_what_a_launch_lacks(facts, words):
    lacks = launch_lacks(ready(**facts))

    assert len(lacks) == len(words)
    assert all(word in sentence for word, sentence in zip(words, lacks, strict=True))


def at(day, hour=9, minute=0):
    return datetime(2026, 10, day, hour, minute, tzinfo=PACIFIC)


@pytest.mark.parametrize(
    ("facts", "now", "launches"),
    [
        ({}, at(18, 23, 59), False),
        ({}, at(19, 0, 0), True),
        ({"time_zone": "America/New_York"}, at(18, 21, 0), True),
        ({"time_zone": "Pacific/Honolulu"}, at(19, 2, 59), False),
        ({"time_zone": "Pacific/Honolulu"}, at(19, 3, 0), True),
        ({"launch_date": None}, at(19), False),
        ({"materials_reviewed_at": None}, at(19), False),
        ({"first_final_at": None}, at(19), False),
        ({"paused_at": at(12)}, at(19), False),
        ({"launched_at": at(12)}, at(19), False),
        ({"first_final_at": at(19, 15)}, at(19, 15, 10), True),
        # A schedule that stood still on the day is made up for ...
        ({}, at(21), True),
        # ... but what came too late is for somebody at support to decide.
        ({"first_final_at": at(20, 0, 1)}, at(20), False),
        ({"materials_reviewed_at": at(21)}, at(21), False),
    ],
)
def test_on_its_date_a_district_launches_that_lacks_nothing(facts, now, launches):
    assert launches_by_itself(ready(**facts), now) is launches


@pytest.mark.parametrize(
    ("facts", "today", "left", "passed"),
    [
        ({}, date(2026, 10, 13), 6, False),
        ({}, MONDAY, 0, False),
        ({}, date(2026, 10, 20), -1, True),
        ({"launched_at": NOON}, date(2026, 10, 20), None, False),
        ({"disconnected_at": NOON}, date(2026, 10, 13), None, False),
        ({"activated_at": None}, date(2026, 10, 13), None, False),
        ({"launch_date": None}, date(2026, 10, 13), None, False),
    ],
)
def test_days_are_counted_to_the_launch(facts, today, left, passed):
    assert days_left(ready(**facts), today) == left
    assert has_passed(ready(**facts), today) is passed


@pytest.mark.parametrize(
    ("days_before", "facts", "due"),
    [
        (15, {}, None),
        (14, {}, 14),
        (13, {}, None),
        (7, {}, 7),
        (1, {}, 1),
        (0, {}, None),
        (-1, {}, None),
        (7, {"paused_at": NOON}, None),
        (7, {"launched_at": NOON}, None),
        (7, {"activated_at": None}, None),
    ],
)
def test_reminders_are_due_14_7_and_1_day_before(days_before, facts, due):
    today = MONDAY - timedelta(days=days_before)

    assert reminder_due(ready(**facts), today) == due
