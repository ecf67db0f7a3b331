"""Near misses are suggestions; one created and one inactive are held as a pair."""

import pytest

from staffimport.core.tests.builders import (
    ELM,
    account,
    crowd,
    district_admin,
    inactive,
    plan_of,
    row_at,
    row_of,
    staff,
    teacher,
)
from staffimport.core.values import HeldReason, Outcome, RowState, Settings


def plan_with_crowd(people, accounts, **given):
    others, theirs = crowd()
    return plan_of([*people, *others], [*accounts, *theirs], **given)


@pytest.mark.parametrize(
    ("who", "known", "agrees"),
    [
        (teacher(), account(), ("name",)),
        (teacher(number="7", last="Ng"), account(employee_id="7"), ("employee_id",)),
        (teacher(last="Ng"), account(email="p1@x.org"), ("email",)),
        (
            teacher(last="Ng", number="7"),
            account(email="p1@x.org", employee_id="7"),
            ("email", "employee_id"),
        ),
    ],
)
def test_a_near_miss_that_would_cost_the_account_is_held_as_a_pair(who, known, agrees):
    made = plan_with_crowd([who], [known])

    new, leaver = row_of(made, "p1"), row_at(made, "a1")
    assert (new.outcome, new.held_reason) == (Outcome.CREATED, HeldReason.PAIR)
    assert (leaver.outcome, leaver.held_reason) == (Outcome.INACTIVE, HeldReason.PAIR)
    assert new.details.near[0].agrees == agrees
    assert (new.details.pair, leaver.details.pair) == (("a1",), ("p1",))


def test_the_sentences_of_a_pair_name_the_other_side():
    made = plan_with_crowd([teacher()], [account()])

    assert row_of(made, "p1").reason == (
        "Held as a pair: the account Ana Lee has the same name. Are they one person?"
    )
    assert row_at(made, "a1").reason == (
        "Held as a pair with Ana Lee, new in Clever: the same name. Without a decision "
        "this account stays active."
    )


@pytest.mark.parametrize(
    "known",
    [
        account(last_name="Ng"),
        account(school=ELM),
        account(last_name="", first_name=""),
        account(first_name=""),
    ],
)
def test_what_is_not_near_is_no_pair(known):
    made = plan_with_crowd([teacher()], [known])

    assert row_of(made, "p1").state is RowState.PLANNED


def test_an_inactive_near_account_is_a_suggestion_and_holds_nothing():
    made = plan_with_crowd([teacher()], [inactive()])

    row = row_of(made, "p1")
    assert row.state is RowState.PLANNED
    assert row.details.near[0].account_id == "a1"


def test_an_account_that_stays_anyway_is_no_pair():
    settings = Settings(protected_roles=frozenset(["Nurse"]))

    made = plan_with_crowd([teacher()], [account(user_role="Nurse")], settings=settings)

    assert row_of(made, "p1").state is RowState.PLANNED
    assert row_at(made, "a1").outcome is Outcome.SKIPPED


def test_several_new_people_near_one_leaver_are_all_held():
    people = [teacher("p1"), teacher("p2")]

    made = plan_with_crowd(people, [account()])

    assert {row_of(made, one).held_reason for one in ("p1", "p2")} == {"pair"}
    assert row_at(made, "a1").details.pair == ("p1", "p2")


def test_a_shared_email_is_no_sign_of_nearness():
    people = [
        staff("p1", last="Ng", email="o@x.org"),
        staff("p2", last="Roe", email="o@x.org"),
    ]

    made = plan_with_crowd(people, [account(email="o@x.org")])

    assert row_at(made, "a1").state is RowState.PLANNED


def test_an_account_of_somebody_else_in_clever_is_not_near_by_one_shared_word():
    people = [teacher("p1", email="a1@old.org", last="Ng"), staff("p2", at="c-elm")]

    made = plan_with_crowd(people, [account(clever_id="p2")])

    assert row_of(made, "p1").state is RowState.PLANNED


def test_district_staff_pair_by_name_or_email_not_by_employee_id():
    who = district_admin(last="Ng", is_teacher=True, teacher_id="7")
    known = account(school=None, employee_id="7")
    people, accounts = crowd(school=None)

    made = plan_of([who, *people], [known, *accounts])

    new = next(r for r in made.rows if r.clever_id == "p1" and r.level == "district")
    assert new.state is RowState.PLANNED


def test_approving_one_of_a_pair_lifts_that_row_only():
    held = plan_with_crowd([teacher()], [account()])
    key = row_of(held, "p1").change_key

    made = plan_with_crowd([teacher()], [account()], approved=frozenset([key]))

    assert row_of(made, "p1").state is RowState.PLANNED
    assert row_of(made, "p1").reason.startswith("New. ")
    assert row_at(made, "a1").state is RowState.HELD


def test_at_most_five_near_accounts_are_named_nearest_first():
    known = [inactive(f"a{n}", email=f"{n}@o.org") for n in range(7)]
    known.append(inactive("a7", email="p1@x.org", last_name="Lees", employee_id="7"))

    made = plan_with_crowd([teacher(number="7")], known)

    near = row_of(made, "p1").details.near
    assert [one.account_id for one in near] == ["a7", "a0", "a1", "a2", "a3"]


def test_a_new_person_like_an_account_that_only_an_undecided_one_protects_is_held():
    twins = [account("a1", email="x@x.org"), account("a2", email="x@x.org")]
    person = teacher("p1", email="x@x.org")
    like = teacher("p2", email="new@x.org", number="")
    third = account("a3", email="other@x.org")

    made = plan_of([person, like], [*twins, third])

    assert row_of(made, "p1").outcome is Outcome.CONFLICT
    assert row_at(made, "a3").outcome is Outcome.SKIPPED
    row = row_of(made, "p2")
    assert (row.outcome, row.held_reason) == (Outcome.CREATED, HeldReason.PAIR)
