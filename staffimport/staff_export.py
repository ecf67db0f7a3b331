"""The staff list as CSV: one line an account, written row by row."""

from collections.abc import Iterator

from django.db.models import QuerySet

from accounts.models import StaffAccount
from accounts.staff_rows import STAFF_COLUMNS, TEXTS
from schools.formulas import guard
from staffimport.exports import as_csv

# The columns of a staff file, so that it may be loaded again, then what we know.
COLUMNS = (
    "account_id",
    *STAFF_COLUMNS,
    "school",
    "inactive_by",
    "origin",
    "clever_id",
    "pinned",
    "clever_says",
    "changed_at",
)
_CHUNK = 2_000


def staff_csv_lines(accounts: QuerySet[StaffAccount]) -> Iterator[str]:
    """Yield accounts as lines of CSV, the header first; no cell is a formula."""
    related = accounts.select_related("school", "user_role", "job_function", "zone")
    rows = related.prefetch_related("drifts").iterator(chunk_size=_CHUNK)
    return as_csv(COLUMNS, ([*map(guard, _cells(a))] for a in rows))


def _cells(account: StaffAccount) -> Iterator[str]:
    given = {
        **{name: getattr(account, name) for name in TEXTS},
        "account_id": str(account.pk),
        "level": "school" if account.school else "district",
        "school_id": account.school.school_id if account.school else "",
        "school": account.school.name if account.school else "",
        "job_function": str(account.job_function or ""),
        "user_role": str(account.user_role or ""),
        "zone": str(account.zone or ""),
        "teacher_list": "yes" if account.teacher_list else "no",
        "counselor_list": "yes" if account.counselor_list else "no",
        "status": account.status,
        "inactive_by": account.inactive_by,
        "origin": account.get_origin_display(),
        "clever_id": account.clever_id,
        "pinned": "; ".join(account.pinned_fields),
        "clever_says": "; ".join(
            f"{drift.field}: {drift.clever_value}" for drift in account.drifts.all()
        ),
        "changed_at": account.updated_at.isoformat(timespec="seconds"),
    }
    return (given[column] for column in COLUMNS)
