"""Who and what one row names: people in Clever, accounts in Naviance."""

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.models import StaffAccount
from schools.models import District
from staffimport.core.explain import handles
from staffimport.core.fitting import Known, know
from staffimport.core.people import Person, read_person
from staffimport.core.snapshot import RosterPerson
from staffimport.core.values import Details, Level
from staffimport.models import ImportResult
from staffimport.store import load, snapshots

Outcome = ImportResult.Outcome


@dataclass(frozen=True, slots=True)
class Cast:
    """The people and accounts of one row's story, by id.

    `accounts` are as they are now, `known` the same as the planner takes them, and
    `labels` what sentences call them.
    """

    people: Mapping[str, Person]
    accounts: Mapping[str, StaffAccount]
    known: Mapping[str, Known]
    labels: Mapping[str, str]


def cast_of(district: District, row: ImportResult, details: Details) -> Cast:
    """Return who and what a row names: itself, its candidates, what is near."""
    ids = {str(row.account_id or ""), *row.candidates}
    ids.update(near.account_id for near in details.near)
    wanted = {row.clever_id, *details.pair}
    wanted.update(near.clever_id for near in details.near)
    rows = district.staff_accounts.filter(pk__in=ids - {""})
    accounts = {str(a.pk): a for a in rows.select_related("user_role", "user")}
    people = snapshots.people(row.run, wanted - {""})
    if row.clever_id and row.clever_id not in people and _is_of_person(row):
        people[row.clever_id] = _from(row)
    known = {a.id: know(a) for a in load.accounts(district, rows)}
    labels = dict(zip(known, handles(list(known.values())), strict=True))
    return Cast(people, accounts, known, labels)


def _is_of_person(row: ImportResult) -> bool:
    return row.outcome in (Outcome.CREATED, Outcome.CONFLICT)


def _from(row: ImportResult) -> Person:
    """Return the row's person from the row alone, when the pull is no longer kept."""
    return read_person(
        RosterPerson(
            row.clever_id,
            first=row.first_name,
            middle=row.middle_name,
            last=row.last_name,
            email=row.email,
            is_teacher=row.level == Level.SCHOOL,
            teacher_title=row.job_title,
            teacher_id=row.employee_id,
            is_district_admin=row.level == Level.DISTRICT,
            admin_title=row.job_title,
        )
    )
