"""The rows of a run, page by page."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict

from staffimport.models import ImportResult, ImportRun
from staffimport.queries.filters import as_number, kept, narrow

ROWS_ON_PAGE = 50
FIRST_WINDOW = 1000
MOST_COUNTED = 1000  # beyond it a count would cost more than it tells

# What a page of rows shows; the rest is read when a row is opened.
SHOWN = (
    *("run_id", "position", "outcome", "state", "held_reason", "reason", "level"),
    *("matched_by", "candidates", "first_name", "last_name", "job_title"),
    "school__name",
)


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One page of rows, and the query strings of its neighbours ("" if none).

    `first` is the number of its first row; without `is_counted` there are more rows
    than `total`, which is where counting stops.
    """

    rows: list[ImportResult]
    first: int
    total: int
    is_counted: bool
    previous: str
    next: str
    last: str


def page(
    run: ImportRun, params: QueryDict, *, end: int, known_rows: int | None
) -> ResultPage:
    """Return the page of rows a query string asks for.

    Pages are found by position, so the last of 2,000 costs as much as the first. Every
    position is below `end`; `known_rows` is how many rows the filter leaves, None to
    have them counted.
    """
    rows = narrow(run, params)
    after, before = (
        as_number(params.get("after", "")),
        as_number(params.get("before", "")),
    )
    is_last = "last" in params
    if is_last:
        after, before = None, end
    backwards = before is not None
    start = 0 if after is None else after + 1
    stop = end if before is None else min(before, end)
    found = _take(rows, start, stop, backwards=backwards)
    more, shown = len(found) > ROWS_ON_PAGE, found[:ROWS_ON_PAGE]
    if backwards:
        shown.reverse()
    has_previous = bool(shown) and (more if backwards else after is not None)
    has_next = bool(shown) and not is_last and (backwards or more)
    total = known_rows
    if total is None:
        is_whole = not has_previous and not has_next
        total = len(shown) if is_whole else rows[: MOST_COUNTED + 1].count()
    return _neighbours(
        params, shown, total, has_previous=has_previous, has_next=has_next
    )


def _take(
    rows: QuerySet[ImportResult], start: int, stop: int, *, backwards: bool
) -> list[ImportResult]:
    """Return the first rows at positions from `start` to before `stop`, and one more.

    They are looked for in windows that grow: so the database reads no more than it
    must, even while it has not counted a new run yet and would sort all its rows.
    """
    rows = rows.select_related("school").only(*SHOWN)
    rows = rows.order_by("-position" if backwards else "position")
    found: list[ImportResult] = []
    width = FIRST_WINDOW
    while start < stop and len(found) <= ROWS_ON_PAGE:
        if backwards:
            window = max(start, stop - width), stop
            stop = window[0]
        else:
            window = start, min(stop, start + width)
            start = window[1]
        here = rows.filter(position__gte=window[0], position__lt=window[1])
        found.extend(here[: ROWS_ON_PAGE + 1 - len(found)])
        width *= 4
    return found


def _neighbours(
    params: QueryDict,
    shown: list[ImportResult],
    total: int,
    *,
    has_previous: bool,
    has_next: bool,
) -> ResultPage:
    """Return the page with its links; they carry how many rows come before."""
    first = (as_number(params.get("n", "")) or 0) + 1 if has_previous else 1
    if "last" in params:
        first = max(1, total - len(shown) + 1)
    previous, following = max(0, first - 1 - ROWS_ON_PAGE), first - 1 + len(shown)
    return ResultPage(
        rows=shown,
        first=first,
        total=total,
        is_counted=total <= MOST_COUNTED or not kept(params),
        previous=_query(params, before=shown[0].position, n=previous)
        if has_previous
        else "",
        next=_query(params, after=shown[-1].position, n=following) if has_next else "",
        last=_query(params, last=1),
    )


def _query(params: QueryDict, **place: int) -> str:
    filters = kept(params)
    for name, value in place.items():
        filters[name] = str(value)
    return filters.urlencode()
