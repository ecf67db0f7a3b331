"""The rows of a run, page by page, in any order."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict

from staffimport.models import ImportResult, ImportRun
from staffimport.queries.filters import as_number, filter_of, kept, narrow
from staffimport.queries.orders import PLANNED, order_of, ranked

ROWS_ON_PAGE = 50
FIRST_WINDOW = 1000
ASKED_AT_ONCE = 200  # of more PostgreSQL takes no index
MOST_COUNTED = 1000  # beyond it a count would cost more than it tells
TRIED = 500  # rows a filter is tried on before it is on all

# What a page of rows shows; the rest is read when a row is opened.
SHOWN = (
    *("run_id", "position", "outcome", "state", "held_reason", "reason", "level"),
    *("reason_code", "clever_id", "account_id", "details"),
    *("matched_by", "candidates", "first_name", "last_name", "job_title"),
    "school__name",
)


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One page of rows, and the query strings of others ("" if there is none).

    `number` is that of its first row, None if the address doesn't tell; without
    `is_counted` there are more rows than `total`, which is where counting stops.
    `start` is the query string of the first page.
    """

    rows: list[ImportResult]
    number: int | None
    total: int
    is_counted: bool
    start: str
    previous: str
    next: str
    last: str

    @property
    def first_page(self) -> str:
        """Return the address of the first page of the same filter and order."""
        return f"?{self.start}"

    @property
    def last_number(self) -> int | None:
        """Return the number of its last row, None if the address doesn't tell."""
        return None if self.number is None else self.number + len(self.rows) - 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is: after, before or from the row at a position; or the last one.

    `n` is how many rows come before it, None if the address doesn't tell.
    """

    after: int | None
    before: int | None
    start: int | None
    is_last: bool
    n: int | None

    @classmethod
    def of(cls, params: QueryDict) -> "Place":
        """Return the place a query string asks for."""
        after, before, start, n = (
            as_number(params.get(name, "")) for name in ("after", "before", "from", "n")
        )
        return cls(after, before, start, "last" in params, n)

    @property
    def position(self) -> int | None:
        """Return the position the place is told by, None at either end."""
        if self.is_last:
            return None
        known = (p for p in (self.after, self.before, self.start) if p is not None)
        return next(known, None)

    @property
    def is_backwards(self) -> bool:
        """Whether rows are looked for from the place towards the first one."""
        return self.is_last or (self.after is None and self.before is not None)

    @property
    def is_first(self) -> bool:
        """Whether it is the first page."""
        return self.position is None and not self.is_last

    @property
    def takes_its_row(self) -> bool:
        """Whether the row the place is told by is on the page."""
        return self.after is None and self.before is None


FIRST = Place(after=None, before=None, start=None, is_last=False, n=None)


def page(
    run: ImportRun, params: QueryDict, *, end: int, known_rows: int | None
) -> ResultPage:
    """Return the page of rows a query string asks for.

    Pages are found by a row at their edge, so the last of 2,000 costs as much as the
    first. Every position is below `end`; `known_rows` is how many rows the filter
    leaves, None to have them counted.
    """
    rows, order, place = narrow(run, params), order_of(params), Place.of(params)
    total = as_number(params.get("of", "")) if known_rows is None else known_rows
    if order == PLANNED:
        # Whoever asks for the first page has its rows counted on the way.
        is_counting = total is None and place.is_first
        most = MOST_COUNTED + 1 if is_counting else ROWS_ON_PAGE + 1
        found = _by_position(rows, place, end, most)
        total = len(found) if is_counting else total
    else:
        onward = _onward(ranked(run, order), place)
        if filter_of(params):
            onward, counted = _left(rows, onward, end)
            total = counted if total is None else total
        found = onward[: ROWS_ON_PAGE + 1].tolist()
    if total is None:
        total = len(_by_position(rows, FIRST, end, MOST_COUNTED + 1))
    positions = found[:ROWS_ON_PAGE]
    if place.is_backwards:
        positions.reverse()
    return _neighbours(
        params,
        place,
        _read(run, positions),
        total,
        more=len(found) > ROWS_ON_PAGE,
        is_known=known_rows is not None,
    )


def _by_position(
    rows: QuerySet[ImportResult], place: Place, end: int, most: int
) -> list[int]:
    """Return the positions from a place on, `most` of them, in the plan's order.

    They are looked for in a small window first, then in the rest: so the database reads
    few rows where many fit, even while it has not counted a new run yet and would sort
    all of them, and reads none twice where few do.
    """
    start, stop = _span(place, end)
    rows = rows.order_by("-position" if place.is_backwards else "position")
    found: list[int] = []
    for width in (FIRST_WINDOW, end):
        if start >= stop or len(found) >= most:
            break
        if place.is_backwards:
            window = max(start, stop - width), stop
            stop = window[0]
        else:
            window = start, min(stop, start + width)
            start = window[1]
        here = rows.filter(position__gte=window[0], position__lt=window[1])
        found.extend(_positions(here, most - len(found)))
    return found


def _span(place: Place, end: int) -> tuple[int, int]:
    """Return the first position that may be on a page, and the one after the last."""
    at = place.position
    if at is None:
        return 0, end
    if place.is_backwards:
        return 0, min(at, end)
    return (at if place.takes_its_row else at + 1), end


def _left(
    rows: QuerySet[ImportResult], onward: "array[int]", end: int
) -> tuple["array[int]", int | None]:
    """Return the positions that a filter leaves, and how many in all if that is known.

    `onward` are positions in an order; more may follow the ones returned. The filter
    is tried on the first of them: where it leaves few of these, it leaves few of all.
    """
    tried = onward[:TRIED]
    found = positions_among(rows, tried)
    number = None
    if len(found) <= ROWS_ON_PAGE:
        tried = onward
        found = set(_by_position(rows, FIRST, end, end))
        number = len(found)
    return array("I", filter(found.__contains__, tried)), number


def positions_among(rows: QuerySet[ImportResult], positions: Sequence[int]) -> set[int]:
    """Return those of some positions at which a run has such rows."""
    found: set[int] = set()
    for start in range(0, len(positions), ASKED_AT_ONCE):
        asked = list(positions[start : start + ASKED_AT_ONCE])
        found.update(_positions(rows.filter(position__in=asked), ASKED_AT_ONCE))
    return found


def _onward(sorted_rows: "array[int]", place: Place) -> "array[int]":
    """Return the positions from a place on; from the beginning if it is nowhere."""
    at = place.position
    if place.is_backwards:
        sorted_rows = sorted_rows[::-1]
    if at is None:
        return sorted_rows
    try:
        edge = sorted_rows.index(at)
    except ValueError:
        return sorted_rows
    return sorted_rows[edge if place.takes_its_row else edge + 1 :]


def _positions(rows: QuerySet[ImportResult], most: int) -> list[int]:
    """Return positions alone: a sort carries along whatever it is asked for."""
    return list(rows.values_list("position", flat=True)[:most])


def _read(run: ImportRun, positions: list[int]) -> list[ImportResult]:
    """Return the rows at some positions, in the order of these."""
    rows = run.results.filter(position__in=positions).order_by()
    found = {row.position: row for row in rows.select_related("school").only(*SHOWN)}
    return [found[position] for position in positions if position in found]


def _neighbours(
    params: QueryDict,
    place: Place,
    shown: list[ImportResult],
    total: int,
    *,
    more: bool,
    is_known: bool,
) -> ResultPage:
    """Return the page with its links; they carry what this page knows already."""
    is_counted = is_known or total <= MOST_COUNTED
    before = place.n
    if place.is_last:
        before = total - len(shown) if is_counted else None
    elif place.start is not None and not filter_of(params):
        before = place.start if order_of(params) == PLANNED else place.n
    has_previous = bool(shown) and (more if place.is_backwards else not place.is_first)
    if not has_previous or before == 0:
        has_previous, before = False, 0
    has_next = bool(shown) and not place.is_last and (place.is_backwards or more)

    def link(n: int | None = None, **at: int) -> str:
        of = None if is_known else total
        return _query(params, **at, n=n, of=of)

    back = None if before is None else max(0, before - ROWS_ON_PAGE)
    onward = None if before is None else before + len(shown)
    return ResultPage(
        rows=shown,
        number=None if before is None else before + 1,
        total=total,
        is_counted=is_counted,
        start=kept(params).urlencode(),
        previous=link(back, before=shown[0].position) if has_previous else "",
        next=link(onward, after=shown[-1].position) if has_next else "",
        last=link(last=1),
    )


def _query(params: QueryDict, **place: int | None) -> str:
    filters = kept(params)
    for name, value in place.items():
        if value is not None:
            filters[name] = str(value)
    return filters.urlencode()
