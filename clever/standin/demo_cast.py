"""The demo district's known faces: people whose story the demo tells by name.

Each takes the place of somebody generated at the same school with the same title, so
that the district's numbers stay as they are.
"""

from dataclasses import dataclass

from clever.standin.demo_people import DOMAIN, Person, Post
from clever.standin.demo_schools import (
    EASTGATE,
    FRANKLIN,
    HARBOR,
    JEFFERSON,
    JUNIPER,
    LAKEVIEW,
    LINCOLN,
    MAPLE_STREET,
    OAK_GROVE,
    ROOSEVELT,
    SIERRA_VISTA,
    SUMMIT,
    VIRTUAL,
)

OFFICE_EMAIL = f"office@{DOMAIN}"
SHARED_ID = "21145"


@dataclass(frozen=True, slots=True)
class Part:
    """Who plays it, and whose place they take.

    `role` is "teacher", "staff" or "admin"; `school` is 0 for a district admin. Empty
    fields leave what was generated; `new_title` replaces the title, and
    `staff_schools` makes them School Counselor at these schools besides.
    """

    role: str
    school: int
    title: str
    first: str
    last: str
    email: str
    employee_id: str = ""
    new_title: str = ""
    staff_schools: tuple[int, ...] = ()


def _at(local_part: str) -> str:
    return f"{local_part}@{DOMAIN}"


CAST = (
    # A married name: same first name and employee id, all else differs.
    Part(
        "staff",
        JEFFERSON,
        "School Counselor",
        "Maria",
        "Delgado-Ruiz",
        _at("mdelgadoruiz"),
        "20418",
    ),
    # Two active accounts in Naviance.
    Part(
        "teacher",
        EASTGATE,
        "Teacher, English",
        "Jordan",
        "Lee",
        _at("jlee"),
        "20777",
    ),
    Part("staff", FRANKLIN, "Paraeducator", "Katie", "O\u2019Brien", _at("kobrien")),
    # Two people with one employee id.
    Part(
        "teacher",
        LAKEVIEW,
        "Teacher, PE",
        "Robert",
        "Smith",
        _at("rsmith"),
        SHARED_ID,
    ),
    Part(
        "teacher",
        LAKEVIEW,
        "Teacher, PE",
        "Robert",
        "Smith Jr.",
        _at("rsmithjr"),
        SHARED_ID,
    ),
    # New in Clever.
    Part("staff", LAKEVIEW, "School Counselor", "Thanh", "Nguyen", _at("thnguyen")),
    Part("staff", OAK_GROVE, "MTSS Interventionist", "Leo", "Vance", _at("lvance")),
    Part("admin", 0, "Grants Manager", "Ruth", "Abernathy", _at("rabernathy")),
    # Accents, and a title that has become more exact.
    Part(
        "teacher",
        JEFFERSON,
        "Teacher, Spanish",
        "José",
        "Castañeda",
        _at("jcastaneda"),
    ),
    # Naviance holds the employee id without its leading zeros.
    Part("staff", HARBOR, "Librarian", "Alicia", "Brooks", _at("abrooks"), "00417"),
    Part("staff", EASTGATE, "Registrar", "Soo-jin", "Park", _at("sjpark")),
    # District staff in Naviance, staff of a school in Clever.
    Part(
        "staff",
        LINCOLN,
        "Campus Supervisor",
        "Rafael",
        "Gomez",
        _at("rgomez"),
        new_title="Director, Athletics",
    ),
    # Naviance knows the name, but with another e-mail and without an employee id.
    Part("teacher", ROOSEVELT, "Teacher, English", "Grace", "Yoo", _at("gyoo")),
    # Inactive in Naviance, back in Clever.
    Part("teacher", JUNIPER, "Teacher, Grade 5", "Imani", "Clarke", _at("iclarke")),
    Part("teacher", SUMMIT, "Teacher, Science", "Henry", "Zhou", _at("hzhou")),
    # A desk, not a person.
    Part("staff", MAPLE_STREET, "Office Manager", "Front Office", "", OFFICE_EMAIL),
    # At a school that Naviance doesn't have.
    Part("teacher", VIRTUAL, "Teacher, Math", "Priya", "Ellis", _at("pellis")),
    # At two schools and at the district: three accounts of one person.
    Part(
        "admin",
        0,
        "Coordinator, Counseling Services",
        "Thomas",
        "Beck",
        _at("tbeck"),
        "20333",
        staff_schools=(LINCOLN, ROOSEVELT),
    ),
    # Naviance has three registrars here, all of whom have left.
    *(
        Part(
            "staff",
            JEFFERSON,
            "Registrar",
            first,
            last,
            _at(first[0].lower() + last.lower()),
            new_title="Records Technician",
        )
        for first, last in (("Ines", "Falk"), ("Omar", "Tate"), ("Judy", "Chung"))
    ),
    Part(
        "teacher",
        SIERRA_VISTA,
        "Teacher, Science",
        "Chidi",
        "Okafor",
        _at("cokafor"),
        "20877",
    ),
    Part(
        "admin",
        0,
        "Coordinator, College and Career",
        "Marcus",
        "Bell",
        _at("marcus.bell"),
    ),
)


def post_of(person: Person, role: str) -> Post | None:
    """Return the person's post in the role "teacher", "staff" or "admin"."""
    return {"teacher": person.teacher, "staff": person.staff, "admin": person.admin}[
        role
    ]


def cast_parts(people: list[Person]) -> None:
    """Give each part to the first generated person it fits."""
    for part in CAST:
        person, post = _understudy(people, part)
        person.first, person.last, person.email = part.first, part.last, part.email
        person.is_cast = True
        post.title = part.new_title or post.title
        post.employee_id = part.employee_id or post.employee_id
        if part.staff_schools:
            schools = list(part.staff_schools)
            person.staff = Post("School Counselor", part.employee_id, schools)


def _understudy(people: list[Person], part: Part) -> tuple[Person, Post]:
    for person in people:
        post = post_of(person, part.role)
        if post is None or person.is_cast or post.title != part.title:
            continue
        if post.schools[:1] == ([part.school] if part.school else []):
            return person, post
    raise LookupError(part)
