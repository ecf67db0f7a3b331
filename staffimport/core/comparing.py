"""What differs between the rows of two runs: the same person at the same place."""

from collections import Counter
from collections.abc import Callable, Container, Hashable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from staffimport.core.values import RowState


class Difference(StrEnum):
    """How two runs differ about one person at one place: the first that fits."""

    ONLY_FIRST = "only_first"
    ONLY_SECOND = "only_second"
    OUTCOME = "another_outcome"
    CHANGE = "another_change"
    STATE = "another_state"
    REASON = "another_reason"


class Line(NamedTuple):
    """One stored row as a comparison takes it.

    `school` is None at the district and where the school is none of ours; `change` is
    the row's change key, "" where it changes nothing.
    """

    position: int
    level: str
    school: int | None
    clever_id: str
    account_id: str | None
    outcome: str
    state: str
    change: str
    reason: str


class Found(NamedTuple):
    """One difference: its kind and the rows' positions, None where there is no row."""

    kind: Difference
    first: int | None
    second: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two runs, by kind and then in the order of the rows.

    `same` rows say the same in both; `left_out` are rows of one run that the other
    would not have kept, so nothing can be said of them.
    """

    found: list[Found]
    same: int
    left_out: int

    @property
    def counts(self) -> Counter[Difference]:
        """Return how many differences there are of each kind."""
        return Counter(each.kind for each in self.found)


# A row that has been applied went ahead as planned; one that a newer run has replaced
# was held until then.
_STANDING: dict[str, str] = {
    RowState.APPLIED: RowState.PLANNED,
    RowState.SUPERSEDED: RowState.HELD,
}


def compare(
    first: Iterable[Line],
    second: Iterable[Line],
    *,
    missed_by_first: Container[int] | None = None,
    missed_by_second: Container[int] | None = None,
) -> Comparison:
    """Compare the rows of two runs; takes time in proportion to their number.

    Rows belong together that are about one person at one place, else those about one
    account. Of a run that keeps only some of its rows `missed_by_first` or
    `missed_by_second` says at which positions the other run has rows that it would have
    kept: any other row of that run that stands alone is left out.
    """
    same, ones, others = _pair(first, second, _all_of)
    pairs, ones, others = _pair(ones, others, _person_and_place)
    by_account, ones, others = _pair(ones, others, _account)
    pairs += by_account
    gone = [one for one in ones if _counts(one, missed_by_second)]
    new = [other for other in others if _counts(other, missed_by_first)]
    found = [
        *(Found(Difference.ONLY_FIRST, one.position, None) for one in gone),
        *(Found(Difference.ONLY_SECOND, None, other.position) for other in new),
        *(Found(_kind(a, b), a.position, b.position) for a, b in pairs),
    ]
    found.sort(key=_place)
    left_out = len(ones) - len(gone) + len(others) - len(new)
    return Comparison(found, len(same), left_out)


def _pair(
    ones: Iterable[Line], others: Iterable[Line], key: Callable[[Line], Hashable]
) -> tuple[list[tuple[Line, Line]], list[Line], list[Line]]:
    """Return the pairs with equal keys, and what is left on either side, in its order.

    A key None is equal to nothing.
    """
    # Backwards, so that the first of several equal ones is the last to be put there.
    waiting: dict[Hashable, list[Line]] = {}
    keyless: list[Line] = []
    for one in reversed(list(ones)):
        of_one = key(one)
        if of_one is None:
            keyless.append(one)
        else:
            waiting.setdefault(of_one, []).append(one)
    pairs, rest = [], []
    for other in others:
        fitting = waiting.get(key(other))
        if fitting:
            pairs.append((fitting.pop(), other))
        else:
            rest.append(other)
    left = [one for fitting in waiting.values() for one in fitting]
    return pairs, sorted(keyless + left, key=_position), rest


def _all_of(line: Line) -> Hashable:
    """Return all that a comparison looks at: equal lines say the same."""
    standing = _standing(line)
    return (*_whose(line), line.outcome, line.change, standing, line.reason)


def _whose(line: Line) -> tuple[Hashable, ...]:
    """Return person and place, or the account where nobody in Clever is tied to it."""
    return line.clever_id or line.account_id, line.level, line.school


def _person_and_place(line: Line) -> Hashable:
    return _whose(line) if line.clever_id else None


def _account(line: Line) -> Hashable:
    return line.account_id


def _position(line: Line) -> int:
    return line.position


def _counts(line: Line, missed: Container[int] | None) -> bool:
    return missed is None or line.position in missed


def _kind(one: Line, other: Line) -> Difference:
    if one.outcome != other.outcome:
        return Difference.OUTCOME
    if one.change != other.change:
        return Difference.CHANGE
    if _standing(one) != _standing(other):
        return Difference.STATE
    return Difference.REASON


def _standing(line: Line) -> str:
    return _STANDING.get(line.state, line.state)


_ORDER = {kind: number for number, kind in enumerate(Difference)}


def _place(found: Found) -> tuple[int, int]:
    position = found.first if found.second is None else found.second
    return _ORDER[found.kind], position or 0
