"""Planning a test again after a decision: the steps its tests share."""

from staffimport import runner
from staffimport.models import ImportRun


def carry_out(run, on_progress=lambda _: None):
    """Carry out a run that waits; return it."""
    run.district.refresh_from_db()
    return runner.carry_out(run.pk, on_progress, beat_every=None)


def queued(district):
    return district.import_runs.get(
        kind=ImportRun.Kind.TEST, state=ImportRun.State.QUEUED
    )


def row_of(run, account):
    return run.results.get(account_id=account.pk)


def again(district):
    return carry_out(queued(district))
