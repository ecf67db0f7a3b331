"""Who is one person: which accounts of a district belong together.

The rule, here and nowhere else:

1. Accounts tied to the same Clever id are one person's, and so are accounts with the
   same sign-in identity, whatever their names and addresses.
2. Accounts with the same whole name and the same e-mail are one person's, unless two of
   them are somebody's by rule 1 and not the same person's: an address that two people
   share says nothing. Then those that are nobody's by rule 1 belong together alone.

Nothing follows from an empty name or an empty e-mail.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.access import Within
from accounts.addresses import folded
from accounts.models import StaffAccount
from schools.models import District

_IDS_IN_A_QUERY = 300
_MOST_ROUNDS = 5  # each finds accounts that only those of the round before lead to


@dataclass(frozen=True, slots=True)
class Person:
    """One person's accounts: the district's first, then by school."""

    accounts: tuple[StaffAccount, ...]

    @property
    def clever_ids(self) -> list[str]:
        """Return the Clever ids the accounts are tied to, as a rule one or none."""
        return sorted({a.clever_id for a in self.accounts if a.clever_id})


def people_of(
    district: District, accounts: Iterable[StaffAccount], within: Within = None
) -> list[Person]:
    """Return the people some accounts of a district belong to, in the same order.

    Each comes once, with all their accounts in the district, each of which has its
    school and role at hand; of those only what is `within` what somebody sees.
    """
    seeds = list(accounts)
    known = {account.pk: account for account in seeds}
    asked: set[tuple[str, object]] = set()
    for _round in range(_MOST_ROUNDS):
        groups = one_person_each(list(known.values()))
        wanted = _keys(seeds, groups) - asked
        if not wanted:
            break
        asked |= wanted
        known |= {account.pk: account for account in _find(district, wanted)}
    person_of = _person_of(groups)
    people = {id(person_of[a.pk]): person_of[a.pk] for a in seeds}
    if within is None:
        return list(people.values())
    return [
        Person(tuple(a for a in person.accounts if a.school_id in within))
        for person in people.values()
    ]


def one_person_each(accounts: Sequence[StaffAccount]) -> list[list[StaffAccount]]:
    """Return the accounts in groups of one person each, by the rule of this module."""
    circles = _Circles([account.pk for account in accounts])
    alike: dict[tuple[str, str], list[UUID]] = defaultdict(list)
    certain: dict[tuple[str, object], list[UUID]] = defaultdict(list)
    for account in accounts:
        for key in _certain_keys(account):
            certain[key].append(account.pk)
        if likeness := _likeness(account):
            alike[likeness].append(account.pk)
    for same in certain.values():
        circles.join(same)
    joins = _alike(accounts, alike, circles)
    for same in joins:
        circles.join(same)
    groups: dict[UUID, list[StaffAccount]] = defaultdict(list)
    for account in accounts:
        groups[circles.of(account.pk)].append(account)
    return list(groups.values())


def _alike(
    accounts: Sequence[StaffAccount],
    alike: dict[tuple[str, str], list[UUID]],
    circles: "_Circles",
) -> list[list[UUID]]:
    """Return what rule 2 joins, judged by the circles of rule 1 alone."""
    marks: dict[UUID, set[str]] = defaultdict(set)
    for account in accounts:
        marks[circles.of(account.pk)].update(k for k, _ in _certain_keys(account))
    joins = []
    for same in alike.values():
        here = {circles.of(pk) for pk in same}
        contradicts = any(
            sum(kind in marks[circle] for circle in here) > 1
            for kind in ("user", "clever_id")
        )
        nobodys = [pk for pk in same if not marks[circles.of(pk)]]
        joins.append(nobodys if contradicts else same)
    return joins


def _certain_keys(account: StaffAccount) -> list[tuple[str, object]]:
    keys = [("user", account.user_id), ("clever_id", account.clever_id)]
    return [(kind, value) for kind, value in keys if value]


def _likeness(account: StaffAccount) -> tuple[str, str] | None:
    name, email = account.name_key, folded(account.email)
    has_both_names = account.first_name.strip() and account.last_name.strip()
    return (name, email) if name and email and has_both_names else None


class _Circles:
    """Disjoint sets of account ids."""

    def __init__(self, ids: Iterable[UUID]) -> None:
        self._next = {pk: pk for pk in ids}

    def of(self, pk: UUID) -> UUID:
        while self._next[pk] != pk:
            self._next[pk] = pk = self._next[self._next[pk]]
        return pk

    def join(self, ids: Sequence[UUID]) -> None:
        for pk in ids[1:]:
            self._next[self.of(pk)] = self.of(ids[0])


def _keys(
    seeds: list[StaffAccount], groups: list[list[StaffAccount]]
) -> set[tuple[str, object]]:
    """Return by what more accounts could be found: names only of the people asked for.

    Ties and identities count of everybody found: they may contradict a likeness.
    """
    asked_for = {account.pk for account in seeds}
    keys: set[tuple[str, object]] = set()
    for group in groups:
        for account in group:
            keys.update(_certain_keys(account))
        if not asked_for.isdisjoint(account.pk for account in group):
            keys.update(("name_key", a.name_key) for a in group if _likeness(a))
    return keys


def _find(
    district: District, keys: Iterable[tuple[str, object]]
) -> Iterable[StaffAccount]:
    ordered = sorted(keys, key=str)
    for start in range(0, len(ordered), _IDS_IN_A_QUERY):
        wanted: dict[str, list[object]] = defaultdict(list)
        for kind, value in ordered[start : start + _IDS_IN_A_QUERY]:
            wanted[kind].append(value)
        matches = Q()
        for kind, values in wanted.items():
            matches |= Q(**{f"{kind}__in": values})
        yield from shown(district).filter(matches)


def shown(district: District, within: Within = None) -> QuerySet[StaffAccount]:
    """Return the district's accounts, each with what pages show of it at hand.

    Only those at the schools somebody sees: with a zone not the district's own either.
    """
    accounts = district.staff_accounts.order_by().defer("search_text")
    if within is not None:
        accounts = accounts.filter(school__in=within)
    return accounts.select_related(
        "school", "user_role", "job_function", "zone", "user"
    )


def _person_of(groups: list[list[StaffAccount]]) -> dict[UUID, Person]:
    people = {}
    for group in groups:
        person = Person(tuple(sorted(group, key=_by_place)))
        people.update(dict.fromkeys((account.pk for account in group), person))
    return people


def _by_place(account: StaffAccount) -> tuple[bool, str, str]:
    school = account.school
    return (school is not None, school.name if school else "", str(account.pk))
