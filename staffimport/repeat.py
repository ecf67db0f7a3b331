"""Plans the newest test again from what it pulled, without asking Clever.

A decision is to change the test at once (product.md, "Matching staff"). The repeat is a
run of its own: queued, claimed and swept as any other, and until it has succeeded the
test before it stands. Its time of pull is that of the test, so it lives no longer.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from staffimport import runs
from staffimport.core.snapshot import Snapshot
from staffimport.core.source import NOTICES
from staffimport.errors import ClaimLost, NotReady
from staffimport.models import ImportResult, ImportRun
from staffimport.queries.runs import open_test
from staffimport.store import load, results, snapshots
from staffimport.store.invitations import invite_approved

State = ImportResult.State

SNAPSHOT_GONE = (
    "What this test pulled from Clever is no longer kept, so it can't be planned "
    "again. Run the test again."
)


def take_up(run: ImportRun, now: datetime) -> Snapshot:
    """Return what the district's newest test pulled, and note it with the run.

    If a final has followed that test meanwhile there is nothing to plan again: the run
    is cancelled and ClaimLost raised. NotReady if the snapshot is gone.
    """
    test = open_test(run.district)
    if test is None:
        runs.cancel(run, now)
        raise ClaimLost
    if test.snapshot is None:
        raise NotReady(SNAPSHOT_GONE)
    runs.fence(
        run,
        base_run=test.base_run or test,
        snapshot=test.snapshot,
        pulled_at=test.pulled_at,
        notices=[notice for notice in test.notices if notice["kind"] not in NOTICES],
    )
    return snapshots.load(test.snapshot)


def counts_before(run: ImportRun) -> dict[str, int] | None:
    """Return what the pull before the run's snapshot counted, None if it was the first.

    So a test planned again is judged by the same pull as before.
    """
    return snapshots.latest_counts(run.district, before=run.snapshot)


def succeed(run: ImportRun, now: datetime, **fields: object) -> None:
    """End a repeat: from now on it is the test. Raises ClaimLost.

    What was approved or dismissed of the test before stands, also while it was planned
    again.
    """
    with transaction.atomic():
        test = load.base_test(run)
        if test is not None:
            runs.hold_still(test)
            _keep_resolved(test, run)
        runs.succeed(run, now, **fields)


def forget_older(run: ImportRun) -> None:
    """Remove the rows of earlier repeats, of which every decision makes one more.

    Kept are those of the test that asked Clever, and of the plan before this one: its
    pages may still be open somewhere.
    """
    test = run.base_run
    if test is None:
        return
    older = load.plans_of(test).filter(pk__lt=run.pk).exclude(pk=test.pk)
    for plan in older[1:]:
        results.delete(plan)


def _keep_resolved(test: ImportRun, run: ImportRun) -> None:
    """Give rows the state that the same change has got in the test, and who gave it."""
    resolved = test.results.filter(
        resolved_at__isnull=False, state__in=[State.PLANNED, State.DISMISSED]
    )
    resolved = resolved.only("change_key", "state", "resolved_at", "resolved_by")
    known = {row.change_key: row for row in resolved}
    approved = []
    for pk, key in _writing(run) if known else ():
        if (row := known.get(key)) is not None:
            ImportResult.objects.filter(pk=pk).update(
                state=row.state,
                resolved_at=row.resolved_at,
                resolved_by=row.resolved_by,
            )
            if row.state == State.PLANNED:
                approved.append(pk)
    invite_approved(run, approved)


def _writing(run: ImportRun) -> Iterator[tuple[int, str]]:
    rows = run.results.filter(writes=True).order_by()
    return rows.values_list("pk", "change_key").iterator()
