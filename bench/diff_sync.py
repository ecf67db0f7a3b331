"""Child: diffsync compares the roster of the newest test with the accounts.

Its records are found by an exact key, place and e-mail, so that it has none of the
matching to do.
"""

from diffsync import Adapter, DiffSyncModel

from accounts.models import StaffAccount
from bench.child import Measured
from staffimport.models import ImportResult, ImportRun

_COLUMNS = ("school_id", "email", "first_name", "last_name", "job_title", "employee_id")


class Staff(DiffSyncModel):
    """One person at one place."""

    _modelname = "staff"
    _identifiers = ("school_id", "email")
    _attributes = ("first_name", "last_name", "job_title", "employee_id")

    school_id: int
    email: str
    first_name: str
    last_name: str
    job_title: str
    employee_id: str


class Side(Adapter):
    """Clever's side or ours."""

    staff = Staff
    top_level = ["staff"]


def main() -> Measured:
    """Measure filling its two sides and comparing them; parts hold the seconds."""
    test = ImportRun.objects.filter(kind=ImportRun.Kind.TEST).latest("pk")
    rows = ImportResult.objects.filter(run=test).exclude(school=None)
    accounts = StaffAccount.objects.exclude(school=None)
    clever_rows = list(rows.values_list(*_COLUMNS))
    naviance_rows = list(accounts.values_list(*_COLUMNS))
    measured, comparing = Measured(), Measured()
    with measured.clock():
        clever, naviance = _side(clever_rows), _side(naviance_rows)
        with comparing.clock():
            diff = naviance.diff_from(clever)
    measured.parts = {"diff": comparing.seconds, **diff.summary()}
    return measured


def _side(rows: list[tuple[int, str, str, str, str, str]]) -> Side:
    side = Side()
    for school, email, first, last, title, employee_id in rows:
        side.add(
            Staff(
                school_id=school,
                email=email,
                first_name=first,
                last_name=last,
                job_title=title,
                employee_id=employee_id,
            )
        )
    return side
