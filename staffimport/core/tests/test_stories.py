"""Failures other importers of Clever data had: those that a plan can have.

The numbers are those of the stories in the project's notes on Clever.
"""

import pytest

from staffimport.core.tests.builders import (
    ELM,
    account,
    applied,
    crowd,
    district_admin,
    keyword,
    only,
    outcomes,
    place,
    plan_of,
    row_at,
    row_of,
    staff,
    teacher,
    writing,
)
from staffimport.core.values import HeldReason, Outcome, RowState, Settings


def test_story_1_people_without_email_do_not_overwrite_an_account_without_email():
    people = [teacher(f"p{n}", first=f"F{n}", email="") for n in range(3)]

    made = plan_of(people, [account(email="")])

    assert [row.outcome for row in made.rows].count(Outcome.CREATED) == 3
    assert row_at(made, "a1").outcome is not Outcome.MATCHED


def test_story_2_an_existing_account_with_the_same_email_is_linked_not_created():
    made = plan_of([teacher()], [account(email="p1@x.org")])

    assert only(made).outcome is Outcome.MATCHED
    assert applied(made, [account(email="p1@x.org")])[0].clever_id == "p1"


def test_story_3_id_on_one_account_and_email_on_another_is_a_conflict():
    known = [account("a1", clever_id="p1"), account("a2", email="p1@x.org")]

    assert only(plan_of([teacher()], known)).candidates == ("a1", "a2")


def test_story_4_a_person_linked_by_another_way_is_found_by_employee_id():
    known = account(email="google@y.org", employee_id="7")

    assert only(plan_of([teacher(number="7")], [known])).outcome is Outcome.MATCHED


def test_story_5_a_sync_demotes_nobody():
    settings = Settings(keywords=(keyword("teacher", "Teacher"),))
    known = account(clever_id="p1", user_role="District Site Manager", zone="All")

    made = plan_of([teacher(title="Teacher")], [known], settings=settings, kind="sync")

    after = applied(made, [known])[0]
    assert (after.user_role, after.zone) == ("District Site Manager", "All")


def test_story_6_new_ids_for_everybody_lose_nobody_an_account():
    people, accounts = crowd(30)
    for one in accounts:
        one.clever_id = f"v2-{one.clever_id}"

    made = plan_of(people, accounts)

    assert {(row.outcome, row.state) for row in made.rows} == {
        (Outcome.RELINK, RowState.HELD)
    }


def test_story_7_staff_have_schools_only_and_teachers_may_have_none():
    made = plan_of([staff("p1"), teacher("p2", at=())], teaching={"p2": ("c-elm",)})

    assert {row.clever_id: row.school for row in made.rows} == {"p1": 1, "p2": ELM}


def test_story_8_people_go_to_the_school_matched_not_to_one_of_the_same_name():
    twins = [place(1, "Lincoln", "c-oak"), place(2, "Lincoln", "c-elm")]

    made = plan_of([staff(at="c-elm")], places=twins)

    assert only(made).school == ELM


def test_story_9_a_school_that_does_not_count_is_never_left_out_silently():
    made = plan_of([staff()], places=[])

    assert only(made).reason_code == "unmatched_school"


def test_story_10_lost_leading_zeros_of_an_employee_id_still_match():
    made = plan_of([teacher(number="00417")], [account(employee_id="417")])

    assert only(made).outcome is Outcome.MATCHED


def test_story_15_a_changed_email_with_a_new_id_is_one_relink_not_leaver_and_joiner():
    known = account(email="old@x.org", employee_id="7", clever_id="old-id")

    made = plan_of([teacher("new-id", email="new@x.org", number="7")], [known])

    assert only(made).outcome is Outcome.RELINK
    assert writing(made) == []


def test_story_15_a_changed_email_untied_is_held_as_a_pair():
    people, accounts = crowd()

    made = plan_of([teacher(email="new@x.org"), *people], [account(), *accounts])

    assert {row_of(made, "p1").held_reason, row_at(made, "a1").held_reason} == {
        HeldReason.PAIR
    }


def test_story_16_a_teacher_and_a_staff_record_merged_to_a_third_id_is_a_conflict():
    known = [
        account("a1", employee_id="T1", clever_id="teacher-id"),
        account("a2", employee_id="S1", clever_id="staff-id"),
    ]
    merged = teacher(
        number="T1", is_staff=True, staff_id="S1", staff_schools=("c-oak",)
    )

    made = plan_of([merged], known)

    assert outcomes(made) == {"p1": "conflict"}


def test_story_17_one_email_on_two_people_changes_nothing_but_says_so():
    people = [
        teacher("p1", email="o@x.org"),
        teacher("p2", email="o@x.org", first="Bo"),
    ]

    made = plan_of(people, [account(email="o@x.org")])

    assert writing(made) == []
    assert [row.outcome for row in made.rows] == [Outcome.CONFLICT] * 2


def test_story_17_people_without_email_are_created():
    assert only(plan_of([teacher(email="")])).outcome is Outcome.CREATED


@pytest.mark.parametrize("kind", ["test", "final", "sync"])
def test_story_18_an_accidental_unsharing_archives_nobody(kind):
    people, accounts = crowd(100)

    made = plan_of(people[:30], accounts, kind=kind)

    assert made.counts["held"] == 70
    assert writing(made) == []


def test_story_19_no_email_makes_nobody_a_lesser_kind_of_user():
    settings = Settings(keywords=(keyword("teacher", "Teacher"),))

    row = only(plan_of([teacher(title="Teacher", email="")], settings=settings))

    assert row.user_role == "Teacher"


def test_story_21_co_teachers_of_a_section_both_belong_to_the_school():
    people = [teacher("p1", at=()), teacher("p2", at=())]

    made = plan_of(people, teaching={"p1": ("c-oak",), "p2": ("c-oak",)})

    assert [row.school for row in made.rows] == [1, 1]


def test_story_21_a_former_primary_teacher_who_still_teaches_here_stays():
    known = account(clever_id="p1")

    made = plan_of([teacher(at=())], [known], teaching={"p1": ("c-oak",)})

    assert row_at(made, "a1").outcome is Outcome.MATCHED


def test_story_23_a_person_clever_dropped_for_a_repeated_id_is_not_given_to_another():
    people, accounts = crowd()
    kept = teacher("p1", first="Bo", last="Ng", number="7")
    known = account("a1", employee_id="7", clever_id="dropped")

    made = plan_of([kept, *people], [known, *accounts])

    assert row_of(made, "p1").outcome is Outcome.RELINK
    assert row_of(made, "p1").state is RowState.HELD


def test_a_clear_out_of_sections_in_summer_archives_no_teacher():
    people = [teacher(f"p{n}", at=(), last=f"L{n}") for n in range(20)]
    known = [account(f"a{n}", clever_id=f"p{n}", last_name=f"L{n}") for n in range(20)]

    made = plan_of(people, known)

    assert writing(made) == []
    assert {row_at(made, f"a{n}").held_reason for n in range(20)} == {"rollover"}


def test_a_person_in_two_districts_roles_and_schools_has_one_account_at_each_place():
    who = teacher(
        at=("c-oak", "c-elm"),
        is_staff=True,
        staff_schools=("c-oak", "c-elm"),
        is_district_admin=True,
    )
    made = plan_of([who], teaching={"p1": ("c-oak", "c-elm")})

    after = applied(made, [])

    assert sorted(str(one.school) for one in after) == ["1", "2", "None"]
    assert writing(plan_of([who], after, teaching={"p1": ("c-oak", "c-elm")})) == []


def test_a_district_admin_of_the_same_email_as_a_teacher_is_matched_at_the_district():
    people = [teacher("p1", email="o@x.org"), district_admin("p2", email="o@x.org")]
    known = [account("a1", email="o@x.org"), account("a2", None, email="o@x.org")]

    assert outcomes(plan_of(people, known)) == {"a1": "matched", "a2": "matched"}
