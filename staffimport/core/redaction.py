"""What a plan depends on and what came of it, without anybody's personal data.

The redacted input gives a plan with the same outcomes: everything the rules look at is
stood in for consistently (`pseudonyms`). Schools, roles, functions, zones, title
keywords and the import's settings stay; sentences and words of people are left out,
for a plan makes its sentences anew.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import chain
from typing import TypeAlias
from uuid import UUID

from msgspec.structs import replace

from staffimport.core.planning import PlanInput
from staffimport.core.pseudonyms import (
    WORD,
    Addresses,
    EmployeeIds,
    Names,
    Titles,
    ranked,
)
from staffimport.core.snapshot import RosterPerson, RosterSchool, Snapshot
from staffimport.core.values import (
    Account,
    Decision,
    Details,
    Near,
    Outcome,
    PlannedRow,
    Removal,
)

MANY = 5
"""A word of titles stays if so many people's titles hold it, or a keyword does."""

LEFT_OUT = "(left out)"
_DISTRICT = "district"

Value: TypeAlias = str | bool | None


class Redactor:
    """Takes the personal data out of one input and of rows, consistently.

    `key` is random and kept nowhere; `rows` are all rows that will be redacted besides
    the input, or that hold its ids.
    """

    def __init__(
        self, key: bytes, given: PlanInput, rows: Iterable[PlannedRow]
    ) -> None:
        """Learn who and what there is."""
        self._key = key
        names = Names(self._key_of("names"))
        emails = Addresses(self._key_of("emails"))
        employee_ids = EmployeeIds(self._key_of("employee ids"))
        titles = Titles(self._key_of("titles"), _words_that_stay(given))
        # Each value comes several times: in Clever, in the account, in rows.
        self._name = cache(names.of)
        self._title = cache(titles.of)
        self._email = cache(emails.of)
        self._employee_id = cache(employee_ids.of)
        self._fields: dict[str, Callable[[str], str]] = {
            "first_name": self._name,
            "middle_name": self._name,
            "last_name": self._name,
            "job_title": self._title,
            "email": self._email,
            "employee_id": self._employee_id,
        }
        people, accounts = set(_people_in(given)), set(_accounts_in(given))
        called = {(person.first, person.last) for person in given.snapshot.people}
        called.update((one.first_name, one.last_name) for one in given.accounts)
        for row in rows:
            people.update(_people_of(row))
            accounts.update(_accounts_of(row))
            called.add((row.first_name, row.last_name))
        self._people = self._ranked("people", people, _hex)
        self._accounts = self._ranked("accounts", accounts, _uuid)
        self._schools = self._ranked("schools", _schools_in(given), _hex)
        for first, last in called:
            names.learn(first, last)

    def _key_of(self, purpose: str) -> bytes:
        return hashlib.blake2b(purpose.encode(), key=self._key).digest()

    def _ranked(
        self, purpose: str, ids: Iterable[str], make: Callable[[bytes], str]
    ) -> dict[str, str]:
        key = self._key_of(purpose)
        texts = {text for text in ids if text}
        digests = (hashlib.blake2b(text.encode(), key=key).digest() for text in texts)
        return {"": "", **ranked(texts, map(make, digests))}

    def input(self, given: PlanInput, planned: Iterable[PlannedRow]) -> PlanInput:
        """Return the input redacted; `planned` are the rows that it gives as it is.

        They tell which change is which: a change's key is made of personal data.
        """
        keys = {row.change_key: self.row(row).change_key for row in planned}
        keys.pop("", None)

        def known(old: frozenset[str]) -> frozenset[str]:
            return frozenset(keys[key] for key in old if key in keys)

        return PlanInput(
            district=_DISTRICT,
            kind=given.kind,
            snapshot=self._snapshot(given.snapshot),
            places=[
                replace(place, clever_id=self._schools[place.clever_id])
                for place in given.places
            ],
            accounts=[self._account(account) for account in given.accounts],
            settings=given.settings,
            decisions=[self._decision(decision) for decision in given.decisions],
            reviewed=None if given.reviewed is None else known(given.reviewed),
            braked=known(given.braked),
            approved=known(given.approved),
            dismissed=known(given.dismissed),
            dismissed_lately=known(given.dismissed_lately),
            waiting={
                keys[key]: (reason, LEFT_OUT)
                for key, (reason, _) in given.waiting.items()
                if key in keys
            },
            include_held=given.include_held,
            removals=[self._removal(removal) for removal in given.removals],
            asking_accounts=frozenset(self._accounts[a] for a in given.asking_accounts),
            covered_roles=given.covered_roles,
            previous_counts=given.previous_counts,
        )

    def row(self, row: PlannedRow) -> PlannedRow:
        """Return a row redacted."""
        row = wordless(row)
        values = {name: self._fields[name](getattr(row, name)) for name in self._fields}
        held_with = self._accounts if _is_held_with_accounts(row) else self._people
        details = row.details
        return replace(
            row,
            **values,
            clever_id=self._people[row.clever_id],
            account_id=self._accounts[row.account_id],
            candidates=tuple(self._accounts[each] for each in row.candidates),
            changes={
                field: [self._value(field, value) for value in pair]
                for field, pair in row.changes.items()
            },
            details=replace(
                details,
                near=tuple(map(self._near, details.near)),
                drift=tuple((f, self._fields[f](v)) for f, v in details.drift),
                pair=tuple(held_with[each] for each in details.pair),
                other_people=tuple(map(self._near, details.other_people)),
            ),
            previous_clever_id=self._people[row.previous_clever_id],
        )

    def _value(self, field: str, value: Value) -> Value:
        stand_in = self._fields.get(field)
        return stand_in(value) if stand_in and isinstance(value, str) else value

    def _near(self, near: Near) -> Near:
        return replace(
            near,
            account_id=self._accounts[near.account_id],
            clever_id=self._people[near.clever_id],
        )

    def _snapshot(self, snapshot: Snapshot) -> Snapshot:
        return replace(
            snapshot,
            district_id=_DISTRICT,
            schools=[
                RosterSchool(self._schools[school.clever_id], school.name)
                for school in snapshot.schools
            ],
            people=[self._person(person) for person in snapshot.people],
            teaching={
                self._people[person]: tuple(map(self._schools.__getitem__, schools))
                for person, schools in snapshot.teaching.items()
            },
        )

    def _person(self, person: RosterPerson) -> RosterPerson:
        return replace(
            person,
            clever_id=self._people[person.clever_id],
            first=self._name(person.first),
            middle=self._name(person.middle),
            last=self._name(person.last),
            email=self._email(person.email),
            teacher_title=self._title(person.teacher_title),
            teacher_id=self._employee_id(person.teacher_id),
            teacher_schools=tuple(self._schools[s] for s in person.teacher_schools),
            staff_title=self._title(person.staff_title),
            staff_id=self._employee_id(person.staff_id),
            staff_schools=tuple(self._schools[s] for s in person.staff_schools),
            admin_title=self._title(person.admin_title),
        )

    def _account(self, account: Account) -> Account:
        values = {n: self._fields[n](getattr(account, n)) for n in self._fields}
        return replace(
            account,
            **values,
            id=self._accounts[account.id],
            clever_id=self._people[account.clever_id],
            inactive_by=LEFT_OUT if account.inactive_by else "",
        )

    def _decision(self, decision: Decision) -> Decision:
        return replace(
            decision,
            account_id=self._accounts[decision.account_id],
            clever_id=self._people[decision.clever_id],
            others=tuple(self._accounts[each] for each in decision.others),
            by=LEFT_OUT,
        )

    def _removal(self, removal: Removal) -> Removal:
        return replace(
            removal,
            account_id=self._accounts[removal.account_id],
            clever_id=self._people[removal.clever_id],
        )


def wordless(row: PlannedRow) -> PlannedRow:
    """Return a row without sentences and names in it; a plan makes them anew."""
    details = row.details
    return replace(
        row,
        reason="",
        details=replace(
            details,
            near=tuple(replace(near, name=LEFT_OUT) for near in details.near),
            notes=(LEFT_OUT,) * len(details.notes),
            otherwise=LEFT_OUT if details.otherwise else "",
            other_people=tuple(
                replace(near, name=LEFT_OUT) for near in details.other_people
            ),
            unmailed=LEFT_OUT if details.unmailed else "",
        ),
    )


def _hex(digest: bytes) -> str:
    return digest[:12].hex()  # as long as a Clever id


def _uuid(digest: bytes) -> str:
    return str(UUID(bytes=digest[:16]))


def _words_that_stay(given: PlanInput) -> set[str]:
    """Return the words of titles that tell of nobody."""
    held: Counter[str] = Counter()
    for person in given.snapshot.people:
        titles = (person.teacher_title, person.staff_title, person.admin_title)
        held.update({w for title in titles for w in WORD.findall(title.casefold())})
    stay = {word for word, people in held.items() if people >= MANY}
    for keyword in given.settings.keywords:
        stay.update(WORD.findall(keyword.keyword.casefold()))
    return stay


def _people_in(given: PlanInput) -> Iterator[str]:
    yield from (person.clever_id for person in given.snapshot.people)
    yield from given.snapshot.teaching
    yield from (account.clever_id for account in given.accounts)
    yield from (decision.clever_id for decision in given.decisions)
    yield from (removal.clever_id for removal in given.removals)


def _people_of(row: PlannedRow) -> Iterator[str]:
    yield from (row.clever_id, row.previous_clever_id)
    yield from (near.clever_id for near in _nears(row.details))
    yield from () if _is_held_with_accounts(row) else row.details.pair


def _accounts_in(given: PlanInput) -> Iterator[str]:
    yield from (account.id for account in given.accounts)
    yield from (removal.account_id for removal in given.removals)
    yield from given.asking_accounts
    for decision in given.decisions:
        yield from (decision.account_id, *decision.others)


def _accounts_of(row: PlannedRow) -> Iterator[str]:
    yield from (row.account_id, *row.candidates)
    yield from (near.account_id for near in _nears(row.details))
    yield from row.details.pair if _is_held_with_accounts(row) else ()


def _nears(details: Details) -> Iterator[Near]:
    return chain(details.near, details.other_people)


def _is_held_with_accounts(row: PlannedRow) -> bool:
    return row.outcome is Outcome.CREATED


def _schools_in(given: PlanInput) -> Iterator[str]:
    yield from (school.clever_id for school in given.snapshot.schools)
    yield from (place.clever_id for place in given.places)
    for person in given.snapshot.people:
        yield from (*person.teacher_schools, *person.staff_schools)
    yield from chain.from_iterable(given.snapshot.teaching.values())
