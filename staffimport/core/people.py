"""The people of a snapshot: values fit to store and the keys to compare them by."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from operator import attrgetter

import msgspec

from staffimport.core.folding import (
    PLAIN_ADDRESS,
    PLAIN_ID,
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
    email_key: str
    id_keys: tuple[str, ...]
    loose_ids: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return first and last name as a sentence says them."""
        return f"{self.first} {self.last}".strip() or "Somebody without a name"

    @property
    def name_key(self) -> str:
        """Return the key of the whole name; empty unless both parts are there."""
        return full_name_key(self.first, self.last_key)

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

    `shared_emails` and `shared_ids` are keys that more than one person has,
    `shared_loose_ids` the same of employee ids without zeros.
    """

    people: list[Person]
    present: frozenset[str]
    shared_emails: frozenset[str]
    shared_ids: frozenset[str]
    shared_loose_ids: frozenset[str]


def read_roster(snapshot: Snapshot) -> Roster:
    """Return the snapshot's people, cleaned."""
    people = sorted(map(read_person, snapshot.people), key=attrgetter("clever_id"))
    ids = chain.from_iterable(map(attrgetter("id_keys"), people))
    loose_ids = chain.from_iterable(map(attrgetter("loose_ids"), people))
    return Roster(
        people=people,
        present=frozenset(map(attrgetter("clever_id"), people)),
        shared_emails=_repeated(map(attrgetter("email_key"), people)),
        shared_ids=_repeated(ids),
        shared_loose_ids=_repeated(loose_ids),
    )


def _repeated(keys: Iterable[str]) -> frozenset[str]:
    """Return the keys, the empty one apart, that come more than once."""
    listed = list(keys)
    if len(set(listed)) == len(listed):
        return frozenset()
    counted = Counter(listed)
    return frozenset([key for key, count in counted.items() if count > 1]) - {""}


def read_person(raw: RosterPerson) -> Person:
    """Return a Clever user as Clever sent it, cleaned."""
    last = _words(raw.last) if raw.last else ""
    email, mail_key, notes = _email(raw.email)
    ids, id_keys, loose_ids = _employee_ids(raw)
    if (
        len(raw.teacher_id) > EMPLOYEE_ID_LENGTH
        or len(raw.staff_id) > EMPLOYEE_ID_LENGTH
    ):
        notes += _long_id(raw)
    # In the order of the fields: by name it would take fifteen times as long.
    return Person(
        raw.clever_id,
        _words(raw.first) if raw.first else "",
        # Only a teacher record has one (manual, "School Staff").
        _words(raw.middle) if raw.middle and raw.is_teacher else "",
        last,
        email,
        ids,
        _words(raw.teacher_title) if raw.teacher_title else "",
        _words(raw.staff_title) if raw.staff_title else "",
        _words(raw.admin_title) if raw.admin_title else "",
        raw.is_teacher,
        raw.is_staff,
        raw.is_district_admin,
        raw.teacher_schools,
        raw.staff_schools,
        last_name_key(last),
        mail_key,
        id_keys,
        loose_ids,
        notes,
    )


@lru_cache(16_384)
def _words(text: str) -> str:
    """Return a name or title fit to store; most are shared by several people."""
    return clean(text, NAME_LENGTH)


def _email(text: str) -> tuple[str, str, tuple[str, ...]]:
    """Return an e-mail fit to store, its key, and what can't be used of it."""
    if PLAIN_ADDRESS.fullmatch(text):  # nearly everybody's
        return text, text, ()
    email = clean(text, EMAIL_LENGTH + 1)
    if len(email) > EMAIL_LENGTH:
        # Half an address would be somebody else's.
        return "", "", ("The e-mail in Clever is longer than 320 characters.",)
    key = email_key(email)
    if not email or is_address(email):
        return email, key, ()
    # "n/a" is as good as blank, and blank never overwrites a value.
    return email if key else "", key, (f"“{email}” is no e-mail address.",)


def _long_id(raw: RosterPerson) -> tuple[str, ...]:
    """Return a note of an employee id that is too long to be one."""
    given = (raw.teacher_id * raw.is_teacher, raw.staff_id * raw.is_staff)
    if all(len(clean(text, len(text))) <= EMPLOYEE_ID_LENGTH for text in given):
        return ()
    longest = f"{EMPLOYEE_ID_LENGTH} characters"
    return (f"The employee ID in Clever is longer than {longest}, so it is left out.",)


def _employee_ids(
    raw: RosterPerson,
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the person's employee ids, their keys, and those without zeros."""
    teacher = raw.teacher_id if raw.is_teacher else ""
    staff = raw.staff_id if raw.is_staff else ""
    one = teacher or staff
    if PLAIN_ID.fullmatch(one) and (not teacher or staff in ("", teacher)):
        ids: tuple[str, ...] = (one,)  # nearly everybody's
        return ids, ids, ids if one[0] != "0" else (without_zeros(one),)
    keys: dict[str, str] = {}
    for text in (teacher, staff):
        found = clean(text, EMPLOYEE_ID_LENGTH + 1)
        # Half an id would be somebody else's, and "n/a" is as good as blank.
        key = employee_id_key(found) if len(found) <= EMPLOYEE_ID_LENGTH else ""
        if key:
            keys[found] = key
    ids, id_keys = tuple(keys), tuple(dict.fromkeys(keys.values()))
    loose_ids = tuple(dict.fromkeys(map(without_zeros, id_keys)))
    # Not two of the same in memory.
    id_keys = ids if ids == id_keys else id_keys
    return ids, id_keys, id_keys if id_keys == loose_ids else loose_ids


def full_name_key(first: str, last_key: str) -> str:
    """Return the key of a whole name; empty unless both parts are there."""
    first_key = first_name_key(first)
    return f"{first_key} {last_key}" if first_key and last_key else ""
