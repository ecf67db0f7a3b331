"""What undoing one applied row does to its account, and the sentence that says so."""

from staffimport.core.explain import FIELD_WORDS, listed
from staffimport.core.values import (
    VALUES,
    Account,
    InactiveCause,
    Level,
    Outcome,
    PlannedRow,
)
from staffimport.models import ImportResult

# The words of `reason_code` in a run of kind undo.
RESTORED = "restored"  # values or tie go back
REMOVED = "removed"  # created by the run, never used
ARCHIVED = "archived"  # created by the run, used since
AGAIN = "archived_again"  # brought back by the run
REACTIVATED = "reactivated"  # archived by the run
LEFT = "left"  # nothing can be taken back


def take_back(row: ImportResult, account: Account | None, undone: str) -> PlannedRow:
    """Return the row that undoes an applied one.

    `account` is its account as it is now, None if it is gone; `undone` the name of the
    run to undo. Only what nobody has changed since goes back.
    """
    if account is None:
        return _left(row, "The account is gone, so there is nothing to take back.")
    match row.outcome:
        case Outcome.CREATED:
            return _created(row, account, undone)
        case Outcome.INACTIVE:
            return _archived(row, account, undone)
        case _:
            return _changed(row, account, undone)


def _created(row: ImportResult, account: Account, undone: str) -> PlannedRow:
    back = _of_account(row, account)
    if account.clever_id == row.clever_id:
        back.clever_id = ""
    if not account.has_sign_in and account.revision == 1:
        back.outcome, back.reason_code, back.clever_id = Outcome.INACTIVE, REMOVED, ""
        back.changes = {"status": ["active", None]}
        back.reason = f"Created by {undone} and never used: removed."
    elif account.active:
        back.outcome, back.reason_code = Outcome.INACTIVE, ARCHIVED
        back.changes = {"status": ["active", "inactive"]}
        back.reason = (
            f"Created by {undone} and used or edited since: archived, not removed."
        )
    else:
        back.reason_code = RESTORED
        back.reason = f"Created by {undone} and inactive by now: only untied."
    back.writes = True
    return back


def _archived(row: ImportResult, account: Account, undone: str) -> PlannedRow:
    if account.active:
        return _left(row, "Active again already.", account)
    if account.inactive_cause != InactiveCause.RUN:
        who = account.inactive_by or "somebody"
        return _left(row, f"Deactivated by {who} since, so it stays inactive.", account)
    back = _of_account(row, account)
    back.outcome, back.reason_code = Outcome.REACTIVATED, REACTIVATED
    back.changes = {"status": ["inactive", "active"]}
    back.reason = f"Archived by {undone}: active again."
    if not account.clever_id:
        back.clever_id = row.previous_clever_id
    back.writes = True
    return back


def _changed(row: ImportResult, account: Account, undone: str) -> PlannedRow:
    """Undo a row that changed values, the tie, or brought the account back."""
    back = _of_account(row, account)
    back.reason_code = RESTORED
    stays = []
    for field, (old, new) in row.changes.items():
        if field == "status":
            continue
        now = getattr(account, field)
        if now == (new or ""):
            setattr(back, field, old or "")
            back.changes[field] = [now or None, old]
        else:
            stays.append(FIELD_WORDS[field].lower())
    if account.clever_id == row.clever_id:
        back.clever_id = row.previous_clever_id
    if "status" in row.changes and account.active:
        back.outcome, back.reason_code = Outcome.INACTIVE, AGAIN
        back.changes["status"] = ["active", "inactive"]
    back.writes = bool(back.changes) or back.clever_id != account.clever_id
    kept = f"Edited since and left: {listed(stays)}." if stays else ""
    if not back.writes:
        return _left(row, kept or "Changed back already.", account)
    back.reason = " ".join(filter(None, [_told(back, account, undone), kept]))
    if kept:
        back.details.notes = (kept,)
    return back


def _told(back: PlannedRow, account: Account, undone: str) -> str:
    sentences = []
    if back.reason_code == AGAIN:
        sentences.append(f"Brought back by {undone}: inactive again.")
    sentences.extend(
        f"{FIELD_WORDS[field]} goes back from {_quoted(new)} to {_quoted(old)}."
        for field, (new, old) in back.changes.items()
        if field != "status"
    )
    if back.clever_id != account.clever_id:
        if back.clever_id:
            sentences.append("Tied to the Clever ID before again.")
        else:
            sentences.append("No longer tied to a Clever ID.")
    return " ".join(sentences)


def _quoted(value: object) -> str:
    return f"“{value}”" if value else "blank"


def _left(row: ImportResult, reason: str, account: Account | None = None) -> PlannedRow:
    back = _of_account(row, account)
    back.outcome, back.reason_code, back.reason = Outcome.SKIPPED, LEFT, reason
    back.details.notes = (reason,)
    return back


def _of_account(row: ImportResult, account: Account | None) -> PlannedRow:
    """Return a row with the account's values, or the old row's if it is gone."""
    if account is not None:
        return as_it_is(account)
    back = PlannedRow(
        Outcome.MATCHED,
        Level(row.level),
        row.school_id,
        account_id=str(row.account_id),
        clever_id=row.clever_id,
        previous_clever_id=row.clever_id,
    )
    for field in VALUES:
        setattr(back, field, getattr(row, field))
    return back


def as_it_is(account: Account) -> PlannedRow:
    """Return a row that changes nothing of an account."""
    back = PlannedRow(
        Outcome.MATCHED,
        Level.DISTRICT if account.school is None else Level.SCHOOL,
        account.school,
        account_id=account.id,
        clever_id=account.clever_id,
        previous_clever_id=account.clever_id,
        account_revision=account.revision,
    )
    for field in VALUES:
        setattr(back, field, getattr(account, field))
    return back
