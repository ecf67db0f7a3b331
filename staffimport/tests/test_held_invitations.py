"""New accounts that were held: whoever is approved is invited as the run would have."""

import pytest

from schools.audit import Actor
from staffimport.core.values import Details, HeldReason, RowState
from staffimport.models import ImportResult
from staffimport.queries.effects import effects
from staffimport.services.held import approve, dismiss
from staffimport.tests.building import (
    applied_run,
    make_account,
    make_district,
    make_school,
    new_row,
    succeeded_test,
)

pytestmark = pytest.mark.django_db

DANA = Actor("Dana Whitfield")


@pytest.fixture
def oakdale():
    return make_district(uses_sso=False)


@pytest.fixture
def school(oakdale):
    return make_school(oakdale)


def held_newcomer(place, clever_id="g1", *, invites=True, **fields):
    return new_row(
        place,
        clever_id,
        state=RowState.HELD,
        held_reason=HeldReason.PAIR,
        details=Details(invites=invites),
        **fields,
    )


def invited():
    return ImportResult.objects.filter(gets_invitation=True).count()


def approve_all(district, run):
    rows = run.results.filter(state="held").values_list("pk", flat=True)
    resolved = approve(district, rows, DANA)
    assert not resolved.refused


def test_an_approved_new_person_is_invited_as_the_run_would_have(oakdale, school):
    run = applied_run(oakdale, held_newcomer(school))
    assert invited() == 0

    approve_all(oakdale, run)

    row = run.results.get()
    assert (row.state, row.gets_invitation) == ("applied", True)


def test_a_person_approved_in_a_test_is_among_those_who_will_be_e_mailed(
    oakdale, school
):
    test = succeeded_test(oakdale, held_newcomer(school))

    approve_all(oakdale, test)

    found = effects(test)
    assert (found.emailed, found.unmailed, found.known) == (1, 0, 0)


def test_two_approved_accounts_of_one_person_are_one_invitation(oakdale, school):
    other = make_school(oakdale, 2)
    run = applied_run(oakdale, held_newcomer(school), held_newcomer(other))

    approve_all(oakdale, run)

    assert (run.results.filter(state="applied").count(), invited()) == (2, 1)


def test_accounts_approved_one_after_the_other_are_one_invitation(oakdale, school):
    other = make_school(oakdale, 2)
    run = applied_run(oakdale, held_newcomer(school), held_newcomer(other))

    for row in run.results.all():
        approve(oakdale, [row.pk], DANA)

    assert invited() == 1


def test_whoever_has_an_account_elsewhere_is_not_invited_by_an_approval(
    oakdale, school
):
    make_account(make_school(oakdale, 2), clever_id="g1")
    run = applied_run(oakdale, held_newcomer(school))

    approve_all(oakdale, run)

    assert invited() == 0


def test_an_address_that_can_get_no_invitation_gets_none_by_an_approval(
    oakdale, school
):
    run = applied_run(oakdale, held_newcomer(school, invites=False))

    approve_all(oakdale, run)

    assert invited() == 0


@pytest.mark.parametrize("uses_sso", [True, None])
def test_nobody_is_invited_by_an_approval_unless_sso_was_answered_no(
    oakdale, school, uses_sso
):
    oakdale.uses_sso = uses_sso
    oakdale.save()
    run = applied_run(oakdale, held_newcomer(school))

    approve_all(oakdale, run)

    assert invited() == 0


def test_a_dismissed_new_person_is_not_invited(oakdale, school):
    run = applied_run(oakdale, held_newcomer(school))

    dismiss(oakdale, [run.results.get().pk], DANA)

    assert invited() == 0


def test_a_new_person_whose_way_is_clear_again_is_invited_after_all(oakdale, school):
    run = applied_run(oakdale, held_newcomer(school))
    in_the_way = make_account(school, clever_id="g1")
    row = run.results.get()

    refused = approve(oakdale, [row.pk], DANA).refused
    invited_before = invited()
    in_the_way.delete()
    approve(oakdale, [row.pk], DANA)

    assert (list(refused), invited_before, invited()) == ([row.pk], 0, 1)
