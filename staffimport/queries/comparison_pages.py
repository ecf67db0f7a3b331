"""The differences between two runs, page by page, as a filter leaves them."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict

from staffimport.core.comparing import Difference
from staffimport.models import ImportResult, ImportRun
from staffimport.queries.comparison import ABSENT, Differences
from staffimport.queries.filters import as_number, filter_of, narrow
from staffimport.queries.pages import (
    MOST_COUNTED,
    ROWS_ON_PAGE,
    SHOWN,
    positions_among,
)
from staffimport.queries.words import ACCOUNT_FIELDS

KIND = "kind"
RUNS = ("first", "second")
AT = "at"
READ_AT_ONCE = 500
FIRST_BATCH = 400  # differences whose rows are asked for one by one
WIDER = 4  # times the batch before it


@dataclass(frozen=True, slots=True)
class Pair:
    """One difference: its kind and the rows of both runs, None where there is none."""

    kind: Difference
    first: ImportResult | None
    second: ImportResult | None

    @property
    def row(self) -> ImportResult:
        """Return the row that says whom and where it is about, the newer if both do."""
        row = self.second or self.first
        assert row is not None  # noqa: S101 — a difference of nothing is none
        return row

    @property
    def values(self) -> list[tuple[str, str, str]]:
        """Return which values differ: name, in the first run, in the second."""
        if self.first is None or self.second is None:
            return []
        both = (
            (
                name,
                _text(getattr(self.first, field)),
                _text(getattr(self.second, field)),
            )
            for field, name in ACCOUNT_FIELDS.items()
        )
        return [(name, old, new) for name, old, new in both if old != new]


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """One page of differences, and the query strings of others ("" if none).

    Without `is_counted` a filter leaves more than `total`, where counting stops; then
    there is no way to the last page.
    """

    pairs: list[Pair]
    number: int
    total: int
    is_counted: bool
    first_page: str
    previous: str
    next: str
    last: str


def chosen(
    first: ImportRun, second: ImportRun, found: Differences, params: QueryDict
) -> Sequence[int]:
    """Return the numbers of the differences that a query string's filter leaves.

    `kind` is one of `Difference`; any other filter is that of a run's rows, and leaves
    a difference if it leaves the row of either run.
    """
    return _first_chosen(first, second, found, params, len(found.first))


def _first_chosen(
    first: ImportRun,
    second: ImportRun,
    found: Differences,
    params: QueryDict,
    most: int,
) -> Sequence[int]:
    """Return the numbers of `most` or a few more differences that a filter leaves.

    They are looked for in batches that grow, since a filter that leaves many leaves
    enough of the first few.
    """
    of_kind = found.of_kind(params.get(KIND, ""))
    filters = row_filter(params)
    if not filters:
        return of_kind
    sides = [
        (narrow(run, filters).order_by(), at)
        for run, at in ((first, found.first), (second, found.second))
    ]
    chosen: list[int] = []
    start, size = of_kind.start, FIRST_BATCH
    while start < of_kind.stop and len(chosen) < most:
        batch = range(start, min(start + size, of_kind.stop))
        ours, theirs = (_left(rows, at[batch.start : batch.stop]) for rows, at in sides)
        chosen += [
            number
            for number in batch
            if found.first[number] in ours or found.second[number] in theirs
        ]
        start, size = batch.stop, size * WIDER
    return chosen


def _left(rows: QuerySet[ImportResult], positions: "array[int]") -> set[int]:
    """Return at which of some positions (`ABSENT` is none) a filter leaves the row."""
    if len(positions) <= FIRST_BATCH:
        return positions_among(rows, [p for p in positions if p != ABSENT])
    return set(
        rows.values_list("position", flat=True).filter(
            position__gte=min(positions), position__lte=max(positions)
        )
    )


def row_filter(params: QueryDict) -> QueryDict:
    """Return the part of a comparison's filter that is about the rows themselves."""
    filters = filter_of(params)
    for name in (*RUNS, KIND, AT):
        filters.pop(name, None)
    return filters


def page(
    first: ImportRun, second: ImportRun, found: Differences, params: QueryDict
) -> ComparisonPage:
    """Return the page of differences that a query string asks for."""
    at = as_number(params.get(AT, "")) or 0
    most = max(MOST_COUNTED, at + ROWS_ON_PAGE) + 1
    numbers = _first_chosen(first, second, found, params, most)
    is_counted = len(numbers) < most or not row_filter(params)
    at = min(at, max(0, len(numbers) - 1))
    at -= at % ROWS_ON_PAGE
    last = max(0, len(numbers) - 1) // ROWS_ON_PAGE * ROWS_ON_PAGE

    start = filter_of(params)
    start.pop(AT, None)

    def link(place: int) -> str:
        query = start.copy()
        query[AT] = str(place)
        return query.urlencode()

    return ComparisonPage(
        pairs=list(pairs(first, second, found, numbers[at : at + ROWS_ON_PAGE])),
        number=at + 1,
        total=len(numbers) if is_counted else MOST_COUNTED,
        is_counted=is_counted,
        first_page=f"?{start.urlencode()}",
        previous=link(at - ROWS_ON_PAGE) if at else "",
        next=link(at + ROWS_ON_PAGE) if at < last else "",
        last=link(last) if is_counted else "",
    )


def pairs(
    first: ImportRun, second: ImportRun, found: Differences, numbers: Sequence[int]
) -> Iterator[Pair]:
    """Yield the rows of some differences, read a few hundred at a time."""
    for start in range(0, len(numbers), READ_AT_ONCE):
        batch = numbers[start : start + READ_AT_ONCE]
        ours = _read(first, [found.first[number] for number in batch])
        theirs = _read(second, [found.second[number] for number in batch])
        for number in batch:
            pair = Pair(
                found.kind(number),
                ours.get(found.first[number]),
                theirs.get(found.second[number]),
            )
            if pair.first or pair.second:
                yield pair


def _read(run: ImportRun, positions: list[int]) -> dict[int, ImportResult]:
    rows = run.results.filter(position__in=positions).order_by()
    rows = rows.select_related("school").only(*{*SHOWN, *ACCOUNT_FIELDS})
    return {row.position: row for row in rows}


def _text(value: str | bool) -> str:  # noqa: FBT001 — a field's value
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
