"""What can't be decided waits for the admin, and nothing is changed until then."""

import pytest

from staffimport.core.matching import ConflictKind
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
from staffimport.core.values import Decision, DecisionKind, Outcome, RowState


def test_two_active_accounts_for_one_placement_are_a_conflict():
    made = plan_of(
        [teacher(number="7")],
        [account("a1", email="p1@x.org"), account("a2", employee_id="7")],
    )

    row = only(made)
    assert (row.outcome, row.reason_code) == (Outcome.CONFLICT, "two_accounts")
    assert row.candidates == ("a1", "a2")
    assert (row.account_id, row.writes) == ("", False)


@pytest.mark.parametrize("school", [1, None])
def test_two_people_for_one_account_are_a_conflict_on_both_rows(school):
    make = staff if school else district_admin
    people = [make("p1", email="o@x.org"), make("p2", email="o@x.org", first="Bo")]

    made = plan_of(people, [account(school=school, email="o@x.org")])

    assert [row.reason_code for row in made.rows] == ["two_people", "two_people"]
    assert {row.candidates for row in made.rows} == {("a1",)}
    assert row_of(made, "p1").details.other_people[0].clever_id == "p2"


def test_an_email_shared_by_three_of_one_last_name_is_one_conflict_of_three_rows():
    people = [staff(f"p{n}", first=f"F{n}", email="office@x.org") for n in (1, 2, 3)]
    accounts = [
        account("a1", email="office@x.org"),
        account("a2", email="office@x.org"),
    ]

    made = plan_of(people, accounts)

    assert {row.reason_code for row in made.rows} == {"several"}
    assert {row.candidates for row in made.rows} == {("a1", "a2")}
    assert writing(made) == []


def test_a_shared_email_with_different_last_names_is_no_conflict():
    people = [staff("p1", email="o@x.org"), staff("p2", email="o@x.org", last="Ng")]
    accounts = [
        account("a1", email="o@x.org"),
        account("a2", email="o@x.org", last_name="Ng"),
    ]

    made = plan_of(people, accounts)

    assert outcomes(made) == {"a1": "matched", "a2": "matched"}


def test_one_employee_id_on_two_people_of_one_last_name_is_a_conflict():
    people = [teacher("p1", number="7"), teacher("p2", number="7", first="Bo")]

    made = plan_of(people, [account(employee_id="7")])

    assert [row.outcome for row in made.rows] == [Outcome.CONFLICT] * 2


def test_who_has_another_account_of_their_own_still_hangs_in_the_conflict():
    people = [staff("p1", email="o@x.org", number="7"), staff("p2", email="o@x.org")]
    accounts = [account("a1", email="o@x.org"), account("a2", employee_id="7")]

    made = plan_of(people, accounts)

    assert row_of(made, "p1").candidates == ("a1", "a2")
    assert row_of(made, "p2").candidates == ("a1",)
    assert row_of(made, "p1").reason_code == ConflictKind.SEVERAL


def test_a_second_person_for_an_account_tied_to_another_is_a_conflict():
    people = [staff("p1", email="o@x.org"), staff("p2", email="o@x.org", first="Bo")]
    tied = account(email="o@x.org", clever_id="p1")

    made = plan_of(people, [tied])

    row = row_of(made, "p2")
    assert row_at(made, "a1").matched_by == "clever_id"
    assert (row.outcome, row.reason_code) == (Outcome.CONFLICT, "account_has_a_person")
    assert row.candidates == ("a1",)


def test_who_got_the_address_its_owner_gave_up_is_simply_new():
    people = [staff("p1", email="new@x.org"), staff("p2", email="o@x.org", first="Bo")]
    tied = account(email="o@x.org", clever_id="p1")

    made = plan_of(people, [tied])

    assert row_of(made, "p2").outcome is Outcome.CREATED
    assert row_at(made, "a1").changes["email"] == ["o@x.org", "new@x.org"]


@pytest.mark.parametrize("make", [account, inactive])
def test_a_tied_account_beside_a_second_active_one_that_fits_is_a_conflict(make):
    made = plan_of(
        [teacher()], [make("a1", clever_id="p1"), account("a2", email="p1@x.org")]
    )

    row = only(made)
    assert (row.outcome, row.candidates) == (Outcome.CONFLICT, ("a1", "a2"))


@pytest.mark.parametrize(
    "second",
    [
        inactive("a2", email="p1@x.org"),
        account("a2", email="p1@x.org", clever_id="p2"),
        account("a2", email="p1@x.org", last_name="Ng"),
    ],
)
def test_a_tied_account_is_not_doubted_for_one_that_is_not_in_use_or_does_not_fit(
    second,
):
    people, accounts = crowd()

    made = plan_of(
        [teacher(), staff("p2", last="Ng"), *people],
        [account("a1", clever_id="p1"), second, *accounts],
    )

    assert row_at(made, "a1").outcome is Outcome.MATCHED


def test_a_tied_account_is_not_doubted_for_one_that_somebody_else_fits():
    people = [staff("p1", email="o@x.org"), staff("p2", email="o@x.org", first="Bo")]
    accounts = [account("a1", clever_id="p1"), account("a2", email="o@x.org")]

    made = plan_of(people, accounts)

    assert outcomes(made) == {"a1": "matched", "a2": "matched"}


def test_a_tied_account_is_not_doubted_for_one_left_alone_by_decision():
    alone = Decision(DecisionKind.LEAVE_ALONE, "a2")

    made = plan_of(
        [teacher()],
        [account("a1", clever_id="p1"), account("a2", email="p1@x.org")],
        decisions=[alone],
    )

    assert outcomes(made) == {"a1": "matched", "a2": "skipped"}


def test_two_inactive_accounts_for_one_person_are_a_conflict():
    known = [inactive("a1", email="p1@x.org"), inactive("a2", email="p1@x.org")]

    assert only(plan_of([teacher()], known)).outcome is Outcome.CONFLICT


def test_no_candidate_of_a_conflict_goes_inactive():
    crowded, accounts = crowd()
    people = [staff("p1", email="o@x.org"), staff("p2", email="o@x.org")]

    made = plan_of(
        [*people, *crowded],
        [account("a1", email="o@x.org"), account("a2", email="o@x.org"), *accounts],
    )

    assert Outcome.INACTIVE not in [row.outcome for row in made.rows]


def test_a_conflict_at_one_school_leaves_the_other_school_alone():
    who = staff(at=("c-oak", "c-elm"))
    accounts = [
        account("a1", email="p1@x.org"),
        account("a2", email="p1@x.org"),
        account("a3", 2, email="p1@x.org"),
    ]

    made = plan_of([who], accounts)

    assert row_at(made, "a3").outcome is Outcome.MATCHED
    assert [r.outcome for r in made.rows if r.school == 1] == [Outcome.CONFLICT]


def test_the_sentence_of_two_accounts_names_them_and_what_to_do():
    known = [account("a1", email="p1@x.org"), account("a2", email="P1@x.org")]

    row = only(plan_of([teacher()], known))

    assert row.reason == (
        "Two active accounts fit this person, p1@x.org and P1@x.org. "
        "Keep one; the other is archived."
    )


def test_conflicts_come_first_and_are_counted():
    made = plan_of(
        [teacher(), staff("p2", last="Ng")],
        [account("a1", email="p1@x.org"), account("a2", email="p1@x.org")],
    )

    assert made.rows[0].outcome is Outcome.CONFLICT
    assert made.counts["conflict"] == 1
    assert made.rows[0].state is RowState.PLANNED


def test_accounts_with_one_email_are_told_apart_in_the_sentence():
    made = plan_of(
        [teacher()],
        [
            account("aaaaaaaa-1", email="p1@x.org", job_title="Aide"),
            account("bbbbbbbb-2", email="p1@x.org", employee_id="7"),
        ],
    )

    reason = only(made).reason
    assert "p1@x.org (Aide, no employee ID, account aaaaaaaa)" in reason
    assert "p1@x.org (no title, employee ID 7, account bbbbbbbb)" in reason
