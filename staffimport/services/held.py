"""Approve or dismiss held rows: of a test for the final that follows, or at once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import BigIntegerField
from django.utils import timezone

from schools.audit import Actor, record
from schools.models import District
from staffimport.core.values import HeldReason
from staffimport.errors import Refused, TooLate
from staffimport.models import ImportResult, ImportRun
from staffimport.queries.runs import open_test
from staffimport.queries.words import place
from staffimport.runs import hold_still
from staffimport.services.decision_rights import beyond_rights
from staffimport.store.apply import apply_rows
from staffimport.store.invitations import invite_approved
from staffimport.store.parts import parts
from staffimport.store.rebase import rebase

State = ImportResult.State

_MOST_NAMED = 20
_HIGHEST_KEY = BigIntegerField.MAX_BIGINT

DECIDED_NOW = "Somebody else decided this row at this moment. Look at it again."
EDITED_SINCE = (
    "The account was edited in Naviance after the run, so nothing was overwritten. "
    "Look at it, then approve the row once more to write Clever's values."
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """What became of rows somebody approved or dismissed.

    `done` are the ids of those it worked for; `refused` maps the id of each of the
    others to a sentence that says why.
    """

    done: tuple[int, ...]
    refused: dict[int, str]


def approve(district: District, row_ids: Iterable[int], actor: Actor) -> Resolved:
    """Approve held rows, or take a dismissal of rows back.

    A row of a test is applied by the final that follows the test. A row of an applied
    run is checked again and applied at once; one that was edited during the run is
    first fitted to its account, so that only the fields Clever changes are written.
    Refused is a row that relinks, archives or reactivates an account which may do more
    over others than the actor.
    `row_ids` are primary keys of ImportResult.
    """
    return _resolve(district, row_ids, actor, _approve_of_run)


def dismiss(district: District, row_ids: Iterable[int], actor: Actor) -> Resolved:
    """Dismiss held rows: the same change stays away until its cause changes.

    `row_ids` are primary keys of ImportResult.
    """
    return _resolve(district, row_ids, actor, _dismiss_of_run)


_OfRun = Callable[[ImportRun, list[ImportResult], Actor], Resolved]


def _resolve(
    district: District, row_ids: Iterable[int], actor: Actor, of_run: _OfRun
) -> Resolved:
    """Resolve the rows of each run in a transaction of its own."""
    test = open_test(district)
    rows, refused, asked = _rows_meant(district, sorted(set(row_ids)), test)
    by_run: dict[ImportRun, list[ImportResult]] = defaultdict(list)
    for row in rows:
        if sentence := _refusal(row, test):
            refused[row.pk] = sentence
        else:
            by_run[row.run].append(row)
    done: list[int] = []
    for run, its_rows in by_run.items():
        try:
            with transaction.atomic():
                resolved = of_run(run, its_rows, actor)
        except Refused as error:
            refused |= dict.fromkeys((row.pk for row in its_rows), error.user_message)
        else:
            done += resolved.done
            refused |= resolved.refused
    return Resolved(
        tuple(sorted(asked.get(pk, pk) for pk in done)),
        {asked.get(pk, pk): sentence for pk, sentence in refused.items()},
    )


def _rows_meant(
    district: District, wanted: list[int], test: ImportRun | None
) -> tuple[list[ImportResult], dict[int, str], dict[int, int]]:
    """Return the rows that are meant, why others are refused, and who was asked for.

    Of a test that was planned again the newest plan has the row with the same change:
    the last mapping leads from that one's primary key to the one asked for.
    """
    found = _rows(district, wanted)
    refused = {
        row_id: f"{district} has no row {row_id}. held_rows lists those there are."
        for row_id in set(wanted) - {row.pk for row in found}
    }
    older = {row.pk: row for row in found if test and _is_older(row.run, test)}
    newest = _by_change(test, [row.change_key for row in older.values()])
    meant = [row for row in found if row.pk not in older]
    asked: dict[int, int] = {}
    for pk, row in older.items():
        if (now := newest.get(row.change_key)) is None:
            refused[pk] = f"{test} has no such row any more. Look at it there."
        else:
            meant.append(now)
            asked[now.pk] = pk
    return meant, refused, asked


def _is_older(run: ImportRun, test: ImportRun) -> bool:
    """Whether a run is an earlier plan of the test."""
    kept = run.snapshot_id is not None and run.snapshot_id == test.snapshot_id
    return kept and run.kind == test.kind and run != test


def _by_change(test: ImportRun | None, keys: Sequence[str]) -> dict[str, ImportResult]:
    rows = ImportResult.objects.filter(run=test).exclude(change_key="")
    return {
        row.change_key: row
        for part in parts(keys)
        for row in rows.filter(change_key__in=part).select_related("run__district")
    }


def _rows(district: District, row_ids: Sequence[int]) -> list[ImportResult]:
    row_ids = [row_id for row_id in row_ids if 0 < row_id <= _HIGHEST_KEY]
    return [
        row
        for part in parts(row_ids)
        for row in ImportResult.objects.filter(
            run__district=district, pk__in=part
        ).select_related("run__district")
    ]


def _refusal(row: ImportResult, test: ImportRun | None) -> str:
    """Return why a row can't be decided here, "" if it can."""
    who = f" by {row.resolved_by}" if row.resolved_by else ""
    if row.state == State.SUPERSEDED:
        return "A newer run has replaced this row. Decide the row of that run."
    if row.state not in (State.HELD, State.DISMISSED):
        return f"This row is not held: it is {row.state} already{who}."
    run = row.run
    if run.applied_at is None and run != test:
        return _not_newest(run)
    return ""


def _approve_of_run(run: ImportRun, rows: list[ImportResult], actor: Actor) -> Resolved:
    now = timezone.now()
    refused = beyond_rights(run.district, rows, actor)
    rows = [row for row in rows if row.pk not in refused]
    if run.applied_at is None:
        _hold_open(run)
        done = _move(rows, State.PLANNED, actor, now)
        refused |= {row.pk: DECIDED_NOW for row in rows if row.pk not in done}
        invite_approved(run, done)
    else:
        done, unfit = _approve_applied(run, rows, actor, now)
        refused |= unfit
    _record(run, actor, "approved", done)
    _forget_dismissals(run.district, [row for row in rows if row.pk in done])
    return Resolved(tuple(done), refused)


def _approve_applied(
    run: ImportRun, rows: list[ImportResult], actor: Actor, now: datetime
) -> tuple[list[int], dict[int, str]]:
    """Apply what fits its account; return the ids of that, and why others don't."""
    refused = {}
    for row in rows:
        if row.held_reason == HeldReason.EDITED and (sentence := rebase(row)):
            refused[row.pk] = sentence
    fitting = [row.pk for row in rows if row.pk not in refused]
    invite_approved(run, fitting)
    apply_rows(run, fitting, actor.name, now)
    done = []
    for row in _rows(run.district, fitting):
        if row.state == State.APPLIED:
            done.append(row.pk)
        else:
            refused[row.pk] = EDITED_SINCE
    return done, refused


def _dismiss_of_run(run: ImportRun, rows: list[ImportResult], actor: Actor) -> Resolved:
    if run.applied_at is None:
        _hold_open(run)
    held = [row for row in rows if row.state == State.HELD]
    done = _move(held, State.DISMISSED, actor, timezone.now())
    _record(run, actor, "dismissed", done)
    refused = {
        row.pk: DECIDED_NOW if row in held else "This row is dismissed already."
        for row in rows
        if row.pk not in done
    }
    return Resolved(tuple(done), refused)


def _hold_open(test: ImportRun) -> None:
    """Keep the test the newest until the transaction ends. Raises TooLate."""
    hold_still(test)
    if open_test(test.district) != test:
        raise TooLate(_not_newest(test))


def _not_newest(test: ImportRun) -> str:
    return f"{test} is not the newest test. Decide the row of the newest one."


def _move(
    rows: list[ImportResult], state: str, actor: Actor, now: datetime
) -> list[int]:
    """Set the rows' state unless somebody else just has; return whose was set."""
    moved = []
    for row in rows:
        still = ImportResult.objects.filter(pk=row.pk, state=row.state)
        if still.update(state=state, resolved_at=now, resolved_by=actor.name):
            moved.append(row.pk)
    return moved


def _forget_dismissals(district: District, approved: list[ImportResult]) -> None:
    """Let the newest word win: no dismissed row is left of a change just approved."""
    keys = sorted({row.change_key for row in approved if row.change_key})
    runs = district.import_runs.order_by().values("pk")
    for part in parts(keys):
        ImportResult.objects.filter(
            run__in=runs,
            state=State.DISMISSED,
            change_key__in=part,
        ).update(state=State.SUPERSEDED)


def _record(run: ImportRun, actor: Actor, verb: str, done: list[int]) -> None:
    if done:
        rows = "1 row" if len(done) == 1 else f"{len(done):,} rows"
        changes: dict[str, list[object]] = {
            "rows": [None, done],
            "people": [None, _names(run, done)],
        }
        record(run.district, actor, verb, f"{rows} of {run}", changes=changes)


def _names(run: ImportRun, rows: list[int]) -> list[object]:
    """Return who the first of the rows are about, for the audit trail to be read."""
    named = run.results.filter(pk__in=rows[:_MOST_NAMED]).select_related("school")
    return [f"{row.last_name}, {row.first_name} ({place(row)})" for row in named]
