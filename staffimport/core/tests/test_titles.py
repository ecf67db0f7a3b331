"""Title keywords and defaults (product.md, "Roles and lists")."""

import pytest

from staffimport.core.keywords import at_level_of_role
from staffimport.core.tests.builders import (
    OAK_ID,
    account,
    district_admin,
    keyword,
    only,
    plan_of,
    staff,
    teacher,
)
from staffimport.core.titles import TitleRules, counts_at, fits
from staffimport.core.values import AppliesTo, Assignment, Level, Settings

KEYWORDS = (keyword("counselor", "Counselor"), keyword("teacher", "Teacher"))


@pytest.mark.parametrize(
    ("word", "title", "hit"),
    [
        ("teacher", "Math Teacher", True),
        ("Teacher", "TEACHER", True),
        ("teach", "Teacher", False),
        ("teacher", "Teachers", False),
        ("aide", "Teacher/Aide", True),
        ("math teacher", "Math   Teacher, 9th", True),
        ("teacher math", "Math Teacher", False),
        ("c++", "C++ Coach", True),
        ("principal", "Vice-Principal", True),
        ("psychologist", "", False),
        ("", "Teacher", False),
        (" ", "Teacher", False),
        (".*", "Teacher", False),
        ("orientación", "Orientación", True),
        ("ell", "Counsellor", False),
    ],
)
def test_a_keyword_fits_whole_words_whatever_the_case(word, title, hit):
    assert fits(word, title) is hit


@pytest.mark.parametrize(
    ("titles", "decided"),
    [
        (("Math Teacher",), ("Math Teacher", "teacher", "Teacher")),
        (
            ("Teacher and Counselor",),
            ("Teacher and Counselor", "counselor", "Counselor"),
        ),
        (("Teacher", "Counselor"), ("Counselor", "counselor", "Counselor")),
        (("Clerk", "Teacher"), ("Teacher", "teacher", "Teacher")),
        (("Coach", "Clerk"), ("Coach", "", "Other School Staff")),
        (("Clerk",), ("Clerk", "", "Other School Staff")),
        ((), ("", "", "Other School Staff")),
    ],
)
def test_the_first_keyword_that_fits_a_title_wins(titles, decided):
    found = TitleRules(Settings(keywords=KEYWORDS)).decide(Level.SCHOOL, titles)

    assert (found.title, found.keyword, found.assignment.user_role) == decided


def test_the_order_of_keywords_decides_and_the_others_are_told():
    turned = TitleRules(Settings(keywords=KEYWORDS[::-1]))

    found = turned.decide(Level.SCHOOL, ("Teacher and Counselor",))

    assert (found.keyword, found.also) == ("teacher", ("counselor",))


@pytest.mark.parametrize(
    ("applies_to", "at_school", "at_district"),
    [
        (AppliesTo.SCHOOL, "Head", "Other District Staff"),
        (AppliesTo.DISTRICT, "Other School Staff", "Head"),
        (AppliesTo.BOTH, "Head", "Head"),
    ],
)
def test_a_keyword_is_for_school_staff_district_staff_or_both(
    applies_to, at_school, at_district
):
    settings = Settings(keywords=(keyword("director", "Head", applies_to),))

    made = plan_of(
        [staff("p1", title="Director"), district_admin("p2", title="Director")],
        settings=settings,
    )

    roles = {row.level: row.user_role for row in made.rows}
    assert roles == {Level.SCHOOL: at_school, Level.DISTRICT: at_district}


def test_a_keyword_counts_at_the_level_of_its_role_alone_and_the_row_says_so():
    lead = at_level_of_role(keyword("lead", "Teacher"), "school")
    later = keyword("nurse lead", "Nurse")

    made = plan_of(
        [
            staff("p1", title="Lead"),
            district_admin("p2", title="Lead"),
            district_admin("p3", title="Nurse Lead"),
        ],
        settings=Settings(keywords=(lead, later)),
    )

    passed = (
        "The keyword “lead” fits, but does not count here: its role Teacher is for "
        "school staff alone. Give it another role."
    )
    assert {row.clever_id: (row.user_role, row.reason) for row in made.rows} == {
        "p1": ("Teacher", "New. Teacher, by keyword “lead”."),
        "p2": (
            "Other District Staff",
            f"New. {passed} Until then the default applies: Other District Staff, "
            "unrestricted zone.",
        ),
        "p3": (
            "Nurse",
            f"New. Nurse, unrestricted zone, by keyword “nurse lead”. {passed}",
        ),
    }


@pytest.mark.parametrize(
    ("applies_to", "level", "counts"),
    [
        ("both", "both", {"school", "district"}),
        ("both", "district", {"district"}),
        ("school", "school", {"school"}),
        ("school", "district", set()),
        ("district", "both", {"district"}),
    ],
)
def test_a_keyword_counts_where_it_and_its_role_are_for(applies_to, level, counts):
    given = at_level_of_role(keyword("lead", applies_to=applies_to), level)

    assert {each.value for each in Level if counts_at(given, each)} == counts


def test_a_new_account_gets_what_its_keyword_says():
    given = keyword(
        "counselor", "Counselor", job_function="Guidance", counselor_list=True
    )

    row = only(
        plan_of([teacher(title="Counselor")], settings=Settings(keywords=(given,)))
    )

    assert (row.job_function, row.user_role) == ("Guidance", "Counselor")
    assert (row.teacher_list, row.counselor_list) == (False, True)
    assert (row.keyword, row.reason_code) == ("counselor", "new")
    assert row.reason == "New. Counselor, Counselor List, by keyword “counselor”."


def test_without_a_fitting_keyword_the_default_of_the_level_applies():
    default = Assignment("Staff", "Other School Staff", teacher_list=True)

    row = only(
        plan_of([staff(title="Clerk")], settings=Settings(school_default=default))
    )

    assert (row.job_function, row.teacher_list, row.keyword) == ("Staff", True, "")
    assert row.reason_code == "default_role"


def test_of_teacher_and_staff_title_the_one_that_won_is_shown():
    both = teacher(
        title="Clerk", is_staff=True, staff_title="Counselor", staff_schools=(OAK_ID,)
    )

    assert only(plan_of([both])).job_title == "Clerk"
    with_keywords = plan_of([both], settings=Settings(keywords=KEYWORDS))
    assert only(with_keywords).job_title == "Counselor"


def test_a_district_placement_uses_the_district_admin_title_alone():
    both = district_admin(title="Director", is_teacher=True, teacher_title="Teacher")

    row = only(plan_of([both], settings=Settings(keywords=KEYWORDS)))

    assert (row.job_title, row.user_role) == ("Director", "Other District Staff")


def test_new_district_staff_get_the_default_zone_and_school_staff_none():
    settings = Settings(district_zone="No Schools Zone")

    made = plan_of([staff("p1"), district_admin("p2")], settings=settings)

    zones = {row.level: row.zone for row in made.rows}
    assert zones == {Level.SCHOOL: "", Level.DISTRICT: "No Schools Zone"}


def test_function_role_lists_and_zone_of_a_matched_account_are_never_touched():
    known = account(
        school=None,
        email="p1@x.org",
        job_function="Own",
        user_role="Own role",
        teacher_list=True,
        zone="North",
    )

    made = plan_of(
        [district_admin(title="Counselor")],
        [known],
        settings=Settings(keywords=KEYWORDS, district_zone="No Schools Zone"),
    )

    row = only(made)
    assert (row.job_function, row.user_role, row.zone) == ("Own", "Own role", "North")
    assert row.teacher_list
    assert not row.keyword
