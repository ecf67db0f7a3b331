"""A sick source is noticed before anybody is said to have left."""

import pytest

from staffimport.core.snapshot import decode, encode
from staffimport.core.source import find_fault
from staffimport.core.tests.builders import (
    ELM,
    OAK_ID,
    SCHOOLS,
    account,
    crowd,
    district_admin,
    place,
    plan_of,
    row_at,
    row_of,
    snapshot_of,
    staff,
    teacher,
)
from staffimport.core.values import HeldReason, Outcome, RowState


def counts_of(roster, **changed):
    return {**snapshot_of(roster).counts(), **changed}


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ({"teachers": 6}, "Clever returned no teachers; the last time it returned 6."),
        ({"staff": 287}, "Clever returned no staff; the last time it returned 287."),
        ({"district_admins": 24}, "Clever returned no district admins"),
        ({"schools": 1, "people": 6}, "Clever returned no schools; the last time it"),
        ({"schools": 12, "people": 5}, ""),
        ({"people": 900}, "Clever returned no people"),
        ({"teachers": 5, "staff": 5, "district_admins": 5}, ""),
        ({"sections": 2431}, ""),
        ({}, ""),
    ],
)
def test_a_list_that_is_empty_and_was_not_is_a_fault(before, words):
    fault = find_fault(snapshot_of([], schools=()), before, 0, 0)

    assert fault.startswith(words) if words else fault == ""


@pytest.mark.parametrize(
    ("at_schools", "at_district", "people", "missing"),
    [
        (5, 0, [], ""),
        (6, 0, [], "teachers and staff"),
        (6, 0, [district_admin()], "teachers and staff"),
        (6, 5, [teacher()], ""),
        (6, 6, [teacher()], "district admins"),
    ],
)
def test_at_the_first_run_a_list_may_not_be_empty_of_which_there_are_accounts(
    at_schools, at_district, people, missing
):
    fault = find_fault(snapshot_of(people), None, at_schools, at_district)

    assert (
        fault.startswith(f"Clever returned no {missing}, but")
        if missing
        else (fault == "")
    )


def test_a_full_roster_has_no_fault():
    people = [teacher(), staff("p2"), district_admin("p3")]
    many = counts_of(people, teachers=900, staff=900)

    assert find_fault(snapshot_of(people), many, 900, 9) == ""
    assert find_fault(snapshot_of(people), None, 900, 9) == ""


@pytest.mark.parametrize("kind", ["test", "final", "sync"])
def test_a_matched_school_no_longer_shared_holds_its_removals_and_says_so(kind):
    people, accounts = crowd(100)
    more, theirs = crowd(1, ELM)
    known = [*accounts, *theirs, account("a1", ELM)]

    made = plan_of([*people, *more], known, schools=SCHOOLS[:1], kind=kind)

    row = row_at(made, "a1")
    assert (row.state, row.held_reason) == (RowState.HELD, HeldReason.SOURCE)
    assert [notice.kind for notice in made.notices] == ["school_not_shared"]
    assert made.notices[0].text.startswith("Elm High is matched, but Clever no longer")


def test_whoever_vanished_with_an_unshared_school_keeps_the_accounts_elsewhere():
    people, accounts = crowd()
    gone = [
        account("a1", clever_id="p1"),
        account("a2", school=ELM, clever_id="p1"),
        account("a3", clever_id="p2", email="p2@x.org"),
    ]

    made = plan_of(people, [*gone, *accounts], schools=SCHOOLS[:1])

    assert row_at(made, "a2").held_reason == HeldReason.SOURCE
    assert row_at(made, "a1").held_reason == HeldReason.SOURCE
    assert row_at(made, "a3").held_reason != HeldReason.SOURCE


@pytest.mark.parametrize(
    ("given", "held"),
    [
        ([teacher(at=(OAK_ID,))], HeldReason.SOURCE),
        ([staff(at=(OAK_ID,))], ""),
    ],
)
def test_whose_sections_went_with_an_unshared_school_is_no_newcomer_elsewhere(
    given, held
):
    people, accounts = crowd()
    here = account("a1", school=ELM, clever_id="p1")

    made = plan_of([*given, *people], [here, *accounts], schools=SCHOOLS[:1])

    [created] = [r for r in made.rows if r.outcome is Outcome.CREATED]
    assert (created.clever_id, created.held_reason) == ("p1", held)


@pytest.mark.parametrize(
    "given", [place(ELM, "Elm High", "c-elm", included=False), place(ELM, "Elm", "")]
)
def test_a_school_that_does_not_count_is_not_missed(given):
    made = plan_of([], [], places=[place(), given], schools=SCHOOLS[:1])

    assert made.notices == []


@pytest.mark.parametrize(
    ("key", "blank", "words"),
    [
        ("with_email", {"email": ""}, "an e-mail"),
        ("with_title", {"title": ""}, "a title"),
        ("with_employee_id", {"number": ""}, "an employee ID"),
    ],
)
def test_a_field_gone_blank_warns_and_holds_who_would_be_created_without_it(
    key, blank, words
):
    full = {"title": "Clerk", "number": "7"}
    people = [staff(f"p{n}", last=f"L{n}", **{**full, **blank}) for n in range(3)]
    before = counts_of([], people=3, **{key: 3})

    made = plan_of(people, previous_counts=before)

    assert {row.held_reason for row in made.rows} == {HeldReason.SOURCE}
    assert made.notices[0].text.startswith(f"Most people had {words} in Clever")


def test_removals_wait_while_emails_are_blank_and_not_while_titles_are():
    people, accounts = crowd(30)
    known = [*accounts, account()]

    by_email = plan_of(
        [replace_email(one) for one in people],
        known,
        previous_counts=counts_of(people, with_email=30),
    )
    by_title = plan_of(people, known, previous_counts=counts_of(people, with_title=30))

    assert row_at(by_email, "a1").held_reason == HeldReason.SOURCE
    assert row_at(by_title, "a1").state is RowState.PLANNED


def test_district_staff_carry_no_employee_id_so_they_do_not_wait_for_one():
    people = [district_admin("p1"), staff("p2", last="Ng")]

    made = plan_of(people, previous_counts=counts_of(people, with_employee_id=2))

    assert row_of(made, "p1").state is RowState.PLANNED
    assert row_of(made, "p2").held_reason == HeldReason.SOURCE


@pytest.mark.parametrize("had", [0, 1])
def test_a_field_most_people_never_had_is_not_missed(had):
    people = [staff(email="") for _ in range(1)]

    made = plan_of(people, previous_counts=counts_of(people, people=4, with_email=had))

    assert made.notices == []


def test_a_matched_person_is_not_held_for_a_field_gone_blank():
    people, accounts = crowd(4)

    made = plan_of(
        [replace_email(one) for one in people],
        accounts,
        previous_counts=counts_of(people),
    )

    assert {(r.outcome, r.state) for r in made.rows} == {
        (Outcome.MATCHED, RowState.PLANNED)
    }


def test_a_snapshot_reads_back_as_it_was_stored():
    whole = snapshot_of([teacher(), staff("p2", last="Müller 🎓")], {"p1": ("c-oak",)})

    assert decode(encode(whole)) == whole


def replace_email(one):
    values = {field: getattr(one, field) for field in one.__struct_fields__}
    return type(one)(**{**values, "email": ""})
