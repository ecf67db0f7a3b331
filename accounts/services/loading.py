"""Load a district's existing staff accounts from a CSV file."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any  # a row of a query, whose columns Django names

from django.db import transaction
from django.utils import timezone

from accounts.models import StaffAccount
from accounts.models.staff import listed_name
from accounts.services.filling import (
    NEW_COLUMNS,
    STATED,
    fill,
    new_values,
    stated,
    why_left,
)
from accounts.services.load_trail import LoadTrail
from accounts.services.recognising import recognise
from accounts.services.roles import Names
from accounts.services.staff_guards import is_over_others
from accounts.staff_rows import (
    OPTIONAL_COLUMNS,
    STAFF_COLUMNS,
    TEXTS,
    StaffRow,
    check_staff_rows,
)
from schools import bulk
from schools.audit import Actor
from schools.connected import check_connected
from schools.csv_files import CsvRefusedError, CsvRow, Problem, read_csv
from schools.models import District

_WRITTEN = (
    "school",
    *TEXTS,
    "job_function",
    "user_role",
    "zone",
    "teacher_list",
    "counselor_list",
    "status",
    "inactive_cause",
    "inactive_at",
    "inactive_by",
    "loaded_as",
    "search_text",
    "revision",
    "updated_at",
)
_NAMED = ("job_function", "user_role", "zone")
_IDS_IN_A_QUERY = 500


@dataclass(slots=True)
class StaffReport:
    """What loading a file did: counts of rows, and what was left as it is.

    `left` says of each account that was not touched why (`filling.why_left`); `names`
    are the roles, functions and zones created; `skipped` the bad rows left out.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    left: list[Problem] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    skipped: list[Problem] = field(default_factory=list)


def load_staff(
    district: District, content: bytes, actor: Actor, *, skip_bad: bool = False
) -> StaffReport:
    """Create and update a district's staff accounts from a CSV file.

    A row is known again by account_id, else by level, school, names, e-mail and
    employee id, where the nth of equal rows is the nth account; so loading the same
    file again changes nothing. Accounts tied to a Clever id, and those an import
    archived, are left as they are.
    Raises CsvRefusedError, with every problem, when a row is bad (unless `skip_bad`),
    and RefusedError when the file can't be read at all or the district was
    disconnected. Then nothing is loaded.
    """
    table = read_csv(content, STAFF_COLUMNS, OPTIONAL_COLUMNS)
    rows, problems = check_rows(district, table.rows)
    problems += table.problems
    if problems and not skip_bad:
        raise CsvRefusedError(problems, len(table.rows) + len(table.problems))
    with transaction.atomic():
        check_connected(district)
        report = _write(district, rows, actor)
    report.skipped = problems
    return report


def check_rows(
    district: District, rows: list[CsvRow]
) -> tuple[list[StaffRow], list[Problem]]:
    """Return the good rows of a district's file, and what is wrong with the others."""
    schools = dict(district.schools.values_list("school_id", "pk"))
    good, problems = check_staff_rows(rows, schools)
    good, foreign = _without_foreign_ids(district, good)
    return good, problems + foreign


def _write(district: District, rows: Sequence[StaffRow], actor: Actor) -> StaffReport:
    report = StaffReport()
    now = timezone.now()
    names, trail = Names(district), LoadTrail(district)
    new: list[tuple[object, ...]] = []
    changed: dict[uuid.UUID, StaffRow] = {}
    for row, account in zip(rows, recognise(rows, _known(district)), strict=True):
        if account is None:
            # A time of its own keeps equal rows in the file's order for the next load.
            at = now + timedelta(microseconds=len(new))
            new.append(new_values(district, row, names, actor, at, now))
            _note_new(trail, row, new[-1], names)
        elif why := why_left(row, account.clever_id, account.inactive_cause):
            name = listed_name(account.first_name, account.last_name)
            report.left.append(Problem(row.line, "", name, why))
        elif account[-len(STATED) :] != stated(row, names):
            changed[account.id] = row
        else:
            report.unchanged += 1
    bulk.write_rows(StaffAccount, NEW_COLUMNS, new)
    for accounts in _accounts(district, sorted(changed)):
        for account in accounts:
            before = trail.state(account)
            fill(account, changed[account.id], names, actor, now)
            trail.add_changed(account, before)
        _save(accounts)
    trail.keep(actor)
    report.created, report.updated = len(new), len(changed)
    report.names = names.created
    return report


def _note_new(
    trail: LoadTrail, row: StaffRow, values: tuple[object, ...], names: Names
) -> None:
    role = names.role(row.user_role)
    if not is_over_others(row.school, role):
        trail.add_other_new()
        return
    account = StaffAccount(**dict(zip(NEW_COLUMNS, values, strict=True)))
    account.user_role, account.zone = role, names.zone(row.zone)
    account.job_function = names.function(row.job_function)
    trail.add_new(account)


def _known(district: District) -> Iterable[Any]:
    """Return the district's accounts, the oldest first, what is compared in the end."""
    accounts = district.staff_accounts.order_by("created_at", "id")
    known_by = ("id", "clever_id", "loaded_as", "inactive_cause")
    return accounts.values_list(*known_by, *STATED, named=True)


def _accounts(
    district: District, ids: Sequence[uuid.UUID]
) -> Iterator[list[StaffAccount]]:
    """Yield the accounts with these ids, some at a time."""
    for start in range(0, len(ids), _IDS_IN_A_QUERY):
        part = ids[start : start + _IDS_IN_A_QUERY]
        accounts = district.staff_accounts.select_related(*_NAMED)
        yield list(accounts.filter(pk__in=part))


def _save(changed: list[StaffAccount]) -> None:
    # One INSERT … ON CONFLICT a batch: bulk_update's CASE for each value is far slower.
    StaffAccount.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["id"], update_fields=_WRITTEN
    )


def _without_foreign_ids(
    district: District, rows: list[StaffRow]
) -> tuple[list[StaffRow], list[Problem]]:
    """Take out rows whose account_id is an account of another district."""
    asked = [row.account_id for row in rows if row.account_id]
    if not asked:
        return rows, []
    own = set(district.staff_accounts.values_list("pk", flat=True))
    unknown = [account_id for account_id in asked if account_id not in own]
    foreign: set[uuid.UUID] = set()
    for start in range(0, len(unknown), _IDS_IN_A_QUERY):
        ids = unknown[start : start + _IDS_IN_A_QUERY]
        taken = StaffAccount.objects.filter(pk__in=ids)
        foreign.update(taken.values_list("pk", flat=True))
    text = "the id is taken by an account elsewhere. Leave it empty for a new account."
    problems = [
        Problem(row.line, "account_id", str(row.account_id), text)
        for row in rows
        if row.account_id in foreign
    ]
    return [row for row in rows if row.account_id not in foreign], problems
