"""All districts as support's board shows them, read in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from navsync.freshness import LATE, QUIET, behind_clever
from navsync.next_step import Facts
from navsync.standing import Standing, stand
from schools.clock import day_in
from schools.launch import days_left
from schools.models import CleverSchool, District, SchoolMatch
from schools.services import wishes
from schools.services.tokens import without_token
from staffimport.gate import is_too_old
from staffimport.models import ImportResult, ImportRun, ImportSettings
from staffimport.queries.filters import IS_SET_APART

Kind = ImportRun.Kind
State = ImportRun.State

_TAKEN_UP_WITHIN = timedelta(minutes=15)
"""A run that waits longer tells of workers that are too few, or that none works."""

_ENDED_BY_ITSELF = (State.SUCCEEDED, State.FAILED)
_READ = (
    "district_id",
    "kind",
    "state",
    "error",
    "counts",
    "base_run_id",
    "requested_at",
    "pulled_at",
    "finished_at",
    "applied_at",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One district on the board.

    `newest` is its newest run; `failed` its newest run that ended by itself, if that
    failed. `standing_of_data` and `lag` are those of `freshness.behind_clever`; `quiet`
    is how long Clever has not synced with the SIS, if that is very long; `applied_at`
    is when the newest run that stands was applied. `days_left` counts to the launch
    date. `has_wish` says that it asked for another one and has no answer yet,
    `wants_to_leave` the same of being disconnected.
    """

    facts: Facts
    standing: Standing
    newest: ImportRun | None
    failed: ImportRun | None
    standing_of_data: str
    lag: timedelta | None
    quiet: timedelta | None
    applied_at: datetime | None
    days_left: int | None
    has_wish: bool
    wants_to_leave: bool

    @property
    def district(self) -> District:
        """Return the district."""
        return self.facts.district

    @property
    def held(self) -> int:
        """Return how many held rows wait; once it is disconnected nobody decides."""
        return 0 if self.district.disconnected_at else self.facts.held

    @property
    def conflicts(self) -> int:
        """Return how many conflicts wait."""
        return 0 if self.district.disconnected_at else self.facts.conflicts

    @property
    def waits_for_worker(self) -> bool:
        """Whether runs wait, for long, and none is being worked on."""
        runs, before = self.facts.under_way, self.facts.now - _TAKEN_UP_WITHIN
        return any(run.requested_at < before for run in runs) and all(
            run.state == State.QUEUED for run in runs
        )

    @property
    def is_stale(self) -> bool:
        """Whether its accounts are too far behind, or Clever itself stands still."""
        return self.standing_of_data == LATE or self.quiet is not None


def read_fleet(now: datetime) -> list[Line]:
    """Return a line for each district, by name.

    What refuses a final import, and smaller things that wait for the district, such as
    new titles, are left out of the facts: they take a look into each district, which
    its own page does.
    """
    fleet = _Fleet(now)
    districts = District.objects.defer("clever_token")
    return [fleet.line(district) for district in districts]


def line_of(district: District, now: datetime) -> Line:
    """Return the line of one district, as the board has it."""
    return _Fleet(now).line(district)


def _line(
    facts: Facts,
    applied: ImportRun | None,
    *,
    newest: ImportRun | None,
    ended: ImportRun | None,
    has_wish: bool,
    wants_to_leave: bool,
) -> Line:
    district, now = facts.district, facts.now
    is_over = district.disconnected_at is not None
    synced = district.clever_last_sync
    standing, lag = ("", None) if is_over else behind_clever(synced, applied, now)
    since = None if is_over or synced is None or applied is None else now - synced
    return Line(
        facts=facts,
        standing=stand(facts),
        newest=newest,
        failed=ended if ended and ended.state == State.FAILED else None,
        standing_of_data=standing,
        lag=lag,
        applied_at=applied.applied_at if applied else None,
        quiet=since if since is not None and since > QUIET else None,
        days_left=days_left(district, day_in(district, now)),
        has_wish=has_wish and district.launched_at is None,
        wants_to_leave=wants_to_leave,
    )


class _Fleet:
    """What is known of all districts, by their keys."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        succeeded: dict[str, Any] = {"state": State.SUCCEEDED}
        stands = {**succeeded, "applied_at__isnull": False, "undone_at": None}
        self._newest = _newest_runs()
        self._ended = _newest_runs(state__in=_ENDED_BY_ITSELF)
        self._tests = _newest_runs(kind=Kind.TEST, **succeeded)
        self._finals = _newest_runs(kind=Kind.FINAL, **succeeded)
        # One kind at a time, as the index of runs by kind finds them at once.
        self._applied = _newer(
            _newest_runs(kind=Kind.FINAL, **stands),
            _newest_runs(kind=Kind.SYNC, **stands),
        )
        self._under_way = _under_way()
        self._held = _held()
        shared = CleverSchool.objects.filter(is_shared=True).order_by()
        matches = SchoolMatch.objects.order_by()
        self._clever_schools = dict(
            shared.values_list("district").annotate(Count("pk"))
        )
        self._matches = dict(matches.values_list("district").annotate(Count("pk")))
        self._saved = dict(ImportSettings.objects.values_list("district", "saved_at"))
        self._wishes = wishes.districts_that(wishes.ANOTHER_DATE)
        self._without_token = without_token()
        self._leaving = wishes.districts_that(wishes.TO_LEAVE)

    def line(self, district: District) -> Line:
        """Return the line of one district."""
        pk = district.pk
        applied = self._applied.get(pk)
        facts = self._facts(district, applied)
        return _line(
            facts,
            applied,
            newest=self._newest.get(pk),
            ended=self._ended.get(pk),
            has_wish=pk in self._wishes,
            wants_to_leave=pk in self._leaving,
        )

    def _facts(self, district: District, applied: ImportRun | None) -> Facts:
        pk, test = district.pk, self._open_test(district)
        counted = test or applied
        return Facts(
            district=district,
            now=self._now,
            clever_schools=self._clever_schools.get(pk, 0),
            matched_schools=self._matches.get(pk, 0),
            settings_saved_at=self._saved.get(pk),
            test=test,
            under_way=tuple(self._under_way[pk]),
            held=self._held.get(pk, (0, 0))[0 if test else 1],
            conflicts=counted.counts.get("conflict", 0) if counted else 0,
            lacks_token=pk in self._without_token,
        )

    def _open_test(self, district: District) -> ImportRun | None:
        """Return the newest test, None if a final has followed it.

        After the first final an old test is history, no task.
        """
        test, final = self._tests.get(district.pk), self._finals.get(district.pk)
        if test is None or (final is not None and final.pk > test.pk):
            return None
        is_history = district.first_final_at and is_too_old(test, self._now)
        return None if is_history else test


def _newest_runs(**conditions: Any) -> dict[int, ImportRun]:
    """Return each district's newest run that fits, by the district's key."""
    found = ImportRun.objects.filter(pk__in=_newest_keys(**conditions)).only(*_READ)
    return {run.district_id: run for run in found}


def _newer(
    some: dict[int, ImportRun], others: dict[int, ImportRun]
) -> dict[int, ImportRun]:
    """Return the newer run of each district."""
    runs = sorted([*some.values(), *others.values()], key=lambda run: run.pk)
    return {run.district_id: run for run in runs}


def _newest_keys(**conditions: Any) -> QuerySet[District, int | None]:
    own = ImportRun.objects.filter(district=OuterRef("pk"), **conditions)
    newest = Subquery(own.order_by("-pk").values("pk")[:1])
    return District.objects.order_by().values_list(newest)


def _under_way() -> defaultdict[int, list[ImportRun]]:
    """Return the queued and running runs of each district, newest first."""
    found: defaultdict[int, list[ImportRun]] = defaultdict(list)
    runs = ImportRun.objects.filter(state__in=[State.QUEUED, State.RUNNING])
    for run in runs.only(*_READ):
        found[run.district_id].append(run)
    return found


def _held() -> dict[int, tuple[int, int]]:
    """Return how many changes are held in each district: in all, in applied runs alone.

    The rows of `queries.runs.rows_waiting`, with and without an open test: a change
    that waits in both waits once.
    """
    is_applied = Q(run__applied_at__isnull=False)
    newest_tests = _newest_keys(kind=Kind.TEST, state=State.SUCCEEDED)
    rows = ImportResult.objects.filter(
        IS_SET_APART,
        is_applied | Q(run__in=newest_tests),
        state=ImportResult.State.HELD,
    )
    change = Coalesce(NullIf("change_key", Value("")), Cast("pk", TextField()))
    groups = rows.order_by().values_list("run__district_id")
    counts = groups.annotate(
        every=Count(change, distinct=True),
        applied=Count(change, distinct=True, filter=is_applied),
    )
    return {district: (every, applied) for district, every, applied in counts}
