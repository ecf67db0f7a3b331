import pytest
from hypothesis import given as for_all

from staffimport.core.planning import plan
from staffimport.core.readiness import PARTS, Standing, assess, find_check, worst
from staffimport.core.snapshot import RosterSchool
from staffimport.core.tests.builders import (
    ELM,
    ELM_ID,
    OAK,
    OAK_ID,
    SCHOOLS,
    account,
    district_admin,
    inactive,
    input_of,
    keyword,
    place,
    staff,
    teacher,
)
from staffimport.core.tests.districts import inputs
from staffimport.core.values import Settings

OK, LOOK, MEND = Standing.OK, Standing.LOOK, Standing.MEND
TITLED = Settings(keywords=(keyword("Teacher"),))
UNPLACED = Settings(teacher_fallback=False)


def findings_of(people=(), accounts=(), *, uses_sso=True, **given):
    """Return what each check finds, by code."""
    asked = input_of(people, accounts, **given)
    return {f.code: f for f in assess(asked, plan(asked), uses_sso=uses_sso)}


def finding_of(code, people=(), accounts=(), **given):
    return findings_of(people, accounts, **given)[code]


def crowd_of(number, **given):
    """Return teachers with sections, addresses and ids as a district has them."""
    return [
        teacher(
            f"c{n}",
            last=f"Crowd{n}",
            email=f"c{n}@oak.org",
            number=f"24{n:03}",
            **given,
        )
        for n in range(number)
    ]


ANA = {"first": "Ana", "last": "Lee"}
BO = {"first": "Bo", "last": "Ng"}

# code, people, accounts, further input, standing, values of whom it concerns
CASES = [
    ("conflicts", [teacher(email="a@x.org")], [account("a1", email="a@x.org")], {}, OK),
    (
        "conflicts",
        [teacher(email="a@x.org")],
        [account("a1", email="a@x.org"), account("a2", email="a@x.org")],
        {},
        (MEND, "p1"),
    ),
    ("near_misses", [teacher()], [account("a1")], {}, (MEND, "p1")),
    ("near_misses", [teacher(last="Ng")], [account("a1")], {}, OK),
    (
        "school_staff_as_admin",
        [district_admin()],
        [account("a1")],
        {},
        (MEND, "a1"),
    ),
    ("school_staff_as_admin", [teacher(at=ELM_ID)], [account("a1")], {}, OK),
    ("two_user_types", [teacher()], [], {}, OK),
    (
        "two_user_types",
        [teacher(is_district_admin=True)],
        [],
        {},
        (LOOK, "p1"),
    ),
    ("district_admins_shared", [district_admin()], [account("a1", None)], {}, OK),
    ("district_admins_shared", [teacher()], [account("a1", None)], {}, MEND),
    ("district_admins_shared", [teacher()], [], {}, LOOK),
    ("district_staff_other_type", [teacher()], [account("a1", None)], {}, (MEND, "a1")),
    (
        "district_staff_other_type",
        [district_admin(email="a@x.org")],
        [account("a1", None, email="a@x.org")],
        {},
        OK,
    ),
    ("not_in_clever", [teacher(**BO)], [account("a1")], {}, (MEND, "a1")),
    ("not_in_clever", [teacher(**BO)], [inactive("a1")], {}, OK),
    (
        "kept_without_clever",
        [teacher(**BO)],
        [account("a1", user_role="Nurse")],
        {"settings": Settings(protected_roles=frozenset(["Nurse"]))},
        (OK, "a1"),
    ),
    ("teachers_shared", [staff()], [], {}, MEND),
    ("teachers_shared", [teacher()], [], {}, OK),
    ("teachers_shared", [teacher(at=())], [], {}, (MEND, "p1")),
    ("teacher_fallback", [teacher()], [], {"teaching": {"p1": (OAK_ID,)}}, OK),
    ("teacher_fallback", [teacher()], [], {}, (LOOK, "p1")),
    ("teacher_fallback", [teacher()], [], {"settings": UNPLACED}, (MEND, "p1")),
    ("no_title", [teacher(title="Teacher")], [], {}, OK),
    ("no_title", [teacher()], [], {}, (MEND, "p1")),
    (
        "titles_without_keyword",
        [teacher(title="Math Teacher"), staff("p2", title="Nurse")],
        [],
        {"settings": TITLED},
        (MEND, "Nurse"),
    ),
    (
        "titles_without_keyword",
        [teacher(title="Math Teacher")],
        [],
        {"settings": TITLED},
        OK,
    ),
    ("teachers_without_section", [teacher()], [], {}, (LOOK, "p1")),
    ("teachers_without_section", [teacher()], [], {"teaching": {"p1": (OAK_ID,)}}, OK),
    (
        "unsectioned_schools",
        [teacher(at=(OAK_ID, ELM_ID))],
        [],
        {"teaching": {"p1": (OAK_ID,)}},
        (LOOK, "p1"),
    ),
    ("unsectioned_schools", [teacher(at=(OAK_ID, ELM_ID))], [], {}, OK),
    ("no_last_name", [teacher(last="🎓")], [], {}, (MEND, "p1")),
    ("no_last_name", [teacher()], [], {}, OK),
    ("nothing_to_match", [staff(email="n/a", number=" ")], [], {}, (MEND, "p1")),
    ("nothing_to_match", [staff(email="", number="7")], [], {}, OK),
    ("missing_emails", [staff(email="")], [], {}, (LOOK, "p1")),
    ("missing_emails", [district_admin(email="")], [], {}, OK),
    ("malformed_emails", [staff(email="ana.x.org")], [], {}, (MEND, "p1")),
    ("malformed_emails", [staff(email="ana@x.org")], [], {}, OK),
    (
        "shared_emails",
        [staff(email="office@x.org"), staff("p2", email="OFFICE@x.org", **BO)],
        [],
        {},
        (MEND, "p1", "p2"),
    ),
    ("shared_emails", [staff(), staff("p2")], [], {}, OK),
    (
        "shared_ids",
        [staff(number="7"), staff("p2", number="7", **BO)],
        [],
        {},
        (MEND, "p1", "p2"),
    ),
    ("shared_ids", [staff(number="7"), staff("p2", number="8")], [], {}, OK),
    ("same_person_twice", [staff(), teacher("p2")], [], {}, (LOOK, "p1", "p2")),
    (
        "same_person_twice",
        [staff(number="7"), teacher("p2", at=ELM_ID, first="Annie", number="7")],
        [],
        {},
        (LOOK, "p1", "p2"),
    ),
    ("same_person_twice", [staff(), teacher("p2", at=ELM_ID)], [], {}, OK),
    ("account_no_last_name", [], [account("a1", last_name="-")], {}, (MEND, "a1")),
    ("account_no_last_name", [], [account("a1")], {}, OK),
    (
        "account_shared_ids",
        [],
        [account("a1", employee_id="7"), account("a2", employee_id="7")],
        {},
        (MEND, "a1", "a2"),
    ),
    (
        "account_shared_ids",
        [],
        [account("a1", employee_id="7"), account("a2", ELM, employee_id="7")],
        {},
        OK,
    ),
    ("personal_emails", [], [account("a1", email="a@gmail.com")], {}, (MEND, "a1")),
    (
        "personal_emails",
        [staff(number="7")],
        [account("a1", email="a@yahoo.co.uk", employee_id="7")],
        {},
        (LOOK, "a1"),
    ),
    ("personal_emails", [], [account("a1", email="a@live.k12.ca.us")], {}, OK),
    (
        "foreign_emails",
        crowd_of(3),
        [account("a1", email="ana@elsewhere.org"), account("a2", email="b@oak.org")],
        {},
        (LOOK, "a1"),
    ),
    (
        "id_formats",
        crowd_of(3),
        [account("a1", employee_id="417"), account("a2", employee_id="24417")],
        {},
        (MEND, "a1"),
    ),
    ("id_formats", crowd_of(3), [account("a1", employee_id="04417")], {}, (MEND, "a1")),
    ("id_formats", crowd_of(3), [account("a1", employee_id="E4417")], {}, (MEND, "a1")),
    ("id_formats", [], [account("a1", employee_id="E4417")], {}, OK),
    ("account_bad_emails", [], [account("a1", email="ana")], {}, (LOOK, "a1")),
    (
        "account_bad_emails",
        [],
        [account("a1", email="o@x.org"), account("a2", email="o@x.org", last_name="M")],
        {},
        (LOOK, "a1", "a2"),
    ),
    (
        "account_bad_emails",
        [],
        [account("a1", email="o@x.org"), account("a2", ELM, email="o@x.org")],
        {},
        OK,
    ),
    (
        "personal_clever_emails",
        [*crowd_of(3), staff(email="ana@hotmail.fr"), staff("p2", email="b@odd.org")],
        [],
        {},
        (LOOK, "p1", "p2"),
    ),
    ("district_emails", [district_admin(email="")], [], {}, (MEND, "p1")),
    ("district_emails", [district_admin(), staff("p2", email="")], [], {}, OK),
    (
        "district_account_emails",
        [],
        [account("a1", None, email="a@gmail.com")],
        {},
        (MEND, "a1"),
    ),
    ("district_account_emails", [], [account("a1", email="")], {}, OK),
    (
        "school_accounts_unfound",
        [teacher(at=ELM_ID)],
        [account("a1")],
        {},
        (MEND, "a1"),
    ),
    ("school_accounts_unfound", [], [account("a1", None)], {}, OK),
    ("district_accounts_unfound", [], [account("a1", None)], {}, (MEND, "a1")),
    ("district_accounts_unfound", [], [account("a1")], {}, OK),
    ("default_role", [teacher(title="Nurse")], [], {"settings": TITLED}, (LOOK, "p1")),
    ("default_role", [teacher(title="Teacher")], [], {"settings": TITLED}, OK),
    ("nowhere", [staff(at=())], [], {}, (MEND, "p1")),
    ("nowhere", [staff()], [], {}, OK),
    ("at_unshared_schools", [staff(at="c-gone")], [], {}, (MEND, "p1")),
    ("at_unshared_schools", [staff()], [], {}, OK),
    ("several_schools", [staff(at=(OAK_ID, ELM_ID))], [], {}, (OK, "p1")),
    (
        "clever_schools_unmatched",
        [],
        [],
        {"schools": (*SCHOOLS, RosterSchool("c-fir", "Fir High"))},
        (MEND, "c-fir"),
    ),
    (
        "at_unmatched_schools",
        [staff(at="c-fir")],
        [],
        {"schools": (*SCHOOLS, RosterSchool("c-fir", "Fir High"))},
        (MEND, "p1"),
    ),
    (
        "naviance_schools_unmatched",
        [],
        [],
        {"places": [place(), place(ELM, "Elm High", "")]},
        (LOOK, "Elm High"),
    ),
    ("matched_not_shared", [], [], {"schools": SCHOOLS[:1]}, (MEND, ELM_ID)),
    ("matched_not_shared", [], [], {}, OK),
    ("zone_unrestricted", [], [], {}, LOOK),
    (
        "zone_unrestricted",
        [],
        [],
        {"settings": Settings(district_zone="No Schools Zone")},
        OK,
    ),
]


@pytest.mark.parametrize(("code", "people", "accounts", "given", "expected"), CASES)
def test_a_check_finds_whom_it_is_about(code, people, accounts, given, expected):
    standing, *concerned = [expected] if isinstance(expected, str) else expected

    found = finding_of(code, people, accounts, **given)

    ids = [one.account_id or one.clever_id or one.name for one in found.people]
    assert (found.standing, sorted(ids)) == (standing, sorted(concerned))


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
