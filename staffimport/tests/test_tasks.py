from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from staffimport import runs, tasks
from staffimport.models import ImportRun, RosterSnapshot
from staffimport.retention import KEPT_FOR, remove_old_snapshots
from staffimport.services.start import start_check, start_test
from staffimport.tests.conftest import DANA
from tests.workers import use_broker

NOW = datetime(2026, 10, 13, 16, 42, tzinfo=UTC)
Kind = ImportRun.Kind
State = ImportRun.State


def test_carrying_out_a_run_sends_the_districts_next_one(maple, sent):
    check = start_check(maple, DANA, send=False)
    test = start_test(maple, DANA, send=False)

    tasks.carry_out(check.pk)

    check.refresh_from_db()
    assert check.state == State.SUCCEEDED
    assert sent() == [("carry_out", test.pk)]


def test_a_message_for_a_run_that_must_wait_sends_nothing(maple, sent):
    check = start_check(maple, DANA, send=False)
    runs.claim(check.pk, NOW)
    test = start_test(maple, DANA, send=False)

    tasks.carry_out(test.pk)

    assert sent() == []


def test_the_schedule_queues_one_sync_for_each_district_past_its_first_final(
    maple, cedar, sent
):
    maple.first_final_at = NOW
    maple.save()

    tasks.sync_due_districts()
    tasks.sync_due_districts()

    run = ImportRun.objects.get()
    assert (run.district, run.kind, run.requested_by_name) == (
        maple,
        Kind.SYNC,
        "Schedule",
    )
    assert sent() == [("carry_out", run.pk)]


def test_the_sweeper_sends_a_dead_workers_run_again(maple, sent):
    run = start_test(maple, DANA, send=False)
    runs.claim(run.pk, timezone.now() - timedelta(minutes=2))

    tasks.sweep_runs()

    run.refresh_from_db()
    assert run.state == State.QUEUED
    assert sent() == [("carry_out", run.pk)]


def test_the_sweeper_sends_a_run_whose_message_was_lost(maple, sent):
    run = start_test(maple, DANA, send=False)

    tasks.sweep_runs()

    assert sent() == [("carry_out", run.pk)]


def test_a_broker_out_of_reach_leaves_the_run_queued(maple, monkeypatch):
    run = start_test(maple, DANA, send=False)
    use_broker(monkeypatch, "redis://127.0.0.1:1/0", {})

    tasks.send(run.pk)

    run.refresh_from_db()
    assert run.state == State.QUEUED


# Old snapshots


def snapshot(district, age, kind=None):
    row = RosterSnapshot.objects.create(district=district, blob=b"", taken_at=NOW - age)
    if kind is not None:
        ImportRun.objects.create(
            district=district,
            kind=kind,
            state=State.SUCCEEDED,
            requested_by_name="Dana Whitfield",
            snapshot=row,
        )
    return row


OLD = KEPT_FOR + timedelta(seconds=1)


def test_a_snapshot_is_kept_for_30_days(maple):
    snapshot(maple, OLD)
    kept = [snapshot(maple, KEPT_FOR), snapshot(maple, timedelta())]

    removed = remove_old_snapshots(NOW)

    assert removed == 1
    assert set(RosterSnapshot.objects.all()) == set(kept)


def test_a_districts_newest_snapshot_is_kept_however_old(maple, cedar):
    snapshot(maple, OLD * 3)
    kept = {snapshot(maple, OLD * 2), snapshot(cedar, OLD * 4)}

    remove_old_snapshots(NOW)

    assert set(RosterSnapshot.objects.all()) == kept


@pytest.mark.parametrize(
    ("kind", "stays"),
    [(Kind.TEST, True), (Kind.FINAL, True), (Kind.SYNC, True), (Kind.CHECK, False)],
)
def test_the_newest_test_and_applied_run_keep_their_snapshot(maple, kind, stays):
    old = snapshot(maple, OLD, kind)
    snapshot(maple, timedelta())

    remove_old_snapshots(NOW)

    assert RosterSnapshot.objects.filter(pk=old.pk).exists() is stays


def test_an_older_run_loses_its_snapshot_and_stays(maple):
    snapshot(maple, OLD * 2, Kind.TEST)
    snapshot(maple, OLD, Kind.TEST)
    snapshot(maple, timedelta())

    remove_old_snapshots(NOW)

    assert [run.snapshot is None for run in ImportRun.objects.order_by("pk")] == [
        True,
        False,
    ]
