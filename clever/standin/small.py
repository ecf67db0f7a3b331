"""The `small` roster: three schools and thirty people, clean, easy to reckon with.

Maple Valley School District, served as district 1 unless more are served. Ids, with
`Maker(1, …)`: `school_id(n)`, `user_id(n)`, `section_id(n)`; everything counts from 1.

    schools   1 Maple Valley High School, 2 Maple Valley Middle School,
              3 Maple Valley Elementary
    users      1 to 10  teachers at school 1      e-mail first.last@maplevalley.example
              11 to 16  teachers at school 2      teacher_number 1000 + n
              17 to 20  teachers at school 3
              21 to 23  staff at schools 1, 2, 3  staff_id 2000 + n
              24        staff at schools 1 and 2
              25 to 27  staff at schools 1, 2, 3
              28 to 30  district admins
    sections  1 to 40   two of each teacher, at the teacher's school
              41        of teacher 10, at school 2, so that he teaches at two schools
"""

from clever.standin.district import Roster
from clever.standin.wire import Maker, Record, admin_role, staff_role, teacher_role

DOMAIN = "maplevalley.example"
SCHOOLS = (
    ("Maple Valley High School", "069998000101", "1 Valley Rd"),
    ("Maple Valley Middle School", "069998000102", "20 Orchard St"),
    ("Maple Valley Elementary", "069998000103", "300 Creek Ln"),
)
TEACHERS = (
    (1, "Ada", "Abara", "Teacher, Math"),
    (1, "Bruno", "Bell", "Teacher, Science"),
    (1, "Carla", "Cruz", "Teacher, Spanish"),
    (1, "Dev", "Das", "Teacher, English"),
    (1, "Ewa", "Eklund", "Teacher, History"),
    (1, "Finn", "Farrow", "Teacher, PE"),
    (1, "Gita", "Gill", "Teacher, Art"),
    (1, "Hugo", "Hart", "Teacher, Music"),
    (1, "Ines", "Ito", "Teacher, Biology"),
    (1, "Jonas", "Jain", "Teacher, Chemistry"),
    (2, "Kira", "Kline", "Teacher, Math"),
    (2, "Liam", "Lund", "Teacher, Science"),
    (2, "Mina", "Mora", "Teacher, English"),
    (2, "Nils", "Nash", "Teacher, History"),
    (2, "Oona", "Ortiz", "Teacher, Art"),
    (2, "Pavel", "Pace", "Teacher, PE"),
    (3, "Quinn", "Quist", "Teacher, Grade 1"),
    (3, "Rosa", "Reyes", "Teacher, Grade 2"),
    (3, "Sven", "Shah", "Teacher, Grade 3"),
    (3, "Tara", "Toro", "Teacher, Grade 4"),
)
STAFF = (
    ((1,), "Uma", "Underhill", "Principal"),
    ((2,), "Victor", "Vale", "Principal"),
    ((3,), "Wilma", "Ware", "Principal"),
    ((1, 2), "Xenia", "Xu", "School Counselor"),
    ((1,), "Yusuf", "Yates", "Registrar"),
    ((2,), "Zelda", "Zorn", "Librarian"),
    ((3,), "Alba", "Ames", "Office Manager"),
)
DISTRICT_ADMINS = (
    ("Boris", "Bauer", "Superintendent"),
    ("Celia", "Chan", "Director of Technology"),
    ("Dario", "Dunn", "Data Analyst"),
)


def build_small(number: int = 1) -> Roster:
    """Return the roster as the `number`th district of a server."""
    maker = Maker(number, DOMAIN)
    schools = [
        maker.school(
            n,
            name,
            nces_id=nces_id,
            location={
                "address": street,
                "city": "Maple Valley",
                "state": "CA",
                "zip": "95999",
            },
        )
        for n, (name, nces_id, street) in enumerate(SCHOOLS, 1)
    ]
    return Roster(
        district=maker.district("Maple Valley School District", "0699980"),
        schools=schools,
        users=[*_teachers(maker), *_staff(maker), *_district_admins(maker)],
        sections=_sections(maker),
    )


def _email(first: str, last: str) -> str:
    return f"{first}.{last}@{DOMAIN}".lower()


def _teachers(maker: Maker) -> list[Record]:
    return [
        maker.user(
            n,
            (first, last),
            email=_email(first, last),
            roles={
                "teacher": teacher_role(
                    [maker.school_id(school)],
                    1000 + n,
                    teacher_number=str(1000 + n),
                    title=title,
                )
            },
        )
        for n, (school, first, last, title) in enumerate(TEACHERS, 1)
    ]


def _staff(maker: Maker) -> list[Record]:
    return [
        maker.user(
            n,
            (first, last),
            email=_email(first, last),
            roles={
                "staff": staff_role(
                    [maker.school_id(school) for school in schools],
                    2000 + n,
                    staff_id=str(2000 + n),
                    title=title,
                )
            },
        )
        for n, (schools, first, last, title) in enumerate(STAFF, 21)
    ]


def _district_admins(maker: Maker) -> list[Record]:
    return [
        maker.user(
            n,
            (first, last),
            email=_email(first, last),
            roles={"district_admin": admin_role(n, title)},
        )
        for n, (first, last, title) in enumerate(DISTRICT_ADMINS, 28)
    ]


def _sections(maker: Maker) -> list[Record]:
    taught = [
        (school, teacher, last, period)
        for teacher, (school, _, last, _) in enumerate(TEACHERS, 1)
        for period in (1, 2)
    ]
    taught.append((2, 10, "Jain", 3))
    return [
        maker.section(
            n,
            f"Class - {last} - {period}",
            maker.school_id(school),
            [maker.user_id(teacher)],
            period=str(period),
        )
        for n, (school, teacher, last, period) in enumerate(taught, 1)
    ]
