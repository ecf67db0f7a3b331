"""Two runs of a district compared: what differs, and how often."""

from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from sys import intern

import msgspec
from django.core.cache import cache
from django.db.models import Case, Q, TextField, Value, When
from django.db.models.functions import Cast

from staffimport.core.comparing import Difference, Line, compare
from staffimport.models import ImportResult, ImportRun, RunComparison
from staffimport.queries.stamps import DAY, state_stamp

ABSENT = -1
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
        lines_of(first),
        lines_of(second),
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


def lines_of(run: ImportRun) -> Iterator[Line]:
    """Yield a run's stored rows as a comparison takes them, in their order."""
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
