"""A district with a planned test: from people and accounts, without asking Clever."""

from django.utils import timezone

from accounts.models import StaffAccount
from schools.audit import Actor
from staffimport import runner, runs
from staffimport.core.snapshot import RosterSchool, Snapshot
from staffimport.models import ImportRun
from staffimport.tests.building import make_account, save_snapshot

DANA = Actor("Dana Whitfield")


def account_of(school, **fields):
    """An active account of Ana Lee at a school, or what `fields` say."""
    known = {
        "first_name": "Ana",
        "last_name": "Lee",
        "job_title": "",
        "email": "old@oak.example",
        "employee_id": "",
    }
    return make_account(school, **{**known, **fields})


def crowd(school, size=40):
    """Accounts that somebody in Clever holds, so that the brake sees no accident."""
    return StaffAccount.objects.bulk_create(
        StaffAccount(
            district=school.district,
            school=school,
            first_name=f"F{number}",
            last_name=f"Crowd{number}",
            clever_id=f"crowd{number}",
            email=f"crowd{number}@oak.example",
        )
        for number in range(size)
    )


def planned_test(district, people):
    """A succeeded test over a stored snapshot of the people, with its rows planned."""
    schools = district.clever_schools.values_list("clever_id", "name")
    shared = [RosterSchool(clever_id, name) for clever_id, name in schools]
    now = timezone.now()
    pulled = ImportRun.objects.create(
        district=district,
        kind="test",
        state="succeeded",
        snapshot=save_snapshot(
            district, Snapshot("x", schools=shared, people=list(people))
        ),
        requested_by_name="Dana Whitfield",
        requested_at=now,
        started_at=now,
        pulled_at=now,
        finished_at=now,
    )
    runs.request_repeat(pulled, DANA, now)
    return plan_waiting(district)


def plan_waiting(district):
    """The test that waits to be planned again, planned."""
    run = district.import_runs.get(kind="test", state="queued")
    return runner.carry_out(run.pk, beat_every=None)
