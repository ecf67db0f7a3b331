"""The sentences, word for word as the console's writing rules give them."""

import pytest

from staffimport.core import explain
from staffimport.core.tests.builders import (
    ELM,
    account,
    crowd,
    district_admin,
    inactive,
    keyword,
    only,
    plan_of,
    row_at,
    row_of,
    staff,
    teacher,
)
from staffimport.core.values import Assignment, Settings

COUNSELOR = Settings(keywords=(keyword("counselor", "Counselor", counselor_list=True),))


@pytest.mark.parametrize(
    ("who", "settings", "sentence"),
    [
        (
            teacher(title="School Counselor"),
            COUNSELOR,
            "New. Counselor, Counselor List, by keyword “counselor”.",
        ),
        (
            teacher(title="Chef"),
            COUNSELOR,
            "New. No keyword fits the title, so the default applies: "
            "Other School Staff.",
        ),
        (
            teacher(),
            COUNSELOR,
            "New. No title in Clever, so the default applies: Other School Staff.",
        ),
        (
            district_admin(title="Chef"),
            COUNSELOR,
            "New. No keyword fits the title, so the default applies: Other District "
            "Staff, unrestricted zone.",
        ),
        (
            district_admin(title="Chef"),
            Settings(district_zone="No Schools Zone"),
            "New. No keyword fits the title, so the default applies: Other District "
            "Staff, No Schools Zone.",
        ),
        (
            teacher(),
            Settings(school_default=Assignment(teacher_list=True)),
            "New. No title in Clever, so the default applies: no role, Teacher List.",
        ),
    ],
)
def test_a_created_row_says_what_the_account_gets_and_why(who, settings, sentence):
    assert only(plan_of([who], settings=settings)).reason == sentence


@pytest.mark.parametrize(
    ("who", "known", "sentence"),
    [
        (
            teacher(title="Teacher, Spanish"),
            {"job_title": "Teacher"},
            "Title changes from “Teacher” to “Teacher, Spanish”. "
            "Role and lists stay as they are.",
        ),
        (
            teacher(number="7"),
            {},
            "Employee ID changes from blank to “7”. Role and lists stay as they are.",
        ),
        (teacher(), {}, "Nothing changes."),
    ],
)
def test_a_matched_row_says_what_changes(who, known, sentence):
    known = account(clever_id="p1", email="p1@x.org", **known)

    assert only(plan_of([who], [known])).reason == sentence


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        (
            {"inactive_by": "Sync 19", "user_role": "Teacher"},
            "Archived by Sync 19; in Clever again. Comes back with the role Teacher as "
            "before.",
        ),
        ({}, "Archived by an import; in Clever again."),
        ({"cause": "loaded"}, "Inactive in Naviance, active in Clever."),
    ],
)
def test_a_reactivated_row_says_who_archived_it_and_with_what_it_comes_back(
    known, sentence
):
    row = only(plan_of([teacher()], [inactive(clever_id="p1", **known)]))

    assert row.reason == sentence


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        (
            teacher(last="", email="office@x.org"),
            "No last name in Clever. Enter one there; "
            "accounts sharing office@x.org are left alone until then.",
        ),
        (teacher(last="", email=""), "No last name in Clever. Enter one there."),
        (
            teacher(last="🎓", email=""),
            "No letter in the last name “🎓” in Clever. Enter one there.",
        ),
    ],
)
def test_a_person_without_a_last_name_is_told_to_mend_it(who, sentence):
    assert only(plan_of([who])).reason == sentence


def test_two_people_for_one_account_are_named():
    people = [staff("p1", email="o@x.org"), staff("p2", email="o@x.org", first="Bo")]

    made = plan_of(people, [account(email="o@x.org")])

    assert row_of(made, "p1").reason == (
        "The account o@x.org fits this person and also Bo Lee (o@x.org) in Clever. "
        "Mend it there, or say which one this account is."
    )


def test_an_account_that_has_a_person_says_whose_it_is():
    people = [staff("p1", email="o@x.org"), staff("p2", email="o@x.org", first="Bo")]

    made = plan_of(people, [account(email="o@x.org", clever_id="p1")])

    assert row_of(made, "p2").reason == (
        "The account o@x.org fits this person but belongs to Ana Lee (o@x.org) in "
        "Clever. If they are two people, say “Not the same”; if they are one, merge "
        "them in Clever."
    )


def test_several_accounts_and_people_are_all_named():
    people = [staff(f"p{n}", first=f"F{n}", email="o@x.org") for n in (1, 2)]
    known = [account("a1", email="o@x.org"), account("a2", email="O@x.org")]

    assert row_of(plan_of(people, known), "p1").reason == (
        "The accounts o@x.org and O@x.org fit this person and also F2 Lee (o@x.org) in "
        "Clever. Say which account is whose."
    )


def test_three_accounts_are_counted_and_inactive_ones_not_called_active():
    known = [inactive(f"a{n}", employee_id="7", email=f"{n}@x") for n in (1, 2, 3)]

    row = only(plan_of([teacher(number="7")], known))

    assert row.reason == (
        "Three accounts fit this person, 1@x, 2@x and 3@x. "
        "Keep one; the others are archived."
    )


def test_a_protected_account_names_who_protects_it():
    people, accounts = crowd()
    nameless = staff(last="", email="office@x.org")

    made = plan_of([nameless, *people], [account(email="office@x.org"), *accounts])

    assert row_at(made, "a1").reason == (
        "Stays: Ana in Clever shares its e-mail, employee ID or name and could not be "
        "decided. Decide or mend that one first."
    )


@pytest.mark.parametrize("known", [account(first_name="", last_name=""), account()])
def test_a_near_account_has_a_name_in_every_sentence(known):
    people, accounts = crowd()
    known.email = "p1@x.org"

    made = plan_of([teacher(last="Ng"), *people], [known, *accounts])

    name = "Ana Lee" if known.last_name else "p1@x.org"
    assert row_of(made, "p1").reason == (
        f"Held as a pair: the account {name} has the same e-mail. Are they one person?"
    )


def test_a_placement_at_an_unmatched_school_says_where_to_match_it():
    row = only(plan_of([teacher(at="c-elm")], places=[]))

    assert row.reason == (
        "Elm High is not matched to a Naviance school, so nobody there is imported. "
        "Match it on Match Schools."
    )


def test_a_tied_account_says_where_its_person_is_now():
    people, accounts = crowd(school=ELM)

    made = plan_of([staff(), *people], [account("a1", ELM, clever_id="p1"), *accounts])

    assert row_at(made, "a1").reason == (
        "In Clever as Staff at Oak High, not at Elm High. "
        "The account here is archived; history stays."
    )


@pytest.mark.parametrize(
    ("words", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_lists_are_said_as_people_say_them(words, text):
    assert explain.listed(words) == text


def test_a_malformed_email_that_replaces_a_good_one_is_named_with_its_remedy():
    known = account("a1", clever_id="p1", email="ana@x.org")

    row = only(plan_of([teacher(email="ana.x.org")], [known]))

    assert row.changes["email"] == ["ana@x.org", "ana.x.org"]
    assert row.reason.endswith("“ana.x.org” is no e-mail address. Mend it in Clever.")
