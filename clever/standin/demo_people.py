"""The demo district's people: who works where, with which title, before the dirt.

614 teachers, 287 staff (13 of them also teachers or district admins), 24 district
admins: 912 people.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from clever.standin.demo_schools import SCHOOLS, SUMMIT, WASHINGTON, Level
from clever.standin.names import FIRST_NAMES, LAST_NAMES, address
from clever.standin.wire import Maker, Record, admin_role, staff_role, teacher_role

DOMAIN = "cedarridge.example"
ABSENT = "(absent)"
"""An e-mail that the record leaves out altogether, instead of giving null."""


@dataclass(slots=True)
class Post:
    """One role of a person: title, employee id and, by number, the schools."""

    title: str | None
    employee_id: str | None = None
    schools: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Person:
    """One Clever user in the making; `sections` False means none is taught."""

    number: int
    first: str | None
    last: str | None
    email: str | None
    middle: str | None = None
    teacher: Post | None = None
    staff: Post | None = None
    admin: Post | None = None
    sections: bool = True
    is_cast: bool = False

    def record(self, maker: Maker) -> Record:
        """Return the person as Clever has them."""
        roles: Record = {}
        if self.teacher:
            roles["teacher"] = self._teacher_role(maker, self.teacher)
        if self.staff:
            roles["staff"] = self._staff_role(maker, self.staff)
        if self.admin:
            roles["district_admin"] = admin_role(self.number, self.admin.title)
        user = maker.user(self.number, (self.first, self.last), roles=roles)
        user["name"]["middle"] = self.middle
        if self.email == ABSENT:
            del user["email"]
        else:
            user["email"] = self.email
        return user

    def _teacher_role(self, maker: Maker, post: Post) -> Record:
        return teacher_role(
            [maker.school_id(n) for n in post.schools],
            self.number,
            teacher_number=post.employee_id,
            sis_id=f"T{post.employee_id or self.number}",
            title=post.title,
            credentials={"district_username": f"user{self.number}"},
        )

    def _staff_role(self, maker: Maker, post: Post) -> Record:
        return staff_role(
            [maker.school_id(n) for n in post.schools],
            self.number,
            staff_id=post.employee_id or "",
            title=post.title,
        )


SUBJECTS = (
    "Math",
    "English",
    "Science",
    "History",
    "Spanish",
    "PE",
    "Art",
    "Music",
    "Special Education",
)
GRADES = ("Kindergarten", "Grade 1", "Grade 2", "Grade 3", "Grade 4", "Grade 5")

STAFF_OF_LEVEL = {
    Level.HIGH: {
        "Principal": 1,
        "Assistant Principal": 3,
        "Registrar": 2,
        "School Counselor": 5,
        "Librarian": 1,
        "School Psychologist": 1,
        "Paraeducator": 8,
        "Office Manager": 3,
        "Custodian": 2,
        "Campus Supervisor": 4,
    },
    Level.MIDDLE: {
        "Principal": 1,
        "Assistant Principal": 2,
        "Registrar": 1,
        "School Counselor": 3,
        "Librarian": 1,
        "School Psychologist": 1,
        "Paraeducator": 7,
        "Office Manager": 2,
        "Custodian": 2,
        "Campus Supervisor": 2,
    },
    Level.ELEMENTARY: {
        "Principal": 1,
        "School Counselor": 1,
        "Librarian": 1,
        "Paraeducator": 6,
        "Office Manager": 2,
        "Custodian": 1,
    },
    Level.SMALL: {"Principal": 1, "Office Manager": 1},
}
WHOLE_DISTRICT = list(range(1, len(SCHOOLS) + 1))
ITINERANT: tuple[tuple[str, list[int]], ...] = (
    *(("MTSS Interventionist", [n]) for n in (11, 3, 4, 6, 9, 12, 13)),
    *(("Restorative Practices Coord", [n]) for n in (1, 5, 8, 10)),
    ("School Nurse", [1, 2]),
    ("School Nurse", [5, 6, 7]),
    ("School Nurse", [8, 9, 10, 11]),
    ("Speech Pathologist", [3, 4, 9]),
    ("Speech Pathologist", [6, 7, 11, 12]),
    ("School Psychologist", [4, 9, 12]),
    ("Technology Specialist", WHOLE_DISTRICT),
    ("Technology Specialist", WHOLE_DISTRICT),
    ("Substitute Coordinator", []),
    ("Warehouse Clerk", []),
    ("School Counselor", [SUMMIT]),
    ("School Counselor", [SUMMIT, WASHINGTON]),
    ("Registrar", [SUMMIT]),
    ("Registrar", [8]),
    ("Librarian", [SUMMIT]),
    ("Paraeducator", [7]),
    ("Assistant Principal", [7]),
)
ADMIN_TITLES = (
    "Superintendent",
    "Assistant Superintendent",
    "Assistant Superintendent",
    "Director of Technology",
    "Director of Student Services",
    "Director of Human Resources",
    "Director, Special Education",
    "Director of Assessment",
    "Director, Curriculum",
    "Director of Communications",
    "Executive Director of Secondary Education",
    "Data Analyst",
    "Data Analyst",
    "Grants Manager",
    "District Registrar",
    "Coordinator, College and Career",
    "Coordinator, Counseling Services",
    "Coordinator, English Learners",
    "Payroll Specialist",
    "Facilities Planner",
    "Administrative Assistant",
    "Administrative Assistant",
    "Systems Administrator",
    None,
)


class Names:
    """Gives each new person a name and an address that nobody has yet."""

    def __init__(self) -> None:
        """Start with nobody named."""
        self._addresses: Counter[str] = Counter()

    def person(self, number: int) -> Person:
        """Return the nth person, without a role yet."""
        # Steps coprime to the lists' lengths walk through all pairs without a pattern.
        first = FIRST_NAMES[number * 31 % len(FIRST_NAMES)]
        last = LAST_NAMES[number * 47 % len(LAST_NAMES)]
        plain = address(first, last, DOMAIN)
        self._addresses[plain] += 1
        count = self._addresses[plain]
        email = address(first, last, DOMAIN, count) if count > 1 else plain
        return Person(number, first, last, email)


def build_people() -> list[Person]:
    """Return everyone: teachers, then staff, then district admins, school by school."""
    names = Names()
    posts = [*_teacher_posts(), *_staff_posts(), *_admin_posts()]
    people = []
    for number, (role, post) in enumerate(posts, 1):
        person = names.person(number)
        if role != "admin":
            post.employee_id = str(22000 + number)
        setattr(person, role, post)
        people.append(person)
    return people


def _teacher_posts() -> Iterator[tuple[str, Post]]:
    for number, school in enumerate(SCHOOLS, 1):
        for n in range(school.teachers):
            if school.level is Level.ELEMENTARY:
                title = f"Teacher, {GRADES[n % len(GRADES)]}"
            elif n % 12 == 7:  # noqa: PLR2004 - now and then only "Teacher"
                title = "Teacher"
            else:
                title = f"Teacher, {SUBJECTS[n % len(SUBJECTS)]}"
            yield "teacher", Post(title, schools=[number])


def _staff_posts() -> Iterator[tuple[str, Post]]:
    for number, school in enumerate(SCHOOLS, 1):
        for title, count in STAFF_OF_LEVEL[school.level].items():
            for _ in range(count):
                yield "staff", Post(title, schools=[number])
    for title, schools in ITINERANT:
        yield "staff", Post(title, schools=list(schools))


def _admin_posts() -> Iterator[tuple[str, Post]]:
    for title in ADMIN_TITLES:
        yield "admin", Post(title)
