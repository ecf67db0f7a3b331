"""A person's accounts side by side: each field, where it comes from, what Clever says.

The source of a value is what wrote it last: Clever by a run, somebody by hand, the
keyword or default that decided when an import created the account, or the file that
Support loaded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.models import StaffAccount
from accounts.people import Person
from accounts.services import load_trail
from schools.models import District
from staffimport.core.decisions import Decided
from staffimport.models import ImportRun
from staffimport.queries.person_clever import CleverSide
from staffimport.queries.person_history import Event
from staffimport.queries.words import ACCOUNT_FIELDS, FIELDS
from staffimport.store import load


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of one account.

    `source` says in words what wrote the value, `url` leads to the run's row that
    did. `says` is what Clever says instead ("" if nothing else): a drift where the
    field `is_pinned`, else what the next run brings.
    """

    account: StaffAccount
    field: str
    value: str
    source: str = ""
    url: str = ""
    is_pinned: bool = False
    says: str = ""


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field: its name, what Clever says of the person, a cell for each account.

    Without `is_clevers` Clever has no such field.
    """

    name: str
    clever: str
    is_clevers: bool
    cells: tuple[Cell, ...]


def field_rows(
    person: Person, side: CleverSide | None, events: Sequence[Event]
) -> list[FieldRow]:
    """Return the rows of the table; most fields nobody has a value in are left out.

    What somebody may do is told in any case: the role, and the zone at the district
    level, where none is full access.
    """
    always = {"user_role"}
    if any(account.school_id is None for account in person.accounts):
        always.add("zone")
    rows = []
    for field, name in ACCOUNT_FIELDS.items():
        cells = tuple(_cell(a, field, side, events) for a in person.accounts)
        clever = _in_clever(side, field)
        is_said = clever or any(cell.value or cell.is_pinned for cell in cells)
        if is_said or field in always:
            rows.append(FieldRow(name, clever, field in FIELDS, cells))
    return rows


def _in_clever(side: CleverSide | None, field: str) -> str:
    users = side.users if side else ()
    values = (user.values.get(field, "") for user in users)
    return "; ".join(dict.fromkeys(filter(None, values)))


def _cell(
    account: StaffAccount,
    field: str,
    side: CleverSide | None,
    events: Sequence[Event],
) -> Cell:
    value = value_of(account, field)
    source, url = _source(account, field, events)
    return Cell(
        account=account,
        field=field,
        value=value or _said_of_none(account, field),
        source=source if value else "",
        url=url if value else "",
        is_pinned=field in account.pinned_fields,
        says=side.says.get(account.pk, {}).get(field, "") if side else "",
    )


def _said_of_none(account: StaffAccount, field: str) -> str:
    """Return what it means that an account has no value of a field, "" if nothing."""
    if field == "user_role":
        return "No role"
    is_unrestricted = field == "zone" and account.school_id is None
    return "Full access: all schools" if is_unrestricted else ""


def left_alone(district: District, person: Person) -> set[UUID]:
    """Return the accounts that no import archives, by decision or as added by hand."""
    decided = Decided(load.decisions(district))
    return {
        account.pk
        for account in person.accounts
        if decided.leaves_alone(
            str(account.pk),
            account.clever_id,
            added_by_hand=account.origin == StaffAccount.Origin.MANUAL,
        )
    }


def value_of(account: StaffAccount, field: str) -> str:
    """Return a field of an account as pages show it."""
    value = getattr(account, field)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value or "")


def _source(
    account: StaffAccount, field: str, events: Sequence[Event]
) -> tuple[str, str]:
    """Return in words what wrote the field last, and where that run's row is."""
    for event in events:
        if event.account == account.pk and field in event.fields:
            return _words(event, field), event.url
    if account.origin == StaffAccount.Origin.MANUAL:
        return "By hand", ""
    return ("Clever" if field in FIELDS else account.get_origin_display()), ""


def _by_hand(event: Event) -> str:
    is_loaded = event.verb in load_trail.BY_FILE
    return f"{'Loaded by' if is_loaded else 'By hand,'} {event.by}"


def _words(event: Event, field: str) -> str:
    if event.row is None or event.run is None:
        return _by_hand(event)
    if event.run.kind == ImportRun.Kind.UNDO:
        return f"Put back by {event.run}"
    if field in FIELDS:
        return f"Clever, {event.run}"
    keyword = event.row.keyword if field != "zone" else ""
    return f"Keyword “{keyword}”, {event.run}" if keyword else f"Default, {event.run}"
