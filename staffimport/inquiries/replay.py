"""A run planned once more, and what differs from the rows it stored."""

import zlib
from collections import defaultdict
from collections.abc import Iterator

import msgspec

from staffimport.core.comparing import Comparison, Difference, Found, Line, compare
from staffimport.core.planning import plan
from staffimport.core.values import Level, PlannedRow
from staffimport.inquiries.planned import input_now
from staffimport.models import ImportResult, ImportRun
from staffimport.queries.comparison import lines_of
from staffimport.queries.words import ACCOUNT_FIELDS
from staffimport.store import load
from staffimport.store.results import matters

KEPT_OF_A_KIND = 200
"""So many differences of each kind are kept to be shown; all are counted."""


class Side(msgspec.Struct, frozen=True):
    """What a row says, stored or planned anew."""

    outcome: str
    state: str
    reason: str


class Differing(msgspec.Struct, frozen=True):
    """One difference: who, where, what both rows say, and which values differ."""

    kind: Difference
    name: str
    place: str
    clever_id: str
    stored: Side | None
    replayed: Side | None
    values: list[tuple[str, str, str]]


class Summary(msgspec.Struct, frozen=True):
    """A replay in numbers.

    `counts` are those of the plan, `differences` of each kind. `is_compared` is False
    where the run has kept no rows; `is_as_then` says that settings, matches and
    decisions are what they were.
    """

    counts: dict[str, int]
    differences: dict[str, int]
    same: int
    left_out: int
    is_compared: bool
    is_as_then: bool
    notices: list[str]


def replay(run: ImportRun) -> tuple[Summary, bytes]:
    """Plan a run once more; return the summary, and the differences for `read`.

    Raises NotReady where what it pulled is no longer kept.
    """
    given = input_now(run)
    made = plan(given)
    is_compared = run.results.exists()
    found = _compared(run, made.rows) if is_compared else Comparison([], 0, 0)
    names = {place.school: place.name for place in given.places}
    summary = Summary(
        counts=made.counts,
        differences={str(kind): n for kind, n in found.counts.items()},
        same=found.same,
        left_out=found.left_out,
        is_compared=is_compared,
        is_as_then=load.fingerprint(run.district) == run.settings_fingerprint,
        notices=[notice.text for notice in made.notices],
    )
    shown = list(_differing(run, made.rows, _some(found.found), names))
    return summary, zlib.compress(msgspec.msgpack.encode(shown))


def read(content: bytes) -> list[Differing]:
    """Return the differences that `replay` gave."""
    return msgspec.msgpack.decode(zlib.decompress(content), type=list[Differing])


def _compared(run: ImportRun, rows: list[PlannedRow]) -> Comparison:
    missed = None
    if run.kind == ImportRun.Kind.SYNC:  # which keeps only some of its rows
        missed = {position for position, row in enumerate(rows) if matters(row)}
    stored = (
        line._replace(account_id=_bare(line.account_id)) for line in lines_of(run)
    )
    return compare(stored, _lines(rows), missed_by_first=missed)


def _lines(rows: list[PlannedRow]) -> Iterator[Line]:
    for position, row in enumerate(rows):
        change = "" if row.reason_code == "no_change" else row.change_key
        yield Line(
            *(position, row.level, row.school, row.clever_id, _bare(row.account_id)),
            *(row.outcome, row.state, change, row.reason),
        )


def _bare(account_id: str | None) -> str | None:
    """Return an account's id as both databases and a plan can agree on it."""
    return account_id.replace("-", "") if account_id else None


def _some(found: list[Found]) -> list[Found]:
    """Return the first differences of each kind."""
    of_kind: dict[Difference, list[Found]] = defaultdict(list)
    for each in found:
        of_kind[each.kind].append(each)
    return [each for kind in of_kind.values() for each in kind[:KEPT_OF_A_KIND]]


def _differing(
    run: ImportRun, rows: list[PlannedRow], some: list[Found], names: dict[int, str]
) -> Iterator[Differing]:
    positions = [each.first for each in some if each.first is not None]
    stored = {
        row.position: row
        for start in range(0, len(positions), KEPT_OF_A_KIND)
        for row in run.results.filter(
            position__in=positions[start : start + KEPT_OF_A_KIND]
        )
    }
    for each in some:
        old = None if each.first is None else stored.get(each.first)
        new = None if each.second is None else rows[each.second]
        who = new or old
        if who is not None:
            yield Differing(
                kind=each.kind,
                name=f"{who.last_name}, {who.first_name}".strip(", "),
                place=_place(who, names),
                clever_id=who.clever_id,
                stored=_side(old),
                replayed=_side(new),
                values=_values(old, new),
            )


def _side(row: ImportResult | PlannedRow | None) -> Side | None:
    return None if row is None else Side(row.outcome, row.state, row.reason)


def _place(row: ImportResult | PlannedRow, names: dict[int, str]) -> str:
    school = row.school_id if isinstance(row, ImportResult) else row.school
    if school is not None:
        return names.get(school, "")
    return "District" if row.level == Level.DISTRICT else ""


def _values(
    old: ImportResult | None, new: PlannedRow | None
) -> list[tuple[str, str, str]]:
    if old is None or new is None:
        return []
    both = (
        (name, str(getattr(old, field)), str(getattr(new, field)))
        for field, name in ACCOUNT_FIELDS.items()
    )
    return [(name, was, now) for name, was, now in both if was != now]
