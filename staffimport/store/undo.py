"""Takes the last applied run back: what that means, row by row, and doing it."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import StaffAccount
from schools.models import District, SchoolMatch
from schools.services.facts import take_turns
from schools.services.setting_up import note_undo
from staffimport.core.values import Outcome, Plan, PlannedRow
from staffimport.errors import ClaimLost, NotReady, OutOfDate, TooLate
from staffimport.models import ImportResult, ImportRun, ImportSettings
from staffimport.store import apply, drift, load, results
from staffimport.store.lost_ties import give_ties_back
from staffimport.store.parts import CHUNK
from staffimport.store.taking_back import AGAIN, LEFT, REMOVED, take_back
from staffimport.store.trail import requester

State = ImportResult.State
Kind = ImportRun.Kind

_APPLIED = ImportResult.objects.filter(state=State.APPLIED, writes=True)

NOTHING = "There is no import to undo: none has changed an account."
CHANGED_MEANWHILE = (
    "Somebody approved rows of the import while it was being undone, so nothing was "
    "undone. Start the undo again."
)


def last_changing(district: District) -> ImportRun | None:
    """Return the newest run that changed accounts and is not undone, if any."""
    return district.import_runs.filter(
        kind__in=[Kind.FINAL, Kind.SYNC],
        changed_at__isnull=False,
        undone_at__isnull=True,
    ).first()


def check_undoable(run: ImportRun) -> None:
    """Raise NotReady or TooLate, with a sentence, if the run can't be undone.

    Only the last run that changed accounts can be, and once (product.md, "Undo of the
    last applied run").
    """
    if run.undone_at is not None:
        raise TooLate(_undone_already(run))
    last = last_changing(run.district)
    if last == run:
        return
    if last is None or not _applied(run).exists() or run.kind == Kind.UNDO:
        sentence = f"{run} is no import that changed accounts: nothing to undo."
    else:
        sentence = (
            f"{last} changed accounts after {run}. Only the last import that changed "
            f"accounts can be undone: undo {last} first."
        )
    raise NotReady(sentence)


def plan_undo(run: ImportRun) -> Plan:
    """Return what undoing an applied run does: one row for each account it touched.

    `reason_code` is one of the codes of `store.taking_back`; rows that leave something
    as it is say in `details.notes` what and why. Raises as `check_undoable`.
    """
    check_undoable(run)
    done = StaffAccount.objects.filter(
        district=run.district_id, pk__in=_applied(run).values("account_id")
    )
    known = {account.id: account for account in load.accounts(run.district, done)}
    rows = [
        take_back(row, known.get(str(row.account_id)), str(run))
        for row in _applied(run).order_by("position").iterator()
    ]
    give_ties_back(run, rows)
    for row in losing_invitations(run, rows):
        row.reason += f" The invitation that went to {row.email} leads nowhere now."
    return Plan(rows, _count(rows), [])


def losing_invitations(run: ImportRun, rows: Iterable[PlannedRow]) -> list[PlannedRow]:
    """Return the rows of an undo of `run` whose people hold a link that works no more.

    It was sent to them, and its account is removed.
    """
    sent = run.district.invitations.filter(sent_at__isnull=False)
    invited = {str(pk) for pk in sent.values_list("account_id", flat=True)}
    return [
        row for row in rows if row.reason_code == REMOVED and row.account_id in invited
    ]


def carry_out(
    run: ImportRun, on_progress: Callable[[int], None] | None = None
) -> dict[str, int]:
    """Carry out a claimed run of kind undo: store its rows, then apply all or none.

    Its `base_run` is the run to undo. Raises Refused if that can't be undone (any
    more), ClaimLost if the undo is no longer this worker's; nothing is changed then.
    """
    undone, token = run.base_run, run.claim_token
    if undone is None:
        raise NotReady(NOTHING)
    if token is None:
        raise ClaimLost
    applied = _applied(undone).count()
    plan = plan_undo(undone)
    results.write(run, plan, on_progress)
    now = timezone.now()
    with transaction.atomic():
        take_turns(run.district)  # before the accounts, as whoever edits them does
        apply.fence(run, token, now)
        _close(undone, applied, now)
        ImportRun.objects.filter(pk=run.pk).update(counts=plan.counts)
        done = apply.write_accounts(run, str(run), now, State.APPLIED)
        _leave_edited(run)
        _remove_unused(run)
        _archive_as_before(run, undone)
        _unlock(undone)
        drift.forget_untied(run.district)
        done["superseded"] = apply.supersede_before(run, now)
        apply.finish(run, done, now)
        _put_back_on_the_way(run, undone, now)
    return done


def _undone_already(run: ImportRun) -> str:
    return f"{run} is undone already."


def _applied(run: ImportRun) -> QuerySet[ImportResult]:
    return _APPLIED.filter(run=run)


def _count(rows: Iterable[PlannedRow]) -> dict[str, int]:
    counts: Counter[str] = Counter(rows=0, writes=0, held=0)
    for row in rows:
        counts.update((row.outcome.value, row.state.value, f"undo_{row.reason_code}"))
        counts["rows"] += 1
        counts["writes"] += row.writes
    return dict(counts)


def _close(undone: ImportRun, applied: int, now: datetime) -> None:
    """Mark the run undone, unless somebody was faster or has changed what it did."""
    still = ImportRun.objects.filter(pk=undone.pk, undone_at__isnull=True)
    if not still.update(undone_at=now):
        raise TooLate(_undone_already(undone))
    if _applied(undone).count() != applied:
        raise OutOfDate(CHANGED_MEANWHILE)


def _leave_edited(run: ImportRun) -> None:
    """Turn rows whose account was edited meanwhile into ones that are left."""
    ImportResult.objects.filter(run=run, state=State.HELD).update(
        state=State.PLANNED,
        held_reason="",
        outcome=Outcome.SKIPPED,
        reason_code=LEFT,
        writes=False,
    )


def _remove_unused(run: ImportRun) -> None:
    unused = _applied(run).filter(reason_code=REMOVED).values("account_id")
    StaffAccount.objects.filter(district=run.district_id, pk__in=unused).delete()


def _archive_as_before(run: ImportRun, undone: ImportRun) -> None:
    """Say of accounts that are inactive again why they were so before the run."""
    before = {
        account_id: details[results.BEFORE]
        for account_id, details in _applied(undone)
        .filter(outcome__in=[Outcome.REACTIVATED, Outcome.RELINK])
        .values_list("account_id", "details")
        if results.BEFORE in details
    }
    again = _applied(run).filter(reason_code=AGAIN).values("account_id")
    accounts = list(StaffAccount.objects.filter(district=run.district_id, pk__in=again))
    for account in accounts:
        was = before.get(account.pk)
        if was:
            account.inactive_cause, account.inactive_by = was["cause"], was["by"]
            account.inactive_at = parse_datetime(was["at"]) if was["at"] else None
    StaffAccount.objects.bulk_update(
        accounts, ["inactive_cause", "inactive_by", "inactive_at"], CHUNK
    )


def _unlock(undone: ImportRun) -> None:
    """Open the school matches that no final has used but the one that is undone."""
    if undone.applied_at is None:
        return
    SchoolMatch.objects.filter(
        district=undone.district_id, imported_at=undone.applied_at
    ).update(imported_at=None)


def _put_back_on_the_way(run: ImportRun, undone: ImportRun, now: datetime) -> None:
    """Stop the sync; without a final no role is covered any more."""
    who, applied_at = requester(run), undone.applied_at
    if note_undo(run.district, who, str(undone), applied_at, now):
        settings = ImportSettings.objects.filter(district=undone.district_id)
        settings.update(covered_roles=[])
