"""A row's two sides, field by field: what Clever says, what Naviance has, what follows.

Where somebody has yet to decide whether a person and an account are one, the sides
show what would follow if they were: by the same rules as the plan.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from accounts.models import StaffAccount
from schools.models import District
from staffimport.core.fitting import Known
from staffimport.core.matching import Match
from staffimport.core.people import Person
from staffimport.core.placement import Placement
from staffimport.core.rows import RowMaker
from staffimport.core.values import (
    Details,
    Level,
    MatchedBy,
    PlannedRow,
    RowState,
    Settings,
)
from staffimport.models import ImportResult
from staffimport.queries.cast import Cast
from staffimport.queries.words import FIELDS
from staffimport.store.settings import get_settings, read_settings
from staffimport.store.taking_back import REMOVED

Outcome = ImportResult.Outcome
ACCOUNT = "Account"
SHORT_ID = 12
NOT_FROM_CLEVER = "not from Clever"
NEVER_TOUCHED = "stays: imports never touch it"


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field on both sides; `becomes` is the new value, "" if it stays.

    `remark` says what there is to say then; Clever has no such field unless
    `is_from_clever`.
    """

    name: str
    clever: str
    naviance: str
    becomes: str = ""
    remark: str = ""
    is_from_clever: bool = True

    @property
    def replaces(self) -> bool:
        """Whether the new value takes the place of one that Naviance has."""
        return bool(self.naviance and self.becomes) and self.name != ACCOUNT


@dataclass(frozen=True, slots=True)
class Side:
    """A person beside an account, field by field.

    `account_id` names the account that the sides are about; `changes` is how many
    fields would follow Clever, None if nothing can be said.
    """

    caption: str
    account_id: str
    lines: tuple[FieldLine, ...]
    changes: int | None = None


def sides(
    district: District, row: ImportResult, details: Details, cast: Cast
) -> list[Side]:
    """Return the row's sides: one, or one for each account that may be its person's."""
    asked = _asked(row, details)
    if asked:
        settings = read_settings(district, get_settings(district))
        pairs = [
            (cast.people.get(person), cast.known.get(account))
            for person, account in asked
        ]
        several = len(pairs) > 1
        found = [
            _if_same(row, person, account, settings, cast, named=several)
            for person, account in pairs
            if person is not None and account is not None
        ]
        if found:
            return found
    return [_as_planned(row, details, cast)]


def _asked(row: ImportResult, details: Details) -> list[tuple[str, str]]:
    """Return the people and accounts of whom the row asks whether they are one."""
    if row.outcome == Outcome.CONFLICT:
        return [(row.clever_id, account) for account in row.candidates]
    if row.outcome == Outcome.CREATED:
        near = (near.account_id for near in details.near)
        return [(row.clever_id, account) for account in near if account]
    if row.outcome == Outcome.INACTIVE:
        return [(person, str(row.account_id)) for person in details.pair]
    return []


def _if_same(
    row: ImportResult,
    person: Person,
    known: Known,
    settings: Settings,
    cast: Cast,
    *,
    named: bool,
) -> Side:
    """Return what would follow if a person and an account were one."""
    placement = Placement(person, known.account.school, ())
    maker = RowMaker(row.run.district.slug, settings, frozenset(), set())
    matched = maker.matched(Match(placement, known, MatchedBy.DECISION))
    caption = "Each field, if this is the same person"
    return Side(
        f"{caption}: {cast.labels[known.id]}" if named else caption,
        known.id,
        tuple(_lines(matched, matched.details, person, known, cast.accounts[known.id])),
        len(matched.changes.keys() & FIELDS.keys()),
    )


def _as_planned(row: ImportResult, details: Details, cast: Cast) -> Side:
    """Return the sides of a row in which nobody has to be told apart."""
    account_id = str(row.account_id or "")
    account, known = cast.accounts.get(account_id), cast.known.get(account_id)
    person, caption = cast.people.get(row.clever_id), "Each field"
    if person is None and details.near:
        person = cast.people.get(details.near[0].clever_id)
        if person is not None:
            caption = f"Each field, beside {person.name}, who comes nearest in Clever"
    lines = tuple(_lines(row, details, person, known, account))
    return Side(caption, account_id, lines)


def _lines(
    row: ImportResult | PlannedRow,
    details: Details,
    person: Person | None,
    known: Known | None,
    account: StaffAccount | None,
) -> Iterator[FieldLine]:
    yield _account_line(row, person, known)
    drift = dict(details.drift)
    for field, name in FIELDS.items():
        line = _field_line(row, field, name, person, drift)
        if line.clever or line.naviance or line.becomes:
            yield line
    yield from _own_lines(row, account)


def _has_person(row: ImportResult | PlannedRow) -> bool:
    return row.outcome not in (Outcome.INACTIVE, Outcome.SKIPPED)


def _account_line(
    row: ImportResult | PlannedRow, person: Person | None, known: Known | None
) -> FieldLine:
    clever = ""
    if person is not None:
        short = person.clever_id
        short = short if len(short) <= SHORT_ID else f"{short[:4]}…{short[-4:]}"
        clever = f"{person.user_types or 'User'}, {short}"
    becomes = _ACCOUNT_BECOMES.get(Outcome(row.outcome), "")
    if row.reason_code == REMOVED:
        becomes = "Removed"
    if row.outcome == Outcome.MATCHED and row.clever_id != row.previous_clever_id:
        becomes = "Tied to this Clever ID"
    if row.state == RowState.DISMISSED:
        becomes = ""
    return FieldLine(ACCOUNT, clever, _status(known), becomes, "stays")


_ACCOUNT_BECOMES = {
    Outcome.CREATED: "Created",
    Outcome.INACTIVE: "Becomes inactive",
    Outcome.REACTIVATED: "Active again",
    Outcome.RELINK: "Tied to the new Clever ID",
}


def _status(known: Known | None) -> str:
    if known is None or known.account.active:
        return "Active" if known else ""
    account = known.account
    since = f" since {account.inactive_on}" if account.inactive_on else ""
    by = f", by {account.inactive_by}" if account.inactive_by else ""
    return f"Inactive{since}{by}"


def _field_line(
    row: ImportResult | PlannedRow,
    field: str,
    name: str,
    person: Person | None,
    drift: Mapping[str, str],
) -> FieldLine:
    value = str(getattr(row, field))
    clever = _in_clever(person, field, row.level) if person else drift.get(field, "")
    if row.outcome == Outcome.CREATED:
        return FieldLine(name, clever or value, "", value, "blank in Clever")
    if field in row.changes:
        old, new = (str(each or "") for each in row.changes[field])
        return FieldLine(name, clever or new, old, new)
    if not row.account_id:
        return FieldLine(name, clever or value, "", "", "not imported")
    remark = "stays"
    if field in drift:
        remark = "pinned: stays"
    elif person is not None and not clever and value and _has_person(row):
        remark = "blank in Clever: stays"
    return FieldLine(name, clever, value, "", remark)


def _in_clever(person: Person, field: str, level: str) -> str:
    """Return what Clever says of a field, as far as it counts at the level."""
    match field:
        case "first_name":
            return person.first
        case "middle_name":
            return person.middle if level == Level.SCHOOL else ""
        case "last_name":
            return person.last
        case "email":
            return person.email
        case "employee_id":
            return _joined(person.employee_ids) if level == Level.SCHOOL else ""
        case _:
            return _joined(
                [person.teacher_title, person.staff_title]
                if level == Level.SCHOOL
                else [person.admin_title]
            )


def _joined(values: Sequence[str]) -> str:
    return " / ".join(dict.fromkeys(filter(None, values)))


def _own_lines(
    row: ImportResult | PlannedRow, account: StaffAccount | None
) -> Iterator[FieldLine]:
    """Yield what is Naviance's own: an import gives it to new accounts alone."""
    is_new = row.outcome == Outcome.CREATED
    for name, value in (
        ("User role", row.user_role),
        ("Job function", row.job_function),
        ("Lists", lists(row)),
        ("Zone", row.zone),
    ):
        if value and is_new:
            yield FieldLine(name, "", "", value, is_from_clever=False)
        elif value:
            yield FieldLine(name, "", value, "", NEVER_TOUCHED, is_from_clever=False)
    address = account.user.email if account and account.user else None
    if address:
        remark = "stays until its owner changes it"
        yield FieldLine(
            "Sign-in address", "", address, "", remark, is_from_clever=False
        )


def lists(row: ImportResult | PlannedRow) -> str:
    """Return the lists an account is on: "Teacher List, Counselor List"."""
    named = (
        ("Teacher List", row.teacher_list),
        ("Counselor List", row.counselor_list),
    )
    return ", ".join(name for name, is_on in named if is_on)
