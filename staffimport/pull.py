"""Pulls a district's whole roster from Clever into a snapshot.

Lists are read page by page and reduced as they come: of a section only who teaches
where is kept, so that a large district's sections never lie in memory together.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Literal, TypeVar

from clever.client import Client
from clever.records import District, School, Section, TeacherRole, User
from staffimport.core.snapshot import RosterPerson, RosterSchool, Snapshot
from staffimport.errors import SickSource

R = TypeVar("R", School, User, Section)
Parts = list[tuple[str, int, int | None]]

ROLES = (
    ("Teachers", "teacher"),
    ("Staff (School Admins in Clever)", "staff"),
    ("District admins", "district_admin"),
)

# So many records come between two calls of the progress callback.
_STRIDE = 500


@dataclass(frozen=True, slots=True)
class Pull:
    """A roster, and the district and its schools as Clever has them."""

    snapshot: Snapshot
    district: District
    schools: tuple[School, ...]


def pull(
    client: Client,
    district_id: str,
    on_progress: Callable[[Parts], None] = lambda _parts: None,
) -> Pull:
    """Return everything the import needs of one district, read to its end.

    `district_id` is the Clever id that the client's token must stand for.
    `on_progress` gets what was read so far, as (name, done, total or None) for each
    list, several times in each list; what it raises ends the pull. Raises SickSource
    when the token is another district's, else any `clever.errors.CleverError`.
    """
    district = client.district()
    if district.id != district_id:
        sentence = (
            f"The stored access token belongs to the Clever district “{district.name}” "
            f"({district.id}), but this district is {district_id} in Clever. Store the "
            "token of this district, then start again."
        )
        raise SickSource(sentence)
    progress = _Progress(client, on_progress)
    reading = _Reading()
    schools = tuple(chain.from_iterable(progress.of("Schools", client.schools())))
    for name, role in ROLES:
        for users in progress.of(name, client.users(role)):
            reading.add_people(users)
    for sections in progress.of("Sections", client.sections()):
        reading.add_sections(sections)
    people = [reading.people[key] for key in sorted(reading.people)]
    snapshot = Snapshot(
        district_id=district.id,
        state=district.state or "",
        last_sync=district.last_sync or "",
        schools=[reading.school(school) for school in schools],
        people=people,
        # A section may name somebody who isn't shared with us.
        teaching={
            person.clever_id: _in_order(reading.teaching[person.clever_id])
            for person in people
            if person.clever_id in reading.teaching
        },
        section_count=reading.section_count,
    )
    return Pull(snapshot, district, schools)


class _Progress:
    """Counts records as they pass, and tells of it now and then."""

    def __init__(self, client: Client, report: Callable[[Parts], None]) -> None:
        self._report = report
        self._done: dict[str, int] = {}
        self._total: dict[str, int | None] = {}
        self._expect(client, "Schools", "schools")
        for name, role in ROLES:
            self._expect(client, name, "users", role)
        self._expect(client, "Sections", "sections")

    def of(self, name: str, records: Iterator[R]) -> Iterator[list[R]]:
        """Yield the records of one list, some at a time."""
        while batch := list(islice(records, _STRIDE)):
            yield batch
            self._done[name] += len(batch)
            self._tell()
        # The list may have grown or shrunk since it was counted.
        self._total[name] = self._done[name]
        self._tell()

    def _expect(
        self,
        client: Client,
        name: str,
        path: Literal["schools", "users", "sections"],
        role: str | None = None,
    ) -> None:
        self._done[name] = 0
        self._total[name] = client.count(path, role)
        self._tell()

    def _tell(self) -> None:
        done = self._done.items()
        self._report([(name, count, self._total[name]) for name, count in done])


@dataclass(slots=True)
class _Reading:
    """What was read so far, each school id, title and name kept in memory once."""

    people: dict[str, RosterPerson] = field(default_factory=dict)
    teaching: dict[str, tuple[str, ...]] = field(default_factory=dict)
    section_count: int = 0
    _known: dict[str, str] = field(default_factory=dict)
    _alone: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def school(self, school: School) -> RosterSchool:
        return RosterSchool(
            clever_id=self._same(school.id),
            name=school.name or "",
            nces_id=school.nces_id or "",
            address=school.location.address or "",
            city=school.location.city or "",
            state=school.location.state or "",
            zip=school.location.zip or "",
        )

    def add_people(self, users: list[User]) -> None:
        # Whoever holds several roles comes once in each list, with all roles each
        # time; the last answer is the newest.
        self.people.update({user.id: self._person(user) for user in users})

    def add_sections(self, sections: list[Section]) -> None:
        self.section_count += len(sections)
        teaching = self.teaching
        for section in sections:
            school = section.school
            if not school:
                continue
            for teacher in section.teacher_ids:
                schools = teaching.get(teacher)
                if schools is None:
                    teaching[teacher] = self._only(self._same(school))
                elif school not in schools:
                    teaching[teacher] = (*schools, self._same(school))

    def _person(self, user: User) -> RosterPerson:
        teacher = user.roles.teacher
        staff = user.roles.staff
        admin = user.roles.district_admin
        # In the order of the fields: by name it would take ten times as long.
        return RosterPerson(
            user.id,
            self._same(user.name.first),
            self._same(user.name.middle),
            self._same(user.name.last),
            user.email or "",
            teacher is not None,
            self._same(teacher.title) if teacher else "",
            _teacher_id(teacher) if teacher else "",
            self._schools(teacher.schools) if teacher else (),
            staff is not None,
            self._same(staff.title) if staff else "",
            (staff.staff_id or "") if staff else "",
            self._schools(staff.schools) if staff else (),
            admin is not None,
            self._same(admin.title) if admin else "",
        )

    def _schools(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        if len(ids) == 1:
            return self._only(self._same(ids[0]))
        return tuple(self._same(clever_id) for clever_id in ids)

    def _only(self, school: str) -> tuple[str, ...]:
        """Return the school as the only one: the same tuple for all who work there."""
        return self._alone.setdefault(school, (school,))

    def _same(self, text: str | None) -> str:
        return self._known.setdefault(text, text) if text else ""


def _in_order(schools: tuple[str, ...]) -> tuple[str, ...]:
    return schools if len(schools) == 1 else tuple(sorted(schools))


def _teacher_id(teacher: TeacherRole) -> str:
    """Return the teacher number, else the SIS id (product.md, "Fields")."""
    number = teacher.teacher_number or ""
    return number if number.strip() else teacher.sis_id or ""
