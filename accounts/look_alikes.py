"""Who is in a district already: people like one that somebody is about to add."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from django.db.models import Q, QuerySet

from accounts.access import Within
from accounts.models import StaffAccount
from accounts.people import Person, people_of, shown
from accounts.searching import fold
from schools.models import District, School

_MOST = 10
_READ = 40  # accounts, of whom several may be one person's


class Typed(Protocol):
    """What somebody has typed of a person; any of it may be empty."""

    @property
    def first_name(self) -> str:
        """Return the first name."""

    @property
    def last_name(self) -> str:
        """Return the last name."""

    @property
    def email(self) -> str:
        """Return the e-mail address."""

    @property
    def employee_id(self) -> str:
        """Return the employee id."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody who may be the same person, and what is the same.

    Without `reasons` only words of the name occur in theirs.
    """

    person: Person
    reasons: tuple[str, ...]


def look_alikes(district: District, typed: Typed, within: Within = None) -> list[Alike]:
    """Return people of the district like the one that is typed, the nearest first.

    Only those `within` what somebody sees.
    """
    candidates: dict[object, StaffAccount] = {}
    for fitting in _searches(shown(district, within), typed):
        found = fitting.order_by("name_key", "pk")[:_READ]
        candidates |= {account.pk: account for account in found}
    people = people_of(district, candidates.values(), within)
    alike = [Alike(person, tuple(_reasons(person, typed))) for person in people]
    return sorted(alike, key=lambda one: -len(one.reasons))[:_MOST]


def same_at(
    district: District, school: School | None, typed: Typed, known: StaffAccount | None
) -> StaffAccount | None:
    """Return the account at a place that is the person's by all we can know.

    By an import's own rule: the same last name, and the same e-mail or employee id;
    or any account of the person whom `known` belongs to.
    """
    here = shown(district).filter(school=school)
    if known is not None:
        (person,) = people_of(district, [known])
        ours = {account.pk for account in person.accounts}
        if found := here.filter(pk__in=ours).first():
            return found
    last_name = fold(typed.last_name)
    named = here.filter(search_text__startswith=last_name) if last_name else here.none()
    for account in named:
        if fold(account.last_name) == last_name and (
            _same(account.email, typed.email)
            or _same(account.employee_id, typed.employee_id)
        ):
            return account
    return None


def _searches(
    accounts: QuerySet[StaffAccount], typed: Typed
) -> Iterator[QuerySet[StaffAccount]]:
    """Yield a search each for e-mail, employee id, and all words of the name."""
    for text in (typed.email, typed.employee_id):
        if word := fold(text):
            yield accounts.filter(search_text__contains=word)
    words = fold(f"{typed.last_name} {typed.first_name}").split()
    if words:
        yield accounts.filter(*(Q(name_key__contains=word) for word in words))


def _reasons(person: Person, typed: Typed) -> Iterator[str]:
    accounts = person.accounts
    name = fold(f"{typed.last_name} {typed.first_name}")
    has_both = typed.last_name.strip() and typed.first_name.strip()
    if has_both and any(account.name_key == name for account in accounts):
        yield "the same name"
    if any(_same(account.email, typed.email) for account in accounts):
        yield "the same e-mail"
    if any(_same(account.employee_id, typed.employee_id) for account in accounts):
        yield "the same employee ID"


def _same(one: str, other: str) -> bool:
    return bool(other.strip()) and fold(one) == fold(other)
