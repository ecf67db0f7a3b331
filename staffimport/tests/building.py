"""Builds the districts, accounts, runs and planned rows of the store's tests."""

import uuid
from collections import Counter

from django.utils import timezone

from accounts.models import JobFunction, StaffAccount, UserRole, Zone
from accounts.searching import search_text
from accounts.staff_rows import TEXTS
from schools.audit import Actor
from schools.models import CleverSchool, District, School, SchoolMatch
from staffimport.core.decisions import Choice
from staffimport.core.snapshot import Snapshot
from staffimport.core.values import DecisionKind, Level, Outcome, Plan, PlannedRow
from staffimport.models import ImportRun, RosterSnapshot
from staffimport.services.decide import decide
from staffimport.store import apply, results, snapshots

DANA = Actor("Dana Whitfield")


def make_district(slug="oakdale", **fields):
    """A district with role, function and zone "Teacher", "Teacher", "North"."""
    district = District.objects.create(slug=slug, name=slug.title(), **fields)
    UserRole.objects.create(district=district, name="Teacher")
    JobFunction.objects.create(district=district, name="Teacher")
    Zone.objects.create(district=district, name="North")
    return district


def make_school(district, number=1, *, matched=True):
    """A school, by default matched to a Clever school of the same name."""
    school = School.objects.create(
        district=district, school_id=f"S{number}", name=f"School {number}"
    )
    if matched:
        clever_school = CleverSchool.objects.create(
            district=district, clever_id=f"clever-{school.pk}", name=school.name
        )
        SchoolMatch.objects.create(
            district=district,
            school=school,
            clever_school=clever_school,
            method=SchoolMatch.Method.NAME,
        )
    return school


def make_account(place, **fields):
    """An account at a school, or at a district: Ada Lovelace unless fields differ."""
    at_school = isinstance(place, School)
    known = {
        "district": place.district if at_school else place,
        "school": place if at_school else None,
        "first_name": "Ada",
        "last_name": "Lovelace",
        "job_title": "Teacher",
        "email": "ada@oakdale.org",
        "employee_id": "417" if at_school else "",
    }
    made = {**known, **fields}
    text = search_text(*(made.get(name, "") for name in TEXTS))
    return StaffAccount.objects.create(**{"search_text": text, **made})


def make_run(district, kind="final", **fields):
    """A run that a worker holds."""
    known = {
        "state": "running",
        "claim_token": uuid.uuid4(),
        "started_at": timezone.now(),
        "requested_by_name": "Dana Whitfield",
    }
    return ImportRun.objects.create(district=district, kind=kind, **{**known, **fields})


def row_of(account, outcome=Outcome.MATCHED, **changes):
    """The row of an account; `changes` are new values, or fields of the row."""
    row = PlannedRow(
        outcome,
        Level.SCHOOL if account.school_id else Level.DISTRICT,
        account.school_id,
        reason="A reason.",
        clever_id=account.clever_id,
        previous_clever_id=account.clever_id,
        account_id=str(account.pk),
        account_revision=account.revision,
        first_name=account.first_name,
        middle_name=account.middle_name,
        last_name=account.last_name,
        job_title=account.job_title,
        email=account.email,
        employee_id=account.employee_id,
        user_role=str(account.user_role or ""),
        writes=True,
    )
    for field, new in changes.items():
        if field in ("first_name", "last_name", "job_title", "email", "employee_id"):
            row.changes[field] = [getattr(account, field) or None, new]
        setattr(row, field, new)
    return row


def new_row(place, clever_id, **fields):
    """The row of a new person: Grace Hopper unless fields differ."""
    at_school = isinstance(place, School)
    known = {
        "reason": "New.",
        "account_id": str(uuid.uuid4()),
        "first_name": "Grace",
        "last_name": "Hopper",
        "job_title": "Teacher",
        "email": f"{clever_id}@oakdale.org",
        "job_function": "Teacher",
        "user_role": "Teacher",
        "writes": True,
    }
    return PlannedRow(
        Outcome.CREATED,
        Level.SCHOOL if at_school else Level.DISTRICT,
        place.pk if at_school else None,
        clever_id=clever_id,
        **{**known, **fields},
    )


def a_plan(*rows):
    """A plan of these rows, counted as the planner counts."""
    counts = Counter(key.value for row in rows for key in (row.outcome, row.state))
    counts.update(rows=len(rows), writes=sum(row.writes for row in rows))
    return Plan(list(rows), dict(counts), [])


def store_plan(run, *rows):
    """Store the rows as the run's results, as a runner does."""
    plan = a_plan(*rows)
    results.write(run, plan)
    ImportRun.objects.filter(pk=run.pk).update(counts=plan.counts)
    run.refresh_from_db()
    return run


def apply_plan(run, *rows):
    """Store and apply the rows, and return what applying says it did."""
    store_plan(run, *rows)
    return apply.apply_run(run, run.claim_token, timezone.now())


def applied_run(district, *rows, kind="final"):
    """A run that stored these rows and was applied."""
    run = make_run(district, kind)
    apply_plan(run, *rows)
    return run


def succeeded_test(district, *rows, **fields):
    """A succeeded test with these rows."""
    run = make_run(district, "test", **fields)
    store_plan(run, *rows)
    ImportRun.objects.filter(pk=run.pk).update(state="succeeded", claim_token=None)
    run.refresh_from_db()
    return run


def save_snapshot(district, snapshot=None) -> RosterSnapshot:
    """A stored snapshot, by default an empty one."""
    return snapshots.save(district, snapshot or Snapshot(district.slug))


def decide_on(  # noqa: PLR0913
    district, kind, account, clever_id="", *, note="", by=DANA, others=()
):
    """One decision about an account, as somebody makes it on a page."""
    choice = Choice(
        DecisionKind(kind),
        str(account.pk),
        clever_id,
        others=tuple(str(other.pk) for other in others),
    )
    return decide(district, [choice], note, by)
