"""What admins decided stands in every later plan."""

import pytest

from staffimport.core.tests.builders import (
    ELM,
    account,
    crowd,
    inactive,
    only,
    outcomes,
    plan_of,
    row_at,
    row_of,
    staff,
    teacher,
)
from staffimport.core.values import (
    Decision,
    DecisionKind,
    MatchedBy,
    Outcome,
    RowState,
    Settings,
)


def same(account_id="a1", clever_id="p1"):
    return Decision(DecisionKind.SAME_PERSON, account_id, clever_id, by="Dana")


def not_same(account_id="a1", clever_id="p1"):
    return Decision(DecisionKind.NOT_SAME, account_id, clever_id, by="Dana")


def keep(account_id, others, clever_id="p1"):
    return Decision(DecisionKind.KEEP_ONE, account_id, clever_id, tuple(others), "Dana")


def alone(account_id="a1"):
    return Decision(DecisionKind.LEAVE_ALONE, account_id, by="Dana")


def in_clever(account_id="a1"):
    return Decision(DecisionKind.IN_CLEVER, account_id, by="Dana")


TWINS = [account("a1", email="p1@x.org"), account("a2", email="p1@x.org")]


def test_same_person_matches_what_no_rule_would():
    row = only(plan_of([teacher()], [account(last_name="Ng")], decisions=[same()]))

    assert (row.outcome, row.matched_by) == (Outcome.MATCHED, MatchedBy.DECISION)
    assert row.last_name == "Lee"


def test_same_person_goes_before_a_tie():
    people, accounts = crowd()
    known = [account("a1", clever_id="p1"), account("a2", last_name="Ng"), *accounts]

    made = plan_of([teacher(), *people], known, decisions=[same("a2")])

    assert row_at(made, "a2").outcome is Outcome.MATCHED
    assert row_at(made, "a1").outcome is Outcome.INACTIVE


def test_same_person_of_two_accounts_is_still_a_conflict():
    made = plan_of([teacher()], TWINS, decisions=[same("a1"), same("a2")])

    assert only(made).candidates == ("a1", "a2")


@pytest.mark.parametrize(("tie", "owner"), [("", "p1"), ("p2", "p2"), ("p9", "p1")])
def test_of_two_people_decided_to_be_one_account_one_gets_it_and_one_is_skipped(
    tie, owner
):
    people = [teacher("p1"), teacher("p2", first="Anna")]
    decisions = [same("a1", "p1"), same("a1", "p2")]

    made = plan_of(people, [account(clever_id=tie)], decisions=decisions)

    other = {"p1": "p2", "p2": "p1"}[owner]
    assert row_at(made, "a1").clever_id == owner
    assert row_of(made, other).reason_code == "second_user"


@pytest.mark.parametrize(
    "decision", [same("a9"), same("a1", "p9"), not_same("a9"), keep("a9", ["a1"])]
)
def test_decisions_about_the_vanished_change_nothing(decision):
    made = plan_of([teacher()], [account(email="p1@x.org")], decisions=[decision])

    assert outcomes(made) == {"a1": "matched"}


def test_not_the_same_makes_one_created_and_one_inactive_not_held_as_a_pair():
    people, accounts = crowd()

    made = plan_of(
        [teacher(), *people],
        [account(email="p1@x.org"), *accounts],
        decisions=[not_same()],
    )

    assert row_of(made, "p1").outcome is Outcome.CREATED
    assert row_at(made, "a1").outcome is Outcome.INACTIVE
    assert {row.state for row in made.rows} == {RowState.PLANNED}


def test_not_the_same_settles_a_conflict_of_two_accounts():
    people, accounts = crowd()

    made = plan_of(
        [teacher(), *people], [*TWINS, *accounts], decisions=[not_same("a1")]
    )

    assert row_at(made, "a2").outcome is Outcome.MATCHED


def test_not_the_same_settles_a_conflict_with_an_account_that_has_a_person():
    people = [staff("p1", email="o@x.org"), staff("p2", email="o@x.org", first="Bo")]

    made = plan_of(
        people,
        [account(email="o@x.org", clever_id="p1")],
        decisions=[not_same("a1", "p2")],
    )

    assert row_of(made, "p2").outcome is Outcome.CREATED


def test_not_the_same_unties_an_account_for_whoever_else_fits():
    people = [staff("p1", email="new@x.org"), staff("p2", email="o@x.org")]
    tied = account(email="o@x.org", clever_id="p1")

    made = plan_of(people, [tied], decisions=[not_same("a1", "p1")])

    assert row_at(made, "a1").clever_id == "p2"
    assert row_at(made, "a1").outcome is Outcome.MATCHED
    assert row_of(made, "p1").outcome is Outcome.CREATED


def test_keep_one_matches_the_kept_and_archives_the_other():
    made = plan_of([teacher()], TWINS, decisions=[keep("a2", ["a1"])])

    assert outcomes(made) == {"a1": "inactive", "a2": "matched"}
    assert row_at(made, "a1").reason == (
        "Second account of one person, archived by decision of Dana."
    )
    assert row_at(made, "a1").state is RowState.PLANNED


@pytest.mark.parametrize(
    ("who", "known"),
    [
        ([teacher()], [account("a2", email="p1@x.org")]),
        (
            [teacher()],
            [inactive("a1", cause="manual"), account("a2", email="p1@x.org")],
        ),
        ([teacher()], [account("a1", ELM), account("a2", email="p1@x.org")]),
    ],
)
def test_nothing_is_archived_where_the_kept_account_is_gone_or_can_not_come_back(
    who, known
):
    people, accounts = crowd()

    made = plan_of([*who, *people], [*known, *accounts], decisions=[keep("a1", ["a2"])])

    other = row_at(made, "a2")
    assert other.outcome in (Outcome.MATCHED, Outcome.SKIPPED)


def test_nothing_is_archived_where_the_person_is_not_here():
    made = plan_of([teacher(at="c-elm")], TWINS, decisions=[keep("a1", ["a2"])])

    assert row_at(made, "a2").reason_code != "archived_by_decision"


def test_keep_one_twice_over_is_a_conflict():
    made = plan_of(
        [teacher()], TWINS, decisions=[keep("a1", ["a2"]), keep("a2", ["a1"])]
    )

    assert only(made).outcome is Outcome.CONFLICT


def test_an_account_both_left_alone_and_archived_by_decision_stays():
    made = plan_of([teacher()], TWINS, decisions=[keep("a2", ["a1"]), alone("a1")])

    assert row_at(made, "a1").reason_code == "left_alone"


def test_an_account_tied_to_another_person_here_is_not_archived():
    people = [teacher("p1"), teacher("p2", last="Ng")]
    known = [account("a1", email="p1@x.org"), account("a2", clever_id="p2")]

    made = plan_of(people, known, decisions=[keep("a1", ["a2"])])

    assert outcomes(made) == {"a1": "matched", "a2": "matched"}


def test_left_alone_by_decision_never_goes_inactive():
    row = only(plan_of([], [account()], decisions=[alone()]))

    assert (row.outcome, row.reason_code) == (Outcome.SKIPPED, "left_alone")
    assert row.reason == "Not in Clever: left alone by decision of Dana."


def test_accounts_added_by_hand_start_as_left_alone():
    row = only(plan_of([], [account(added_by_hand=True)]))

    assert (row.outcome, row.reason_code) == (Outcome.SKIPPED, "left_alone")


def test_an_account_added_by_hand_that_should_be_in_clever_goes_inactive():
    people, accounts = crowd()

    made = plan_of(
        people, [account(added_by_hand=True), *accounts], decisions=[in_clever()]
    )

    assert row_at(made, "a1").outcome is Outcome.INACTIVE


@pytest.mark.parametrize(
    ("known", "decisions"),
    [
        (account(added_by_hand=True, clever_id="gone"), []),
        (account(added_by_hand=True), [same(clever_id="gone")]),
    ],
    ids=["tied by a run", "tied by a decision"],
)
def test_an_account_added_by_hand_is_not_left_alone_once_it_had_a_person(
    known, decisions
):
    people, accounts = crowd()

    made = plan_of(people, [known, *accounts], decisions=decisions)

    assert row_at(made, "a1").outcome is Outcome.INACTIVE


def test_an_account_added_by_hand_matches_when_its_person_is_in_clever():
    known = account(added_by_hand=True, email="p1@x.org")

    assert only(plan_of([teacher()], [known])).outcome is Outcome.MATCHED


def test_a_decision_about_an_account_deactivated_by_hand_does_not_bring_it_back():
    row = only(plan_of([teacher()], [inactive(cause="manual")], decisions=[same()]))

    assert (row.outcome, row.reason_code) == (Outcome.SKIPPED, "deactivated_by_hand")


def test_a_decision_at_one_school_says_nothing_of_another():
    who = staff(at=("c-oak", "c-elm"))
    known = [account("a1", last_name="Ng"), account("a2", ELM, email="p1@x.org")]

    made = plan_of([who], known, decisions=[same("a1")])

    assert outcomes(made) == {"a1": "matched", "a2": "matched"}


def test_the_same_decisions_by_two_admins_give_one_plan_in_any_order():
    twice = [
        Decision(DecisionKind.LEAVE_ALONE, "a1", by="Dana"),
        Decision(DecisionKind.LEAVE_ALONE, "a1", by="Omar"),
    ]

    plans = [plan_of([], [account()], decisions=d) for d in (twice, twice[::-1])]

    assert plans[0] == plans[1]


def test_protected_roles_need_no_decision():
    settings = Settings(protected_roles=frozenset(["Nurse"]))

    row = only(plan_of([], [account(user_role="Nurse")], settings=settings))

    assert (row.outcome, row.reason_code) == (Outcome.SKIPPED, "protected_role")
