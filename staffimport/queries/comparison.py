"""Two runs of a district compared: counts, and the differences page by page."""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from sys import intern

import msgspec
from django.core.cache import cache
from django.db.models import Case, Q, TextField, Value, When
from django.db.models.functions import Cast
from django.http import QueryDict

from staffimport.core.comparing import Difference, Line, compare
from staffimport.models import ImportResult, ImportRun, RunComparison
from staffimport.queries.filters import as_number, filter_of, narrow
from staffimport.queries.pages import ROWS_ON_PAGE, SHOWN
from staffimport.queries.stamps import DAY, state_stamp
from staffimport.queries.words import ACCOUNT_FIELDS

KIND = "kind"
RUNS = ("first", "second")
AT = "at"
ABSENT = -1
READ_AT_ONCE = 500
State = ImportResult.State

# In the order of Line's fields. An id as text: 100,000 UUID objects would take longer
# than everything else. That an account is tied to its Clever id is no change that a
# page tells of, nor is that it no longer has to be.
_COLUMNS = (
    *("position", "level", "school_id", "clever_id"),
    Cast("account_id", TextField()),
    *("outcome", "state"),
    Case(When(reason_code="no_change", then=Value("")), default="change_key"),
    "reason",
)


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs between two runs, small enough to be kept.

    `first` and `second` hold the positions of the rows of each difference, `ABSENT`
    where a run has none, by kind in the order of `Difference` and then by place;
    `counts` says how many there are of each kind.
    """

    counts: Counter[str]
    same: int
    left_out: int
    first: "array[int]"
    second: "array[int]"

    @classmethod
    def read(cls, text: bytes) -> "Differences":
        """Return differences from what `text` made of them."""
        counts, same, left_out, first, second = msgspec.msgpack.decode(text)
        return cls(
            Counter(counts), same, left_out, array("i", first), array("i", second)
        )

    def text(self) -> bytes:
        """Return them as they are kept."""
        first, second = self.first.tobytes(), self.second.tobytes()
        return msgspec.msgpack.encode(
            (self.counts, self.same, self.left_out, first, second)
        )

    def of_kind(self, kind: str) -> range:
        """Return the numbers of the differences of a kind, of all for any other."""
        start = 0
        for each in Difference:
            if each == kind:
                return range(start, start + self.counts[each])
            start += self.counts[each]
        return range(len(self.first))

    def kind(self, number: int) -> Difference:
        """Return the kind of a difference."""
        return next(each for each in Difference if number in self.of_kind(each))


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
    """One page of differences, and the query strings of others ("" if none)."""

    pairs: list[Pair]
    number: int
    total: int
    first_page: str
    previous: str
    next: str
    last: str


def differences(first: ImportRun, second: ImportRun) -> Differences:
    """Return what differs between two ended runs: as it was kept, else compared.

    `first` is the earlier one. A sync keeps only the rows that change something, are
    held, in conflict or a notice: of the other run's rows it can only lack those, and
    not what the earlier run has already done.
    """
    key = f"{state_stamp(first)}-{state_stamp(second)}"
    kept = RunComparison.objects.filter(second=second, first=first, stamp=key)
    text = kept.values_list("found", flat=True).first() or cache.get(f"compared-{key}")
    if text is not None:
        return Differences.read(bytes(text))
    found = _compare(first, second)
    cache.set(f"compared-{key}", found.text(), timeout=DAY)
    return found


def keep(first: ImportRun, second: ImportRun) -> None:
    """Keep what differs between a run that has just ended and an earlier one."""
    stamp = f"{state_stamp(first)}-{state_stamp(second)}"
    found = _compare(first, second).text()
    RunComparison.objects.update_or_create(
        second=second, defaults={"first": first, "stamp": stamp, "found": found}
    )


def _compare(first: ImportRun, second: ImportRun) -> Differences:
    comparison = compare(
        _lines(first),
        _lines(second),
        missed_by_first=_missed_by(first, second),
        missed_by_second=_missed_by(second, first),
    )
    found = comparison.found
    return Differences(
        counts=Counter({str(kind): n for kind, n in comparison.counts.items()}),
        same=comparison.same,
        left_out=comparison.left_out,
        first=array("i", [ABSENT if f.first is None else f.first for f in found]),
        second=array("i", [ABSENT if f.second is None else f.second for f in found]),
    )


def chosen(
    first: ImportRun, second: ImportRun, found: Differences, params: QueryDict
) -> Sequence[int]:
    """Return the numbers of the differences that a query string's filter leaves.

    `kind` is one of `Difference`; any other filter is that of a run's rows, and leaves
    a difference if it leaves the row of either run.
    """
    of_kind = found.of_kind(params.get(KIND, ""))
    filters = row_filter(params)
    if not filters:
        return of_kind
    ours, theirs = (
        set(narrow(run, filters).order_by().values_list("position", flat=True))
        for run in (first, second)
    )
    return [
        number
        for number in of_kind
        if found.first[number] in ours or found.second[number] in theirs
    ]


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
    numbers = chosen(first, second, found, params)
    at = min(as_number(params.get(AT, "")) or 0, max(0, len(numbers) - 1))
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
        total=len(numbers),
        first_page=f"?{start.urlencode()}",
        previous=link(at - ROWS_ON_PAGE) if at else "",
        next=link(at + ROWS_ON_PAGE) if at < last else "",
        last=link(last),
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


def _lines(run: ImportRun) -> Iterator[Line]:
    rows = run.results.order_by("position").values_list(*_COLUMNS)
    for position, level, school, clever_id, account_id, *rest in rows.iterator():
        outcome, state, change, reason = map(intern, rest)  # most say what others say
        yield Line(
            *(position, intern(level), school, clever_id, account_id),
            *(outcome, state, change, reason),
        )


def _missed_by(run: ImportRun, other: ImportRun) -> set[int] | None:
    """Return the positions of the other run's rows that a run would have kept.

    None if it keeps all rows, as all but syncs do; see `store.results`.
    """
    if run.kind != ImportRun.Kind.SYNC:
        return None
    kept = (
        Q(writes=True)
        | Q(outcome=ImportResult.Outcome.CONFLICT)
        | Q(state__in=[State.HELD, State.SUPERSEDED])
        | Q(details__has_key="drift")
    )
    rows = other.results.filter(kept).exclude(state=State.DISMISSED)
    if other.pk < run.pk:
        rows = rows.exclude(state=State.APPLIED)
    return set(rows.order_by().values_list("position", flat=True))
