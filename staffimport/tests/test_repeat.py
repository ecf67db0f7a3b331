"""A decision plans the newest test again, from what that one pulled."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import StaffAccount
from schools.audit import Actor
from staffimport import gate, repeat, runner, runs, tasks
from staffimport.models import ImportRun, MatchDecision
from staffimport.queries.runs import history, open_test
from staffimport.services.cancel import cancel_run
from staffimport.services.decide import take_back
from staffimport.services.start import start_final, start_sync, start_test
from staffimport.store import load, snapshots
from staffimport.tests.building import DANA, decide_on, save_snapshot
from staffimport.tests.repeating import again, carry_out, queued, row_of

Kind = ImportRun.Kind
State = ImportRun.State
LEE = Actor("Lee Ortiz")


# What a repeat does


def test_a_decision_plans_the_test_again_without_asking_clever(
    maple, gone, test, standin, sent, django_capture_on_commit_callbacks
):
    standin.stop()

    with django_capture_on_commit_callbacks(execute=True):
        decide_on(maple, "leave_alone", gone)

    assert sent() == [("carry_out", queued(maple).pk)]
    run = again(maple)
    assert (run.state, run.error) == (State.SUCCEEDED, "")
    assert row_of(run, gone).reason_code == "left_alone"
    assert open_test(maple) == run
    assert run.results.count() == test.results.count()


def test_what_was_asked_of_clever_and_when_stays(maple, gone, test):
    ImportRun.objects.filter(pk=test.pk).update(
        pulled_at=timezone.now() - timedelta(hours=47),
        notices=[
            {"kind": "clever_paused", "text": "Stands still.", "count": 0},
            {"kind": "field_blank", "text": "Planned anew.", "count": 0},
        ],
    )
    test.refresh_from_db()

    decide_on(maple, "leave_alone", gone)
    run = again(maple)

    assert (run.pulled_at, run.snapshot) == (test.pulled_at, test.snapshot)
    assert [notice["kind"] for notice in run.notices] == ["clever_paused"]
    assert gate.final_gate(maple).is_open
    later = timezone.now() + timedelta(hours=1)
    assert "older than 48 hours" in gate.final_gate(maple, later).reasons[0]


def test_a_pull_is_judged_by_the_one_before_it_also_when_planned_again(maple, test):
    assert repeat.counts_before(test) is None
    second = carry_out(start_test(maple, DANA, send=False))

    assert repeat.counts_before(second) == test.snapshot.counts


def test_a_decision_taken_back_plans_again_too(maple, gone, test):
    decide_on(maple, "leave_alone", gone)
    again(maple)

    take_back(maple, [MatchDecision.objects.get()], LEE)
    run = again(maple)

    assert row_of(run, gone).outcome == "inactive"


def test_a_final_applies_what_the_test_shows_after_a_decision(maple, gone, test):
    decide_on(maple, "leave_alone", gone)
    run = again(maple)

    final = carry_out(start_final(maple, DANA, send=False))

    gone.refresh_from_db()
    assert (final.state, final.base_run, final.proof["differ"]) == (
        State.SUCCEEDED,
        run,
        0,
    )
    assert gone.status == "active"


def test_the_test_before_stands_until_the_new_plan_has_succeeded(
    maple, gone, test, monkeypatch
):
    decide_on(maple, "leave_alone", gone)
    assert open_test(maple) == test
    assert gate.final_gate(maple).reasons == (gate.PLANNED_AGAIN,)

    monkeypatch.setattr(runner, "plan", lambda _: 1 / 0)
    run = again(maple)

    assert (run.state, run.results.count()) == (State.FAILED, 0)
    assert open_test(maple) == test
    found = gate.final_gate(maple)
    assert found.needs_test
    assert "A decision was made after this test" in found.reasons[0]


def test_a_test_whose_pull_is_no_longer_kept_is_not_planned_again(maple, gone, test):
    decide_on(maple, "leave_alone", gone)
    waiting = queued(maple)
    test.snapshot.delete()

    assert carry_out(waiting).error == repeat.SNAPSHOT_GONE
    take_back(maple, [MatchDecision.objects.get()], DANA)
    assert not maple.import_runs.filter(state=State.QUEUED).exists()


def test_without_a_test_a_decision_waits_for_the_next_run(maple, gone):
    decide_on(maple, "leave_alone", gone)

    assert not maple.import_runs.exists()


def test_a_decision_after_a_final_waits_for_the_next_run(maple, gone, test):
    carry_out(start_final(maple, DANA, send=False))

    decide_on(maple, "in_clever", gone)

    assert not maple.import_runs.filter(state=State.QUEUED).exists()


# Several at once


def test_decisions_in_a_row_share_one_plan(
    maple, gone, test, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        decide_on(maple, "leave_alone", gone)
        waiting = queued(maple)
        decide_on(maple, "in_clever", gone, by=LEE)

    assert queued(maple) == waiting
    assert sent() == [("carry_out", waiting.pk)]


def test_a_decision_while_the_test_is_planned_again_gets_a_plan_of_its_own(
    maple, gone, test
):
    decide_on(maple, "leave_alone", gone)
    first = queued(maple)

    def decide_meanwhile(report):
        if report.step == "match" and not MatchDecision.objects.filter(
            kind="in_clever"
        ):
            decide_on(maple, "in_clever", gone, by=LEE)

    carry_out(first, decide_meanwhile)
    second = again(maple)

    assert row_of(first, gone).reason_code == "left_alone"
    assert row_of(second, gone).outcome == "inactive"


def test_a_queued_test_that_will_ask_clever_serves_a_decision_as_well(
    maple, gone, test
):
    pull = start_test(maple, DANA, send=False)

    decide_on(maple, "leave_alone", gone)

    assert (queued(maple), pull.is_repeat) == (pull, False)


def test_whoever_runs_the_test_again_gets_a_pull_not_a_repeat(maple, gone, test):
    decide_on(maple, "leave_alone", gone)
    waiting = queued(maple)

    asked = start_test(maple, LEE, send=False)

    asked.refresh_from_db()
    assert (asked, asked.is_repeat) == (waiting, False)
    assert asked.requested_by_name == "Lee Ortiz"
    run = carry_out(asked)
    assert "pull" in run.timings
    assert run.snapshot != test.snapshot


def test_running_the_test_again_does_not_wait_for_a_repeat_that_runs(maple, gone, test):
    decide_on(maple, "leave_alone", gone)
    running = runs.claim(queued(maple).pk, timezone.now())

    asked = start_test(maple, LEE, send=False)

    assert asked != running
    assert not asked.is_repeat


def test_a_repeat_plans_the_test_that_is_newest_when_its_turn_comes(maple, gone, test):
    pull = start_test(maple, DANA, send=False)
    runs.claim(pull.pk, timezone.now())
    decide_on(maple, "leave_alone", gone)
    waiting = queued(maple)
    snapshot = save_snapshot(maple, snapshots.load(test.snapshot))
    ImportRun.objects.filter(pk=pull.pk).update(
        state=State.SUCCEEDED, snapshot=snapshot, pulled_at=timezone.now()
    )

    run = carry_out(waiting)

    assert (run.snapshot, run.base_run) == (snapshot, pull)
    assert row_of(run, gone).reason_code == "left_alone"


def test_a_repeat_is_called_off_when_a_final_has_followed_meanwhile(maple, gone, test):
    final = start_final(maple, DANA, send=False)
    runs.claim(final.pk, timezone.now())
    decide_on(maple, "leave_alone", gone)
    ImportRun.objects.filter(pk=final.pk).update(state=State.SUCCEEDED)

    run = carry_out(queued(maple))

    assert (run.state, run.error, run.results.count()) == (State.CANCELLED, "", 0)


def test_a_final_that_was_queued_before_a_decision_is_refused_its_turn(
    maple, gone, test
):
    final = start_final(maple, DANA, send=False)
    decide_on(maple, "leave_alone", gone)

    run = carry_out(final)

    assert run.state == State.FAILED
    assert "A decision was made after this test" in run.error


# Keeping house


def test_rows_of_plans_long_replaced_are_removed(maple, gone, test):
    made = [test]
    for kind in ("leave_alone", "in_clever", "leave_alone"):
        decide_on(maple, kind, gone)
        made.append(again(maple))

    # The test that asked Clever, the plan before the newest, and the newest.
    assert [run.results.exists() for run in made] == [True, False, True, True]
    assert history(maple, before=None, after=None, last=False).runs == [made[3], test]


def test_a_repeat_whose_worker_died_is_begun_again(maple, gone, test, sent):
    decide_on(maple, "leave_alone", gone)
    sent()
    runs.claim(queued(maple).pk, timezone.now() - timedelta(minutes=2))

    tasks.sweep_runs()

    run = queued(maple)
    assert sent() == [("carry_out", run.pk)]
    assert carry_out(run).state == State.SUCCEEDED
    assert row_of(run, gone).reason_code == "left_alone"


def test_a_repeat_can_be_cancelled_and_the_test_before_stands(maple, gone, test):
    decide_on(maple, "leave_alone", gone)

    cancel_run(queued(maple), DANA)

    assert open_test(maple) == test


def test_a_repeat_waits_for_a_sync_that_runs(maple, gone, test):
    maple.first_final_at = timezone.now()
    maple.save()
    sync = start_sync(maple, DANA, send=False)
    runs.claim(sync.pk, timezone.now())
    decide_on(maple, "leave_alone", gone)
    waiting = queued(maple)

    assert carry_out(waiting).state == State.QUEUED


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time anyway"
)
def test_a_plan_that_waits_is_not_begun_before_a_decision_is_in(cedar):
    account = StaffAccount.objects.create(district=cedar, last_name="Gone")
    snapshot = save_snapshot(cedar)
    test = ImportRun.objects.create(
        district=cedar, kind="test", state="succeeded", snapshot=snapshot
    )
    waiting = runs.request_repeat(test, DANA, timezone.now()).run
    decided, claimed = Event(), Event()

    def decide_slowly():
        try:
            with transaction.atomic():
                decide_on(cedar, "leave_alone", account)
                decided.set()
                claimed.wait(1)  # which it can't be while this transaction lasts
        finally:
            connection.close()

    thread = Thread(target=decide_slowly)
    thread.start()
    assert decided.wait(10)
    run = runs.claim(waiting.pk, timezone.now())
    claimed.set()
    known = load.decisions(cedar)
    thread.join()

    assert run is not None
    assert [decision.kind for decision in known] == ["leave_alone"]
