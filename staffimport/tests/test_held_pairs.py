"""A pair waits for the admin on both sides, also when one side is decided."""

import pytest

from staffimport.core.snapshot import Snapshot
from staffimport.core.values import Details, HeldReason, Outcome, RowState
from staffimport.models import ImportResult
from staffimport.services.held import approve
from staffimport.store import load
from staffimport.tests.building import (
    DANA,
    applied_run,
    decide_on,
    make_account,
    make_district,
    make_run,
    make_school,
    new_row,
    row_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    """A final's run that holds a new person together with an account."""
    school = make_school(make_district())
    ada = make_account(school)
    new = new_row(school, "g1", details=Details(pair=(str(ada.pk),)))
    leaver = row_of(ada, Outcome.INACTIVE)
    leaver.details = Details(pair=("g1",))
    for row in (new, leaver):
        row.state, row.held_reason = RowState.HELD, HeldReason.PAIR
    return applied_run(school.district, new, leaver)


def waiting(district):
    run = district.import_runs.filter(kind="sync").first()
    run = run or make_run(district, "sync")
    keys = load.plan_input(run, Snapshot("x"), None).waiting
    rows = ImportResult.objects.filter(change_key__in=keys)
    return set(rows.values_list("outcome", flat=True))


def test_the_account_of_a_pair_waits_on_when_the_new_person_is_approved(pair):
    created = pair.results.get(outcome="created")

    approve(pair.district, [created.pk], DANA)

    assert waiting(pair.district) == {"inactive"}


def test_a_pair_that_is_told_apart_waits_no_longer(pair):
    assert waiting(pair.district) == {"created", "inactive"}

    decide_on(pair.district, "not_same", pair.district.staff_accounts.get(), "g1")

    assert waiting(pair.district) == set()


def test_the_new_person_of_a_pair_waits_no_longer_when_the_account_is_left_alone(pair):
    decide_on(pair.district, "leave_alone", pair.district.staff_accounts.get())

    assert waiting(pair.district) == {"inactive"}
