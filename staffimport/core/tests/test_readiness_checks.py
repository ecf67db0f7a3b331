"""The readiness checks, one table: whom each is about, and how bad it is."""

import pytest

from staffimport.core.readiness import Standing
from staffimport.core.snapshot import RosterSchool
from staffimport.core.tests.builders import (
    ELM,
    ELM_ID,
    OAK_ID,
    SCHOOLS,
    account,
    district_admin,
    inactive,
    keyword,
    place,
    staff,
    teacher,
)
from staffimport.core.tests.findings import crowd_of, finding_of
from staffimport.core.values import Settings

OK, LOOK, MEND = Standing.OK, Standing.LOOK, Standing.MEND
TITLED = Settings(keywords=(keyword("Teacher"),))
UNPLACED = Settings(teacher_fallback=False)


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
