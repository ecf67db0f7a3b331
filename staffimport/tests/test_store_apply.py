from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import JobFunction, StaffAccount, UserRole, Zone
from staffimport.core.values import HeldReason, Outcome, RowState
from staffimport.errors import ClaimLost
from staffimport.store import apply
from staffimport.tests.building import (
    apply_plan,
    make_account,
    make_district,
    make_run,
    make_school,
    new_row,
    row_of,
    store_plan,
)

pytestmark = pytest.mark.django_db

VALUES = (
    "first_name",
    "middle_name",
    "last_name",
    "job_title",
    "email",
    "employee_id",
    "clever_id",
    "status",
    "revision",
)


@pytest.fixture
def oakdale():
    return make_district()


@pytest.fixture
def school(oakdale):
    return make_school(oakdale)


def values(account):
    account.refresh_from_db()
    return {field: getattr(account, field) for field in VALUES}


def states(run):
    return list(run.results.values_list("state", flat=True))


def test_a_new_person_gets_an_account_with_all_the_row_says(oakdale, school):
    row = new_row(school, "g1", employee_id="9", teacher_list=True)

    done = apply_plan(make_run(oakdale), row)

    account = StaffAccount.objects.get(pk=row.account_id)
    assert done == {"applied": 1, "edited": 0, "superseded": 0}
    assert values(account) == {
        "first_name": "Grace",
        "middle_name": "",
        "last_name": "Hopper",
        "job_title": "Teacher",
        "email": "g1@oakdale.org",
        "employee_id": "9",
        "clever_id": "g1",
        "status": "active",
        "revision": 1,
    }
    assert (str(account.user_role), str(account.job_function)) == ("Teacher", "Teacher")
    assert (account.zone, account.teacher_list, account.counselor_list) == (
        None,
        True,
        False,
    )
    assert (account.origin, account.pinned_fields) == ("import", [])
    assert (account.inactive_cause, account.inactive_at, account.user) == (
        "",
        None,
        None,
    )


def test_a_new_person_at_the_district_gets_the_zone_named(oakdale):
    row = new_row(oakdale, "g1", zone="North")

    apply_plan(make_run(oakdale), row)

    account = StaffAccount.objects.get(pk=row.account_id)
    assert (account.school, str(account.zone)) == (None, "North")


def test_names_of_roles_mean_those_of_the_own_district(oakdale, school):
    make_district("cedar")
    row = new_row(school, "g1")

    apply_plan(make_run(oakdale), row)

    account = StaffAccount.objects.get(pk=row.account_id)
    assert account.user_role in oakdale.user_roles.all()


def test_a_matched_account_takes_clevers_values_and_keeps_its_role(oakdale, school):
    role = oakdale.user_roles.get()
    ada = make_account(school, user_role=role, counselor_list=True)
    row = row_of(ada, clever_id="a1", job_title="Teacher, Maths")
    row.user_role, row.counselor_list = "Other", False

    apply_plan(make_run(oakdale), row)

    assert values(ada) == {
        "first_name": "Ada",
        "middle_name": "",
        "last_name": "Lovelace",
        "job_title": "Teacher, Maths",
        "email": "ada@oakdale.org",
        "employee_id": "417",
        "clever_id": "a1",
        "status": "active",
        "revision": 2,
    }
    assert (ada.user_role, ada.counselor_list) == (role, True)


def test_a_search_finds_people_under_what_the_run_wrote(oakdale, school):
    ada = make_account(school)
    new = new_row(school, "g1", last_name="Højgaard")

    apply_plan(make_run(oakdale), row_of(ada, last_name="King"), new)

    names = oakdale.staff_accounts.order_by("name_key").values_list("name_key")
    assert [*names] == [("hojgaard grace",), ("king ada",)]
    assert oakdale.staff_accounts.get(search_text__contains="g1@oakdale.org") != ada


def test_a_leaver_is_archived_and_keeps_everything_else(oakdale, school):
    ada = make_account(school, clever_id="a1")
    run = make_run(oakdale)
    now = timezone.now()
    store_plan(run, row_of(ada, Outcome.INACTIVE))

    apply.apply_run(run, run.claim_token, now)

    ada.refresh_from_db()
    assert (ada.status, ada.inactive_cause, ada.inactive_at, ada.inactive_by) == (
        "inactive",
        "run",
        now,
        f"Final import {run.pk}",
    )
    assert (ada.clever_id, ada.email, ada.revision) == ("a1", "ada@oakdale.org", 2)


@pytest.mark.parametrize("outcome", [Outcome.REACTIVATED, Outcome.RELINK])
def test_whoever_comes_back_is_active_under_the_new_tie(oakdale, school, outcome):
    ada = make_account(
        school,
        status="inactive",
        inactive_cause="run",
        inactive_by="Sync 3",
        inactive_at=timezone.now(),
        clever_id="old",
    )

    apply_plan(make_run(oakdale), row_of(ada, outcome, clever_id="new"))

    ada.refresh_from_db()
    assert (ada.status, ada.inactive_cause, ada.inactive_by, ada.inactive_at) == (
        "active",
        "",
        "",
        None,
    )
    assert ada.clever_id == "new"


@pytest.mark.parametrize("place", ["school", "district"])
def test_two_accounts_swap_their_ties(oakdale, school, place):
    where = school if place == "school" else oakdale
    ada = make_account(where, clever_id="x")
    bob = make_account(where, first_name="Bob", clever_id="y")

    done = apply_plan(
        make_run(oakdale), row_of(ada, clever_id="y"), row_of(bob, clever_id="x")
    )

    assert (values(ada)["clever_id"], values(bob)["clever_id"]) == ("y", "x")
    assert done["applied"] == 2


def test_a_tie_moves_from_an_archived_account_to_a_new_one(oakdale, school):
    ada = make_account(school, clever_id="x")
    run = make_run(oakdale)

    apply_plan(run, row_of(ada, Outcome.INACTIVE), new_row(school, "x"))

    archived = run.results.get(outcome="inactive")
    assert values(ada)["clever_id"] == ""
    assert (archived.clever_id, archived.previous_clever_id) == ("", "x")
    assert StaffAccount.objects.get(clever_id="x").last_name == "Hopper"


def test_the_same_clever_id_at_another_school_is_left_alone(oakdale, school):
    elsewhere = make_account(make_school(oakdale, 2), clever_id="x")
    at_district = make_account(oakdale, clever_id="x")

    apply_plan(make_run(oakdale), new_row(school, "x"))

    assert values(elsewhere)["clever_id"] == "x"
    assert values(at_district)["revision"] == 1


def test_an_account_edited_after_the_plan_is_held_and_not_overwritten(oakdale, school):
    ada = make_account(school)
    run = make_run(oakdale)
    store_plan(run, row_of(ada, job_title="Principal"), new_row(school, "g1"))
    StaffAccount.objects.filter(pk=ada.pk).update(job_title="Dean", revision=2)

    done = apply.apply_run(run, run.claim_token, timezone.now())

    row = run.results.get(account_id=ada.pk)
    assert values(ada)["job_title"] == "Dean"
    assert (row.state, row.held_reason) == (RowState.HELD, HeldReason.EDITED)
    assert row.reason == f"{apply.EDITED}A reason."
    assert done == {"applied": 1, "edited": 1, "superseded": 0}
    assert (run.counts["held"], run.counts["applied"]) == (1, 1)


def test_an_account_deleted_after_the_plan_is_held(oakdale, school):
    ada = make_account(school)
    run = make_run(oakdale)
    store_plan(run, row_of(ada, job_title="Principal"))
    ada.delete()

    apply.apply_run(run, run.claim_token, timezone.now())

    assert states(run) == [RowState.HELD]


def test_a_person_who_got_an_account_meanwhile_gets_no_second_one(oakdale, school):
    run = make_run(oakdale)
    store_plan(run, new_row(school, "g1"))
    make_account(school, clever_id="g1")

    apply.apply_run(run, run.claim_token, timezone.now())

    assert states(run) == [RowState.HELD]
    assert StaffAccount.objects.count() == 1


def test_a_row_whose_account_id_is_taken_is_held(oakdale, school):
    run = make_run(oakdale)
    row = new_row(school, "g1")
    store_plan(run, row)
    make_account(make_school(oakdale, 2), id=row.account_id)

    apply.apply_run(run, run.claim_token, timezone.now())

    assert states(run) == [RowState.HELD]


@pytest.mark.parametrize("named", [UserRole, JobFunction, Zone])
def test_nobody_gets_an_account_whose_role_or_zone_was_renamed_meanwhile(
    oakdale, school, named
):
    row = new_row(oakdale, "g1", zone="North")
    plain = new_row(school, "g2", user_role="", job_function="")

    named.objects.filter(district=oakdale, name=row.zone).update(name="New name")
    named.objects.filter(district=oakdale, name="Teacher").update(name="New name")
    run = make_run(oakdale)
    done = apply_plan(run, row, plain)

    (held,) = run.results.filter(state="held")
    assert done == {"applied": 1, "edited": 1, "superseded": 0}
    assert (str(held.account_id), held.held_reason) == (row.account_id, "edited")
    assert held.reason.startswith(apply.RENAMED)
    assert [a.clever_id for a in StaffAccount.objects.all()] == ["g2"]


def test_held_dismissed_and_idle_rows_write_nothing(oakdale, school):
    ada, bob = make_account(school), make_account(school, first_name="Bob")
    eve = make_account(school, first_name="Eve")
    rows = [
        row_of(ada, job_title="X", state=RowState.HELD),
        row_of(bob, job_title="X", state=RowState.DISMISSED),
        row_of(eve, writes=False),
    ]
    run = make_run(oakdale)

    apply_plan(run, *rows)

    assert {values(a)["revision"] for a in (ada, bob, eve)} == {1}
    assert states(run) == [RowState.HELD, RowState.DISMISSED, RowState.APPLIED]


def test_a_run_without_changes_writes_no_account(oakdale, school):
    before = timezone.now() - timedelta(days=1)
    ada = make_account(school, updated_at=before)

    apply_plan(make_run(oakdale), row_of(ada, writes=False))

    ada.refresh_from_db()
    assert (ada.revision, ada.updated_at) == (1, before)


def test_a_worker_that_was_given_up_applies_nothing(oakdale, school):
    run = make_run(oakdale)
    store_plan(run, new_row(school, "g1"))

    with pytest.raises(ClaimLost):
        apply.apply_run(run, uuid4(), timezone.now())

    run.refresh_from_db()
    assert (run.state, run.applied_at) == ("running", None)
    assert not StaffAccount.objects.exists()


def test_a_cancelled_run_applies_nothing(oakdale, school):
    run = make_run(oakdale)
    store_plan(run, new_row(school, "g1"))
    oakdale.import_runs.update(state="cancelled")

    with pytest.raises(ClaimLost):
        apply.apply_run(run, run.claim_token, timezone.now())

    assert not StaffAccount.objects.exists()


def test_accounts_of_another_district_are_out_of_reach(oakdale, school):
    stranger = make_account(make_school(make_district("cedar")))
    run = make_run(oakdale)

    apply_plan(run, row_of(stranger, job_title="Mine"))

    assert values(stranger)["job_title"] == "Teacher"
    assert states(run) == [RowState.HELD]
