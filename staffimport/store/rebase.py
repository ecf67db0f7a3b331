"""Fits a row that was held as edited to its account as that is now."""

from uuid import UUID

from django.db.models import Q

from accounts.models import StaffAccount
from accounts.searching import search_text
from accounts.staff_rows import TEXTS
from staffimport.core.values import Outcome
from staffimport.models import ImportResult

_SAVED = (
    *TEXTS,
    "search_text",
    "changes",
    "clever_id",
    "previous_clever_id",
    "account_revision",
    "reason",
)

GONE = "The account is gone. The next run looks at this person again."
HAS_ONE = "This person has an account there by now."
ALREADY = "The account is inactive already."
BY_HAND = "The account was deactivated by hand, which an import does not undo."
NOTHING_LEFT = "The account has these values by now, so nothing is left to do."


def rebase(row: ImportResult) -> str:
    """Fit a row to its account as it is now, and save it.

    Only the fields that the row changes are written then; all others keep what
    somebody has entered meanwhile, and so do fields pinned since. Returns why the row
    can't be approved any more as a sentence, "" if it can.
    """
    accounts = StaffAccount.objects.filter(district=row.run.district_id)
    account = accounts.filter(pk=row.account_id or UUID(int=0)).first()
    if row.outcome == Outcome.CREATED:
        return HAS_ONE if account or _has_account(row) else ""
    if account is None:
        return GONE
    is_active = account.status == StaffAccount.Status.ACTIVE
    if row.outcome == Outcome.INACTIVE:
        if not is_active:
            return ALREADY
        row.clever_id = account.clever_id
    elif account.inactive_cause == StaffAccount.InactiveCause.MANUAL:
        return BY_HAND
    _take_values(row, account)
    has_new_tie = row.clever_id != account.clever_id
    if not (row.changes or has_new_tie):
        return NOTHING_LEFT
    row.previous_clever_id = account.clever_id
    row.account_revision = account.revision
    row.save(update_fields=_SAVED)
    return ""


def _has_account(row: ImportResult) -> bool:
    at_place = Q(school=row.school_id) if row.school_id else Q(school__isnull=True)
    return StaffAccount.objects.filter(
        at_place, district=row.run.district_id, clever_id=row.clever_id
    ).exists()


def _take_values(row: ImportResult, account: StaffAccount) -> None:
    status = row.changes.get("status")
    changes = {"status": status} if status and status[1] != account.status else {}
    for field in TEXTS:
        old, new = getattr(account, field), getattr(row, field)
        is_changed = field in row.changes and new != old
        if is_changed and field not in account.pinned_fields:
            changes[field] = [old or None, new]
        else:
            setattr(row, field, old)
    row.changes = changes
    row.search_text = search_text(*(getattr(row, field) for field in TEXTS))
