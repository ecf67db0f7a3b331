"""The people of a snapshot: values fit to store and the keys to compare them by."""

from collections import Counter
from functools import lru_cache
from itertools import chain
from operator import attrgetter

import msgspec

from staffimport.core.folding import (
    clean,
    email_key,
    employee_id_key,
    first_name_key,
    is_address,
    last_name_key,
    without_zeros,
)
from staffimport.core.snapshot import RosterPerson, Snapshot

NAME_LENGTH = 255
EMAIL_LENGTH = 320
EMPLOYEE_ID_LENGTH = 128


class Person(msgspec.Struct, frozen=True, gc=False):
    """One Clever user, whatever roles they hold (product.md, "People").

    `employee_ids` are the teacher's, then the staff member's, without repetition;
    `id_keys` and `loose_ids`, each without repetition, stand in the same order.
    `notes` say what of Clever's data could not be used as it is.
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
    people = sorted(map(_read, snapshot.people), key=attrgetter("clever_id"))
    emails = Counter(map(attrgetter("email_key"), people))
    emails.pop("", None)
    ids = Counter(chain.from_iterable(map(attrgetter("id_keys"), people)))
    loose = Counter(chain.from_iterable(map(attrgetter("loose_ids"), people)))
    return Roster(
        people=people,
        present=frozenset(person.clever_id for person in people),
        shared_emails=frozenset(key for key, count in emails.items() if count > 1),
        shared_ids=frozenset(key for key, count in ids.items() if count > 1),
        loose_ids=loose,
    )


def _read(raw: RosterPerson) -> Person:
    first, last = _words(raw.first), _words(raw.last)
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
    keys = _employee_ids(raw)
    ids, id_keys = tuple(keys), tuple(dict.fromkeys(keys.values()))
    loose_ids = tuple(dict.fromkeys(map(without_zeros, id_keys)))
    # In the order of the fields: by name it would take fifteen times as long.
    return Person(
        raw.clever_id,
        first,
        # Only a teacher record has one (manual, "School Staff").
        _words(raw.middle) if raw.is_teacher else "",
        last,
        email,
        ids,
        _words(raw.teacher_title),
        _words(raw.staff_title),
        _words(raw.admin_title),
        raw.is_teacher,
        raw.is_staff,
        raw.is_district_admin,
        raw.teacher_schools,
        raw.staff_schools,
        last_key,
        full_name_key(first, last_key),
        email_key(email),
        ids if id_keys == ids else id_keys,
        id_keys if loose_ids == id_keys else loose_ids,
        notes,
    )


@lru_cache(16_384)
def _words(text: str) -> str:
    """Return a name or title fit to store; most are shared by several people."""
    return clean(text, NAME_LENGTH)


def _employee_ids(raw: RosterPerson) -> dict[str, str]:
    """Return the person's employee ids, each with its key."""
    keys = {}
    for text in (raw.is_teacher and raw.teacher_id, raw.is_staff and raw.staff_id):
        found = clean(text, EMPLOYEE_ID_LENGTH + 1) if text else ""
        # Half an id would be somebody else's, and "n/a" is as good as blank.
        key = employee_id_key(found) if len(found) <= EMPLOYEE_ID_LENGTH else ""
        if key:
            keys[found] = key
    return keys


def full_name_key(first: str, last_key: str) -> str:
    """Return the key of a whole name; empty unless both parts are there."""
    first_key = first_name_key(first)
    return f"{first_key} {last_key}" if first_key and last_key else ""
