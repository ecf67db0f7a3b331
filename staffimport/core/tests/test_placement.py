"""Who belongs where (product.md, "From Clever users to placements")."""

import pytest

from staffimport.core.tests.builders import (
    ELM,
    ELM_ID,
    OAK,
    OAK_ID,
    account,
    crowd,
    district_admin,
    only,
    place,
    places,
    plan_of,
    row_at,
    rows_of,
    staff,
    teacher,
)
from staffimport.core.values import HeldReason, Outcome, RowState, Settings

NO_FALLBACK = Settings(teacher_fallback=False)


def places_of(people, **given):
    """Return where people are placed, and by which basis."""
    made = plan_of(people, **given)
    return {
        row.school: row.details.bases
        for row in made.rows
        if row.outcome is Outcome.CREATED
    }


@pytest.mark.parametrize(
    ("who", "teaching", "where"),
    [
        (staff(at=(OAK_ID, ELM_ID)), {}, {OAK: ("staff",), ELM: ("staff",)}),
        (staff(at=(OAK_ID, OAK_ID)), {}, {OAK: ("staff",)}),
        (teacher(at=OAK_ID), {}, {OAK: ("teacher",)}),
        (teacher(at=(OAK_ID, OAK_ID)), {}, {OAK: ("teacher",)}),
        (teacher(at=OAK_ID), {"p1": (ELM_ID,)}, {ELM: ("section",)}),
        (teacher(at=OAK_ID), {"p1": (ELM_ID, ELM_ID)}, {ELM: ("section",)}),
        (
            teacher(at=()),
            {"p1": (OAK_ID, ELM_ID)},
            {OAK: ("section",), ELM: ("section",)},
        ),
        (staff(at=OAK_ID), {"p1": (OAK_ID,)}, {OAK: ("staff", "section")}),
        (staff(at=()), {"p1": (ELM_ID,)}, {ELM: ("section",)}),
        (district_admin(), {}, {None: ("district_admin",)}),
        (
            district_admin(),
            {"p1": (OAK_ID,)},
            {OAK: ("section",), None: ("district_admin",)},
        ),
        (
            teacher(at=OAK_ID, is_staff=True, staff_schools=(OAK_ID,)),
            {},
            {OAK: ("staff", "teacher")},
        ),
        (
            teacher(
                at=OAK_ID,
                is_staff=True,
                staff_schools=(ELM_ID,),
                is_district_admin=True,
            ),
            {},
            {OAK: ("teacher",), ELM: ("staff",), None: ("district_admin",)},
        ),
    ],
)
def test_people_belong_where_their_roles_and_sections_say(who, teaching, where):
    assert places_of([who], teaching=teaching) == where


def test_a_teacher_with_sections_only_elsewhere_is_in_a_section():
    made = plan_of([teacher(at=OAK_ID)], teaching={"p1": ("c-unknown",)})

    assert only(made).reason_code == "school_not_shared"


def test_one_clever_user_never_gets_two_accounts_at_one_school():
    made = plan_of(
        [teacher(at=OAK_ID, is_staff=True, staff_schools=(OAK_ID,))],
        teaching={"p1": (OAK_ID,)},
    )

    assert only(made).outcome is Outcome.CREATED


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        (teacher(at=()), "Teacher in no section and at no school."),
        (staff(at=()), "Staff at no school."),
    ],
)
def test_somebody_without_any_placement_is_one_skipped_row(who, sentence):
    row = only(plan_of([who]))

    assert (row.outcome, row.reason_code) == (Outcome.SKIPPED, "no_placement")
    assert row.reason.startswith(sentence)


def test_without_the_fallback_a_teacher_in_no_section_is_placed_nowhere():
    row = only(plan_of([teacher(at=OAK_ID)], settings=NO_FALLBACK))

    assert row.reason_code == "no_placement"


def test_a_district_admin_needs_no_school():
    assert only(plan_of([district_admin()])).outcome is Outcome.CREATED


@pytest.mark.parametrize(
    ("given", "kind", "code", "sentence"),
    [
        ([], "test", "unmatched_school", "Oak High is not matched"),
        ([place(clever_id="")], "test", "unmatched_school", "Oak High is not matched"),
        (
            [place(included=False)],
            "test",
            "school_not_included",
            "Oak High is not incl",
        ),
        ([place(covered=False)], "sync", "school_awaits_final", "Oak High waits for"),
    ],
)
def test_a_placement_elsewhere_is_skipped_with_the_reason(given, kind, code, sentence):
    row = only(plan_of([teacher()], places=given, kind=kind))

    assert (row.outcome, row.reason_code) == (Outcome.SKIPPED, code)
    assert row.reason.startswith(sentence)


def test_a_placement_at_a_school_clever_does_not_share_is_skipped():
    row = only(plan_of([staff(at="c-hidden")]))

    assert row.reason == "At a school that Clever does not share. Share it in Clever."


@pytest.mark.parametrize("kind", ["test", "final"])
def test_a_test_and_a_final_count_schools_no_final_has_covered(kind):
    made = plan_of([teacher()], places=[place(covered=False)], kind=kind)

    assert only(made).outcome is Outcome.CREATED


def test_of_two_schools_matched_to_one_clever_school_the_first_counts_in_any_order():
    twice = [place(ELM, "Elm High", OAK_ID), place(OAK)]

    plans = [plan_of([teacher()], places=given) for given in (twice, twice[::-1])]

    assert [only(made).school for made in plans] == [OAK, OAK]


@pytest.mark.parametrize("settings", [Settings(), NO_FALLBACK])
@pytest.mark.parametrize("tie", ["p1", ""])
def test_a_teacher_whose_sections_vanished_keeps_the_account_held(tie, settings):
    people, accounts = crowd()
    known = account(school=ELM, email="p1@x.org", clever_id=tie)

    made = plan_of([teacher(at=OAK_ID), *people], [known, *accounts], settings=settings)

    row = row_at(made, "a1")
    assert (row.outcome, row.held_reason) == (Outcome.INACTIVE, HeldReason.ROLLOVER)
    assert row.reason.startswith(
        "Held: Ana Lee is still a teacher in Clever but in no section of Elm High"
    )


def test_a_teacher_the_record_still_names_here_keeps_the_tied_account_held():
    people, accounts = crowd()
    known = account(school=OAK, clever_id="p1")

    made = plan_of(
        [teacher(at=(OAK_ID, ELM_ID)), *people],
        [known, *accounts],
        teaching={"p1": (ELM_ID,)},
    )

    assert row_at(made, "a1").held_reason == HeldReason.ROLLOVER


def test_a_teacher_who_teaches_elsewhere_now_loses_the_old_school():
    people, accounts = crowd()
    known = account(school=OAK, clever_id="p1")

    made = plan_of(
        [teacher(at=ELM_ID), *people], [known, *accounts], teaching={"p1": (ELM_ID,)}
    )

    row = row_at(made, "a1")
    assert (row.outcome, row.state) == (Outcome.INACTIVE, RowState.PLANNED)
    assert row.reason == (
        "In Clever as Teacher at Elm High, not at Oak High. The account here is "
        "archived; history stays."
    )


def test_staff_who_lost_a_school_are_no_teachers_on_holiday():
    people, accounts = crowd()

    made = plan_of([staff(at=ELM_ID), *people], [account(clever_id="p1"), *accounts])

    assert row_at(made, "a1").state is RowState.PLANNED


def test_accounts_of_schools_that_do_not_count_are_not_in_the_plan():
    closed = [place(), place(ELM, "Elm High", ELM_ID, included=False)]

    made = plan_of([], [account(school=ELM)], places=closed)

    assert made.rows == []


def test_a_sync_leaves_a_newly_included_school_alone():
    known = account(school=ELM)
    new = [place(), place(ELM, "Elm High", ELM_ID, covered=False)]

    assert plan_of([], [known], places=new, kind="sync").rows == []
    assert len(plan_of([], [known], places=new, kind="test").rows) == 1


def test_a_person_with_three_roles_gets_one_row_per_place():
    everything = teacher(
        at=OAK_ID, is_staff=True, staff_schools=(OAK_ID, ELM_ID), is_district_admin=True
    )

    made = plan_of([everything], teaching={"p1": (OAK_ID,)}, places=places())

    assert sorted(r.school or 0 for r in rows_of(made, "p1")) == [0, OAK, ELM]
