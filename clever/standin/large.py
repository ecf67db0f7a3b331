"""The `large:N` roster: as many people as a benchmark wants, and 3 sections each.

N people at N/60 schools (one at least): nine teachers, then one staff member, and so
on. Exactly 3 N sections, dealt out in turn to the teachers, at the teacher's school,
with one student each. Everyone belongs to one school; employee ids are unique.
"""

from collections.abc import Iterator

from clever.standin.district import Roster
from clever.standin.names import FIRST_NAMES, LAST_NAMES, address
from clever.standin.wire import Maker, Record, staff_role, teacher_role

DOMAIN = "grandplains.example"
PEOPLE_PER_SCHOOL = 60
SECTIONS_PER_PERSON = 3
STAFF_EVERY = 10
TEACHER_TITLES = ("Teacher", "Teacher, Math", "Teacher, English", "Teacher, Grade 2")
STAFF_TITLES = ("School Counselor", "Registrar", "Assistant Principal", "Librarian")


def school_count(people: int) -> int:
    """Return how many schools so many people work at."""
    return max(1, people // PEOPLE_PER_SCHOOL)


def is_teacher(number: int) -> bool:
    """Tell whether the nth person, counted from 1, is a teacher."""
    return number % STAFF_EVERY != 0


def school_of(number: int, people: int) -> int:
    """Return the number of the school where the nth person works."""
    return (number - 1) * school_count(people) // people + 1


def build_large(people: int, number: int = 1) -> Roster:
    """Return the roster of so many people; its lists are generated as they are read."""
    maker = Maker(number, DOMAIN)
    return Roster(
        district=maker.district("Grand Plains School District", "0699970"),
        schools=_schools(maker, people),
        users=(person(maker, n, people) for n in range(1, people + 1)),
        sections=_sections(maker, people),
    )


def _schools(maker: Maker, people: int) -> Iterator[Record]:
    for n in range(1, school_count(people) + 1):
        yield maker.school(
            n,
            f"Grand Plains School {n}",
            nces_id=f"0699970{n:05d}",
            location={
                "address": f"{n} Prairie Ave",
                "city": "Grand Plains",
                "state": "CA",
                "zip": "95997",
            },
        )


def person(maker: Maker, n: int, people: int) -> Record:
    """Return the nth person."""
    first = FIRST_NAMES[n % len(FIRST_NAMES)]
    last = LAST_NAMES[n // len(FIRST_NAMES) % len(LAST_NAMES)]
    schools = [maker.school_id(school_of(n, people))]
    if is_teacher(n):
        title = TEACHER_TITLES[n % len(TEACHER_TITLES)]
        role = {"teacher": teacher_role(schools, n, teacher_number=str(n), title=title)}
    else:
        title = STAFF_TITLES[n // STAFF_EVERY % len(STAFF_TITLES)]
        role = {"staff": staff_role(schools, n, staff_id=str(n), title=title)}
    email = address(first, last, DOMAIN, n)
    return maker.user(n, (first, last), email=email, roles=role)


def _sections(maker: Maker, people: int) -> Iterator[Record]:
    teachers = [n for n in range(1, people + 1) if is_teacher(n)]
    for n in range(1, people * SECTIONS_PER_PERSON + 1):
        teacher = teachers[(n - 1) % len(teachers)]
        yield maker.section(
            n,
            f"Class {n}",
            maker.school_id(school_of(teacher, people)),
            [maker.user_id(teacher)],
        )
