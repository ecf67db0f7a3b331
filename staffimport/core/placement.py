"""Who belongs where: one placement per person and school, or at the district.

Source: product.md, "From Clever users to placements"; manual, "School Staff".
"""

from collections.abc import Collection
from enum import StrEnum

import msgspec

from staffimport.core.people import Person, Roster
from staffimport.core.snapshot import Snapshot
from staffimport.core.values import Level, Place


class Basis(StrEnum):
    """Why a person belongs at a place."""

    STAFF = "staff"
    SECTION = "section"
    TEACHER = "teacher"
    DISTRICT_ADMIN = "district_admin"


_STAFF = (Basis.STAFF,)
_SECTION = (Basis.SECTION,)
_STAFF_AND_SECTION = (Basis.STAFF, Basis.SECTION)


class Absence(StrEnum):
    """Why a placement does not count."""

    UNMATCHED = "unmatched_school"
    NOT_SHARED = "school_not_shared"
    EXCLUDED = "school_not_included"
    NOT_COVERED = "school_awaits_final"
    NOWHERE = "no_placement"


class Placement(msgspec.Struct, frozen=True, gc=False):
    """One person at one school; school None is the district."""

    person: Person
    school: int | None
    bases: tuple[Basis, ...]

    @property
    def level(self) -> Level:
        """Return whether it is at a school or at the district."""
        return Level.DISTRICT if self.school is None else Level.SCHOOL

    @property
    def titles(self) -> tuple[str, ...]:
        """Return the titles keywords are tried on, the teacher's first."""
        person = self.person
        if self.school is None:
            return (person.admin_title,) if person.admin_title else ()
        teacher, staff = person.teacher_title, person.staff_title
        if teacher and staff:
            return (teacher, staff)
        title = teacher or staff
        return (title,) if title else ()


class Elsewhere(msgspec.Struct, frozen=True, gc=False):
    """A placement that does not count, or (why NOWHERE) a person without one.

    `school` is the Naviance school's key where there is one, `school_name` the name
    Clever gives it, blank when Clever doesn't share it.
    """

    person: Person
    why: Absence
    school: int | None = None
    school_name: str = ""


class Placements(msgspec.Struct):
    """All placements by place, those that don't count, and teachers on holiday.

    In summer sections vanish, which is no reason to take anybody's account away:
    `sectionless` are the Clever ids of teachers whom no section names anywhere,
    `unsectioned` (Clever id, school) where the teacher record names the school but no
    section there names the teacher, though one elsewhere does.
    """

    at: dict[int | None, list[Placement]]
    elsewhere: list[Elsewhere]
    sectionless: frozenset[str]
    unsectioned: frozenset[tuple[str, int]]


def place_people(
    roster: Roster,
    snapshot: Snapshot,
    places: list[Place],
    *,
    teacher_fallback: bool,
    only_covered: bool,
) -> Placements:
    """Return who belongs where.

    `teacher_fallback` places a teacher in no section at the schools of the teacher
    record; `only_covered` (a sync) leaves schools alone that no final has imported.
    """
    counting = _Places(snapshot, places, only_covered=only_covered)
    at: dict[int | None, list[Placement]] = {
        place.school: [] for place in counting.open_places
    }
    at[None] = []
    elsewhere: list[Elsewhere] = []
    sectionless: set[str] = set()
    for person in roster.people:
        bases, in_sections = _bases(
            person, snapshot.teaching, teacher_fallback=teacher_fallback
        )
        if person.is_teacher and not in_sections:
            sectionless.add(person.clever_id)
        counting.note_unsectioned(person, bases)
        for clever_school, why in bases.items():
            place = counting.find(clever_school)
            if isinstance(place, Place):
                at[place.school].append(Placement(person, place.school, why))
            else:
                why_not, school, name = place
                elsewhere.append(Elsewhere(person, why_not, school, name))
        if person.is_district_admin:
            at[None].append(Placement(person, None, (Basis.DISTRICT_ADMIN,)))
        elif not bases:
            elsewhere.append(Elsewhere(person, Absence.NOWHERE))
    unsectioned = frozenset(counting.unsectioned)
    return Placements(at, elsewhere, frozenset(sectionless), unsectioned)


def _bases(
    person: Person, teaching: dict[str, tuple[str, ...]], *, teacher_fallback: bool
) -> tuple[dict[str, tuple[Basis, ...]], bool]:
    """Return per Clever school why the person is there, and if any section says so."""
    staff = person.staff_schools if person.is_staff else ()
    bases: dict[str, tuple[Basis, ...]] = dict.fromkeys(staff, _STAFF)
    sections = teaching.get(person.clever_id, ())
    for school in sections:
        bases[school] = _STAFF_AND_SECTION if school in staff else _SECTION
    if person.is_teacher and not sections and teacher_fallback:
        for school in dict.fromkeys(person.teacher_schools):
            bases[school] = (*bases.get(school, ()), Basis.TEACHER)
    return bases, bool(sections)


class _Places:
    """The places by Clever school id, and why a Clever school is none of them.

    `unsectioned` are the notes of `note_unsectioned`, as in `Placements`.
    """

    def __init__(
        self, snapshot: Snapshot, places: list[Place], *, only_covered: bool
    ) -> None:
        self._names = {school.clever_id: school.name for school in snapshot.schools}
        # One Clever school is one Naviance school: of two the one with the lower key.
        in_order = sorted(places, key=lambda place: place.school, reverse=True)
        self._matched = {p.clever_id: p for p in in_order if p.clever_id}
        self._only_covered = only_covered
        self.unsectioned: set[tuple[str, int]] = set()
        self._found: dict[str, Place | tuple[Absence, int | None, str]] = {}

    @property
    def open_places(self) -> list[Place]:
        return [p for p in self._matched.values() if self._absence(p) is None]

    def note_unsectioned(self, person: Person, bases: Collection[str]) -> None:
        """Note the schools of the teacher record where the person has no place."""
        for clever_school in person.teacher_schools:
            if clever_school not in bases:
                place = self.find(clever_school)
                if isinstance(place, Place):
                    self.unsectioned.add((person.clever_id, place.school))

    def find(self, clever_school: str) -> Place | tuple[Absence, int | None, str]:
        found = self._found.get(clever_school)
        if found is None:
            found = self._found[clever_school] = self._look_up(clever_school)
        return found

    def _look_up(self, clever_school: str) -> Place | tuple[Absence, int | None, str]:
        place = self._matched.get(clever_school)
        if place is None:
            name = self._names.get(clever_school, "")
            return (Absence.UNMATCHED if name else Absence.NOT_SHARED, None, name)
        why = self._absence(place)
        return place if why is None else (why, place.school, place.name)

    def _absence(self, place: Place) -> Absence | None:
        if not place.included:
            return Absence.EXCLUDED
        if self._only_covered and not place.covered:
            return Absence.NOT_COVERED
        return None
