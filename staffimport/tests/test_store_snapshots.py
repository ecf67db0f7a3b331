"""Stored rosters, and what the next pull is judged by."""

import pytest
from django.utils import timezone

from staffimport.core.snapshot import RosterPerson, Snapshot
from staffimport.core.source import find_doubts
from staffimport.models import ImportRun, RosterSnapshot
from staffimport.store import snapshots
from staffimport.tests.building import make_district, save_snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def oakdale():
    return make_district()


def test_a_snapshot_comes_back_as_it_was_saved(oakdale):
    snapshot = Snapshot("x", people=[RosterPerson("a1", "Ada", is_teacher=True)])

    row = save_snapshot(oakdale, snapshot)

    row.refresh_from_db()
    assert snapshots.load(row) == snapshot


def test_counts_are_those_of_the_newest_snapshot(oakdale):
    assert snapshots.latest_counts(oakdale) is None
    save_snapshot(oakdale)
    newest = Snapshot("x", people=[RosterPerson("a1")])
    save_snapshot(oakdale, newest)
    save_snapshot(make_district("cedar"))

    assert snapshots.latest_counts(oakdale) == newest.counts()


def usual(district):
    counts = snapshots.latest_counts(district)
    assert counts is not None
    return counts


def titled(title, count=8):
    people = [RosterPerson(f"a{n}", staff_title=title) for n in range(count)]
    return Snapshot("x", people=people)


def test_a_field_gone_blank_stays_a_doubt_for_the_pulls_that_follow(oakdale):
    """The first pull without titles is not what the second one is judged by."""
    snapshots.save(oakdale, titled("Teacher"))
    for count in (8, 10):
        before = snapshots.latest_counts(oakdale)
        snapshots.save(oakdale, titled("", count), before)
        assert find_doubts(titled("", count), [], before).blank

    assert usual(oakdale)["with_title"] == 10
    assert RosterSnapshot.objects.values_list("counts", flat=True)[0]["with_title"] == 0
    assert not find_doubts(titled("Teacher"), [], usual(oakdale)).blank


def test_a_final_applied_all_the_same_accepts_that_a_field_is_blank(oakdale):
    snapshots.save(oakdale, titled("Teacher"))
    before = snapshots.latest_counts(oakdale)
    blank = snapshots.save(oakdale, titled(""), before)
    run = {"district": oakdale, "kind": "final", "state": "succeeded"}
    final = ImportRun.objects.create(**run, snapshot=blank)
    assert usual(oakdale)["with_title"] == 8

    final.applied_at = timezone.now()
    final.save()

    assert usual(oakdale)["with_title"] == 0
