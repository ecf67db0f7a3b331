"""What holds a plan's rows back, and the plan's order and counts.

The order of judgement: earlier approvals and dismissals, in a final what the admin has
not seen (product.md, "What was reviewed is what is applied"), and the brake over what
is left.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from operator import attrgetter

from staffimport.core import explain
from staffimport.core.brake import Brake
from staffimport.core.rows import hold
from staffimport.core.values import (
    HeldReason,
    Notice,
    Outcome,
    Plan,
    PlannedRow,
    RowState,
)

_ORDER = {
    Outcome.CONFLICT: "0",
    Outcome.RELINK: "1",
    Outcome.CREATED: "2",
    Outcome.MATCHED: "3",
    Outcome.INACTIVE: "4",
    Outcome.REACTIVATED: "5",
    Outcome.SKIPPED: "6",
}


def finish(  # noqa: PLR0913 — all that may hold a row
    rows: list[PlannedRow],
    brake: Brake,
    notices: list[Notice],
    place_names: dict[int, str],
    *,
    is_sync: bool,
    approved: frozenset[str],
    dismissed: frozenset[str],
    reviewed: frozenset[str] | None,
    braked: frozenset[str],
    waiting: dict[str, tuple[str, str]],
) -> Plan:
    """Return the plan of the rows, held where something holds them.

    The key sets are those of `planning.PlanInput`; `reviewed` None means that nothing
    had to be seen before.
    """
    _recall(rows, approved, dismissed)
    spared = rows
    if approved:
        spared = [row for row in rows if row.change_key not in approved]
    # The brake counts who arrives, and who waits does not. Removals that wait are left
    # to it, since it counts them too.
    if waiting:
        _hold_waiting([r for r in spared if r.outcome is not Outcome.INACTIVE], waiting)
    if reviewed is not None:
        # Before the brake, for the same reason; what the test's brake held is left to
        # this run's.
        _hold_unseen(rows, reviewed | approved | braked | waiting.keys())
    brake.hold_removals(rows, spared)
    if is_sync:
        brake.hold_updates(spared)
    _hold_waiting(spared, waiting)
    if reviewed is not None and braked:
        # What this run's brake would let go was not to be applied in the test.
        _hold_unseen(rows, reviewed | approved)
    _choose_invited(rows)
    _note_lost_ties(rows)
    places: dict[int | None, str] = {None: "\0"}  # the district, before all schools
    places |= {school: f"{name}\0{school}" for school, name in place_names.items()}
    rows.sort(key=lambda row: _sort_key(row, places))
    return Plan(rows, _count(rows), notices)


def _recall(
    rows: list[PlannedRow], approved: frozenset[str], dismissed: frozenset[str]
) -> None:
    """Let earlier words of the admin stand."""
    if not approved and not dismissed:
        return
    for row in rows:
        key = row.change_key
        if key in dismissed:
            row.state = RowState.DISMISSED
            row.reason = explain.dismissed(row.details.otherwise or row.reason)
        elif key in approved and row.state is RowState.HELD:
            row.state, row.held_reason = RowState.PLANNED, ""
            row.reason = row.details.otherwise or row.reason


def _hold_unseen(rows: list[PlannedRow], seen: frozenset[str]) -> None:
    for row in rows:
        if row.writes and row.state is RowState.PLANNED and row.change_key not in seen:
            hold(row, HeldReason.CHANGED, explain.changed_since_test(row.reason))


def _hold_waiting(rows: list[PlannedRow], waiting: dict[str, tuple[str, str]]) -> None:
    """Go on holding what waits for the admin, also when its cause is past.

    Source: product.md, "The next sync takes 'changed since test' rows by itself, no
    others"; else a removal the brake held would go through the day after.
    """
    for row in rows if waiting else ():
        if row.state is RowState.PLANNED and row.change_key in waiting:
            reason, sentence = waiting[row.change_key]
            hold(row, HeldReason(reason), explain.still_held(sentence))


def _choose_invited(rows: list[PlannedRow]) -> None:
    """Let the run invite people; who is held is invited when the row is approved."""
    wanted = [
        row for row in rows if row.details.invites and row.state is RowState.PLANNED
    ]
    if not wanted:
        return
    known = {
        row.clever_id
        for row in rows
        if row.clever_id and row.account_id and row.outcome is not Outcome.CREATED
    }
    places = [(row.clever_id, row.school or 0) for row in wanted]
    chosen = one_invitation_each(places, known)
    for row, place in zip(wanted, places, strict=True):
        row.gets_invitation = place in chosen


def one_invitation_each(
    places: Iterable[tuple[str, int]], known: Collection[str]
) -> set[tuple[str, int]]:
    """Return where new people are invited: one place each, nowhere who is `known`.

    `places` are Clever id and school (0: the district) of new accounts; `known` are the
    Clever ids of people with an account. Source: product.md, "New accounts".
    """
    first: dict[str, int] = {}
    for clever_id, school in sorted(places):
        if clever_id not in known:
            first.setdefault(clever_id, school)
    return set(first.items())


def _note_lost_ties(rows: list[PlannedRow]) -> None:
    """Mark accounts whose Clever id goes to another account of the same place.

    A Clever id has one account at a place, so their tie is cut, whatever becomes of
    their own row; only this mark tells an undo.
    """
    losing = {
        (row.school, row.previous_clever_id): row
        for row in rows
        if row.previous_clever_id
        and (
            row.outcome in {Outcome.INACTIVE, Outcome.SKIPPED}
            or row.previous_clever_id != row.clever_id
        )
    }
    for row in rows if losing else ():
        loser = losing.get((row.school, row.clever_id)) if row.writes else None
        if loser is not None and loser.account_id != row.account_id:
            loser.details.loses_tie = True


def _sort_key(row: PlannedRow, places: dict[int | None, str]) -> str:
    """Return the order of a plan's rows; no two of one plan are equal in it.

    It is one text, which compares several times as fast as a tuple. NUL, which no
    value can contain, ends each part.
    """
    held = "0" if row.state is RowState.HELD else "1"
    changed = "0" if row.changes else "1"
    return (
        f"{held}{_ORDER[row.outcome]}{changed}{places[row.school]}\0"
        f"{row.last_name.casefold()}\0{row.first_name.casefold()}\0"
        f"{row.clever_id}\0{row.account_id}\0{row.reason_code}\0"
        f"{row.details.clever_school}"
    )


def _count(rows: list[PlannedRow]) -> dict[str, int]:
    found = Counter(map(attrgetter("outcome"), rows))
    states = Counter(map(attrgetter("state"), rows))
    changed = [row for row in rows if row.changes and row.outcome is Outcome.MATCHED]
    writes = [row for row in rows if row.writes and row.state is RowState.PLANNED]
    return {
        **{str(outcome): found[outcome] for outcome in Outcome},
        **{str(state): count for state, count in states.items()},
        "rows": len(rows),
        "held": states[RowState.HELD],
        "writes": len(writes),
        "changed": len(changed),
        "invitations": sum(map(attrgetter("gets_invitation"), rows)),
    }
