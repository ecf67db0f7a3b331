"""Carries out one run: pull, judge the source, plan, store, apply, prove.

Test and final go one path and differ in its last step alone. Nothing is written to any
account before the one transaction of the apply, so a run that stops half-way is begun
again from the start.
"""

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from clever.errors import CleverError
from schools.encryption import UnreadableSecretError
from schools.errors import RefusedError
from schools.services.matches import match_automatically
from staffimport import gate, repeat, runs
from staffimport.core.planning import PlanInput, plan
from staffimport.core.snapshot import Snapshot
from staffimport.core.values import Plan
from staffimport.errors import ClaimLost, StaffImportError
from staffimport.intake import take_in
from staffimport.models import ImportRun
from staffimport.progress import BEAT_EVERY, Heartbeat, Progress, Report
from staffimport.proof import prove
from staffimport.store import (
    apply,
    drift,
    load,
    readiness,
    results,
    snapshots,
    undo,
)
from staffimport.store.settings import make_settings
from staffimport.store.trail import requester
from staffimport.summing import sum_up_ended
from staffimport.work import Work

logger = logging.getLogger(__name__)

Kind = ImportRun.Kind

# What isn't our fault; each has a sentence for the admin.
OUTSIDE = (CleverError, StaffImportError, RefusedError, UnreadableSecretError)

UNEXPECTED = (
    "The import stopped because of a fault in NavSync itself. Nothing was changed in "
    "any account. Start it again; if it stops again, give support this run's number."
)
TOO_SLOW = (
    "The import took longer than any import may, so it was stopped. Nothing was "
    "changed in any account. Start it again at a quieter time."
)
UNPROVEN = (
    "The import is applied, but checking it afterwards stopped because of a fault in "
    "NavSync itself. Give support this run's number."
)


def carry_out(
    run_id: int,
    on_progress: Callable[[Report], None] = lambda _report: None,
    *,
    beat_every: float | None = BEAT_EVERY,
) -> ImportRun:
    """Carry out a queued run to its end, and return it as it then is.

    A run that can't be claimed comes back untouched: it has ended, somebody else
    carries it out, or it waits (still queued) for another run of its district. What
    goes wrong ends up in the run: state failed, and a sentence in `error`.
    `on_progress` gets every report of how far it is, `beat_every` is the seconds
    between heartbeats from a thread (None: none).
    """
    run = runs.claim(run_id, timezone.now())
    if run is not None:
        with Heartbeat(run, beat_every):
            _end_well_or_failed(Work(run, Progress(run, on_progress)))
        sum_up_ended(runs.load(run_id))
    return runs.load(run_id)


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Let the garbage collector rest: it would walk over rows, and none is garbage.

    Nothing is lost: without it, what is no longer used is freed all the same.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _end_well_or_failed(work: Work) -> None:
    try:
        _carry_out(work)
    except ClaimLost:
        logger.info("Run %s was taken away from this worker.", work.run.pk)
        _forget_results_of_cancelled(work.run)
    except OUTSIDE as error:
        logger.warning("Run %s failed: %s", work.run.pk, error)
        _fail(work.run, error.user_message)
    except SoftTimeLimitExceeded:
        logger.exception("Run %s ran into the time limit.", work.run.pk)
        _fail(work.run, TOO_SLOW)
    except Exception:  # the run's edge: whatever it was ends here
        logger.exception("Run %s failed unexpectedly.", work.run.pk)
        _fail(work.run, UNEXPECTED, unexpected=True)


def _carry_out(work: Work) -> None:
    run = work.run
    if run.kind == Kind.UNDO:
        _undo(work)
        return
    if run.is_repeat:
        _repeat(work)
        return
    if run.applies:
        gate.check_may_change(work.district)
    previous_counts = snapshots.latest_counts(work.district)
    work.progress.step("pull")
    with work.timed("pull"):
        snapshot = take_in(run, work.progress, previous_counts)
    match run.kind:
        case Kind.CHECK:
            match_automatically(work.district, requester(run))
            _judge_pull(work, snapshot, previous_counts)
            runs.succeed(run, timezone.now(), timings=work.timings)
        case Kind.TEST:
            match_automatically(work.district, requester(run))
            given, made = _plan(work, snapshot, previous_counts)
            runs.succeed(run, timezone.now(), timings=work.timings)
            work.progress.release()
            _judge_afterwards(work, given, made)
        case Kind.FINAL | Kind.SYNC:
            if run.kind == Kind.FINAL:
                gate.check_unchanged(run)
            _plan(work, snapshot, previous_counts)
            gate.check_may_change(work.district)
            _apply(work)
            _prove(work, snapshot, previous_counts)


def _repeat(work: Work) -> None:
    """Plan the newest test again, as settings and decisions are by now."""
    run = work.run
    with work.timed("unpack"):
        snapshot = repeat.take_up(run, timezone.now())
    given, made = _plan(work, snapshot, repeat.counts_before(run))
    repeat.succeed(run, timezone.now(), timings=work.timings)
    work.progress.release()
    repeat.forget_older(run)
    _judge_afterwards(work, given, made)


def _undo(work: Work) -> None:
    """Take the run before back; what Clever says now has no part in it."""
    work.progress.step("apply")
    with work.timed("apply"):
        undo.carry_out(work.run, lambda done: work.progress.count(done, None))
    work.progress.release()
    runs.annotate(work.run, timings=work.timings)


def _plan(
    work: Work, snapshot: Snapshot, previous_counts: dict[str, int] | None
) -> tuple[PlanInput, Plan]:
    """Plan the run and store its rows; return what it depends on, and the plan."""
    run = work.run
    work.progress.step("place")
    with work.timed("load"):
        make_settings(work.district)  # their roles are part of the fingerprint
        fingerprint = load.fingerprint(work.district)
        given = work.given(snapshot, previous_counts)
    work.progress.step("match")
    with work.timed("plan"), _no_collecting():
        given.roster = work.people(snapshot)
        made = plan(given)
    work.progress.step("plan")
    with work.timed("store"), _no_collecting():
        total = len(made.rows)
        results.write(run, made, lambda done: work.progress.count(done, total))
        drift.keep(work.district, made, timezone.now())
    notices = [
        {"kind": notice.kind, "text": notice.text, "count": notice.count}
        for notice in made.notices
    ]
    runs.fence(
        run,
        counts=made.counts,
        notices=[*run.notices, *notices],
        settings_fingerprint=fingerprint,
        timings=work.timings,
    )
    return given, made


def _judge_pull(
    work: Work, snapshot: Snapshot, previous_counts: dict[str, int] | None
) -> None:
    """Judge the district's readiness by what a test import would do now."""
    with work.timed("load"):
        given = work.given(snapshot, previous_counts)
    with work.timed("plan"), _no_collecting():
        given.roster = work.people(snapshot)
        made = plan(given)
    drift.keep(work.district, made, timezone.now())
    _judge(work, given, made)


def _judge_afterwards(work: Work, given: PlanInput, made: Plan) -> None:
    """Judge the readiness when the run has ended: nobody has to wait for it."""
    try:
        _judge(work, given, made)
    except Exception:  # the run has succeeded, whatever the Readiness page lacks
        logger.exception("Judging after run %s failed unexpectedly.", work.run.pk)
    runs.annotate(work.run, timings=work.timings)


def _judge(work: Work, given: PlanInput, made: Plan) -> None:
    """Keep how ready the district is; for the Readiness page."""
    if given.kind == Kind.SYNC and _leaves_schools_out(given):
        given = msgspec.structs.replace(given, kind=Kind.TEST.value)
        made = plan(given)
    with work.timed("judge"), _no_collecting():
        readiness.save(work.run, given, made)


def _leaves_schools_out(given: PlanInput) -> bool:
    """Whether a sync has no rows of schools that a test import would have."""
    return any(p.clever_id and p.included and not p.covered for p in given.places)


def _apply(work: Work) -> None:
    run = work.run
    token = run.claim_token
    if token is None:
        raise ClaimLost
    work.progress.step("apply")
    with work.timed("apply"):
        apply.apply_run(run, token, timezone.now())
    work.progress.release()


def _prove(
    work: Work, snapshot: Snapshot, previous_counts: dict[str, int] | None
) -> None:
    """Keep the proof with the run, which has succeeded already whatever comes now."""
    run = work.run
    try:
        work.progress.step("prove")
        with work.timed("prove"), _no_collecting():
            given = work.given(snapshot, previous_counts)
            given.roster = work.people(snapshot)
            made = plan(given)
            proof = prove(made, len(given.accounts))
    except Exception:  # the accounts are written, so the run hasn't failed
        logger.exception("The proof of run %s failed unexpectedly.", run.pk)
        notices = [*run.notices, {"kind": "unproven", "text": UNPROVEN, "count": 0}]
        runs.annotate(run, notices=notices, timings=work.timings)
    else:
        runs.annotate(run, proof=proof, timings=work.timings)
        _judge_afterwards(work, given, made)


def _fail(run: ImportRun, sentence: str, *, unexpected: bool = False) -> None:
    if runs.fail(run, sentence, timezone.now(), unexpected=unexpected):
        run.results.all().delete()


def _forget_results_of_cancelled(run: ImportRun) -> None:
    """Keep nothing of a cancelled run; one given to another worker is that one's."""
    run.refresh_from_db(fields=["state"])
    if run.state == ImportRun.State.CANCELLED:
        run.results.all().delete()
