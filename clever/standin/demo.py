"""The `demo` roster: Cedar Ridge Unified School District.

16 schools, 912 people, 2,431 sections. Who is who: `demo_cast`; what is wrong with
whom: `demo_dirt`.
"""

from collections.abc import Iterator
from itertools import islice

from clever.standin.demo_cast import cast_parts
from clever.standin.demo_dirt import soil
from clever.standin.demo_people import DOMAIN, Person, build_people
from clever.standin.demo_schools import SCHOOLS, VIRTUAL, Level, clever_schools
from clever.standin.district import Roster
from clever.standin.wire import Maker, Record

NAME = "Cedar Ridge Unified School District"
SECTIONS = 2431
SUBJECTS = {
    "Math": "math",
    "English": "english/language arts",
    "Science": "science",
    "History": "social studies",
    "Spanish": "language",
    "PE": "PE and health",
    "Art": "arts and music",
    "Music": "arts and music",
}
MOST_SECTIONS = 6
GONE_USER = 60001


def build_demo(number: int = 1) -> Roster:
    """Return the roster as the `number`th district of a server."""
    maker = Maker(number, DOMAIN)
    people = build_people()
    cast_parts(people)
    soil(people)
    return Roster(
        district=maker.district(NAME, "0699990"),
        schools=clever_schools(maker),
        users=[person.record(maker) for person in people],
        sections=list(islice(_sections(maker, people), SECTIONS)),
    )


def _sections(maker: Maker, people: list[Person]) -> Iterator[Record]:
    """Yield first sections of all teachers, then second ones, as far as they go."""
    teachers = [p for p in people if p.teacher and p.sections]
    number = 0
    for period in range(1, MOST_SECTIONS + 1):
        for n, person in enumerate(teachers):
            school = _school_of_section(person, n, period)
            if period > _load(school, n):
                continue
            number += 1
            yield _section(maker, number, person, school, period)


def _load(school: int, n: int) -> int:
    """Return how many sections the nth teacher has: few in elementary schools."""
    if SCHOOLS[school - 1].level is Level.ELEMENTARY:
        return 2
    return MOST_SECTIONS if n % 9 == 0 else 5


def _school_of_section(person: Person, n: int, period: int) -> int:
    own = person.teacher.schools[0] if person.teacher else 1
    # Some high-school teachers give one class a day elsewhere.
    is_away = n % 41 == 0 and period == 2  # noqa: PLR2004
    return own % (VIRTUAL - 1) + 1 if is_away else own


def _section(
    maker: Maker, number: int, person: Person, school: int, period: int
) -> Record:
    title = (person.teacher.title if person.teacher else None) or "Teacher"
    subject = title.removeprefix("Teacher").strip(", ")[:80] or "Advisory"
    teachers = [maker.user_id(person.number)]
    if number % 150 == 0:
        teachers.append(maker.user_id(GONE_USER))  # no longer shared: 404 by id
    return maker.section(
        number,
        f"{subject} - {person.last or 'Staff'} - {period}",
        maker.school_id(school),
        [] if number in (700, 1400, 2100) else teachers,
        subject=SUBJECTS.get(subject, "other"),
        period=str(period),
        students=[maker.student_id(number * 3 + n) for n in range(3)],
    )
