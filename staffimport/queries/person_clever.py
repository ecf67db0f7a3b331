"""One person as the newest snapshot from Clever shows them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from accounts.models import StaffAccount
from accounts.people import Person as AccountHolder
from schools.models import District
from staffimport.core import explain
from staffimport.core.differences import differences
from staffimport.core.fitting import know
from staffimport.core.people import Person, read_roster
from staffimport.core.placement import Basis, Placement, Placements, place_people
from staffimport.core.snapshot import RosterPerson, Snapshot
from staffimport.core.titles import TitleRules
from staffimport.queries.words import BASES
from staffimport.store import load, snapshots
from staffimport.store.settings import get_settings, read_settings


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
    newest = district.snapshots.defer("readiness", "readiness_people").first()
    if newest is None:
        return None
    ids = holder.clever_ids
    if not ids:
        return CleverSide(newest.taken_at, (), {}, frozenset())
    snapshot = _only(snapshots.load(newest), ids)
    settings = get_settings(district)
    roster = read_roster(snapshot)
    placed = place_people(
        roster,
        snapshot,
        load.places(district, settings),
        teacher_fallback=settings.teacher_fallback,
        only_covered=False,
    )
    people = {person.clever_id: person for person in roster.people}
    rules = TitleRules(read_settings(district, settings))
    names = dict(district.schools.values_list("pk", "name"))
    raw = {person.clever_id: person for person in snapshot.people}
    return CleverSide(
        taken_at=newest.taken_at,
        users=tuple(
            _user(people[i], raw[i], snapshot, placed, names)
            if i in people
            else CleverUser(i, is_there=False)
            for i in ids
        ),
        says=_says(district, holder.accounts, people, rules),
        places=frozenset(school for school, here in placed.at.items() if here),
    )


def _only(snapshot: Snapshot, clever_ids: list[str]) -> Snapshot:
    """Return the snapshot as if nobody else were in it."""
    wanted = set(clever_ids)
    return Snapshot(
        snapshot.district_id,
        schools=snapshot.schools,
        people=[p for p in snapshot.people if p.clever_id in wanted],
        teaching={i: snapshot.teaching[i] for i in wanted if i in snapshot.teaching},
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


def _says(
    district: District,
    accounts: Iterable[StaffAccount],
    people: dict[str, Person],
    rules: TitleRules,
) -> dict[UUID, dict[str, str]]:
    tied = [a.pk for a in accounts if a.clever_id in people]
    rows = district.staff_accounts.filter(pk__in=tied)
    says = {}
    for account in load.accounts(district, rows):
        person = people.get(account.clever_id)
        if person is not None:  # else somebody has just untied it
            placement = Placement(person, account.school, ())
            found = differences(placement, know(account), rules)
            says[UUID(account.id)] = {field: new for field, _old, new in found}
    return says
