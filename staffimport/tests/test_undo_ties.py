"""Undo and the ties to Clever ids that a run or a decision cut."""

import pytest

from accounts.models import StaffAccount
from schools.models import AuditEntry
from staffimport import runner
from staffimport.core.values import Details, HeldReason, Outcome, RowState
from staffimport.models import MatchDecision
from staffimport.services.decide import take_back
from staffimport.services.held import approve
from staffimport.services.start import start_final, start_sync, start_test
from staffimport.services.undo import Left, preview_undo, start_undo
from staffimport.tests.building import (
    DANA,
    applied_run,
    decide_on,
    make_account,
    make_district,
    make_school,
    new_row,
    row_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def oakdale():
    return make_district()


@pytest.fixture
def school(oakdale):
    return make_school(oakdale)


@pytest.fixture
def ada(school):
    return make_account(school, clever_id="x")


@pytest.fixture
def bob(school):
    return make_account(school, first_name="Bob")


def ties():
    """Clever id and state of every account, by its id."""
    rows = StaffAccount.objects.values_list("pk", "clever_id", "status")
    return {pk: state for pk, *state in rows}


def undo(run):
    asked = start_undo(run, DANA, send=False)
    undone = runner.carry_out(asked.pk, beat_every=None)
    assert undone.state == "succeeded", undone.error
    return undone


def carry_out(start, district):
    ended = runner.carry_out(start(district, DANA, send=False).pk, beat_every=None)
    assert ended.state == "succeeded", ended.error
    return ended


def loser(account, outcome=Outcome.INACTIVE, **fields):
    """The row of an account whose Clever id goes to another one."""
    return row_of(account, outcome, details=Details(loses_tie=True), **fields)


@pytest.mark.parametrize(
    ("outcome", "fields"),
    [
        (Outcome.INACTIVE, {}),
        (Outcome.INACTIVE, {"state": RowState.HELD, "held_reason": HeldReason.BRAKE}),
        (Outcome.INACTIVE, {"state": RowState.DISMISSED}),
        (Outcome.SKIPPED, {"writes": False}),
    ],
)
def test_a_tie_the_run_gave_to_another_account_comes_back(
    oakdale, ada, bob, outcome, fields
):
    before = ties()
    run = applied_run(
        oakdale, row_of(bob, clever_id="x"), loser(ada, outcome, **fields)
    )
    assert ties()[ada.pk][0] == ""

    undo(run)

    assert ties() == before


def test_a_tie_that_somebody_else_has_by_now_stays_where_it_is(oakdale, ada, bob):
    run = applied_run(
        oakdale, row_of(bob, clever_id="x"), loser(ada, Outcome.SKIPPED, writes=False)
    )
    StaffAccount.objects.filter(pk=bob.pk).update(clever_id="")
    make_account(ada.school, first_name="Eve", clever_id="x")

    preview = preview_undo(run)
    undo(run)

    ada.refresh_from_db()
    assert ada.clever_id == ""
    assert [left.reason for left in preview.left if left.name == "Ada Lovelace"] == [
        "That Clever ID is tied to another account here by now, so this one is not."
    ]


def test_a_removal_held_while_its_tie_went_elsewhere_is_approved_at_once(
    oakdale, ada, bob
):
    held = loser(ada, state=RowState.HELD, held_reason=HeldReason.BRAKE)
    before = ties()
    run = applied_run(oakdale, row_of(bob, clever_id="x"), held)

    resolved = approve(oakdale, [run.results.get(state="held").pk], DANA)

    assert not resolved.refused
    assert ties()[ada.pk] == ["", "inactive"]
    undo(run)
    assert ties() == before


def test_a_tie_cut_by_a_decision_that_stands_stays_cut_and_is_listed(
    oakdale, school, ada
):
    decide_on(oakdale, "not_same", ada, "x")
    ada.refresh_from_db()
    run = applied_run(oakdale, row_of(ada, Outcome.INACTIVE), new_row(school, "x"))

    preview = preview_undo(run)
    undo(run)

    assert ties() == {ada.pk: ["", "active"]}
    assert preview.left == (
        Left(
            str(ada.pk),
            "Ada Lovelace",
            "No longer tied to a Clever ID: Dana Whitfield decided “not the same”. "
            "Take that decision back to tie it again.",
        ),
    )


def test_an_account_the_run_did_not_touch_is_listed_as_well(oakdale, school, ada):
    decide_on(oakdale, "not_same", ada, "x")
    run = applied_run(oakdale, new_row(school, "x"))

    undone = undo(run)

    left = undone.results.get(account_id=ada.pk)
    assert (left.outcome, left.reason_code, left.writes) == ("skipped", "left", False)
    assert "Take that decision back" in left.reason


def test_a_tie_cut_by_a_decision_taken_back_since_comes_back(oakdale, school, ada):
    before = ties()
    decisions = decide_on(oakdale, "not_same", ada, "x")
    ada.refresh_from_db()
    run = applied_run(oakdale, row_of(ada, Outcome.INACTIVE), new_row(school, "x"))
    take_back(oakdale, decisions, DANA)

    preview = preview_undo(run)
    undone = undo(run)

    assert ties() == before
    assert preview.left == ()
    assert undone.results.get(account_id=ada.pk).reason.endswith(
        "active again. Tied to the Clever ID before again."
    )


def test_decisions_of_earlier_runs_are_no_matter_of_this_undo(oakdale, school, ada):
    decide_on(oakdale, "not_same", ada, "x")
    applied_run(oakdale, new_row(school, "x"))
    run = applied_run(oakdale, new_row(school, "y"))

    assert preview_undo(run).left == ()


# Taking the decision back by itself


def test_taking_not_the_same_back_ties_the_account_again(oakdale, ada):
    decisions = decide_on(oakdale, "not_same", ada, "x")
    assert ties()[ada.pk][0] == ""

    take_back(oakdale, decisions, DANA)

    assert ties()[ada.pk][0] == "x"
    entry = AuditEntry.objects.get(verb="tied again")
    assert (entry.about, entry.changes) == (ada.pk, {"clever_id": ["", "x"]})


@pytest.mark.parametrize("place", ["school", "district"])
def test_a_tie_is_not_taken_from_the_account_that_has_it_by_now(oakdale, place):
    at = make_school(oakdale) if place == "school" else oakdale
    ada = make_account(at, clever_id="x")
    decisions = decide_on(oakdale, "not_same", ada, "x")
    make_account(at, first_name="Eve", clever_id="x")

    take_back(oakdale, decisions, DANA)

    assert ties()[ada.pk][0] == ""


def test_an_account_that_got_another_tie_since_keeps_it(oakdale, ada):
    decisions = decide_on(oakdale, "not_same", ada, "x")
    StaffAccount.objects.filter(pk=ada.pk).update(clever_id="y")

    take_back(oakdale, decisions, DANA)

    assert ties()[ada.pk][0] == "y"


def test_a_decision_that_cut_nothing_ties_nothing(oakdale, bob):
    take_back(oakdale, decide_on(oakdale, "not_same", bob, "x"), DANA)

    assert ties()[bob.pk][0] == ""


def test_the_same_word_with_another_note_leaves_the_tie_cut(oakdale, ada):
    decide_on(oakdale, "not_same", ada, "x", note="First.")

    decide_on(oakdale, "not_same", ada, "x", note="Second.")

    assert ties()[ada.pk][0] == ""
    assert MatchDecision.objects.get(revoked_at=None).cut_tie


# From decision to undo, over Clever


@pytest.mark.parametrize("kind", [start_final, start_sync])
def test_an_account_whose_person_is_another_one_by_decision_is_as_before_the_undo(
    maple, ids, kind
):
    for start in (start_test, start_final):
        carry_out(start, maple)
    maple.refresh_from_db()
    person = ids.user_id(1)
    kept = StaffAccount.objects.filter(clever_id=person)[0]
    other = make_account(
        kept.school or maple, first_name="Olga", last_name="Other", employee_id=""
    )
    decide_on(maple, "leave_alone", kept)
    decide_on(maple, "same_person", other, person)
    before = ties()
    if kind is start_final:
        carry_out(start_test, maple)
    run = carry_out(kind, maple)
    after = ties()

    undo(run)

    assert (after[kept.pk][0], after[other.pk][0]) == ("", person)
    assert ties() == before
