"""Stores the rows of a plan as the results of its run."""

from collections.abc import Callable, Iterator
from operator import attrgetter

import msgspec
from django.db.models import Min

from accounts.models import StaffAccount
from accounts.searching import search_text
from accounts.staff_rows import TEXTS
from schools import bulk
from staffimport.core.values import VALUES, Outcome, Plan, PlannedRow, RowState
from staffimport.models import ImportResult, ImportRun, RunSummary

_VALUES = (
    "outcome",
    "held_reason",
    "reason_code",
    "reason",
    "level",
    "school",
    "clever_id",
    "candidates",
    *VALUES,
    "matched_by",
    "keyword",
    "changes",
    "writes",
    "gets_invitation",
    "account_revision",
    "previous_clever_id",
    "change_key",
)
_COLUMNS = (
    "run_id",
    "position",
    "state",
    "account_id",
    "details",
    "search_text",
    "resolved_by",
    *("school_id" if name == "school" else name for name in _VALUES),
)
_DELETE_ROWS = 5_000
BEFORE = "inactive_before"  # the key in `details` that an undo reads

_COMES_BACK = frozenset({Outcome.REACTIVATED, Outcome.RELINK})


def write(
    run: ImportRun, plan: Plan, on_progress: Callable[[int], None] | None = None
) -> None:
    """Store the plan's rows as the run's results, in the plan's order.

    Rows of an earlier attempt at the same run go first. A test and a final store every
    row, a sync those that change something, are held or in conflict, differ in a pinned
    field or lose a tie. `on_progress` gets the number of rows stored so far.

    What an applying run is to do is stored as applied already, so that the apply need
    not write each of its rows once more: they count when the run has `applied_at`.
    """
    delete(run)
    rows = plan.rows
    if run.kind == ImportRun.Kind.SYNC:
        rows = [row for row in rows if matters(row)]
    bulk.write_rows(ImportResult, _COLUMNS, _values(run, rows), on_progress)


def delete(run: ImportRun) -> None:
    """Remove the run's rows, a few at a time: nobody's write waits for long."""
    RunSummary.objects.filter(run=run).delete()
    rows = ImportResult.objects.filter(run=run)
    while (first := rows.aggregate(first=Min("position"))["first"]) is not None:
        rows.filter(position__lt=first + _DELETE_ROWS).delete()


def matters(row: PlannedRow) -> bool:
    """Return whether a sync stores the row."""
    if row.state == RowState.DISMISSED:
        return False  # the row that was dismissed is still there
    is_open = row.state == RowState.HELD or row.outcome == Outcome.CONFLICT
    details = row.details
    return row.writes or is_open or bool(details.drift) or details.loses_tie


def _values(run: ImportRun, rows: list[PlannedRow]) -> Iterator[list[object]]:
    """Yield the values of each row in the order of _COLUMNS."""
    take, text = attrgetter(*_VALUES), attrgetter(*TEXTS)
    inactive = _inactive_before(run, rows)
    run_id, applies = run.pk, run.applies
    for position, row in enumerate(rows):
        state: str = row.state
        if applies and _is_done_by_apply(row):
            state = RowState.APPLIED
        details: object = row.details
        if row.account_id in inactive and row.outcome in _COMES_BACK:
            before = {BEFORE: inactive[row.account_id]}
            details = {**msgspec.to_builtins(details), **before}
        yield [
            run_id,
            position,
            state,
            row.account_id or None,
            details,
            search_text(*text(row)),
            "",
            *take(row),
        ]


def _is_done_by_apply(row: PlannedRow) -> bool:
    """Whether nothing is left to do for the row once its run is applied."""
    is_planned = row.state is RowState.PLANNED
    return is_planned and (row.writes or row.outcome is Outcome.MATCHED)


def _inactive_before(
    run: ImportRun, rows: list[PlannedRow]
) -> dict[str, dict[str, str]]:
    """Return why and since when accounts that come back were inactive, by account.

    Applying clears it from the account; an undo puts it back.
    """
    if not any(row.outcome in _COMES_BACK for row in rows):
        return {}
    inactive = StaffAccount.objects.filter(
        district=run.district_id, status=StaffAccount.Status.INACTIVE
    ).values_list("pk", "inactive_cause", "inactive_at", "inactive_by")
    return {
        str(pk): {"cause": cause, "at": at.isoformat() if at else "", "by": by}
        for pk, cause, at, by in inactive.iterator()
    }
