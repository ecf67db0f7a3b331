"""One person as the newest snapshot from Clever shows them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from accounts.people import Person as AccountHolder
from schools.models import District
from staffimport.core import explain
from staffimport.core.people import Person
from staffimport.core.placement import Basis, Placements, place_people
from staffimport.core.snapshot import RosterPerson, Snapshot
from staffimport.queries.words import BASES
from staffimport.store import load
from staffimport.store.clever_says import CleverSays


@dataclass(frozen=True, slots=True)
class CleverRole:
    """One role of a Clever user; `schools` are Clever's names of them."""

    name: str
    title: str
    employee_id: str
    schools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CleverUser:
    """One Clever user; without `is_there` the snapshot has nobody of this id.

    `values` are what Clever says by field of an account, `places` where that puts the
    user in Naviance and why, `nowhere` the sentences of what doesn't count, `notes`
    what of Clever's data can't be used.
    """

    clever_id: str
    name: str = ""
    is_there: bool = True
    values: dict[str, str] = field(default_factory=dict)
    roles: tuple[CleverRole, ...] = ()
    section_schools: tuple[str, ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    nowhere: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CleverSide:
    """A person's Clever users as of a pull, and where Clever differs from an account.

    `says` holds by account and field what an update would write, pinned or not;
    `places` are the schools (None: the district) where Clever puts the person.
    """

    taken_at: datetime
    users: tuple[CleverUser, ...]
    says: dict[UUID, dict[str, str]]
    places: frozenset[int | None]


def clever_side(district: District, holder: AccountHolder) -> CleverSide | None:
    """Return what Clever says of somebody; None before anything was read from it.

    Raises msgspec.DecodeError if the newest snapshot is broken.
    """
    found = CleverSays(district, holder.clever_ids)
    if found.taken_at is None:
        return None
    placed = place_people(
        found.roster,
        found.snapshot,
        load.places(district, found.settings),
        teacher_fallback=found.settings.teacher_fallback,
        only_covered=False,
    )
    names = dict(district.schools.values_list("pk", "name"))
    raw = {person.clever_id: person for person in found.snapshot.people}
    ids = [account.pk for account in holder.accounts]
    return CleverSide(
        taken_at=found.taken_at,
        users=tuple(
            _user(found.people[i], raw[i], found.snapshot, placed, names)
            if i in found.people
            else CleverUser(i, is_there=False)
            for i in holder.clever_ids
        ),
        says=found.instead(district.staff_accounts.filter(pk__in=ids)),
        places=frozenset(school for school, here in placed.at.items() if here),
    )


def _user(
    person: Person,
    raw: RosterPerson,
    snapshot: Snapshot,
    placed: Placements,
    names: dict[int, str],
) -> CleverUser:
    in_clever = {school.clever_id: school.name for school in snapshot.schools}

    def named(schools: Iterable[str]) -> tuple[str, ...]:
        found = (in_clever.get(s) or "a school Clever does not share" for s in schools)
        return tuple(dict.fromkeys(found))

    return CleverUser(
        clever_id=person.clever_id,
        name=person.name,
        values=_values(person),
        roles=tuple(
            CleverRole(name, title, employee_id, named(schools))
            for holds, name, title, employee_id, schools in (
                (
                    person.is_teacher,
                    "Teacher",
                    person.teacher_title,
                    raw.teacher_id,
                    raw.teacher_schools,
                ),
                (
                    person.is_staff,
                    BASES[Basis.STAFF],
                    person.staff_title,
                    raw.staff_id,
                    raw.staff_schools,
                ),
                (
                    person.is_district_admin,
                    "District Admin",
                    person.admin_title,
                    "",
                    (),
                ),
            )
            if holds
        ),
        section_schools=named(snapshot.teaching.get(person.clever_id, ())),
        places=tuple(
            sorted(
                (
                    "District" if school is None else names.get(school, ""),
                    explain.listed(BASES[basis] for basis in placement.bases),
                )
                for school, here in placed.at.items()
                for placement in here
                if placement.person is person
            )
        ),
        nowhere=tuple(
            explain.elsewhere(absent)
            for absent in placed.elsewhere
            if absent.person is person
        ),
        notes=person.notes,
    )


def _values(person: Person) -> dict[str, str]:
    titles = (person.teacher_title, person.staff_title, person.admin_title)
    return {
        "first_name": person.first,
        "middle_name": person.middle,
        "last_name": person.last,
        "job_title": "; ".join(dict.fromkeys(filter(None, titles))),
        "email": person.email,
        "employee_id": "; ".join(person.employee_ids),
    }
