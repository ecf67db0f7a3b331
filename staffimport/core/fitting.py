"""Which accounts of a place fit which people, by the rules alone.

Source: product.md, "Matching staff": school staff by last name with e-mail or
employee id, district staff by last name with e-mail; nothing matches on an empty
value.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property
from itertools import chain

import msgspec

from staffimport.core.folding import (
    email_key,
    employee_id_key,
    last_name_key,
    loose_id_key,
    without_zeros,
)
from staffimport.core.people import Person, Roster, full_name_key
from staffimport.core.placement import Placement
from staffimport.core.values import Account, InactiveCause, MatchedBy


class Known(msgspec.Struct, frozen=True, gc=False):
    """An account with the keys to compare it by."""

    account: Account
    last_key: str
    email_key: str
    id_key: str
    loose_id: str
    id: str

    @property
    def name_key(self) -> str:
        """Return the key of the whole name; empty unless both parts are there."""
        return full_name_key(self.account.first_name, self.last_key)

    @property
    def stays_inactive(self) -> bool:
        """Whether somebody made it inactive by hand: no import undoes that."""
        account = self.account
        return not account.active and account.inactive_cause == InactiveCause.MANUAL


def know(account: Account) -> Known:
    """Return the account with its keys."""
    id_key = employee_id_key(account.employee_id)
    return Known(
        account,
        last_name_key(account.last_name),
        email_key(account.email),
        id_key,
        without_zeros(id_key),
        account.id,
    )


def same_but_for_zeros(person: Person, known: Known) -> str:
    """Return the person's employee id that only leading zeros part from the account's.

    Empty if there is none, or one that is equal.
    """
    loose = known.loose_id
    if known.id_key in person.id_keys or not loose or loose not in person.loose_ids:
        return ""
    return next(text for text in person.employee_ids if loose_id_key(text) == loose)


class _Index:
    """The accounts of one place by what people are looked up by."""

    def __init__(self, accounts: list[Known], roster: Roster) -> None:
        self.by_email: dict[str, list[Known]] = defaultdict(list)
        self.by_loose_id: dict[str, list[Known]] = defaultdict(list)
        self.loose_count: dict[str, int] = defaultdict(int)
        self.gone_by_email: dict[str, list[str]] = defaultdict(list)
        self.gone_by_loose_id: dict[str, list[Known]] = defaultdict(list)
        self.any_gone = False  # whether an account is tied to a Clever id that is gone
        for known in accounts:
            self._add(known, roster)

    def _add(self, known: Known, roster: Roster) -> None:
        if known.loose_id:
            self.loose_count[known.loose_id] += 1
        tie = known.account.clever_id
        if tie and tie not in roster.present:
            if not known.stays_inactive:
                self._add_gone(known)
            return
        if not known.last_key:
            return
        if known.email_key:
            self.by_email[known.email_key].append(known)
        if known.loose_id:
            self.by_loose_id[known.loose_id].append(known)

    def _add_gone(self, known: Known) -> None:
        self.any_gone = True
        if known.email_key:
            self.gone_by_email[known.email_key].append(known.id)
        if known.loose_id:
            self.gone_by_loose_id[known.loose_id].append(known)


class Fits:
    """Which accounts of a place fit a person, by the rules alone.

    They are indexed when somebody first asks: where everybody has an account, no one
    does.
    """

    def __init__(self, accounts: list[Known], roster: Roster) -> None:
        """Take the accounts of one place."""
        self._accounts = accounts
        self._roster = roster

    @cached_property
    def by_id(self) -> dict[str, Known]:
        """The accounts by their ids."""
        return {known.id: known for known in self._accounts}

    @cached_property
    def _index(self) -> _Index:
        return _Index(self._accounts, self._roster)

    @property
    def any_gone(self) -> bool:
        """Whether an account is tied to a Clever id that is gone."""
        return self._index.any_gone

    def of(self, placement: Placement) -> dict[str, MatchedBy]:
        """Return the accounts that fit by last name and e-mail or employee id."""
        person = placement.person
        last_key, index = person.last_key, self._index
        fitting: dict[str, MatchedBy] = {}
        for loose in () if placement.school is None else person.loose_ids:
            for known in index.by_loose_id.get(loose, ()):
                if known.last_key == last_key:
                    self._add_by_id(fitting, person, known)
        for known in index.by_email.get(person.email_key, ()):
            if known.last_key == last_key:
                both = fitting.get(known.id) is MatchedBy.EMPLOYEE_ID
                fitting[known.id] = MatchedBy.EMAIL_AND_ID if both else MatchedBy.EMAIL
        return fitting

    def _add_by_id(
        self, fitting: dict[str, MatchedBy], person: Person, known: Known
    ) -> None:
        if known.id_key in person.id_keys:
            fitting[known.id] = MatchedBy.EMPLOYEE_ID
        elif not self.is_ambiguous(known.loose_id):
            fitting[known.id] = MatchedBy.LOOSE_ID

    def relinks_of(self, placement: Placement) -> dict[str, MatchedBy]:
        """Return accounts tied to a Clever id that is gone, which this person fits.

        A shared address or employee id says nothing about who somebody is.
        """
        fitting: dict[str, MatchedBy] = {}
        person = placement.person
        if placement.school is not None:
            for loose in person.loose_ids:
                for known in self._index.gone_by_loose_id.get(loose, ()):
                    if known.id_key not in self._roster.shared_ids:
                        self._add_by_id(fitting, person, known)
        email = person.email_key
        if email and email not in self._roster.shared_emails:
            for account in self._index.gone_by_email.get(email, ()):
                both = fitting.get(account) is MatchedBy.EMPLOYEE_ID
                fitting[account] = MatchedBy.EMAIL_AND_ID if both else MatchedBy.EMAIL
        return fitting

    def still_fits(self, placement: Placement, known: Known, owner: Person) -> bool:
        """Whether the account fits the person once it has its owner's values too."""
        person, pinned = placement.person, known.account.pinned
        last, email = known.last_key, known.email_key
        if owner.last_key and "last_name" not in pinned:
            last = owner.last_key
        if owner.email_key and "email" not in pinned:
            email = owner.email_key
        if last != person.last_key or not last:
            return False
        return (email == person.email_key != "") or (
            placement.school is not None and self._shares_id(person, known, owner)
        )

    def _shares_id(self, person: Person, known: Known, owner: Person) -> bool:
        keeps = (
            not owner.id_keys
            or "employee_id" in known.account.pinned
            or known.id_key in owner.id_keys
            or known.loose_id in owner.loose_ids
        )
        if not keeps:
            return owner.id_keys[0] in person.id_keys
        loose = known.loose_id in person.loose_ids
        exact = known.id_key in person.id_keys
        return exact or (loose and not self.is_ambiguous(known.loose_id))

    def is_ambiguous(self, loose_id: str) -> bool:
        """Whether several people or accounts have the id once zeros are ignored."""
        return loose_id in self._roster.shared_loose_ids or (
            self._index.loose_count.get(loose_id, 0) > 1
        )


def components(
    edges: dict[str, dict[str, MatchedBy]],
) -> Iterable[tuple[list[str], list[str]]]:
    """Yield people and accounts that hang together, people in order."""
    claims = Counter(chain.from_iterable(edges.values()))
    tangled: dict[str, dict[str, MatchedBy]] = {}
    people_of: dict[str, list[str]] = defaultdict(list)
    for person, accounts in edges.items():
        if len(accounts) == 1 and claims[next(iter(accounts))] == 1:
            yield [person], list(accounts)  # as nearly everybody is
            continue
        tangled[person] = accounts
        for account in accounts:
            people_of[account].append(person)
    seen: set[str] = set()
    for start in tangled:
        if start in seen:
            continue
        seen.add(start)
        people: list[str] = []
        found: set[str] = set()
        todo = [start]
        while todo:
            person = todo.pop()
            people.append(person)
            for account in edges[person].keys() - found:
                found.add(account)
                new = [p for p in people_of[account] if p not in seen]
                seen.update(new)
                todo.extend(new)
        yield sorted(people), sorted(found)
