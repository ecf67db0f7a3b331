"""Carrying out runs at once, and what the accounts held before and after."""

from accounts.models import StaffAccount
from staffimport import runner
from staffimport.tests.building import DANA


def carry_out(start, district, on_progress=lambda _: None):
    """Start a run with a service and carry it out here; return it."""
    run = start(district, DANA, send=False)
    district.refresh_from_db()
    return runner.carry_out(run.pk, on_progress, beat_every=None)


def accounts(district):
    """Everything in every account, to be compared before and after."""
    return list(StaffAccount.objects.filter(district=district).order_by("pk").values())
