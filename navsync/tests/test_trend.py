"""The trend: which runs it takes, and what is drawn of them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from navsync.trend import Point, draw, read_trend
from staffimport.models import RosterSnapshot
from tests.cast import make_district, make_run

NOON = datetime(2026, 10, 12, 19, tzinfo=UTC)


def point(number, *values):
    return Point(number, f"Test import {number}", NOON + timedelta(days=number), values)


def test_values_rise_and_fall_between_the_lines_of_their_row():
    trend = draw(
        "Outcomes",
        "test",
        [point(1, 900, 701, 214, 131, 0), point(2, 910, 796, 118, 131, 0)],
    )

    people, matched, created, inactive, _conflict = trend.lines
    assert [dot.x for dot in people.dots] == [138, 284]
    assert [dot.is_last for dot in people.dots] == [False, True]
    assert matched.dots[0].y > matched.dots[1].y  # up is less in SVG
    assert created.dots[0].y < created.dots[1].y
    assert inactive.dots[0].y == inactive.dots[1].y
    assert (people.first, people.last, people.path) == (900, 910, "138,28 284,12")
    assert all(
        line.ground_y - 38 <= dot.y <= line.ground_y
        for line in trend.lines
        for dot in line.dots
    )


def test_the_chart_says_in_a_sentence_what_it_shows():
    trend = draw(
        "Outcomes",
        "test",
        [point(1, 900, 1701, 214, 0, 0), point(2, 910, 701, 214, 2, 0)],
    )

    assert trend.summary == (
        "The last 2 tests: staff in clever rose from 900 to 910; matched fell from "
        "1,701 to 701; created stayed at 214; inactive rose from 0 to 2; conflict "
        "stayed at 0."
    )


def test_what_is_not_known_any_more_is_left_out_of_the_line_not_of_the_table():
    trend = draw(
        "Outcomes",
        "import",
        [
            point(1, None, 1, 1, 1, 1),
            point(2, None, 2, 1, 1, 1),
            point(3, 9, 3, 1, 1, 1),
        ],
    )

    assert [line.kind for line in trend.lines] == [
        "matched",
        "created",
        "inactive",
        "conflict",
    ]
    assert trend.points[0].values[0] is None


@pytest.fixture
def oak(db):
    return make_district("oak")


def add(district, kind, days_ago, people=None, **fields):
    at = timezone.now() - timedelta(days=days_ago)
    snapshot = people and RosterSnapshot.objects.create(
        district=district, blob=b"-", counts={"people": people}, taken_at=at
    )
    changes = {"pulled_at": at, "requested_at": at, "snapshot": snapshot, **fields}
    return make_run(district, kind, **changes)


def values(trend):
    return [point.values[:3] for point in trend.points]


def test_one_test_is_no_trend_yet(oak):
    add(oak, "test", 1)
    add(oak, "test", 2, state="failed")
    add(oak, "check", 3)

    assert read_trend(oak) is None


def test_tests_are_drawn_oldest_first(oak):
    add(oak, "test", 1, 910, counts={"matched": 796, "created": 118})
    add(oak, "test", 4, 900, counts={"matched": 701, "created": 214})

    trend = read_trend(oak)

    assert trend
    assert trend.title == "Outcomes of your tests"
    assert values(trend) == [(900, 701, 214), (910, 796, 118)]


def test_a_test_planned_again_counts_once_with_its_newest_numbers(oak):
    at = timezone.now() - timedelta(days=2)
    add(oak, "test", 5, counts={"created": 9})
    add(oak, "test", 2, pulled_at=at, counts={"created": 8})
    add(oak, "test", 2, pulled_at=at, counts={"created": 7})

    trend = read_trend(oak)

    assert trend
    assert [created for _people, _matched, created in values(trend)] == [9, 7]


def test_after_the_first_final_the_days_last_import_or_sync_counts(oak):
    oak.first_final_at = timezone.now()
    add(oak, "test", 9)
    add(oak, "test", 8)
    noon = timezone.now().replace(hour=19, minute=0)
    for days_ago, hours, kind, created in (
        (3, 0, "final", 118),
        (2, 0, "sync", 5),
        (2, 1, "sync", 6),
        (1, 0, "sync", 1),
    ):
        at = noon - timedelta(days=days_ago) + timedelta(hours=hours)
        add(oak, kind, 0, pulled_at=at, applied_at=at, counts={"created": created})
    undone = noon - timedelta(hours=20)
    add(oak, "sync", 0, pulled_at=undone, applied_at=undone, undone_at=timezone.now())

    with timezone.override("America/Los_Angeles"):
        trend = read_trend(oak)

    assert trend
    assert trend.title == "Outcomes of your imports and syncs"
    assert [created for _people, _matched, created in values(trend)] == [118, 6, 1]


def test_a_day_is_one_of_the_districts_calendar(oak):
    oak.first_final_at = timezone.now()
    midnight = timezone.now().replace(hour=7, minute=0, second=0) - timedelta(days=2)
    for hours in (-1, 1):  # both on one day in UTC, on two in California or Denver
        at = midnight + timedelta(hours=hours)
        add(oak, "sync", 0, pulled_at=at, applied_at=at)

    with timezone.override("Etc/GMT+7"):
        assert read_trend(oak) is not None
    with timezone.override("UTC"):
        assert read_trend(oak) is None


def test_at_most_eight_points_are_drawn_the_newest(oak):
    for days_ago in range(12):
        add(oak, "test", days_ago, counts={"created": days_ago})

    trend = read_trend(oak)

    assert trend
    assert [created for *_, created in values(trend)] == [7, 6, 5, 4, 3, 2, 1, 0]


def test_runs_of_another_district_are_not_drawn(oak):
    cedar = make_district("cedar")
    add(cedar, "test", 1)
    add(cedar, "test", 2)

    assert read_trend(oak) is None
