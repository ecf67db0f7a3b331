"""Load a district's existing staff accounts from a CSV file."""

import hashlib
import uuid
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import StaffAccount
from accounts.searching import search_text
from accounts.services.roles import Names
from accounts.staff_rows import (
    OPTIONAL_COLUMNS,
    STAFF_COLUMNS,
    TEXTS,
    Identity,
    StaffRow,
    check_staff_rows,
)
from schools.audit import Actor, record
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
_IDS_IN_A_QUERY = 500


@dataclass(slots=True)
class StaffReport:
    """What loading a file did: counts of rows, and what was left as it is.

    `tied` says of each account tied to a Clever id that it was not touched; `names`
    are the roles, functions and zones created; `skipped` the bad rows left out.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    tied: list[Problem] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    skipped: list[Problem] = field(default_factory=list)


def load_staff(
    district: District, content: bytes, actor: Actor, *, skip_bad: bool = False
) -> StaffReport:
    """Create and update a district's staff accounts from a CSV file.

    A row is known again by account_id, else by level, school, names, e-mail and
    employee id, where the nth of equal rows is the nth account; so loading the same
    file again changes nothing. Accounts tied to a Clever id are left as they are.
    Raises CsvRefusedError, with every problem, when a row is bad (unless `skip_bad`),
    and RefusedError when the file can't be read at all. Then nothing is loaded.
    """
    table = read_csv(content, STAFF_COLUMNS, OPTIONAL_COLUMNS)
    rows, problems = check_rows(district, table.rows)
    problems += table.problems
    if problems and not skip_bad:
        raise CsvRefusedError(problems, len(table.rows) + len(table.problems))
    with transaction.atomic():
        report = _write(district, rows, actor)
        if report.created or report.updated:
            record(
                district,
                actor,
                "loaded staff",
                f"{report.created} new, {report.updated} changed",
            )
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


def recognise(
    rows: Sequence[StaffRow], accounts: Iterable[StaffAccount]
) -> list[StaffAccount | None]:
    """Return for each row the account it is about, None for a new one.

    `accounts` are all the district's, the oldest first. An account tied to a Clever
    id is also known by the row it was loaded from: an import may have changed its
    name or e-mail since, and a second account of one person would be a conflict.
    """
    by_id = {account.id: account for account in accounts}
    named = {row.account_id for row in rows if row.account_id}
    pool: defaultdict[Identity, deque[StaffAccount]] = defaultdict(deque)
    for account in by_id.values():
        if account.id not in named:
            pool[_identity(account)].append(account)
    found: list[StaffAccount | None] = []
    for row in rows:
        if row.account_id:
            found.append(by_id.get(row.account_id))
        else:
            equals = pool.get(row.identity)
            found.append(equals.popleft() if equals else None)
    return _with_changed(rows, found, pool)


def _with_changed(
    rows: Sequence[StaffRow],
    found: list[StaffAccount | None],
    pool: dict[Identity, deque[StaffAccount]],
) -> list[StaffAccount | None]:
    """Return what was found, and tied accounts that an import changed since."""
    loaded: defaultdict[str, deque[StaffAccount]] = defaultdict(deque)
    for left in pool.values():
        for account in left:
            if account.clever_id and account.loaded_as:
                loaded[account.loaded_as].append(account)
    return [
        loaded[digest].popleft()
        if account is None
        and not row.account_id
        and loaded.get(digest := _digest(row.identity))
        else account
        for row, account in zip(rows, found, strict=True)
    ]


def _digest(identity: Identity) -> str:
    return hashlib.blake2b(repr(identity).encode(), digest_size=16).hexdigest()


def _write(district: District, rows: Sequence[StaffRow], actor: Actor) -> StaffReport:
    report = StaffReport()
    now = timezone.now()
    names = Names(district)
    new: list[StaffAccount] = []
    changed: list[StaffAccount] = []
    known = recognise(rows, district.staff_accounts.order_by("created_at", "id"))
    for row, account in zip(rows, known, strict=True):
        if account is None:
            # A time of its own keeps equal rows in the file's order for the next load.
            created_at = now + timedelta(microseconds=len(new))
            new.append(new_account(district, row, created_at))
            fill(new[-1], row, names, actor, now)
        elif account.clever_id:
            report.tied.append(_tied(row, account))
        elif fill(account, row, names, actor, now):
            changed.append(account)
        else:
            report.unchanged += 1
    _save(new, changed)
    report.created, report.updated = len(new), len(changed)
    report.names = names.created
    return report


def new_account(
    district: District, row: StaffRow, created_at: datetime
) -> StaffAccount:
    """Return an account that has yet to be filled: its revision is 0."""
    return StaffAccount(
        id=row.account_id or uuid.uuid4(),
        district=district,
        created_at=created_at,
        revision=0,
    )


def fill(
    account: StaffAccount, row: StaffRow, names: Names, actor: Actor, now: datetime
) -> bool:
    """Give an account the values of a row; return whether anything changed.

    An account that turns inactive was "loaded as inactive"; one that is inactive
    already keeps its cause.
    """
    before = _values(account)
    account.school_id = row.school
    account.loaded_as = _digest(row.identity)
    for name, text in row.texts.items():
        setattr(account, name, text)
    account.search_text = search_text(**row.texts)
    account.job_function = names.function(row.job_function)
    account.user_role = names.role(row.user_role)
    account.zone = names.zone(row.zone)
    account.teacher_list = row.teacher_list
    account.counselor_list = row.counselor_list
    _set_status(account, row, actor, now)
    if account.revision and _values(account) == before:
        return False
    account.revision += 1
    account.updated_at = now
    return True


def _set_status(
    account: StaffAccount, row: StaffRow, actor: Actor, now: datetime
) -> None:
    is_active = account.status == StaffAccount.Status.ACTIVE
    if is_active and not row.is_active:
        account.status = StaffAccount.Status.INACTIVE
        account.inactive_cause = StaffAccount.InactiveCause.LOADED
        account.inactive_at = now
        account.inactive_by = actor.name
    elif row.is_active and not is_active:
        account.status = StaffAccount.Status.ACTIVE
        account.inactive_cause = ""
        account.inactive_at = None
        account.inactive_by = ""


def _values(account: StaffAccount) -> tuple[object, ...]:
    return (
        account.school_id,
        *(getattr(account, name) for name in TEXTS),
        account.job_function_id,
        account.user_role_id,
        account.zone_id,
        account.teacher_list,
        account.counselor_list,
        account.status,
    )


def _save(new: list[StaffAccount], changed: list[StaffAccount]) -> None:
    StaffAccount.objects.bulk_create(new, batch_size=1000)
    # One INSERT … ON CONFLICT a batch: bulk_update's CASE for each value is far slower.
    StaffAccount.objects.bulk_create(
        changed,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=_WRITTEN,
    )


def _identity(account: StaffAccount) -> Identity:
    return (
        account.school_id,
        account.first_name,
        account.middle_name,
        account.last_name,
        account.email,
        account.employee_id,
    )


def _tied(row: StaffRow, account: StaffAccount) -> Problem:
    text = f"tied to the Clever id {account.clever_id}, so it is left as it is."
    return Problem(row.line, "", str(account), text)


def _without_foreign_ids(
    district: District, rows: list[StaffRow]
) -> tuple[list[StaffRow], list[Problem]]:
    """Take out rows whose account_id is an account of another district."""
    own = set(district.staff_accounts.values_list("pk", flat=True))
    asked = [row.account_id for row in rows if row.account_id]
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
