"""Runs of a district as pages show them: history, latest ones, what waits."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from schools.models import District
from staffimport.models import ImportResult, ImportRun
from staffimport.queries.filters import (
    IS_SET_APART,
    IS_SET_APART_WITHIN,
)

RUNS_ON_PAGE = 50
Kind = ImportRun.Kind
State = ImportRun.State


@dataclass(frozen=True, slots=True)
class RunPage:
    """One page of the history, and its neighbours' query strings ("" if none)."""

    runs: list[ImportRun]
    previous: str
    next: str
    last: str = "last=1"


def history(
    district: District,
    *,
    before: int | None,
    after: int | None,
    last: bool,
    kind: str = "",
    state: str = "",
) -> RunPage:
    """Return a page of the district's runs, newest first.

    `before` and `after` are run numbers: the page older than one, or newer than one;
    `last` is the oldest page. `kind` and `state` leave only such runs, "" leaves all.
    """
    runs = _told(district)
    if kind:
        runs = runs.filter(kind=kind)
    if state:
        runs = runs.filter(state=state)
    backwards = last or after is not None
    if before is not None:
        runs = runs.filter(pk__lt=before)
    elif after is not None:
        runs = runs.filter(pk__gt=after)
    ordered = runs.order_by("pk" if backwards else "-pk")
    found = list(ordered[: RUNS_ON_PAGE + 1])
    more = len(found) > RUNS_ON_PAGE
    shown = found[:RUNS_ON_PAGE]
    if backwards:
        shown.reverse()
    has_older = bool(shown) and ((not last) if backwards else more)
    has_newer = bool(shown) and (more if backwards else before is not None)
    return RunPage(
        runs=shown,
        previous=f"after={shown[0].pk}" if has_newer else "",
        next=f"before={shown[-1].pk}" if has_older else "",
    )


def run_counts(district: District) -> Counter[tuple[str, str]]:
    """Return how many runs the history has, by kind and state."""
    groups = _told(district).order_by().values_list("kind", "state")
    return Counter(
        {(kind, state): n for kind, state, n in groups.annotate(Count("pk"))}
    )


def latest_runs(district: District, count: int) -> list[ImportRun]:
    """Return the newest runs of the district."""
    return list(_told(district)[:count])


def _told(district: District) -> QuerySet[ImportRun]:
    """Return the runs a history tells of: of tests planned again the newest plan."""
    later = ImportRun.objects.filter(
        base_run=OuterRef("base_run"),
        kind=Kind.TEST,
        state=State.SUCCEEDED,
        pk__gt=OuterRef("pk"),
    )
    replaced = Q(Exists(later), kind=Kind.TEST, base_run__isnull=False)
    return district.import_runs.exclude(replaced).defer("timings")


def comparable(district: District) -> QuerySet[ImportRun]:
    """Return the runs whose rows can be compared, newest first."""
    return _told(district).filter(
        kind__in=[Kind.TEST, Kind.FINAL, Kind.SYNC], state=State.SUCCEEDED
    )


def to_compare_with(run: ImportRun) -> ImportRun | None:
    """Return the run one would compare a run with: the test a final has followed.

    Else it is the newest test or final before it, None if there is none.
    """
    if run.kind == Kind.FINAL and run.base_run is not None:
        return run.base_run
    earlier = comparable(run.district).filter(pk__lt=run.pk)
    return earlier.exclude(kind=Kind.SYNC).first()


def open_test(district: District) -> ImportRun | None:
    """Return the newest succeeded test, None if a final has followed it."""
    ended = district.import_runs.filter(state=State.SUCCEEDED)
    newest = ended.filter(kind__in=[Kind.TEST, Kind.FINAL]).first()
    return newest if newest is not None and newest.kind == Kind.TEST else None


def newest_applied(district: District) -> ImportRun | None:
    """Return the newest final or sync that was applied and not undone."""
    return district.import_runs.filter(
        kind__in=[Kind.FINAL, Kind.SYNC], applied_at__isnull=False, undone_at=None
    ).first()


def under_way(district: District) -> list[ImportRun]:
    """Return the queued and running runs, newest first."""
    return list(district.import_runs.filter(state__in=[State.QUEUED, State.RUNNING]))


def rows_waiting(district: District, test: ImportRun | None) -> QuerySet[ImportResult]:
    """Return the held rows that still wait for the admin.

    Those of applied runs, and those of `test`, the test that no final has followed. Of
    a change that waits in both only the newer row: it waits once.
    """
    waiting = Q(run__applied_at__isnull=False)
    if test is not None:
        applied = district.import_runs.filter(applied_at__isnull=False).order_by()
        older, newer = applied.filter(pk__lt=test.pk), applied.filter(pk__gt=test.pk)
        waiting &= ~Q(run__in=older, change_key__in=_changes_held([test.pk]))
        waiting |= Q(run=test) & ~Q(
            change_key__in=_changes_held(newer.values_list("pk", flat=True))
        )
    return ImportResult.objects.filter(
        waiting,
        IS_SET_APART,
        run__district=district,
        state=ImportResult.State.HELD,
    )


def _changes_held(runs: Iterable[int]) -> QuerySet[ImportResult, str]:
    """Return the keys of the changes that are held in runs, for a subquery."""
    held = ImportResult.objects.filter(
        IS_SET_APART_WITHIN, run__in=runs, state=ImportResult.State.HELD
    )
    return held.exclude(change_key="").order_by().values_list("change_key", flat=True)
