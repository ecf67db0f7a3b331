from datetime import UTC, datetime, timedelta

import pytest

from schools.audit import SCHEDULE, Actor
from staffimport import runs, sweeping
from staffimport.errors import ClaimLost, TooLate
from staffimport.models import ImportResult, ImportRun

NOW = datetime(2026, 10, 13, 16, 42, tzinfo=UTC)
DANA = Actor("Dana Whitfield")
Kind = ImportRun.Kind
State = ImportRun.State


def ask(district, kind=Kind.TEST, **choices):
    return runs.request(district, kind, DANA, NOW, **choices).run


def running(district, kind=Kind.TEST, at=NOW):
    run = runs.claim(ask(district, kind).pk, at)
    assert run is not None
    return run


# Asking


def test_a_new_run_is_queued_and_on_record(maple):
    asked = runs.request(maple, Kind.FINAL, DANA, NOW, include_held=True)

    run = asked.run
    assert asked.is_new
    assert (run.state, run.requested_by_name) == (State.QUEUED, "Dana Whitfield")
    assert (run.requested_at, run.include_held) == (NOW, True)
    entry = maple.audit_entries.get()
    assert (entry.actor_name, entry.verb, entry.target) == (
        "Dana Whitfield",
        "started",
        f"Final import {run.pk}",
    )


def test_a_double_click_returns_the_queued_run_and_records_it_once(maple):
    first = runs.request(maple, Kind.TEST, DANA, NOW)

    second = runs.request(maple, Kind.TEST, DANA, NOW)

    assert (second.run, second.is_new) == (first.run, False)
    assert maple.audit_entries.count() == 1


def test_asking_again_while_it_runs_returns_the_running_run(maple):
    run = running(maple)

    asked = runs.request(maple, Kind.TEST, DANA, NOW)

    assert (asked.run, asked.is_new) == (run, False)


def test_kinds_and_districts_queue_beside_each_other(maple, cedar):
    asked = {ask(maple, Kind.TEST), ask(maple, Kind.SYNC), ask(cedar, Kind.TEST)}

    assert len(asked) == 3


def test_a_run_can_be_asked_for_again_when_it_has_ended(maple):
    run = running(maple)
    runs.succeed(run, NOW)

    asked = runs.request(maple, Kind.TEST, DANA, NOW)

    assert asked.is_new


# Claiming


def test_a_claim_sets_the_run_running_with_a_heartbeat(maple):
    run = running(maple)

    stored = ImportRun.objects.get()
    assert (stored.state, stored.attempts, stored.started_at) == (State.RUNNING, 1, NOW)
    assert stored.claim_token == run.claim_token
    assert stored.claim_token is not None
    assert stored.progress.heartbeat_at == NOW
    assert runs.still_claimed(run)


def test_only_one_worker_gets_a_run(maple):
    run = ask(maple)

    claims = [runs.claim(run.pk, NOW), runs.claim(run.pk, NOW)]

    assert [claim is not None for claim in claims] == [True, False]


def test_an_admins_run_waits_in_the_queue_for_a_running_sync(maple):
    sync = running(maple, Kind.SYNC)
    test = ask(maple, Kind.TEST)

    refused = runs.claim(test.pk, NOW)
    runs.succeed(sync, NOW)
    granted = runs.claim(test.pk, NOW)

    assert refused is None
    assert granted == test


def test_a_run_waits_for_one_that_was_asked_for_before(maple):
    sync, test = ask(maple, Kind.SYNC), ask(maple, Kind.TEST)

    refused = runs.claim(test.pk, NOW)
    runs.cancel(sync, NOW)
    granted = runs.claim(test.pk, NOW)

    assert refused is None
    assert granted == test


def test_another_districts_run_is_in_nobodys_way(maple, cedar):
    running(maple, Kind.SYNC)

    assert runs.claim(ask(cedar).pk, NOW) is not None


def test_a_run_that_does_not_exist_is_not_claimed(db):
    assert runs.claim(4711, NOW) is None


# Living


def test_a_heartbeat_writes_progress_and_keeps_the_run(maple):
    run = running(maple)
    later = NOW + timedelta(seconds=5)

    runs.beat(run, later, step="pull", done=3, total=9)

    progress = ImportRun.objects.get().progress
    assert (progress.heartbeat_at, progress.step) == (later, "pull")
    assert (progress.done, progress.total) == (3, 9)


def test_a_new_claim_begins_with_fresh_progress(maple):
    run = running(maple)
    runs.beat(run, NOW, step="plan", done=3, total=9, parts=[["Schools", 3, 3]])
    sweeping.sweep(NOW + timedelta(minutes=2))

    runs.claim(run.pk, NOW)

    progress = ImportRun.objects.get().progress
    assert (progress.step, progress.done, progress.total) == ("", 0, None)
    assert progress.parts == []


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda run: runs.beat(run, NOW), id="heartbeat"),
        pytest.param(runs.fence, id="fence"),
        pytest.param(lambda run: runs.fence(run, counts={"rows": 1}), id="write"),
        pytest.param(lambda run: runs.succeed(run, NOW), id="success"),
    ],
)
@pytest.mark.parametrize("thief", ["cancel", "sweep", "another worker"])
def test_a_worker_that_lost_its_run_learns_it_and_writes_nothing(maple, act, thief):
    run = running(maple)
    if thief == "cancel":
        runs.cancel(ImportRun.objects.get(), NOW)
    else:
        sweeping.sweep(NOW + timedelta(minutes=2))
    if thief == "another worker":
        runs.claim(run.pk, NOW)
    before = ImportRun.objects.values().get()

    with pytest.raises(ClaimLost):
        act(run)

    assert ImportRun.objects.values().get() == before
    assert not runs.still_claimed(run)


# Ending


def test_a_failed_run_keeps_the_sentence(maple):
    run = running(maple)

    failed = runs.fail(run, "Clever refused our token.", NOW, unexpected=True)

    stored = ImportRun.objects.get()
    assert failed
    assert (stored.state, stored.error) == (State.FAILED, "Clever refused our token.")
    assert (stored.finished_at, stored.error_is_unexpected) == (NOW, True)


def test_a_run_that_was_cancelled_does_not_fail_afterwards(maple):
    run = running(maple)
    runs.cancel(ImportRun.objects.get(), NOW)

    failed = runs.fail(run, "Too late.", NOW)

    assert not failed
    assert ImportRun.objects.get().state == State.CANCELLED


@pytest.mark.parametrize("make", [ask, running])
def test_a_queued_or_running_run_can_be_cancelled(maple, make):
    run = make(maple)

    runs.cancel(run, NOW)

    stored = ImportRun.objects.get()
    assert (stored.state, stored.finished_at) == (State.CANCELLED, NOW)


@pytest.mark.parametrize(
    ("kind", "state", "words"),
    [
        (Kind.FINAL, State.SUCCEEDED, "is applied already"),
        (Kind.SYNC, State.SUCCEEDED, "It can be undone"),
        (Kind.TEST, State.SUCCEEDED, "has ended already: succeeded"),
        (Kind.FINAL, State.FAILED, "has ended already: failed"),
        (Kind.TEST, State.CANCELLED, "has ended already: cancelled"),
    ],
)
def test_a_run_that_has_ended_can_not_be_cancelled(maple, kind, state, words):
    run = ask(maple, kind)
    ImportRun.objects.update(state=state)

    with pytest.raises(TooLate, match=words):
        runs.cancel(run, NOW)

    assert ImportRun.objects.get().state == state


# Sweeping


def test_a_run_with_a_fresh_heartbeat_is_left_alone(maple):
    run = running(maple)

    swept = sweeping.sweep(NOW + sweeping.HEARTBEAT_LIMIT)

    assert swept == sweeping.Swept((), (), ())
    assert runs.still_claimed(run)


def test_a_silent_workers_run_is_queued_again(maple):
    run = running(maple)

    swept = sweeping.sweep(NOW + timedelta(seconds=61))

    assert swept == sweeping.Swept(requeued=(run.pk,), failed=(), waiting=(run.pk,))
    assert ImportRun.objects.get().state == State.QUEUED


def test_a_run_fails_clearly_when_its_worker_died_three_times(maple):
    run = ask(maple)
    for _attempt in range(3):
        runs.claim(run.pk, NOW)
        swept = sweeping.sweep(NOW + timedelta(seconds=61))

    stored = ImportRun.objects.get()
    assert swept == sweeping.Swept(requeued=(), failed=(run.pk,), waiting=())
    assert (stored.state, stored.attempts) == (State.FAILED, 3)
    assert "Nothing was changed in any account" in stored.error


def test_a_run_that_is_given_up_keeps_no_rows_that_seem_applied(maple):
    run = ask(maple)
    for _attempt in range(3):
        runs.claim(run.pk, NOW)
        ImportResult.objects.get_or_create(
            run_id=run.pk,
            position=0,
            outcome="created",
            state="applied",
            level="school",
        )
        sweeping.sweep(NOW + timedelta(seconds=61))

    assert not ImportResult.objects.exists()


def test_a_silent_run_gives_way_to_one_of_its_kind_that_waits_already(maple):
    silent = running(maple)
    waiting = ImportRun.objects.create(
        district=maple, kind=Kind.TEST, requested_by_name="Dana Whitfield"
    )

    swept = sweeping.sweep(NOW + timedelta(seconds=61))

    assert swept == sweeping.Swept(
        requeued=(), failed=(silent.pk,), waiting=(waiting.pk,)
    )
    silent.refresh_from_db()
    assert "takes its place" in silent.error


def test_a_running_run_without_any_heartbeat_is_swept_by_its_start(maple):
    run = running(maple)
    run.progress.delete()

    swept = sweeping.sweep(NOW + timedelta(seconds=61))

    assert swept.requeued == (run.pk,)


def test_a_sweep_can_keep_to_one_district(maple, cedar):
    running(maple)
    mine = running(cedar)

    swept = sweeping.sweep(NOW + timedelta(seconds=61), cedar)

    assert swept == sweeping.Swept(requeued=(mine.pk,), failed=(), waiting=(mine.pk,))


def test_the_oldest_queued_run_of_each_free_district_waits_to_be_sent(maple, cedar):
    first = ask(maple, Kind.TEST)
    ask(maple, Kind.SYNC)
    running(cedar, Kind.SYNC)
    ask(cedar, Kind.TEST)

    assert sweeping.sweep(NOW).waiting == (first.pk,)
    assert sweeping.next_queued(maple.pk) == first.pk
    assert sweeping.next_queued(cedar.pk) is None


# The schedule


@pytest.mark.parametrize(
    ("changes", "is_due"),
    [
        ({}, True),
        ({"first_final_at": None}, False),
        ({"paused_at": NOW}, False),
        ({"sync_paused_at": NOW}, False),
        ({"clever_token": ""}, False),
        ({"disconnected_at": NOW}, False),
    ],
)
def test_a_district_is_synced_from_its_first_final_unless_stopped(
    maple, cedar, changes, is_due
):
    fields = {"first_final_at": NOW, **changes}
    for name, value in fields.items():
        setattr(maple, name, value)
    maple.save()

    assert list(runs.districts_to_sync()) == ([maple] if is_due else [])


def test_a_process_may_ask_for_a_run_too(maple):
    asked = runs.request(maple, Kind.SYNC, SCHEDULE, NOW)

    assert (asked.run.requested_by, asked.run.requested_by_name) == (None, "Schedule")
