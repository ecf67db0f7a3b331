"""Support's board: the fleet narrowed, counted and put in order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.core.paginator import Page, Paginator
from django.http import QueryDict

from navsync.next_step import SUPPORT_NEXT, YOU_NEXT
from navsync.support.fleet import Line
from schools.models import DistrictState
from staffimport.wording import counted

ON_A_PAGE = 50
SOON = 14
"""A launch in so many days is near."""


class Owner(StrEnum):
    """Who takes a district's next step."""

    SUPPORT = "Support"
    DISTRICT = "District"
    NOBODY = "Nobody"


def owner_of(line: Line) -> Owner:
    """Return who acts next; nobody while a run is under way or all is done."""
    if line.district.disconnected_at is not None:
        return Owner.NOBODY
    if line.has_wish or line.wants_to_leave:
        return Owner.SUPPORT
    owners = {SUPPORT_NEXT: Owner.SUPPORT, YOU_NEXT: Owner.DISTRICT}
    return owners.get(line.standing.next.title, Owner.NOBODY)


def next_step(line: Line) -> str:
    """Return a district's next step in a few words: what goes before its course."""
    district, facts = line.district, line.facts
    waiting = facts.held + facts.conflicts
    before = (
        (district.disconnected_at is not None, "Disconnected"),
        (line.wants_to_leave, "Answer the wish to leave"),
        (line.has_wish, "Answer the wish for another launch date"),
        (district.activated_at is None, "Confirm the request, activate"),
        (district.is_paused, "Resume the district"),
        (bool(facts.under_way), line.standing.next.title),
        (facts.lacks_token, "Store the district’s token"),
        (bool(facts.token_trouble), "Store a token that Clever takes"),
        (facts.is_imported and waiting > 0, f"Decide {counted(waiting, 'row')}"),
    )
    course = [step.name for step in line.standing.steps if step.state == "now"]
    words = [words for applies, words in before if applies]
    return [*words, *course, "Nothing to do"][0]


@dataclass(frozen=True, slots=True)
class Concern:
    """Something to look at: its word in addresses, its label, and whom it is about."""

    name: str
    label: str
    concerns: Callable[[Line], bool]


CONCERNS = (
    Concern("support", "Support acts next", lambda x: owner_of(x) is Owner.SUPPORT),
    Concern("wish", "Asks for another date", lambda x: x.has_wish),
    Concern("leaving", "Asks to leave", lambda x: x.wants_to_leave),
    Concern("passed", "Launch date passed", lambda x: _left(x) < 0),
    Concern("soon", f"Launch within {SOON} days", lambda x: 0 <= _left(x) <= SOON),
    Concern("failing", "Failing", lambda x: x.failed is not None),
    Concern("waiting", "Waits for a worker", lambda x: x.waits_for_worker),
    Concern("stale", "Stale", lambda x: x.is_stale),
    Concern("held", "Held rows", lambda x: x.held > 0),
    Concern("conflicts", "Conflicts", lambda x: x.conflicts > 0),
    Concern("paused", "Paused", lambda x: x.district.is_paused),
)

_NEVER = 10**6


def _left(line: Line) -> int:
    return _NEVER if line.days_left is None else line.days_left


def _place(line: Line) -> int:
    return list(DistrictState).index(line.district.state)


def _step(line: Line) -> tuple[int, str]:
    states = [step.state for step in line.standing.steps]
    return (states.index("now") if "now" in states else len(states), next_step(line))


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its word in addresses, its head, and what it is ordered by."""

    name: str
    head: str
    key: Callable[[Line], tuple[object, ...]]


COLUMNS = (
    Column("name", "District", lambda x: (x.district.name.casefold(),)),
    Column("state", "State", lambda x: (_place(x), x.district.is_paused)),
    Column("step", "Next step", _step),
    Column("owner", "Who", lambda x: (list(Owner).index(owner_of(x)),)),
    Column("launch", "Launch date", lambda x: (_left(x), str(x.district.launch_date))),
    Column("run", "Last run", lambda x: (_run_key(x),)),
    Column("fresh", "Freshness", lambda x: (x.lag or timedelta(-1),)),
    Column("held", "Held", lambda x: (x.held,)),
    Column("conflicts", "Conflicts", lambda x: (x.conflicts,)),
)


def _run_key(line: Line) -> float:
    return line.newest.requested_at.timestamp() if line.newest else 0.0


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column: `order` is the value that a click asks for.

    `sorted_by` is "ascending", "descending" or "none", as screen readers know it.
    """

    head: str
    order: str
    sorted_by: str


@dataclass(frozen=True, slots=True)
class Board:
    """What the board shows: a page of lines, the concerns with their numbers."""

    page: Page[Line]
    concerns: list[tuple[Concern, int]]
    headings: list[Heading]
    total: int


def make_board(fleet: Iterable[Line], params: QueryDict) -> Board:
    """Narrow the fleet by `q`, `state`, `owner`, `show`; order it by `o`.

    `show` is a concern's name, `o` a column's, with "-" before it downwards. What is
    not understood narrows nothing. Each concern's number is of what the others leave.
    """
    narrowed = [line for line in fleet if _fits(line, params)]
    numbers = [(c, sum(map(c.concerns, narrowed))) for c in CONCERNS]
    wanted = next((c for c in CONCERNS if c.name == params.get("show")), None)
    shown = [line for line in narrowed if wanted is None or wanted.concerns(line)]
    order = params.get("o", "")
    column = next((c for c in COLUMNS if c.name == order.lstrip("-")), COLUMNS[0])
    is_down = order.startswith("-")
    shown.sort(key=column.key, reverse=is_down)
    return Board(
        page=Paginator(shown, ON_A_PAGE).get_page(params.get("page")),
        concerns=numbers,
        headings=[_heading(c, column, is_down=is_down) for c in COLUMNS],
        total=len(shown),
    )


def _heading(column: Column, current: Column, *, is_down: bool) -> Heading:
    if column is not current:
        return Heading(column.head, column.name, "none")
    order = column.name if is_down else f"-{column.name}"
    return Heading(column.head, order, "descending" if is_down else "ascending")


def _fits(line: Line, params: QueryDict) -> bool:
    district = line.district
    names = (district.name, district.slug, district.clever_id or "", district.nces_id)
    text = " ".join(names).casefold()
    state, owner = params.get("state", ""), params.get("owner", "")
    return (
        all(word in text for word in params.get("q", "").casefold().split())
        and (state not in DistrictState.values or district.state == state)
        and (owner not in list(Owner) or owner_of(line) == owner)
    )
