"""A run planned once more, and what differs from the rows it stored."""

import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import msgspec

from accounts.models import StaffAccount
from staffimport.core.comparing import Comparison, Difference, Found, Line, compare
from staffimport.core.planning import plan
from staffimport.core.values import Level, Outcome, PlannedRow, RowState
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
    decisions are what they were. `is_applied` says that the run has itself made the
    accounts what they are: `done` of its rows find nothing to do any more, or wait
    since, which is no difference.
    """

    counts: dict[str, int]
    differences: dict[str, int]
    same: int
    left_out: int
    is_compared: bool
    is_as_then: bool
    notices: list[str]
    is_applied: bool = False
    done: int = 0


def replay(run: ImportRun) -> tuple[Summary, bytes]:
    """Plan a run once more; return the summary, and the differences for `read`.

    Raises NotReady where what it pulled is no longer kept.
    """
    given = input_now(run)
    made = plan(given)
    is_compared = run.results.exists()
    found, done = Comparison([], 0, 0), 0
    if is_compared:
        found, done = _compared(run, made.rows)
    names = {place.school: place.name for place in given.places}
    summary = Summary(
        counts=made.counts,
        differences={str(kind): n for kind, n in found.counts.items()},
        same=found.same,
        left_out=found.left_out,
        is_compared=is_compared,
        is_as_then=load.fingerprint(run.district) == run.settings_fingerprint,
        notices=[notice.text for notice in made.notices],
        is_applied=_stands(run),
        done=done,
    )
    shown = list(_differing(run, made.rows, _some(found.found), names))
    return summary, zlib.compress(msgspec.msgpack.encode(shown))


def read(content: bytes) -> list[Differing]:
    """Return the differences that `replay` gave."""
    return msgspec.msgpack.decode(zlib.decompress(content), type=list[Differing])


def _compared(run: ImportRun, rows: list[PlannedRow]) -> tuple[Comparison, int]:
    """Return what differs, and how many rows the run has done or holds since.

    Those are no differences, for the import itself has made them.
    """
    missed = None
    if run.kind == ImportRun.Kind.SYNC:  # which keeps only some of its rows
        missed = {position for position, row in enumerate(rows) if matters(row)}
    stored = [
        line._replace(account_id=_bare(line.account_id)) for line in lines_of(run)
    ]
    made = list(_lines(rows))
    all_found = compare(stored, made, missed_by_first=missed)
    if not _stands(run):
        return all_found, 0
    by_position, inactive = {line.position: line for line in stored}, _inactive(run)

    def is_done(each: Found) -> bool:
        if each.first is None:
            return False
        new = None if each.second is None else made[each.second]
        return _is_done(by_position[each.first], new, inactive)

    left = [each for each in all_found.found if not is_done(each)]
    return replace(all_found, found=left), len(all_found.found) - len(left)


def _stands(run: ImportRun) -> bool:
    """Return whether the accounts are what the run made of them."""
    return run.applied_at is not None and run.undone_at is None


def _inactive(run: ImportRun) -> set[str]:
    accounts = run.district.staff_accounts.filter(status=StaffAccount.Status.INACTIVE)
    return {number.hex for number in accounts.values_list("pk", flat=True)}


def _is_done(stored: Line, replayed: Line | None, inactive: set[str]) -> bool:
    """Return whether the run applied the row and nothing is left, or it waits since.

    What waits is held as that of an earlier import, in other words than it was first.
    """
    if replayed is not None and stored.state == replayed.state == RowState.HELD:
        return (stored.outcome, stored.change) == (replayed.outcome, replayed.change)
    if stored.state != RowState.APPLIED:
        return False
    if replayed is None:
        return stored.outcome == Outcome.INACTIVE and stored.account_id in inactive
    return replayed.outcome == Outcome.MATCHED and not replayed.change


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
