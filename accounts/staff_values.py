"""What somebody can enter of a staff account, and how it is told."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Model

from accounts.models import JobFunction, StaffAccount, UserRole, Zone
from schools.models import School


class Pin(StrEnum):
    """What an edit makes of a field that Clever says something of."""

    CHANGED = "changed"  # pin it if its value changes, else leave it as it is
    PINNED = "pinned"
    FOLLOWS = "follows"


@dataclass(frozen=True, slots=True)
class Values:
    """What somebody can enter of an account: its own fields by name."""

    first_name: str
    middle_name: str
    last_name: str
    job_title: str
    email: str
    employee_id: str
    job_function: JobFunction | None = None
    user_role: UserRole | None = None
    teacher_list: bool = False
    counselor_list: bool = False
    zone: Zone | None = None

    def columns(self) -> dict[str, object]:
        """Return the values by field."""
        return {name: getattr(self, name) for name in FIELDS}


FIELDS = tuple(Values.__dataclass_fields__)


def plain(value: object) -> object:
    """Return a value as the audit trail keeps it: roles and the like by name."""
    if isinstance(value, bool):
        return value
    return (str(value) if isinstance(value, Model) else value) or None


def in_words(account: StaffAccount) -> str:
    """Return whose account it is and where, as the audit trail names it."""
    return named_at(account, account.school)


def named_at(account: StaffAccount, school: School | None) -> str:
    """Return the same for who has the account's school, or None, at hand."""
    return f"{account}, {school or 'district level'}"
