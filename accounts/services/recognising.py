"""Which account a row of a staff file is about."""

import hashlib
import uuid
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from accounts.staff_rows import Identity, StaffRow


class Recognisable(Protocol):
    """What an account is known again by."""

    @property
    def id(self) -> uuid.UUID:
        """Its own id."""

    @property
    def clever_id(self) -> str:
        """Whom in Clever it is tied to, empty for nobody."""

    @property
    def loaded_as(self) -> str:
        """Digest of the row it was loaded from, empty if it was not."""

    @property
    def school_id(self) -> int | None:
        """Primary key of its school, None at the district."""

    @property
    def first_name(self) -> str:
        """First name."""

    @property
    def middle_name(self) -> str:
        """Middle name."""

    @property
    def last_name(self) -> str:
        """Last name."""

    @property
    def email(self) -> str:
        """E-mail."""

    @property
    def employee_id(self) -> str:
        """Employee id."""


A = TypeVar("A", bound=Recognisable)


def recognise(rows: Sequence[StaffRow], accounts: Iterable[A]) -> list[A | None]:
    """Return for each row the account it is about, None for a new one.

    `accounts` are all the district's, the oldest first. An account tied to a Clever
    id is also known by the row it was loaded from: an import may have changed its
    name or e-mail since, and a second account of one person would be a conflict.
    """
    by_id = {account.id: account for account in accounts}
    named = {row.account_id for row in rows if row.account_id}
    pool: defaultdict[Identity, deque[A]] = defaultdict(deque)
    for account in by_id.values():
        if account.id not in named:
            pool[_identity(account)].append(account)
    found: list[A | None] = []
    for row in rows:
        if row.account_id:
            found.append(by_id.get(row.account_id))
        else:
            equals = pool.get(row.identity)
            found.append(equals.popleft() if equals else None)
    return _with_changed(rows, found, pool)


def digest(row: StaffRow) -> str:
    """Return what is kept of a row, to know its account again when it has changed."""
    return hashlib.blake2b(repr(row.identity).encode(), digest_size=16).hexdigest()


def _with_changed(
    rows: Sequence[StaffRow], found: list[A | None], pool: dict[Identity, deque[A]]
) -> list[A | None]:
    """Return what was found, and tied accounts that an import changed since."""
    loaded: defaultdict[str, deque[A]] = defaultdict(deque)
    for left in pool.values():
        for account in left:
            if account.clever_id and account.loaded_as:
                loaded[account.loaded_as].append(account)
    if not loaded:
        return found
    return [
        loaded[key].popleft()
        if account is None and not row.account_id and loaded.get(key := digest(row))
        else account
        for row, account in zip(rows, found, strict=True)
    ]


def _identity(account: Recognisable) -> Identity:
    return (
        account.school_id,
        account.first_name,
        account.middle_name,
        account.last_name,
        account.email,
        account.employee_id,
    )
