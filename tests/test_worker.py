"""Imports through a real worker, over a folder and over Redis, killed and cancelled."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import StaffAccount
from clever.client import Client
from clever.standin import Standin
from schools.audit import Actor
from schools.models import District, School
from staffimport import runner, sweeping, tasks
from staffimport.core.decisions import Choice
from staffimport.core.values import DecisionKind
from staffimport.models import ImportRun, RunProgress
from staffimport.queries.runs import open_test
from staffimport.services.cancel import cancel_run
from staffimport.services.decide import decide
from staffimport.services.start import start_check, start_final, start_test
from tests.workers import Worker, folder_broker, shared_database, use_broker

DANA = Actor("Dana Whitfield")
State = ImportRun.State


@pytest.fixture
def standin(request):
    """Clever with the small roster, or the one a test names."""
    with Standin(roster=getattr(request, "param", "small")) as running:
        yield running


@pytest.fixture
def worker(transactional_db, standin, tmp_path, monkeypatch, settings, request):
    """Makes workers that share this test's database, broker and stand-in.

    The broker is a folder, or the "redis" that a test names.
    """
    settings.CLEVER_API_URL = standin.url
    folder = tmp_path / "broker"
    broker, options = folder_broker(folder)
    if getattr(request, "param", "") == "redis":
        broker, options = request.getfixturevalue("redis_url"), {}
    use_broker(monkeypatch, broker, options)
    with shared_database(tmp_path) as database_url:
        environment = {
            "DATABASE_URL": database_url,
            "BROKER_DIR": str(folder),
            "CELERY_BROKER_URL": broker,
            "CLEVER_API_URL": standin.url,
            "DEBUG": "on",
        }
        yield lambda: Worker(environment, tmp_path / "worker.log")


def connected(standin):
    """A district with a Naviance school for each of the stand-in's schools."""
    district = District.objects.create(
        slug="maple",
        name="Maple Valley",
        activated_at=timezone.now(),
        clever_id=standin.district_id,
        clever_token=standin.token,
        uses_sso=False,
    )
    with Client(standin.token, base_url=standin.url) as client:
        for number, school in enumerate(client.schools()):
            School.objects.create(
                district=district,
                school_id=f"S{number}",
                name=school.name or "",
                nces_id=school.nces_id or "",
            )
    return district


def has_ended(run):
    run.refresh_from_db()
    return run.has_ended


def progress_of(run):
    return RunProgress.objects.filter(run=run).first() or RunProgress(run=run)


def let_heartbeat_grow_old():
    """As a minute without a worker does."""
    RunProgress.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=2))


@pytest.mark.parametrize("worker", ["folder", "redis"], indirect=True)
def test_a_worker_carries_out_a_test_and_the_final_that_follows(worker, standin):
    maple = connected(standin)

    with worker() as working:
        test = start_test(maple, DANA)
        working.until(lambda: has_ended(test))
        accounts_after_test = StaffAccount.objects.count()
        final = start_final(maple, DANA)
        working.until(lambda: has_ended(final) and bool(final.proof))

    assert (test.state, test.error, accounts_after_test) == (State.SUCCEEDED, "", 0)
    assert (final.state, final.error) == (State.SUCCEEDED, "")
    assert StaffAccount.objects.count() == 32
    assert final.proof["differ"] == 0


def test_a_decision_plans_the_test_again_through_a_worker(worker, standin):
    maple = connected(standin)
    gone = StaffAccount.objects.create(
        district=maple, first_name="Gus", last_name="Gone", email="gus@maple.example"
    )
    with worker() as working:
        test = start_test(maple, DANA)
        working.until(lambda: has_ended(test))
        standin.fault("revoked")  # it is not to be asked

        choice = Choice(DecisionKind.LEAVE_ALONE, str(gone.pk))
        decide(maple, [choice], "A coach.", DANA)
        working.until(lambda: open_test(maple) != test)

    again = open_test(maple)
    assert again is not None
    assert (again.state, again.error, again.snapshot) == (
        State.SUCCEEDED,
        "",
        test.snapshot,
    )
    outcomes = [run.results.get(account_id=gone.pk).outcome for run in (test, again)]
    assert outcomes == ["inactive", "skipped"]


def test_a_cancelled_run_stops_and_the_next_one_gets_its_turn(worker, standin):
    maple = connected(standin)
    standin.fault("slow", path="/sections", seconds=3, times=1)

    with worker() as working:
        test = start_test(maple, DANA)
        working.until(lambda: progress_of(test).step == "pull")
        check = start_check(maple, DANA)
        cancel_run(test, DANA)
        working.until(lambda: has_ended(check))

    test.refresh_from_db()
    assert (test.state, test.results.count()) == (State.CANCELLED, 0)
    assert (check.state, check.error) == (State.SUCCEEDED, "")


def test_a_killed_workers_run_is_resumed_and_applied_once(worker, standin):
    maple = connected(standin)
    with worker() as working:
        test = start_test(maple, DANA)
        working.until(lambda: has_ended(test))
        standin.fault("slow", path="/sections", seconds=120)
        final = start_final(maple, DANA)
        working.until(lambda: progress_of(final).step == "pull")
        first_beat = progress_of(final).heartbeat_at
        # Nothing is reported while Clever is silent: only the heartbeat's thread beats.
        working.until(
            lambda: progress_of(final).heartbeat_at - first_beat > timedelta(seconds=4)
        )
        working.kill()
    final.refresh_from_db()
    state_after_death = final.state, StaffAccount.objects.count()

    standin.clear_faults()
    let_heartbeat_grow_old()
    tasks.sweep_runs.delay()
    with worker() as working:
        working.until(lambda: has_ended(final) and bool(final.proof))

    assert state_after_death == (State.RUNNING, 0)
    assert (final.state, final.error, final.attempts) == (State.SUCCEEDED, "", 2)
    assert StaffAccount.objects.count() == final.results.count() == 32
    assert final.proof["differ"] == 0


@pytest.mark.parametrize("standin", ["large:1500"], indirect=True)
@pytest.mark.parametrize("steps", [{"plan", "apply", "prove"}, {"apply", "prove"}])
def test_a_worker_killed_at_a_late_step_leaves_all_or_nothing(worker, standin, steps):
    maple = connected(standin)
    runner.carry_out(start_test(maple, DANA, send=False).pk)

    with worker() as working:
        final = start_final(maple, DANA)
        working.until(lambda: progress_of(final).step in steps, every=0.002)
        working.kill()
    final.refresh_from_db()
    after_death = final.state, StaffAccount.objects.count()
    let_heartbeat_grow_old()
    sweeping.sweep(timezone.now())
    runner.carry_out(final.pk)
    final.refresh_from_db()

    assert after_death in [(State.RUNNING, 0), (State.SUCCEEDED, 1500)]
    assert (final.state, StaffAccount.objects.count()) == (State.SUCCEEDED, 1500)
    assert final.results.filter(state="applied").count() == 1500
