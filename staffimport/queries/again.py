"""What has become of a test since: planned again, or under way, or failed."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from staffimport.models import ImportResult, ImportRun, RunProgress
from staffimport.queries.progress import Look, look

LOOKED_AT = 5
Outcome = ImportResult.Outcome
State = ImportRun.State


@dataclass(frozen=True, slots=True)
class Again:
    """Later tests than the one a page shows, None where there is none.

    `planning` waits or runs, and `look` says how far it is; `newer` has succeeded, so
    its results have taken the place of those shown; `failed` is the newest of all, so
    what was decided since is in no results.
    """

    run: ImportRun
    planning: ImportRun | None = None
    look: Look | None = None
    newer: ImportRun | None = None
    failed: ImportRun | None = None


def again(run: ImportRun) -> Again:
    """Return what has become of a test since; nothing of any other run."""
    if run.kind != ImportRun.Kind.TEST:
        return Again(run)
    later = run.district.import_runs.filter(kind=ImportRun.Kind.TEST, pk__gt=run.pk)
    told = list(
        later.exclude(state=State.CANCELLED).select_related("progress")[:LOOKED_AT]
    )
    planning = next((r for r in told if not r.has_ended), None)
    newest = told[0] if told else None
    return Again(
        run,
        planning,
        _look(planning) if planning else None,
        next((r for r in told if r.state == State.SUCCEEDED), None),
        newest if newest and newest.state == State.FAILED else None,
    )


def counterpart(row: ImportResult, run: ImportRun) -> ImportResult | None:
    """Return the row that tells in another run of the person or account of a row."""
    about = Q(account_id=row.account_id) if row.account_id else Q()
    if row.clever_id:
        about |= Q(clever_id=row.clever_id)
    if not about:
        return None
    found = list(run.results.filter(about, level=row.level, school=row.school_id))
    # Of two that were told apart there are two rows now.
    if row.outcome in (Outcome.INACTIVE, Outcome.SKIPPED):
        found.sort(key=lambda other: other.account_id != row.account_id)
    else:
        found.sort(key=lambda other: other.outcome == Outcome.INACTIVE)
    return found[0] if found else None


def _look(run: ImportRun) -> Look:
    try:
        progress: RunProgress | None = run.progress
    except RunProgress.DoesNotExist:
        progress = None
    return look(run, progress, timezone.now())
