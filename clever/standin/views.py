"""Which records of a collection a request may see: by role, school, person, sharing."""

from dataclasses import dataclass

import msgspec


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; empty fields narrow nothing.

    `role` is a Clever role name, `school` a school id, `person` a user id (for
    sections: those this user teaches or attends). `primary` keeps only people whose
    primary school is `school`. `hidden` names schools that aren't shared: they, their
    sections and the people who belong nowhere else are invisible.
    """

    role: str = ""
    school: str = ""
    person: str = ""
    primary: bool = False
    hidden: frozenset[str] = frozenset()


class RoleFacets(msgspec.Struct):
    """The part of one role that decides where its holder is seen."""

    school: str | None = None
    schools: list[str] | None = None

    def places(self) -> list[str]:
        """Return every school this role is tied to, the primary one first."""
        listed = self.schools or []
        if self.school and self.school not in listed:
            return [self.school, *listed]
        return listed


class UserFacets(msgspec.Struct):
    """The part of a user that decides which lists hold them."""

    id: str
    roles: dict[str, RoleFacets | None]

    def held(self, role: str = "") -> dict[str, RoleFacets]:
        """Return the roles held, or only the one named."""
        return {
            name: facets
            for name, facets in self.roles.items()
            if facets is not None and role in ("", name)
        }

    def places(self, role: str = "") -> list[str]:
        """Return the schools of all roles, or of the one named."""
        return [s for facets in self.held(role).values() for s in facets.places()]

    def passes(self, wanted: Filter) -> bool:
        """Tell whether this user is in the list that the filter describes."""
        roles = self.held(wanted.role)
        if not roles or not self._is_shared(wanted.hidden):
            return False
        if not wanted.school:
            return True
        return any(
            wanted.school in facets.places()
            and (not wanted.primary or facets.school in (None, wanted.school))
            for facets in roles.values()
        )

    def _is_shared(self, hidden: frozenset[str]) -> bool:
        if not hidden or "district_admin" in self.held():
            return True
        places = self.places()
        return not places or not hidden.issuperset(places)


class SchoolFacets(msgspec.Struct):
    """The part of a school that decides whether it is seen."""

    id: str

    def passes(self, wanted: Filter) -> bool:
        """Tell whether this school is in the list that the filter describes."""
        return self.id not in wanted.hidden


class SectionFacets(msgspec.Struct):
    """The part of a section that decides which lists hold it."""

    id: str
    school: str | None = None
    teacher: str | None = None
    teachers: list[str] | None = None
    students: list[str] | None = None

    def people(self) -> set[str]:
        """Return the ids of everyone who teaches or attends, seen or not."""
        listed = {*(self.teachers or []), *(self.students or [])}
        return listed | {self.teacher} if self.teacher else listed

    def passes(self, wanted: Filter) -> bool:
        """Tell whether this section is in the list that the filter describes."""
        if self.school in wanted.hidden or wanted.school not in ("", self.school):
            return False
        return not wanted.person or wanted.person in self.people()
