"""Checks on what a test import would say: the rows of a plan."""

from collections import Counter
from collections.abc import Callable

from staffimport.core.explain import AGREES, listed
from staffimport.core.readiness.facts import Facts
from staffimport.core.readiness.values import (
    Concerned,
    Finding,
    Standing,
    counted,
    finding,
)
from staffimport.core.values import Level, Near, Outcome, PlannedRow

_NOBODY = ("not_in_clever", "gone_from_clever")
_KEPT = ("protected_role", "left_alone")


def conflicts(facts: Facts) -> Finding:
    """Find placements of which it can't be told whose account they are."""
    found = [facts.of_row(row) for row in facts.rows_of(Outcome.CONFLICT)]
    text = f"{counted(len(found), 'conflict')} in a test import."
    return finding("conflicts", found, text, Standing.MEND)


def near_misses(facts: Facts) -> Finding:
    """Find new people to whom an account at the same place comes close."""
    found = [
        facts.of_row(row, _resembles(row.details.near[0]))
        for row in facts.rows_of(Outcome.CREATED)
        if row.details.near
    ]
    text = f"{_people(found)} with an account that is near, but no match."
    return finding("near_misses", found, text, Standing.MEND)


def school_staff_as_admin(facts: Facts) -> Finding:
    """Find school accounts of people who are District Admins and nothing else."""
    found = [
        facts.of_row(row)
        for row in facts.rows_of(
            Outcome.INACTIVE, "elsewhere_in_clever", level=Level.SCHOOL
        )
        if row.details.near and _is_only_admin(facts, row)
    ]
    text = f"{counted(len(found), 'account')} of District Admins."
    return finding("school_staff_as_admin", found, text, Standing.MEND)


def district_admins_shared(facts: Facts) -> Finding:
    """Find whether Clever shares District Admins at all, if Naviance has any."""
    shared = len(facts.district_staff)
    accounts = len(facts.accounts_at(Level.DISTRICT))
    text = f"Clever shares {shared:,}; Naviance has {counted(accounts, 'account')}."
    standing = Standing.OK
    if not shared:
        standing = Standing.MEND if accounts else Standing.LOOK
    return Finding("district_admins_shared", standing, text)


def district_staff_other_type(facts: Facts) -> Finding:
    """Find district accounts of people who are Teacher or Staff in Clever only."""
    rows = facts.rows_of(Outcome.INACTIVE, "elsewhere_in_clever", level=Level.DISTRICT)
    found = [facts.of_row(row) for row in rows]
    text = f"{counted(len(found), 'account')} of Teachers or Staff."
    return finding("district_staff_other_type", found, text, Standing.MEND)


def not_in_clever(facts: Facts) -> Finding:
    """Find accounts to which nobody in Clever comes near."""
    found = [facts.of_row(row) for row in facts.rows_of(Outcome.INACTIVE, *_NOBODY)]
    total = len(facts.known)
    text = f"{len(found):,} of {counted(total, 'active account')}."
    return finding("not_in_clever", found, text, Standing.MEND)


def kept_without_clever(facts: Facts) -> Finding:
    """Find accounts kept by a protected role or by decision; never a fault."""
    found = [facts.of_row(row) for row in facts.rows_of(Outcome.SKIPPED, *_KEPT)]
    roles = listed(sorted(facts.settings.protected_roles))
    text = f"{counted(len(found), 'account')}. Protected roles: {roles or 'none'}."
    return finding("kept_without_clever", found, text, Standing.OK)


def school_accounts_unfound(facts: Facts) -> Finding:
    """Find the school accounts an import would make inactive."""
    return _unfound(facts, "school_accounts_unfound", Level.SCHOOL)


def district_accounts_unfound(facts: Facts) -> Finding:
    """Find the district accounts an import would make inactive."""
    return _unfound(facts, "district_accounts_unfound", Level.DISTRICT)


def default_role(facts: Facts) -> Finding:
    """Find new accounts whose role no keyword decides."""
    created = list(facts.rows_of(Outcome.CREATED))
    found = [
        facts.of_row(row, row.job_title or "No title")
        for row in created
        if row.reason_code == "default_role"
    ]
    text = f"{len(found):,} of {counted(len(created), 'new account')}."
    return finding("default_role", found, text, Standing.LOOK)


def nowhere(facts: Facts) -> Finding:
    """Find people whom Clever places nowhere."""
    return _skipped(facts, "nowhere", "no_placement")


def at_unshared_schools(facts: Facts) -> Finding:
    """Find people placed at schools that Clever doesn't share."""
    return _skipped(facts, "at_unshared_schools", "school_not_shared")


def at_unmatched_schools(facts: Facts) -> Finding:
    """Find people placed at Clever schools that are matched to none of Naviance."""
    return _skipped(facts, "at_unmatched_schools", "unmatched_school")


def several_schools(facts: Facts) -> Finding:
    """Find people who would have accounts at several schools; never a fault."""
    places: Counter[str] = Counter()
    for school, placements in facts.placed.at.items():
        if school is not None:
            places.update(placement.person.clever_id for placement in placements)
    found = [
        facts.of_person(facts.by_id[clever_id], f"{count} schools")
        for clever_id, count in places.items()
        if count > 1
    ]
    text = f"{_people(found)} at several matched schools."
    return finding("several_schools", found, text, Standing.OK)


FINDERS: dict[str, Callable[[Facts], Finding]] = {
    "conflicts": conflicts,
    "near_misses": near_misses,
    "school_staff_as_admin": school_staff_as_admin,
    "district_admins_shared": district_admins_shared,
    "district_staff_other_type": district_staff_other_type,
    "not_in_clever": not_in_clever,
    "kept_without_clever": kept_without_clever,
    "school_accounts_unfound": school_accounts_unfound,
    "district_accounts_unfound": district_accounts_unfound,
    "default_role": default_role,
    "nowhere": nowhere,
    "at_unshared_schools": at_unshared_schools,
    "at_unmatched_schools": at_unmatched_schools,
    "several_schools": several_schools,
}


def _unfound(facts: Facts, code: str, level: Level) -> Finding:
    found = [facts.of_row(row) for row in facts.rows_of(Outcome.INACTIVE, level=level)]
    total = len(facts.accounts_at(level))
    text = (
        f"{len(found):,} of {counted(total, 'active account')} would become inactive."
    )
    return finding(code, found, text, Standing.MEND)


def _skipped(facts: Facts, code: str, reason: str) -> Finding:
    found = [facts.of_row(row) for row in facts.rows_of(Outcome.SKIPPED, reason)]
    people = len({one.clever_id for one in found})
    text = f"{counted(people, 'person', 'people')} of {len(facts.people):,}."
    return finding(code, found, text, Standing.MEND)


def _people(found: list[Concerned]) -> str:
    return counted(len(found), "person", "people")


def _is_only_admin(facts: Facts, row: PlannedRow) -> bool:
    person = (
        facts.by_id.get(row.details.near[0].clever_id) if row.details.near else None
    )
    return (
        person is not None
        and person.is_district_admin
        and not person.is_teacher
        and not person.is_staff
    )


def _resembles(near: Near) -> str:
    agrees = listed([AGREES.get(field, field) for field in near.agrees])
    return f"Same {agrees} as the account of {near.name}"
