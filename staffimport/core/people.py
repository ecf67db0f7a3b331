"""The people of a snapshot: values fit to store and the keys to compare them by."""

from collections import Counter

import msgspec

from staffimport.core.folding import (
    clean,
    email_key,
    employee_id_key,
    first_name_key,
    is_address,
    last_name_key,
    loose_id_key,
)
from staffimport.core.snapshot import RosterPerson, Snapshot

NAME_LENGTH = 255
EMAIL_LENGTH = 320
EMPLOYEE_ID_LENGTH = 128


class Person(msgspec.Struct, frozen=True, gc=False):
    """One Clever user, whatever roles they hold (product.md, "People").

    `employee_ids` are the teacher's, then the staff member's, without repetition;
    `id_keys` and `loose_ids` stand in the same order. `notes` say what of Clever's
    data could not be used as it is.
    """

    clever_id: str
    first: str
    middle: str
    last: str
    email: str
    employee_ids: tuple[str, ...]
    teacher_title: str
    staff_title: str
    admin_title: str
    is_teacher: bool
    is_staff: bool
    is_district_admin: bool
    teacher_schools: tuple[str, ...]
    staff_schools: tuple[str, ...]
    last_key: str
    name_key: str
    email_key: str
    id_keys: tuple[str, ...]
    loose_ids: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return first and last name as a sentence says them."""
        return f"{self.first} {self.last}".strip() or "Somebody without a name"

    @property
    def user_types(self) -> str:
        """Return the person's Clever user types, as pages call them."""
        types = []
        if self.is_teacher:
            types.append("Teacher")
        if self.is_staff:
            types.append("Staff")
        if self.is_district_admin:
            types.append("District Admin")
        return " and ".join(types)


class Roster(msgspec.Struct):
    """The people in order of Clever id, and what several of them share.

    `shared_emails` and `shared_ids` are keys that more than one person has;
    `loose_ids` counts the people per employee id without zeros.
    """

    people: list[Person]
    present: frozenset[str]
    shared_emails: frozenset[str]
    shared_ids: frozenset[str]
    loose_ids: Counter[str]


def read_roster(snapshot: Snapshot) -> Roster:
    """Return the snapshot's people, cleaned."""
    people = sorted(map(_read, snapshot.people), key=lambda person: person.clever_id)
    emails = Counter(person.email_key for person in people if person.email_key)
    ids = Counter(key for person in people for key in set(person.id_keys))
    loose = Counter(key for person in people for key in set(person.loose_ids))
    return Roster(
        people=people,
        present=frozenset(person.clever_id for person in people),
        shared_emails=frozenset(key for key, count in emails.items() if count > 1),
        shared_ids=frozenset(key for key, count in ids.items() if count > 1),
        loose_ids=loose,
    )


def _read(raw: RosterPerson) -> Person:
    first = clean(raw.first, NAME_LENGTH)
    last = clean(raw.last, NAME_LENGTH)
    last_key = last_name_key(last)
    email = clean(raw.email, EMAIL_LENGTH + 1)
    notes: tuple[str, ...] = ()
    if len(email) > EMAIL_LENGTH:
        # Half an address would be somebody else's.
        email, notes = "", ("The e-mail in Clever is longer than 320 characters.",)
    elif email and not is_address(email):
        notes = (f"“{email}” is no e-mail address.",)
        # "n/a" is as good as blank, and blank never overwrites a value.
        email = email if email_key(email) else ""
    ids = _employee_ids(raw)
    return Person(
        clever_id=raw.clever_id,
        first=first,
        # Only a teacher record has one (manual, "School Staff").
        middle=clean(raw.middle, NAME_LENGTH) if raw.is_teacher else "",
        last=last,
        email=email,
        employee_ids=ids,
        teacher_title=clean(raw.teacher_title, NAME_LENGTH),
        staff_title=clean(raw.staff_title, NAME_LENGTH),
        admin_title=clean(raw.admin_title, NAME_LENGTH),
        is_teacher=raw.is_teacher,
        is_staff=raw.is_staff,
        is_district_admin=raw.is_district_admin,
        teacher_schools=raw.teacher_schools,
        staff_schools=raw.staff_schools,
        last_key=last_key,
        name_key=full_name_key(first, last_key),
        email_key=email_key(email),
        id_keys=tuple(map(employee_id_key, ids)),
        loose_ids=tuple(filter(None, map(loose_id_key, ids))),
        notes=notes,
    )


def _employee_ids(raw: RosterPerson) -> tuple[str, ...]:
    teacher = _employee_id(raw.teacher_id) if raw.is_teacher else ""
    staff = _employee_id(raw.staff_id) if raw.is_staff else ""
    if teacher and staff and teacher != staff:
        return (teacher, staff)
    return (teacher or staff,) if teacher or staff else ()


def _employee_id(text: str) -> str:
    found = clean(text, EMPLOYEE_ID_LENGTH + 1)
    # Half an id would be somebody else's, and "n/a" is as good as blank.
    fits = len(found) <= EMPLOYEE_ID_LENGTH
    return found if fits and employee_id_key(found) else ""


def full_name_key(first: str, last_key: str) -> str:
    """Return the key of a whole name; empty unless both parts are there."""
    first_key = first_name_key(first)
    return f"{first_key} {last_key}" if first_key and last_key else ""
