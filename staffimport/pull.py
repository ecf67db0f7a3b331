"""Pulls a district's whole roster from Clever into a snapshot.

Lists are read page by page and reduced as they come: of a section only who teaches
where is kept, so that a large district's sections never lie in memory together.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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
    schools = tuple(progress.of("Schools", client.schools()))
    for name, role in ROLES:
        for user in progress.of(name, client.users(role)):
            reading.add_person(user)
    for section in progress.of("Sections", client.sections()):
        reading.add_section(section)
    people = [reading.people[key] for key in sorted(reading.people)]
    snapshot = Snapshot(
        district_id=district.id,
        state=_text(district.state),
        last_sync=_text(district.last_sync),
        schools=[reading.school(school) for school in schools],
        people=people,
        # A section may name somebody who isn't shared with us.
        teaching={
            person.clever_id: tuple(sorted(reading.teaching[person.clever_id]))
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

    def of(self, name: str, records: Iterator[R]) -> Iterator[R]:
        """Yield the records of one list."""
        for done, record in enumerate(records, start=1):
            yield record
            self._done[name] = done
            if done % _STRIDE == 0:
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
    """What was read so far, each school id and title kept in memory once."""

    people: dict[str, RosterPerson] = field(default_factory=dict)
    teaching: dict[str, tuple[str, ...]] = field(default_factory=dict)
    section_count: int = 0
    _known: dict[str, str] = field(default_factory=dict)

    def school(self, school: School) -> RosterSchool:
        return RosterSchool(
            clever_id=self._same(school.id),
            name=_text(school.name),
            nces_id=_text(school.nces_id),
            address=_text(school.location.address),
            city=_text(school.location.city),
            state=_text(school.location.state),
            zip=_text(school.location.zip),
        )

    def add_person(self, user: User) -> None:
        # Whoever holds several roles comes once in each list, with all roles each
        # time; the last answer is the newest.
        self.people[user.id] = self._person(user)

    def add_section(self, section: Section) -> None:
        self.section_count += 1
        if not section.school:
            return
        school = self._same(section.school)
        for teacher in section.teacher_ids:
            schools = self.teaching.get(teacher, ())
            if school not in schools:
                self.teaching[teacher] = (*schools, school)

    def _person(self, user: User) -> RosterPerson:
        teacher = user.roles.teacher
        staff = user.roles.staff
        admin = user.roles.district_admin
        return RosterPerson(
            clever_id=user.id,
            first=_text(user.name.first),
            middle=_text(user.name.middle),
            last=_text(user.name.last),
            email=_text(user.email),
            is_teacher=teacher is not None,
            teacher_title=self._same(teacher.title) if teacher else "",
            teacher_id=_teacher_id(teacher) if teacher else "",
            teacher_schools=self._schools(teacher.schools) if teacher else (),
            is_staff=staff is not None,
            staff_title=self._same(staff.title) if staff else "",
            staff_id=_text(staff.staff_id) if staff else "",
            staff_schools=self._schools(staff.schools) if staff else (),
            is_district_admin=admin is not None,
            admin_title=self._same(admin.title) if admin else "",
        )

    def _schools(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._same(clever_id) for clever_id in ids)

    def _same(self, text: str | None) -> str:
        text = _text(text)
        return self._known.setdefault(text, text)


def _teacher_id(teacher: TeacherRole) -> str:
    """Return the teacher number, else the SIS id (product.md, "Fields")."""
    number = _text(teacher.teacher_number)
    return number if number.strip() else _text(teacher.sis_id)


def _text(text: str | None) -> str:
    """Return the text, blank for null; PostgreSQL can't keep the character NUL."""
    return text.replace("\0", "") if text else ""
