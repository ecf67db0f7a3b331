"""Which account is whose (product.md, "Matching staff")."""

import pytest

from staffimport.core.tests.builders import (
    ELM,
    OAK_ID,
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
)
from staffimport.core.values import MatchedBy, Outcome, RowState, Settings


@pytest.mark.parametrize(
    ("who", "known", "by"),
    [
        ({}, {"email": "p1@x.org"}, "email"),
        ({"email": " P1@X.org"}, {"email": "p1@x.ORG "}, "email"),
        ({"last": "Lee Jr."}, {"last_name": "LEE", "email": "p1@x.org"}, "email"),
        ({"first": "Bo"}, {"email": "p1@x.org"}, "email"),
        ({"email": "jlee"}, {"email": "jlee"}, "email"),
        ({"number": "7"}, {"employee_id": " 7"}, "employee_id"),
        ({"number": "s-7"}, {"employee_id": "S-7"}, "employee_id"),
        ({"number": "007"}, {"employee_id": "7"}, "employee_id_without_zeros"),
        ({"number": "7"}, {"employee_id": "007"}, "employee_id_without_zeros"),
        (
            {"number": "7"},
            {"employee_id": "7", "email": "p1@x.org"},
            "email_and_employee_id",
        ),
        ({"number": "07"}, {"employee_id": "7", "email": "p1@x.org"}, "email"),
    ],
)
def test_school_staff_match_by_last_name_and_email_or_employee_id(who, known, by):
    row = only(plan_of([teacher(**who)], [account(**known)]))

    assert (row.outcome, row.account_id, row.matched_by) == (Outcome.MATCHED, "a1", by)


@pytest.mark.parametrize(
    ("who", "known"),
    [
        ({"last": "Ng"}, {"email": "p1@x.org"}),
        ({"last": "Ng", "number": "7"}, {"employee_id": "7"}),
        ({"email": ""}, {"email": ""}),
        ({"email": "n/a"}, {"email": "N/A"}),
        ({"email": "", "number": ""}, {"email": "", "employee_id": ""}),
        ({"number": "0"}, {"employee_id": "0"}),
        ({"number": "000"}, {"employee_id": "0"}),
        ({"number": "-"}, {"employee_id": "-"}),
        ({"last": "🎓"}, {"last_name": "🎓", "email": "p1@x.org"}),
        ({"last": ""}, {"last_name": "", "email": "p1@x.org"}),
        ({"last": "-"}, {"last_name": "'", "email": "p1@x.org"}),
        ({"email": "", "number": "7"}, {"employee_id": "70"}),
    ],
)
def test_nothing_else_matches_and_never_an_empty_value(who, known):
    made = plan_of([teacher(**who)], [account(**known)])

    assert {row.outcome for row in made.rows}.isdisjoint(
        {Outcome.MATCHED, Outcome.REACTIVATED, Outcome.RELINK}
    )


@pytest.mark.parametrize(
    ("known", "outcome"),
    [
        ({"email": "p1@x.org"}, Outcome.MATCHED),
        ({"email": "other@x.org", "employee_id": "7"}, Outcome.CREATED),
        ({"email": "p1@x.org", "last_name": "Ng"}, Outcome.CREATED),
    ],
)
def test_district_staff_match_by_last_name_and_email_alone(known, outcome):
    who = district_admin(is_teacher=True, teacher_id="7")

    made = plan_of([who], [account(school=None, **known)])

    assert row_of(made, "p1").outcome is outcome


@pytest.mark.parametrize("tie", ["p1", ""])
def test_accounts_of_another_place_never_match(tie):
    made = plan_of(
        [staff(at=OAK_ID, is_district_admin=True)],
        [account(school=ELM, email="p1@x.org", clever_id=tie)],
    )

    assert row_at(made, "a1").outcome is Outcome.INACTIVE
    assert [r.outcome for r in made.rows].count(Outcome.CREATED) == 2


def test_a_tied_account_matches_whatever_changed_since():
    who = teacher(first="Bo", last="Ng", email="bo@x.org", number="9")

    row = only(plan_of([who], [account(clever_id="p1", employee_id="7")]))

    assert (row.outcome, row.matched_by) == (Outcome.MATCHED, MatchedBy.CLEVER_ID)
    assert row.changes == {
        "first_name": ["Ana", "Bo"],
        "last_name": ["Lee", "Ng"],
        "email": ["a1@old.org", "bo@x.org"],
        "employee_id": ["7", "9"],
    }


def test_a_tied_account_matches_somebody_without_a_name_and_keeps_its_own():
    row = only(plan_of([teacher(first="", last="🎓")], [account(clever_id="p1")]))

    assert row.outcome is Outcome.MATCHED
    assert row.first_name == "Ana"


def test_an_account_tied_to_a_person_who_is_elsewhere_is_not_given_to_another():
    people, accounts = crowd()
    known = account(email="p2@x.org", clever_id="p1")

    made = plan_of(
        [staff("p1", at="c-elm"), staff("p2", email="p2@x.org"), *people],
        [known, *accounts],
    )

    new = next(r for r in made.rows if r.clever_id == "p2")
    assert (new.outcome, new.state) == (Outcome.CREATED, RowState.HELD)
    assert row_at(made, "a1").state is RowState.HELD


@pytest.mark.parametrize(
    ("people", "accounts"),
    [
        (
            [teacher(number="007"), teacher("p2", number="07", last="Ng")],
            [{"employee_id": "7"}],
        ),
        (
            [teacher(number="007")],
            [{"employee_id": "7"}, {"employee_id": "07", "last_name": "Ng"}],
        ),
        (
            [teacher(number="7"), staff("p2", at="c-elm", number="07")],
            [{"employee_id": "0007"}],
        ),
    ],
)
def test_leading_zeros_count_where_ignoring_them_is_ambiguous(people, accounts):
    known = [account(f"a{n}", **given) for n, given in enumerate(accounts)]

    made = plan_of(people, known)

    assert Outcome.MATCHED not in [row.outcome for row in made.rows]


def test_an_exact_id_matches_beside_one_with_other_zeros():
    made = plan_of(
        [teacher(number="7")],
        [
            account("a1", employee_id="7"),
            account("a2", employee_id="07", last_name="Ng"),
        ],
    )

    assert outcomes(made) == {"a1": "matched", "a2": "inactive"}


def test_a_match_without_leading_zeros_says_so_and_keeps_the_id():
    known = account(email="p1@x.org", employee_id="417", last_name="Lee")

    row = only(plan_of([teacher(number="00417", email="")], [known]))

    assert row.changes == {}
    assert row.reason == (
        "Nothing changes. IDs compared without leading zeros: 00417 in Clever, "
        "417 in Naviance."
    )


def test_an_id_that_is_kept_because_of_its_zeros_is_told_whatever_matched():
    known = account(email="p1@x.org", employee_id="417")

    row = only(plan_of([teacher(number="00417")], [known]))

    assert (row.matched_by, row.employee_id) == (MatchedBy.EMAIL, "417")
    assert row.reason == (
        "Nothing changes. IDs compared without leading zeros: 00417 in Clever, "
        "417 in Naviance."
    )


AMBIGUOUS = (
    "IDs that differ in leading zeros do not count as one here, because without them "
    "others have this number too: 007 in Clever, 7 in Naviance."
)


def test_a_matched_row_says_why_ids_that_differ_in_zeros_did_not_count():
    people = [teacher(number="007"), teacher("p2", number="07", last="Ng")]

    made = plan_of(people, [account(email="p1@x.org", employee_id="7")])

    row = row_at(made, "a1")
    assert row.matched_by == MatchedBy.EMAIL
    assert row.reason == f"Nothing changes. {AMBIGUOUS}"


def test_a_new_person_whose_id_lost_its_zeros_is_held_with_the_account_and_says_why():
    crowded, kept = crowd()
    people = [teacher(number="007"), teacher("p2", number="07", last="Ng"), *crowded]
    known = account(first_name="Someone", email="a@x.org", employee_id="7")

    made = plan_of(people, [known, *kept])

    new = next(row for row in made.rows if row.clever_id == "p1")
    gone = row_at(made, "a1")
    assert [near.agrees for near in new.details.near] == [("loose_id",)]
    assert (new.state, gone.state) == (RowState.HELD, RowState.HELD)
    assert new.reason == (
        "Held as a pair: the account Someone Lee has the same last name and employee "
        f"ID but for leading zeros. Are they one person? {AMBIGUOUS}"
    )


def test_ids_that_differ_in_zeros_say_nothing_of_people_with_other_names():
    people = [teacher(number="007"), teacher("p2", number="07", last="Ng")]
    known = account(
        first_name="Someone", last_name="Else", email="a@x.org", employee_id="7"
    )

    made = plan_of(people, [known])

    assert all(not row.details.near for row in made.rows)


@pytest.mark.parametrize(
    ("others", "outcome"),
    [([], Outcome.RELINK), ([teacher("p2", number="07", last="Ng")], Outcome.CREATED)],
)
def test_a_new_clever_id_is_known_by_an_employee_id_that_lost_its_zeros(
    others, outcome
):
    known = account(email="a@x.org", employee_id="7", clever_id="gone")

    made = plan_of([teacher(number="007"), *others], [known])

    row = next(row for row in made.rows if row.clever_id == "p1")
    assert row.outcome is outcome
    assert "007 in Clever, 7 in Naviance." in row.reason


@pytest.mark.parametrize("number", ["1042", "S-889"])
def test_with_two_employee_ids_both_are_tried_and_the_accounts_stays(number):
    both = teacher(
        number="1042",
        is_staff=True,
        staff_id="S-889",
        staff_schools=(OAK_ID,),
        email="",
    )

    row = only(plan_of([both], [account(employee_id=number)]))

    assert row.matched_by == MatchedBy.EMPLOYEE_ID
    assert row.employee_id == number
    assert row.changes == {}


def test_an_active_candidate_wins_over_an_inactive_one():
    made = plan_of(
        [teacher()],
        [inactive("a1", email="p1@x.org"), account("a2", email="p1@x.org")],
    )

    assert outcomes(made) == {"a2": "matched"}


@pytest.mark.parametrize("cause", ["run", "loaded"])
def test_an_archived_or_inactively_loaded_account_comes_back(cause):
    row = only(plan_of([teacher()], [inactive(email="p1@x.org", cause=cause)]))

    assert row.outcome is Outcome.REACTIVATED
    assert row.changes["status"] == ["inactive", "active"]
    assert row.writes


@pytest.mark.parametrize("tie", ["p1", ""])
def test_an_account_deactivated_by_hand_is_skipped(tie):
    known = inactive(
        email="p1@x.org",
        cause="manual",
        inactive_by="Dana Whitfield",
        inactive_on="Oct 3, 2026",
        clever_id=tie,
    )

    row = only(plan_of([teacher()], [known]))

    assert (row.outcome, row.writes) == (Outcome.SKIPPED, False)
    assert row.reason == (
        "Deactivated by Dana Whitfield on Oct 3, 2026. An import does not undo that."
    )


def test_a_blank_in_clever_never_overwrites_a_value():
    known = account(clever_id="p1", middle_name="Q", job_title="Clerk", employee_id="7")

    row = only(plan_of([teacher(first="", last="", email="")], [known]))

    assert row.changes == {}
    assert not row.writes


def test_an_email_that_stands_for_nothing_overwrites_nothing():
    row = only(plan_of([teacher(email="n/a")], [account(clever_id="p1")]))

    assert row.email == "a1@old.org"
    assert row.details.notes == ("“n/a” is no e-mail address.",)


def test_pinned_fields_stay_and_the_drift_is_shown():
    known = account(clever_id="p1", pinned=("email", "last_name"))

    row = only(plan_of([teacher(last="Ng")], [known]))

    assert not row.writes
    assert row.details.drift == (("last_name", "Ng"), ("email", "p1@x.org"))
    assert "Last name is pinned in Naviance and stays; Clever says Ng." in row.reason


def test_an_email_that_differs_in_case_only_is_no_change():
    row = only(plan_of([teacher()], [account(clever_id="p1", email="P1@X.org")]))

    assert (row.email, row.writes) == ("P1@X.org", False)


def test_a_first_match_writes_the_tie_though_no_field_changes():
    row = only(plan_of([teacher()], [account(email="p1@x.org")]))

    assert (row.changes, row.writes) == ({}, True)
    assert (row.clever_id, row.previous_clever_id) == ("p1", "")


def test_a_new_account_has_a_stable_id_that_is_no_known_accounts():
    first = only(plan_of([teacher()]))
    known = account(first.account_id, last_name="Ng", active=False)

    second = row_of(plan_of([teacher()], [known]), "p1")

    assert only(plan_of([teacher()])).account_id == first.account_id
    assert second.outcome is Outcome.CREATED
    assert second.account_id != first.account_id


def test_district_accounts_take_no_employee_id_and_no_middle_name():
    who = district_admin(is_teacher=True, teacher_id="7", middle="Q")

    row = row_of(plan_of([who], settings=Settings(teacher_fallback=False)), "p1")

    assert (row.employee_id, row.middle_name) == ("", "")


def test_titles_middle_names_and_ids_follow_clever():
    known = account(clever_id="p1", email="p1@x.org", job_title="Aide")

    row = only(plan_of([teacher(title="Teacher", middle="Q", number="7")], [known]))

    assert row.changes == {
        "job_title": ["Aide", "Teacher"],
        "middle_name": [None, "Q"],
        "employee_id": [None, "7"],
    }
