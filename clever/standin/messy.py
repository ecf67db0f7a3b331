"""The `messy` roster: every kind of dirt at least once, each under a name.

Thornbury School District, `Maker(1, …)` unless more districts are served. `MESSES`
maps the name of a mess to the number of the user who carries it, so that a test can
say `maker.user_id(MESSES["no_last_name"])`. Everyone not said to be elsewhere teaches
or works at school 1. The kinds are those of product.md ("Data is dirty") and of
Clever's pages on data model quirks and anti-patterns.
"""

from clever.standin.district import Roster
from clever.standin.names import address
from clever.standin.wire import Maker, Record, admin_role, staff_role, teacher_role

DOMAIN = "thornbury.example"
ABSENT = "(absent)"
GONE_TEACHER = 900
GONE_SCHOOL = 90
LONG = "Coordinator of " + "very " * 120 + "long titles"
NCES_IDS: tuple[tuple[str, str | None], ...] = (
    ("Thornbury High School", "069997000201"),
    ("Thornbury Middle School", "69997000202"),  # a lost leading zero
    ("Thornbury Charter", "69997000000"),  # what a spreadsheet rounds an id to
    ("Thornbury Annex", "6.9997E+10"),  # and how it may write it
    ("Thornbury Day School", "A9504443"),  # private: eight characters stay as they are
    ("Thornbury New School", None),
    ("Thornbury Night School", "069997-000208 "),  # the same id as the farm's, untidy
    ("Thornbury Farm School", "069997000208.0"),
    ("Thornbury Unknown", "-2"),  # NCES code for "not applicable"
)
WHOLE_DISTRICT = range(1, len(NCES_IDS) + 1)

Mess = tuple[str, str | None, str | None, Record]


def _teachers() -> list[Mess]:
    # The mess, first and last name, and what differs from a plain teacher.
    return [
        ("plain", "Pat", "Plain", {}),
        ("no_last_name", "Robin", "", {}),
        ("null_last_name", "Casey", None, {}),
        ("no_first_name", "", "Nofirst", {}),
        ("null_email", "Nell", "Noemail", {"email": None}),
        ("absent_email", "Abe", "Absent", {"email": ABSENT}),
        ("empty_email", "Emma", "Empty", {"email": ""}),
        ("email_without_at", "Al", "Atless", {"email": f"aatless.{DOMAIN}"}),
        ("email_with_spaces", "Stan", "Space", {"email": f"  SSpace@{DOMAIN} "}),
        ("email_of_office", "Ona", "Office", {"email": f"office@{DOMAIN}"}),
        ("email_of_office_2", "Otto", "Office", {"email": f"office@{DOMAIN}"}),
        ("renamed_same_email", "Rita", "Oldname", {"email": f"rita@{DOMAIN}"}),
        ("renamed_same_email_2", "Rita", "Newname", {"email": f"rita@{DOMAIN}"}),
        ("same_employee_id", "Robert", "Smith", {"number": "21145"}),
        ("same_employee_id_2", "Robert", "Smith Jr.", {"number": "21145"}),
        ("leading_zeros_lost", "Zora", "Zero", {"number": "417"}),
        ("leading_zeros_kept", "Zack", "Zeroes", {"number": "00512"}),
        ("leading_zeros_twin", "Zita", "Zeroed", {"number": "512"}),
        ("no_employee_id", "Nora", "Number", {"number": None, "sis_id": ""}),
        ("stray_spaces", "  Sue ", " Stray  Spaces ", {"title": " Teacher ,  Math "}),
        ("suffix", "Sam", "Suffix III", {}),
        ("accents", "José", "Castañeda", {}),
        ("decomposed_accents", "Zoe\u0301", "Nun\u0303ez", {}),
        ("typographic_apostrophe", "Katie", "O\u2019Brien", {}),
        ("other_script", "Юлия", "Петрова", {"email": f"ypetrova@{DOMAIN}"}),
        ("emoji", "Kim 🍎", "Emoji", {"title": "Teacher 🎨"}),
        ("long_title", "Lena", "Long", {"title": LONG}),
        ("long_last_name", "Max", "Long" * 90, {"email": f"mlong@{DOMAIN}"}),
        ("null_title", "Nat", "Notitle", {"title": None}),
        ("empty_title", "Ed", "Emptytitle", {"title": ""}),
        ("two_keywords", "Tia", "Twokeys", {"title": "Lead Counselor-Teacher"}),
        ("keyword_inside_word", "Ian", "Inside", {"title": "Teacherage Caretaker"}),
        ("middle_name", "Mia", "Middle", {"middle": "Jo"}),
        ("no_section", "Nina", "Nosection", {"sections": 0}),
        ("no_section_no_school", "Nick", "Nowhere", {"sections": 0, "schools": []}),
        ("three_schools", "Theo", "Threeschools", {"schools": [1, 2, 3]}),
        ("gone_school", "Gail", "Goneschool", {"schools": [GONE_SCHOOL]}),
        ("namesake", "Alex", "Namesake", {}),
        ("namesake_2", "Alex", "Namesake", {"email": f"alex2@{DOMAIN}"}),
        ("two_users_teacher", "Dee", "Double", {"email": f"dee.double@{DOMAIN}"}),
        ("empty_credentials", "Cora", "Credential", {"credentials": "empty"}),
        ("html", "<b>Bob</b>", "O'Script", {"title": '=HYPERLINK("x")'}),
        ("control_characters", "Tab\tby", "New\nline", {}),
    ]


def _staff() -> list[Mess]:
    return [
        ("staff_two_schools", "Sid", "Several", {"schools": [1, 2]}),
        ("staff_all_schools", "Ally", "Allover", {"schools": list(WHOLE_DISTRICT)}),
        ("staff_no_school", "Noel", "Noplace", {"schools": []}),
        ("front_office", "Front Office", "", {"email": f"office@{DOMAIN}"}),
        ("two_users_staff", "Dee", "Double", {"email": f"ddouble2@{DOMAIN}"}),
        ("staff_null_number", "Stu", "Nonumber", {"number": ""}),
        ("staff_same_number", "Sal", "Twin", {"number": "3300"}),
        ("staff_same_number_2", "Val", "Twin", {"number": "3300"}),
        ("swapped_names", "Gomez", "Rafael", {"title": "Director, Athletics"}),
    ]


_TEACHERS = _teachers()
_STAFF = _staff()
_FIRST_STAFF = len(_TEACHERS) + 1
_FIRST_OTHER = _FIRST_STAFF + len(_STAFF)
OTHERS = (
    "teacher_and_staff",
    "staff_and_admin",
    "admin_without_email",
    "admin_null_title",
    "all_three_roles",
    "null_roles_beside_real",
    "no_roles",
    "parent_of_plain",
    "student",
)

MESSES: dict[str, int] = {
    **{mess[0]: n for n, mess in enumerate(_TEACHERS, 1)},
    **{mess[0]: n for n, mess in enumerate(_STAFF, _FIRST_STAFF)},
    **{name: n for n, name in enumerate(OTHERS, _FIRST_OTHER)},
}


def build_messy(number: int = 1) -> Roster:
    """Return the roster as the `number`th district of a server."""
    maker = Maker(number, DOMAIN)
    return Roster(
        district=maker.district("Thornbury School District", None),
        schools=[
            maker.school(n, name, nces_id=nces_id)
            for n, (name, nces_id) in enumerate(NCES_IDS, 1)
        ],
        users=[
            *(_teacher(maker, n, mess) for n, mess in enumerate(_TEACHERS, 1)),
            *(_staff_user(maker, n, m) for n, m in enumerate(_STAFF, _FIRST_STAFF)),
            *_others(maker),
        ],
        sections=_sections(maker),
    )


def _user(maker: Maker, number: int, mess: Mess, roles: Record) -> Record:
    _, first, last, changes = mess
    email = changes.get("email", address(first or "x", last or "x", DOMAIN, number))
    user = maker.user(number, (first, last), email=email, roles=roles)
    user["name"]["middle"] = changes.get("middle")
    if email == ABSENT:
        del user["email"]
    return user


def _teacher(maker: Maker, number: int, mess: Mess) -> Record:
    changes = mess[3]
    role = teacher_role(
        [maker.school_id(n) for n in changes.get("schools", [1])],
        number,
        teacher_number=changes.get("number", str(4000 + number)),
        sis_id=changes.get("sis_id", f"T{4000 + number}"),
        title=changes.get("title", "Teacher"),
    )
    if "credentials" in changes:
        role["credentials"] = {}
    return _user(maker, number, mess, {"teacher": role})


def _staff_user(maker: Maker, number: int, mess: Mess) -> Record:
    changes = mess[3]
    role = staff_role(
        [maker.school_id(n) for n in changes.get("schools", [1])],
        number,
        staff_id=changes.get("number", str(4000 + number)),
        title=changes.get("title", "Office Manager"),
    )
    return _user(maker, number, mess, {"staff": role})


def _others(maker: Maker) -> list[Record]:
    schools = [maker.school_id(1)]
    teacher = teacher_role(schools, 1, teacher_number="5001", title="Teacher, Math")
    staff = staff_role(schools, 1, staff_id="6001", title="Lead Counselor")
    admin = admin_role(1, "Superintendent")
    student = {
        "school": schools[0],
        "schools": schools,
        "sis_id": "ST1",
        "grade": "9",
        "enrollments": [],
    }
    contact: Record = {"sis_id": "C1", "phone": None, "student_relationships": []}
    roles: dict[str, Record] = {
        "teacher_and_staff": {"teacher": teacher, "staff": staff},
        "staff_and_admin": {"staff": staff, "district_admin": admin},
        "admin_without_email": {"district_admin": admin},
        "admin_null_title": {"district_admin": admin_role(2, None)},
        "all_three_roles": {
            "teacher": teacher,
            "staff": staff,
            "district_admin": admin,
        },
        "null_roles_beside_real": {
            "teacher": None,
            "staff": staff,
            "district_admin": None,
            "student": None,
            "contact": None,
        },
        "no_roles": {},
        "parent_of_plain": {"contact": contact},
        "student": {"student": student},
    }
    emails = {"admin_without_email": None, "parent_of_plain": f"pplain1@{DOMAIN}"}
    return [
        maker.user(
            number,
            ("Olive", f"Other{number}"),
            email=emails.get(name, f"other{number}@{DOMAIN}"),
            roles=roles[name],
        )
        for number, name in enumerate(OTHERS, _FIRST_OTHER)
    ]


def _sections(maker: Maker) -> list[Record]:
    teachers = [n for n, mess in enumerate(_TEACHERS, 1) if "sections" not in mess[3]]
    sections = [
        maker.section(n, f"Class {n}", maker.school_id(1), [maker.user_id(teacher)])
        for n, teacher in enumerate(teachers, 1)
    ]
    plain, gone = maker.user_id(MESSES["plain"]), maker.user_id(GONE_TEACHER)
    odd: tuple[tuple[str, int, list[str]], ...] = (
        ("no teacher", 1, []),
        ("a teacher who isn't there", 1, [gone]),
        ("two teachers, one of them gone", 1, [gone, plain]),
        ("a school that isn't there", GONE_SCHOOL, [plain]),
        ("a teacher of another school", 2, [plain]),
        ("the same teacher twice", 1, [plain, plain]),
    )
    for n, (name, school, people) in enumerate(odd, len(sections) + 1):
        sections.append(maker.section(n, name, maker.school_id(school), people))
    # Named only in `teacher`, while the others are named only in `teachers`.
    sections[-1]["teacher"] = maker.user_id(MESSES["namesake"])
    return sections
