"""What comes close: suggestions for people and accounts that nobody fits.

Source: product.md, "Matching staff" (near misses, "what is nearest in Clever").
"""

from collections import defaultdict
from functools import cached_property

from staffimport.core.decisions import Decided
from staffimport.core.fitting import Known
from staffimport.core.people import Person, Roster
from staffimport.core.placement import Placement
from staffimport.core.values import Near

_MOST = 5


class NearAccounts:
    """Accounts of one place that nobody fits, found by name, e-mail or employee id."""

    def __init__(self, left: list[Known], roster: Roster, decided: Decided) -> None:
        """Index the accounts."""
        self._roster = roster
        self._decided = decided
        self._found: dict[tuple[str, str], list[Known]] = defaultdict(list)
        for known in left:
            for key in _account_keys(known):
                self._found[key].append(known)

    def of(self, placement: Placement) -> list[tuple[Known, tuple[str, ...]]]:
        """Return the nearest accounts and the fields in which they agree."""
        if not self._found:
            return []
        person = placement.person
        agrees: dict[str, list[str]] = defaultdict(list)
        accounts: dict[str, Known] = {}
        for key in self._person_keys(placement):
            for known in self._found.get(key, ()):
                accounts[known.id] = known
                if key[0] not in agrees[known.id]:
                    agrees[known.id].append(key[0])
        for fields in agrees.values():
            if "employee_id" in fields and "loose_id" in fields:
                fields.remove("loose_id")
        found = [
            (known, tuple(agrees[known.id]))
            for known in accounts.values()
            if self._may_be(person, known, agrees[known.id])
        ]
        return sorted(found, key=lambda pair: (-len(pair[1]), pair[0].id))[:_MOST]

    def _person_keys(self, placement: Placement) -> list[tuple[str, str]]:
        person = placement.person
        keys = [("name", person.name_key)]
        if person.email_key not in self._roster.shared_emails:
            keys.append(("email", person.email_key))
        if placement.school is not None:
            keys.extend(("employee_id", key) for key in person.id_keys)
            keys.extend(("loose_id", key) for key in _loose_keys(person))
        return [key for key in keys if key[1]]

    def _may_be(self, person: Person, known: Known, agrees: list[str]) -> bool:
        if (person.clever_id, known.id) in self._decided.different:
            return False
        tie = known.account.clever_id
        if not tie or tie not in self._roster.present:
            return True
        # Somebody else in Clever has it: one shared name or address says nothing.
        return len(agrees) > 1 or known.last_key == person.last_key != ""


def _account_keys(known: Known) -> list[tuple[str, str]]:
    keys = [
        ("name", known.name_key),
        ("email", known.email_key),
        ("loose_id", _loose_key(known.last_key, known.loose_id)),
        ("employee_id", known.id_key),
    ]
    return [key for key in keys if key[1]]


def _loose_key(last_key: str, loose_id: str) -> str:
    """Return a key of an employee id without zeros: of itself it says too little."""
    return f"{last_key} {loose_id}" if last_key and loose_id else ""


def _loose_keys(person: Person) -> list[str]:
    return [_loose_key(person.last_key, loose) for loose in person.loose_ids]


def near_account(known: Known, agrees: tuple[str, ...]) -> Near:
    """Return the value a row keeps of a near account."""
    account = known.account
    name = " ".join(f"{account.first_name} {account.last_name}".split())
    name = name or account.email or "without a name"
    return Near(name, agrees, account_id=known.id)


def near_person(person: Person, agrees: tuple[str, ...]) -> Near:
    """Return the value a row keeps of a near person."""
    return Near(person.name, agrees, clever_id=person.clever_id)


class NearPeople:
    """Everybody in Clever, found from an account that nobody fits.

    The indexes are made when the first such account asks for them.
    """

    def __init__(
        self,
        roster: Roster,
        placements: dict[int | None, list[Placement]],
        place_names: dict[int, str],
    ) -> None:
        """Take the people, where they are, and what the places are called."""
        self._roster = roster
        self._placements = placements
        self._names = place_names

    @cached_property
    def _by_id(self) -> dict[str, Person]:
        return {person.clever_id: person for person in self._roster.people}

    @cached_property
    def _found(self) -> dict[str, dict[str, Person]]:
        """Return by field and key the first person who has it."""
        people = self._roster.people[::-1]
        return {
            "name": {person.name_key: person for person in people},
            "email": {person.email_key: person for person in people},
            "employee_id": {key: person for person in people for key in person.id_keys},
            "loose_id": {
                key: person for person in people for key in _loose_keys(person)
            },
        }

    @cached_property
    def _where(self) -> dict[str, list[int | None]]:
        where: dict[str, list[int | None]] = defaultdict(list)
        for school, placed in self._placements.items():
            for placement in placed:
                where[placement.person.clever_id].append(school)
        return where

    def tied_to(self, known: Known) -> Person | None:
        """Return the person the account is tied to, None if gone or untied."""
        return self._by_id.get(known.account.clever_id)

    def nearest(self, known: Known) -> tuple[Person, tuple[str, ...]] | None:
        """Return the nearest person and the field they agree in.

        A shared address or employee id names nobody.
        """
        for key in reversed(_account_keys(known)):
            field, value = key
            person = None if self._is_shared(key) else self._found[field].get(value)
            if person is not None:
                return person, (field,)
        return None

    def _is_shared(self, key: tuple[str, str]) -> bool:
        shared = self._roster.shared_emails, self._roster.shared_ids
        return (key[0] == "email" and key[1] in shared[0]) or (
            key[0] == "employee_id" and key[1] in shared[1]
        )

    def where(self, person: Person) -> str:
        """Return the names of the schools the person is placed at."""
        schools = self._where.get(person.clever_id, ())
        return ", ".join(
            sorted(self._names.get(s, "") for s in schools if s is not None)
        )

    def is_at(self, person: Person, school: int | None) -> bool:
        """Whether the person is placed there; None is the district."""
        return school in self._where.get(person.clever_id, ())
