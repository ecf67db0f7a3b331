"""Ties to Clever ids that accounts lost by a run, or by decisions it acted on."""

from collections.abc import Iterator, Sequence

import msgspec

from accounts.models import StaffAccount
from staffimport.core.values import Outcome, PlannedRow
from staffimport.models import ImportResult, ImportRun, MatchDecision
from staffimport.store import load
from staffimport.store.taking_back import LEFT, RESTORED, as_it_is

TIED_AGAIN = "Tied to the Clever ID before again."
ELSEWHERE = "That Clever ID is tied to another account here by now, so this one is not."
_IDS_IN_A_QUERY = 500


class _LostTie(msgspec.Struct, frozen=True):
    """An account that was tied; `stays_cut` says why it is not to be so again."""

    account_id: str
    clever_id: str
    stays_cut: str = ""


def give_ties_back(run: ImportRun, rows: list[PlannedRow]) -> None:
    """Let an undo's rows tie accounts again whose tie went with the run.

    The run cut such a tie when it gave the Clever id to another account; or an admin
    did by a decision the run acted on, which is taken back by now. Where the decision
    stands, the row says so. Accounts without a row get one.
    """
    lost = {tie.account_id: tie for tie in (*_cut_by_run(run), *_cut_by_decision(run))}
    if not lost:
        return
    taken = _taken(run, rows, sorted({tie.clever_id for tie in lost.values()}))
    by_account = {row.account_id: row for row in rows}
    for account in _untied(run, sorted(lost)):
        row = by_account.get(account.account_id)
        if row is None:
            row = account
            rows.append(row)
        if not row.clever_id:
            _give_back(row, lost[row.account_id], taken)


def _give_back(row: PlannedRow, tie: _LostTie, taken: set[tuple[object, str]]) -> None:
    stays_cut = tie.stays_cut
    if not stays_cut and (row.school, tie.clever_id) in taken:
        stays_cut = ELSEWHERE
    if stays_cut:
        row.details.notes = (*row.details.notes, stays_cut)
        row.reason = f"{row.reason} {stays_cut}".lstrip()
        return
    if row.reason_code == LEFT:
        row.outcome, row.reason_code = Outcome.MATCHED, RESTORED
    row.clever_id, row.writes = tie.clever_id, True
    row.reason = f"{row.reason} {TIED_AGAIN}".lstrip()


def _cut_by_run(run: ImportRun) -> Iterator[_LostTie]:
    rows = ImportResult.objects.filter(run=run, details__loses_tie=True)
    for account_id, clever_id in rows.values_list("account_id", "previous_clever_id"):
        yield _LostTie(str(account_id), clever_id)


def _cut_by_decision(run: ImportRun) -> Iterator[_LostTie]:
    """Yield what was cut since the run before: these decisions the run acted on."""
    decisions = MatchDecision.objects.filter(
        district=run.district_id, cut_tie=True, decided_at__lt=run.applied_at
    )
    before = run.district.import_runs.filter(
        kind__in=[ImportRun.Kind.FINAL, ImportRun.Kind.SYNC],
        applied_at__lt=run.applied_at,
    ).first()
    if before is not None:
        decisions = decisions.filter(decided_at__gt=before.applied_at)
    for decision in decisions.order_by("decided_at"):
        stays_cut = ""
        if decision.revoked_at is None:
            stays_cut = (
                f"No longer tied to a Clever ID: {decision.decided_by_name} decided "
                "“not the same”. Take that decision back to tie it again."
            )
        yield _LostTie(str(decision.account_id), decision.clever_id, stays_cut)


def _untied(run: ImportRun, account_ids: Sequence[str]) -> Iterator[PlannedRow]:
    """Yield a row that leaves it as it is for each account that is untied still."""
    for start in range(0, len(account_ids), _IDS_IN_A_QUERY):
        found = StaffAccount.objects.filter(
            district=run.district_id,
            pk__in=account_ids[start : start + _IDS_IN_A_QUERY],
            clever_id="",
        )
        for account in load.accounts(run.district, found):
            row = as_it_is(account)
            row.outcome, row.reason_code = Outcome.SKIPPED, LEFT
            yield row


def _taken(
    run: ImportRun, rows: list[PlannedRow], clever_ids: Sequence[str]
) -> set[tuple[object, str]]:
    """Return (school, Clever id) of the ids that have an account after the undo."""
    moved = [
        row for row in rows if row.writes and row.clever_id != row.previous_clever_id
    ]
    giving_up = {row.account_id for row in moved}
    taken: set[tuple[object, str]] = {(row.school, row.clever_id) for row in moved}
    for start in range(0, len(clever_ids), _IDS_IN_A_QUERY):
        holders = StaffAccount.objects.filter(
            district=run.district_id,
            clever_id__in=clever_ids[start : start + _IDS_IN_A_QUERY],
        ).values_list("pk", "school_id", "clever_id")
        taken.update(
            (school, clever_id)
            for pk, school, clever_id in holders
            if str(pk) not in giving_up
        )
    return taken
