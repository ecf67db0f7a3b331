"""A Clever id is not for ever: a new one for a known account is never taken unasked."""

import pytest

from staffimport.core.tests.builders import (
    account,
    crowd,
    district_admin,
    inactive,
    only,
    outcomes,
    plan_of,
    row_at,
    row_of,
    staff,
    teacher,
    writing,
)
from staffimport.core.values import (
    Decision,
    DecisionKind,
    HeldReason,
    Outcome,
    RowState,
)

TIED = account(email="p1@x.org", employee_id="7", clever_id="gone")


@pytest.mark.parametrize(
    ("who", "by"),
    [
        (teacher(), "email"),
        (teacher(email="new@x.org", number="7"), "employee_id"),
        (teacher(number="7"), "email_and_employee_id"),
        (teacher(last="Ng"), "email"),
        (teacher(last="Ng", email="", number="7"), "employee_id"),
        (teacher(last=""), "email"),
    ],
)
def test_a_new_person_with_the_email_or_id_of_one_who_is_gone_is_a_relink(who, by):
    row = only(plan_of([who], [TIED]))

    assert (row.outcome, row.state, row.held_reason, row.matched_by) == (
        Outcome.RELINK,
        RowState.HELD,
        HeldReason.RELINK,
        by,
    )
    assert (row.account_id, row.clever_id, row.previous_clever_id) == (
        "a1",
        "p1",
        "gone",
    )


def test_district_staff_relink_by_email_alone():
    gone = account(school=None, email="p1@x.org", employee_id="7", clever_id="gone")

    by_email = plan_of([district_admin()], [gone])
    by_id = plan_of([district_admin(email="", is_teacher=True, teacher_id="7")], [gone])

    assert only(by_email).outcome is Outcome.RELINK
    assert row_of(by_id, "p1").outcome is not Outcome.RELINK


def test_a_relink_is_held_and_writes_nothing_until_approved():
    assert writing(plan_of([teacher()], [TIED])) == []


def test_an_approved_relink_is_planned_and_no_longer_asks():
    held = only(plan_of([teacher()], [TIED]))

    row = only(plan_of([teacher()], [TIED], approved=frozenset([held.change_key])))

    assert (row.state, row.held_reason) == (RowState.PLANNED, "")
    assert row.reason == "Tied to the new Clever ID."


def test_an_approved_relink_says_what_it_changes():
    who = teacher(last="Ng")
    held = only(plan_of([who], [TIED]))

    row = only(plan_of([who], [TIED], approved=frozenset([held.change_key])))

    assert row.reason == (
        "Tied to the new Clever ID. Last name changes from “Lee” to “Ng”."
    )


def test_the_sentence_of_a_relink_says_what_happened_and_what_to_do():
    assert only(plan_of([teacher()], [TIED])).reason == (
        "Clever gave this person a new ID. The account of Ana Lee is tied to the old "
        "one, which is gone. Approve to tie it to the new one."
    )


@pytest.mark.parametrize(
    "people",
    [
        [teacher("p1", email="o@x.org"), teacher("p2", email="o@x.org", last="Ng")],
        [teacher("p1", number="7"), teacher("p2", number="7", last="Ng")],
    ],
)
def test_a_shared_email_or_id_says_nothing_about_who_somebody_is(people):
    gone = account(email="o@x.org", employee_id="7", clever_id="gone")

    made = plan_of(people, [gone])

    assert Outcome.RELINK not in [row.outcome for row in made.rows]


def test_two_new_people_for_one_account_of_one_who_is_gone_are_a_conflict():
    people = [teacher("p1"), teacher("p2", number="7")]

    made = plan_of(people, [TIED])

    assert [row.outcome for row in made.rows] == [Outcome.CONFLICT] * 2


def test_two_users_merged_into_a_third_id_are_a_conflict_of_both_accounts():
    known = [
        account("a1", email="p1@x.org", clever_id="gone1"),
        account("a2", employee_id="S-1", clever_id="gone2"),
    ]
    merged = teacher(is_staff=True, staff_id="S-1", staff_schools=("c-oak",))

    row = only(plan_of([merged], known))

    assert (row.outcome, row.candidates) == (Outcome.CONFLICT, ("a1", "a2"))


def test_not_the_same_refuses_a_relink():
    people, accounts = crowd()
    refused = Decision(DecisionKind.NOT_SAME, "a1", "p1")

    made = plan_of([teacher(), *people], [TIED, *accounts], decisions=[refused])

    assert row_of(made, "p1").outcome is Outcome.CREATED
    assert row_at(made, "a1").outcome is Outcome.INACTIVE


def test_same_person_decides_a_relink():
    decided = Decision(DecisionKind.SAME_PERSON, "a1", "p1")

    row = only(plan_of([teacher()], [TIED], decisions=[decided]))

    assert (row.outcome, row.state, row.clever_id) == (
        Outcome.MATCHED,
        RowState.PLANNED,
        "p1",
    )


def test_an_account_archived_long_ago_comes_back_by_an_approved_relink():
    gone = inactive(email="p1@x.org", clever_id="gone")

    row = only(plan_of([teacher()], [gone]))

    assert row.outcome is Outcome.RELINK
    assert row.changes["status"] == ["inactive", "active"]


def test_an_account_deactivated_by_hand_is_never_relinked():
    gone = inactive(email="p1@x.org", clever_id="gone", cause="manual")

    assert only(plan_of([teacher()], [gone])).outcome is Outcome.CREATED


def test_an_old_id_at_another_school_is_no_relink_here():
    made = plan_of([staff(at="c-elm")], [TIED])

    assert row_of(made, "p1").outcome is Outcome.CREATED


def test_a_person_whose_old_account_resembles_by_name_alone_is_a_pair_not_a_relink():
    people, accounts = crowd()
    gone = account(clever_id="gone")

    made = plan_of([teacher(), *people], [gone, *accounts])

    assert row_of(made, "p1").held_reason == HeldReason.PAIR
    assert row_at(made, "a1").held_reason == HeldReason.PAIR


def test_nobody_near_an_account_whose_person_is_gone_makes_it_inactive():
    people, accounts = crowd()

    made = plan_of(people, [account(clever_id="gone"), *accounts])

    assert row_at(made, "a1").reason_code == "gone_from_clever"
    assert outcomes(made)["a1"] == "inactive"
