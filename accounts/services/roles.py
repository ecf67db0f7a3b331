"""The roles and job functions every district starts with, and names on demand."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction

from accounts.models import JobFunction, Right, UserRole, Zone
from schools.models import District

SITE_MANAGER = "District Site Manager"


@dataclass(frozen=True, slots=True)
class BuiltInRole:
    """A role as Naviance ships it; a district may edit its rights."""

    name: str
    level: UserRole.Level
    rights: tuple[Right, ...] = ()
    is_essential: bool = False


_SCHOOL, _DISTRICT = UserRole.Level.SCHOOL, UserRole.Level.DISTRICT
_READING = (Right.VIEW_STUDENTS, Right.VIEW_REPORTS)
_STUDENTS = (Right.VIEW_STUDENTS, Right.EDIT_STUDENTS, Right.VIEW_REPORTS)

BUILT_IN_ROLES = (
    BuiltInRole(SITE_MANAGER, _DISTRICT, tuple(Right)),
    BuiltInRole(
        "District Analyst", _DISTRICT, (Right.VIEW_STUDENTS, Right.VIEW_REPORTS)
    ),
    BuiltInRole("Counselor (D)", _DISTRICT, _STUDENTS),
    BuiltInRole("Teacher (D)", _DISTRICT, (Right.VIEW_STUDENTS,)),
    BuiltInRole("Other (D)", _DISTRICT),
    # Manual, "Run a Test Staff Import": both have limited permissions by default.
    BuiltInRole("Other District Staff", _DISTRICT, (Right.VIEW_REPORTS,)),
    BuiltInRole("Other School Staff", _SCHOOL, (Right.VIEW_REPORTS,)),
    BuiltInRole("School Site Manager", _SCHOOL, _STUDENTS),
    BuiltInRole("Counselor", _SCHOOL, _STUDENTS, is_essential=True),
    BuiltInRole("Teacher", _SCHOOL, (Right.VIEW_STUDENTS,)),
)
BUILT_IN_FUNCTIONS = (
    "Administrator",
    "Counselor",
    "Librarian",
    "Paraprofessional",
    "Registrar",
    "Specialist",
    "Teacher",
    "Other",
)


def create_built_in_roles(district: District) -> None:
    """Give a district the built-in roles and job functions it does not have yet.

    One that is there only by name gets its level and rights; edited ones stay.
    """
    with transaction.atomic():
        known = dict(district.user_roles.values_list("name", "is_built_in"))
        wanted = [_as_role(district, role) for role in BUILT_IN_ROLES]
        UserRole.objects.bulk_create(r for r in wanted if r.name not in known)
        for role in wanted:
            if known.get(role.name) is False:
                facts = {name: getattr(role, name) for name in _FACTS}
                district.user_roles.filter(name=role.name).update(**facts)
        names = set(district.job_functions.values_list("name", flat=True))
        JobFunction.objects.bulk_create(
            JobFunction(district=district, name=name)
            for name in BUILT_IN_FUNCTIONS
            if name not in names
        )


_FACTS = ("level", "rights", "is_built_in", "is_essential")


def _as_role(district: District, role: BuiltInRole) -> UserRole:
    return UserRole(
        district=district,
        name=role.name,
        level=role.level,
        rights=[right.value for right in role.rights],
        is_built_in=True,
        is_essential=role.is_essential,
    )


Named = TypeVar("Named", UserRole, JobFunction, Zone)


def _by_name(things: Iterable[Named]) -> dict[str, Named]:
    by_name: dict[str, Named] = {}
    for thing in things:
        by_name[thing.name] = thing
        by_name.setdefault(thing.name.casefold(), thing)
    return by_name


class Names:
    """A district's roles, functions and zones by name; missing ones are created.

    Names compare without regard to case, so that "teacher" makes no second "Teacher";
    an exact one goes before. `created` lists in words what was made. Use it inside a
    transaction: what it creates belongs to what asked for it.
    """

    def __init__(self, district: District) -> None:
        create_built_in_roles(district)
        self._district = district
        self._roles = _by_name(district.user_roles.all())
        self._functions = _by_name(district.job_functions.all())
        self._zones = _by_name(district.zones.all())
        self.created: list[str] = []

    def role(self, name: str) -> UserRole | None:
        """Return the role of this name, None for an empty one."""
        return self._get(UserRole, self._roles, name)

    def function(self, name: str) -> JobFunction | None:
        """Return the job function of this name, None for an empty one."""
        return self._get(JobFunction, self._functions, name)

    def zone(self, name: str) -> Zone | None:
        """Return the zone of this name, None for an empty one."""
        return self._get(Zone, self._zones, name)

    def _get(
        self, model: type[Named], known: dict[str, Named], name: str
    ) -> Named | None:
        if not name:
            return None
        found = known.get(name) or known.get(name.casefold())
        if found is None:
            found = model.objects.create(district=self._district, name=name)
            known[name] = known[name.casefold()] = found
            self.created.append(f"{model._meta.verbose_name} “{name}”")  # noqa: SLF001
        return found
