"""Readiness as a whole: its lines, its words, and that it never fails."""

import pytest
from hypothesis import given as for_all

from staffimport.core.planning import plan
from staffimport.core.readiness import PARTS, Standing, assess, find_check, worst
from staffimport.core.tests.builders import (
    ELM_ID,
    OAK,
    OAK_ID,
    account,
    district_admin,
    teacher,
)
from staffimport.core.tests.districts import inputs
from staffimport.core.tests.findings import finding_of, findings_of

OK, LOOK, MEND = Standing.OK, Standing.LOOK, Standing.MEND


@pytest.mark.parametrize(
    ("answer", "standing", "text"),
    [
        (None, MEND, "Not answered yet."),
        (True, OK, "Yes: nobody is e-mailed."),
        (False, OK, "No: everybody who gets an account is e-mailed an invitation."),
    ],
)
def test_whether_clever_sso_is_used_must_be_answered(answer, standing, text):
    found = finding_of("sso_unanswered", uses_sso=answer)

    assert (found.standing, found.text) == (standing, text)


@pytest.mark.parametrize(
    ("filled", "standing", "text"),
    [
        (0, MEND, "0 % filled for 20 people: looks not shared."),
        (1, LOOK, "5 % filled: 1 of 20 people."),
        (19, OK, "95 % filled: 19 of 20 people."),
        (20, OK, "100 % filled: 20 of 20 people."),
    ],
)
@pytest.mark.parametrize(
    ("code", "field"),
    [
        ("field_title", "title"),
        ("field_email", "email"),
        ("field_employee_id", "number"),
        ("field_first_name", "first"),
    ],
)
def test_a_field_filled_for_nobody_looks_not_shared(
    code, field, filled, standing, text
):
    people = [
        teacher(f"p{n}", **{field: f"x{n}@x.org" if n < filled else ""})
        for n in range(20)
    ]

    found = finding_of(code, people)

    assert (found.standing, found.text, found.count) == (standing, text, 20 - filled)


def test_district_admins_are_not_expected_to_have_an_employee_id():
    found = finding_of("field_employee_id", [teacher(number="7"), district_admin("p2")])

    assert (found.standing, found.count) == (OK, 0)


def test_a_concerned_person_is_named_with_place_and_value():
    found = finding_of(
        "teacher_fallback", [teacher(at=(OAK_ID, ELM_ID), email="ana@x.org")]
    )

    (ana,) = found.people
    assert ana == type(ana)(
        "Lee, Ana", "ana@x.org", "Oak High, Elm High", "By the teacher record", "p1"
    )


def test_a_missing_account_says_why_as_the_results_do():
    found = finding_of("school_accounts_unfound", [teacher(at=ELM_ID)], [account("a1")])

    (ana,) = found.people
    assert (ana.name, ana.where, ana.account_id) == ("Lee, Ana", "Oak High", "a1")
    assert ana.value.startswith("In Clever as Teacher at Elm High, not at Oak High.")


def test_an_account_held_in_a_pair_is_missing_all_the_same():
    people, accounts = [teacher()], [account("a1", OAK)]

    found = findings_of(people, accounts)

    assert found["near_misses"].count == found["school_accounts_unfound"].count == 1
    (ana,) = found["school_accounts_unfound"].people
    assert not ana.value.startswith("Held")


def test_each_line_of_the_manual_has_checks_and_each_check_its_finding():
    lines = [line for part in PARTS for line in part.lines]
    codes = [check.code for line in lines for check in line.checks]

    assert [len(part.lines) for part in PARTS] == [9, 7, 3]
    assert list(findings_of()) == codes == list(dict.fromkeys(codes))
    assert all(find_check(code) for code in codes)
    assert find_check("made_up") is None


def test_the_worst_standing_is_a_lines_standing():
    assert worst([OK, MEND, LOOK]) is MEND
    assert worst([OK, LOOK]) is LOOK
    assert worst([]) is OK


@for_all(inputs(kinds=("test",)))
def test_whatever_clever_sends_every_check_ends_in_a_finding(given):
    found = assess(given, plan(given), uses_sso=None)

    people = {person.clever_id for person in given.snapshot.people}
    accounts = {one.id for one in given.accounts}
    schools = {school.clever_id for school in given.snapshot.schools}
    schools |= {place.clever_id for place in given.places}
    for finding in found:
        assert finding.text
        for one in finding.people:
            assert one.clever_id in people | schools | {""}
            assert one.account_id in accounts | {""}
