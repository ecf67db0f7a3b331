"""The district's people, page by page."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict

from accounts.access import Within
from accounts.models import StaffAccount
from accounts.people import Person, people_of, shown
from schools.models import District
from staffimport.models import FieldDrift
from staffimport.queries.filters import filter_of, kept
from staffimport.queries.staff_filters import Order, narrow, order_of

PEOPLE_ON_PAGE = 50
MOST_COUNTED = 1000  # beyond it a count would cost more than it tells

Found = tuple[StaffAccount, Person]
"""A person, with the first of their accounts that fits the filter."""


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One person on the list; `changed` is the account of theirs that changed last.

    `drifts` are the pinned fields of which Clever says something else.
    """

    first: StaffAccount
    person: Person
    changed: StaffAccount
    drifts: tuple[FieldDrift, ...]


@dataclass(frozen=True, slots=True)
class StaffPage:
    """One page of people, and the query strings of its neighbours ("" if none).

    `first_page` is the whole address of the first one. `accounts` counts the accounts
    that fit; without `is_counted` there are more.
    """

    lines: list[StaffLine]
    accounts: int
    is_counted: bool
    first_page: str
    previous: str
    next: str
    last: str


def staff_page(district: District, params: QueryDict, within: Within) -> StaffPage:
    """Return the page a query string asks for of the people that somebody sees.

    A person stands where the first of their accounts stands that fits the filter.
    `after` and `before` name such an account: pages are found by the index, so the
    last of thousands costs as much as the first.
    """
    fitting, order = narrow(district, params, within), order_of(params)
    is_last = "last" in params
    mark = None if is_last else _mark(shown(district, within), params)
    backwards = is_last or (mark is not None and "after" not in params)
    found = _take(district, fitting, order, mark, within, backwards=backwards)
    more, here = len(found) > PEOPLE_ON_PAGE, found[:PEOPLE_ON_PAGE]
    if backwards:
        here.reverse()
    has_previous = bool(here) and (more if backwards else mark is not None)
    has_next = bool(here) and not is_last and (backwards or more)
    # Where nobody was found there is nothing to count.
    count = _count(fitting, params) if here or mark else 0
    return StaffPage(
        lines=_lines(here),
        accounts=count,
        is_counted=count <= MOST_COUNTED or not is_narrowed(params),
        first_page=f"?{_query(params)}",
        previous=_query(params, before=str(here[0][0].pk)) if has_previous else "",
        next=_query(params, after=str(here[-1][0].pk)) if has_next else "",
        last=_query(params, last="1"),
    )


def _mark(accounts: QuerySet[StaffAccount], params: QueryDict) -> StaffAccount | None:
    """Return the account a page begins after or ends before, None if it is gone."""
    try:
        pk = UUID(params.get("after") or params.get("before") or "")
    except ValueError:
        return None
    return accounts.filter(pk=pk).first()


def _take(
    district: District,
    fitting: QuerySet[StaffAccount],
    order: Order,
    mark: StaffAccount | None,
    within: Within,
    *,
    backwards: bool,
) -> list[Found]:
    """Return the people from `mark` on, and one more than a page holds."""
    ordered = order.sort(fitting, backwards=backwards)
    found: list[Found] = []
    while len(found) <= PEOPLE_ON_PAGE:
        rows = ordered
        if mark is not None:
            rows = ordered.filter(order.beyond(mark, backwards=backwards))
        window = list(rows[: PEOPLE_ON_PAGE + 1])
        people = people_of(district, window, within)
        firsts = _firsts(fitting, order, people)
        found.extend((a, firsts[a.pk]) for a in window if a.pk in firsts)
        if len(window) <= PEOPLE_ON_PAGE:
            break
        mark = window[-1]
    return found[: PEOPLE_ON_PAGE + 1]


def _firsts(
    fitting: QuerySet[StaffAccount], order: Order, people: Iterable[Person]
) -> dict[UUID, Person]:
    """Return each person under the first of their accounts that fits."""
    firsts: dict[UUID, Person] = {}
    several: dict[UUID, Person] = {}
    for person in people:
        target = firsts if len(person.accounts) == 1 else several
        target.update(dict.fromkeys((a.pk for a in person.accounts), person))
    if several:
        fit = order.sort(fitting.filter(pk__in=several)).values_list("pk", flat=True)
        seen: set[int] = set()
        for pk in fit:
            person = several[pk]
            if id(person) not in seen:
                firsts[pk] = person
                seen.add(id(person))
    return firsts


def _lines(found: list[Found]) -> list[StaffLine]:
    accounts = [account.pk for _first, person in found for account in person.accounts]
    drifts: dict[UUID, list[FieldDrift]] = defaultdict(list)
    for drift in FieldDrift.objects.filter(account__in=accounts).order_by("pk"):
        drifts[drift.account_id].append(drift)
    return [
        StaffLine(
            first=first,
            person=person,
            changed=max(person.accounts, key=attrgetter("updated_at")),
            drifts=tuple(d for a in person.accounts for d in drifts.get(a.pk, ())),
        )
        for first, person in found
    ]


def _count(fitting: QuerySet[StaffAccount], params: QueryDict) -> int:
    if not is_narrowed(params):
        return fitting.count()
    return fitting[: MOST_COUNTED + 1].count()


def is_narrowed(params: QueryDict) -> bool:
    """Return whether a query string narrows the list, and doesn't only sort it."""
    return bool(filter_of(params))


def _query(params: QueryDict, **place: str) -> str:
    filters = kept(params)
    for name, value in place.items():
        filters[name] = value
    return filters.urlencode()
