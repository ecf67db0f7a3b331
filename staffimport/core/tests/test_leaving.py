"""What becomes of accounts that nobody in Clever holds."""

import pytest

from staffimport.core.tests.builders import (
    ELM,
    account,
    crowd,
    district_admin,
    inactive,
    only,
    person,
    plan_of,
    row_at,
    staff,
    teacher,
)
from staffimport.core.values import Outcome, RowState, Settings


def leaver(people=(), known=None, **given):
    """Return the row of one account beside a crowd that keeps the brake quiet."""
    others, accounts = crowd()
    made = plan_of([*people, *others], [known or account(), *accounts], **given)
    return row_at(made, "a1")


def test_an_account_nobody_in_clever_holds_is_made_inactive():
    row = leaver()

    assert (row.outcome, row.state) == (Outcome.INACTIVE, RowState.PLANNED)
    assert row.changes == {"status": ["active", "inactive"]}
    assert (row.first_name, row.email) == ("Ana", "a1@old.org")
    assert row.reason == (
        "Nobody in Clever has this last name with this e-mail or employee ID. "
        "The account is archived; history stays."
    )


def test_an_inactive_account_nobody_holds_has_no_row():
    assert plan_of([], [inactive()]).rows == []


def test_a_district_account_says_what_its_person_is_in_clever():
    people = [staff(email="ana@x.org")]

    row = leaver(people, account(school=None, email="ana@x.org"))

    assert row.reason == (
        "In Clever as Staff at Oak High, not as District Admin. Give Ana Lee that "
        "user type in Clever to keep this account."
    )
    assert row.details.near[0].clever_id == "p1"


@pytest.mark.parametrize(
    ("who", "known"),
    [
        ({"email": "ana@x.org", "last": "Ng"}, {"email": "ana@x.org"}),
        ({"number": "7", "last": "Ng"}, {"employee_id": "7"}),
        ({}, {}),
    ],
)
def test_a_leaver_says_who_is_nearest_in_clever_and_where(who, known):
    row = leaver([staff(at="c-elm", **who)], account(**known))

    assert row.reason_code == "elsewhere_in_clever"
    assert row.reason.startswith("In Clever as Staff at Elm High, not at Oak High.")


def test_a_leaver_near_somebody_placed_here_does_not_say_they_are_not_here():
    mine = account("a2", email="p1@x.org", clever_id="p1")
    others, accounts = crowd()

    made = plan_of([staff(), *others], [account(), mine, *accounts])

    row = row_at(made, "a1")
    assert (row.outcome, row.reason_code) == (Outcome.INACTIVE, "second_account")
    assert row.reason == (
        "Ana Lee in Clever comes nearest, but is placed here without this account. "
        "The account is archived; history stays."
    )


def test_a_shared_address_names_nobody_as_nearest():
    people = [
        staff("p1", at="c-elm", email="o@x.org", last="Ng"),
        staff("p2", at="c-elm", email="o@x.org", last="Roe"),
    ]

    assert leaver(people, account(email="o@x.org")).reason_code == "not_in_clever"


@pytest.mark.parametrize(
    ("undecided", "known"),
    [
        (staff(last="", email="ana@x.org"), {"email": "ANA@x.org", "last_name": "Ng"}),
        (staff(last="", number="7"), {"employee_id": "7"}),
        (staff(last="", number="007"), {"employee_id": "7"}),
        (staff(first="Ana Lee", last=""), {}),
        (staff(first="ANA", last="🎓", number=""), {"last_name": ""}),
        (staff(last=""), {"clever_id": "", "email": "p1@x.org"}),
    ],
)
def test_a_skipped_person_protects_whoever_shares_email_id_or_name_here(
    undecided, known
):
    row = leaver([undecided], account(**known))

    assert (row.outcome, row.reason_code) == (Outcome.SKIPPED, "protected_by_undecided")
    assert row.details.near[0].clever_id == "p1"


def test_a_conflicting_person_protects_too():
    others, accounts = crowd()
    people = [staff("p1", email="o@x.org"), staff("p2", email="o@x.org", number="7")]
    known = [
        account("a1", last_name="Roe", employee_id="7"),
        account("a2", email="o@x.org"),
    ]

    made = plan_of([*people, *others], [*known, *accounts])

    assert row_at(made, "a1").reason_code == "protected_by_undecided"


def test_a_skipped_person_protects_nobody_at_another_school():
    row = leaver(
        [staff(at="c-elm", last="", email="ana@x.org")], account(email="ana@x.org")
    )

    assert row.outcome is Outcome.INACTIVE


@pytest.mark.parametrize("school", [1, ELM, None])
def test_somebody_clever_places_nowhere_protects_everywhere(school):
    row = leaver([staff(at=())], account(school=school, email="p1@x.org"))

    assert row.reason_code == "protected_by_undecided"


def test_nobody_is_protected_by_an_empty_value():
    nameless = person("p1", is_staff=True, first="", last="", email="")

    row = leaver([nameless], account(first_name="", last_name="", email=""))

    assert row.outcome is Outcome.INACTIVE


def test_a_protected_role_is_never_made_inactive():
    settings = Settings(protected_roles=frozenset(["Nurse"]))

    row = leaver(known=account(user_role="Nurse"), settings=settings)

    assert row.outcome is Outcome.SKIPPED
    assert row.reason == "Not in Clever, but the role Nurse is never made inactive."


def test_a_sync_goes_on_protecting_the_roles_of_the_last_final():
    given = {"known": account(user_role="Nurse"), "kind": "sync"}

    assert (
        leaver(**given, covered_roles=frozenset(["Nurse"])).outcome is Outcome.SKIPPED
    )
    assert leaver(**given).outcome is Outcome.INACTIVE


@pytest.mark.parametrize("kind", ["test", "final"])
def test_a_role_protected_no_more_is_shown_by_a_test_before_a_sync_goes_by_it(kind):
    row = leaver(
        known=account(user_role="Nurse"),
        kind=kind,
        covered_roles=frozenset(["Nurse"]),
    )

    assert row.outcome is Outcome.INACTIVE


def test_a_matched_account_in_a_protected_role_is_matched():
    settings = Settings(protected_roles=frozenset(["Nurse"]))

    row = only(
        plan_of(
            [teacher()], [account(user_role="Nurse", clever_id="p1")], settings=settings
        )
    )

    assert row.outcome is Outcome.MATCHED


def test_a_district_admin_who_became_staff_keeps_the_school_account_only():
    others, accounts = crowd()
    known = [account("a1", None, clever_id="p1"), account("a2", clever_id="p1")]

    made = plan_of([staff(), *others], [*known, *accounts])

    assert row_at(made, "a1").outcome is Outcome.INACTIVE
    assert row_at(made, "a2").outcome is Outcome.MATCHED


def test_a_person_of_all_schools_keeps_every_account():
    who = staff(at=("c-oak", "c-elm"), is_district_admin=True)
    known = [account("a1"), account("a2", ELM), account("a3", None)]
    tied = [account(one.id, one.school, clever_id="p1") for one in known]

    made = plan_of([who], tied)

    assert {row.outcome for row in made.rows} == {Outcome.MATCHED}


def test_an_empty_roster_of_district_admins_touches_district_accounts_only():
    others, accounts = crowd()
    theirs = crowd(3, None)[1]

    made = plan_of(others, [*accounts, *theirs])

    gone = {row.school for row in made.rows if row.outcome is Outcome.INACTIVE}
    assert gone == {None}


def test_a_district_admin_placed_without_a_last_name_protects_the_district_account():
    row = leaver(
        [district_admin(last="", email="ana@x.org")],
        account(school=None, email="ana@x.org"),
    )

    assert row.reason_code == "protected_by_undecided"
