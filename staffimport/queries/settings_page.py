"""What the Import Staff Data page reads: its lists, counts, and the newest test."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from accounts.models import StaffAccount
from schools.models import District
from staffimport.models import ImportRun
from staffimport.settings.faults import Choices


@dataclass(frozen=True, slots=True)
class RoleCount:
    """A user role, how many active accounts hold it, and whether it is built in."""

    name: str
    accounts: int
    is_built_in: bool


@dataclass(frozen=True, slots=True)
class SchoolChoice:
    """A matched school that can be included; `imported_at` once a final has been."""

    school_id: str
    name: str
    imported_at: datetime | None


@dataclass(frozen=True, slots=True)
class Lists:
    """What the page offers to choose from."""

    roles: list[RoleCount]
    functions: list[str]
    zones: list[str]
    schools: list[SchoolChoice]
    essential_roles: list[str]
    choices: Choices


def read_lists(district: District) -> Lists:
    """Return the district's roles, functions, zones and matched schools, by name."""
    active = Q(staff_accounts__status=StaffAccount.Status.ACTIVE)
    roles = district.user_roles.annotate(holders=Count("staff_accounts", filter=active))
    counted = list(roles.order_by("name"))
    functions = list(district.job_functions.values_list("name", flat=True))
    zones = list(district.zones.values_list("name", flat=True))
    known = list(district.schools.select_related("match"))
    return Lists(
        roles=[RoleCount(r.name, r.holders, r.is_built_in) for r in counted],
        functions=functions,
        zones=zones,
        schools=[
            SchoolChoice(school.school_id, school.name, school.match.imported_at)
            for school in known
            if hasattr(school, "match")
        ],
        essential_roles=[role.name for role in counted if role.is_essential],
        choices=Choices(
            functions=functions,
            roles=[role.name for role in counted],
            zones=zones,
            schools=frozenset(school.school_id for school in known),
            levels={role.name: role.level for role in counted},
        ),
    )


def newest_test(district: District) -> ImportRun | None:
    """Return the newest test import whatever its state, None before the first."""
    return district.import_runs.filter(kind=ImportRun.Kind.TEST).first()
