"""What a final import would do now, as its warning says it."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from staffimport.models import ImportResult, ImportRun
from staffimport.queries.filters import CHANGES

Outcome = ImportResult.Outcome
State = ImportResult.State


@dataclass(frozen=True, slots=True)
class Effects:
    """Numbers of accounts and people, from the planned rows of a test.

    `emailed` people get an invitation, `unmailed` ones have no good address, and
    `known` new accounts are further ones of somebody. `braked` are the rows only the
    brake holds, which a tick of their own releases; `left` all rows that stay as they
    are until somebody decides.
    """

    created: int
    updated: int
    unchanged: int
    reactivated: int
    inactive: int
    emailed: int
    unmailed: int
    known: int
    held: int
    conflicts: int
    braked: tuple[tuple[int, str], ...]

    @property
    def left(self) -> int:
        """Return how many rows are left as they are."""
        return self.held + self.conflicts

    @property
    def braked_count(self) -> int:
        """Return how many accounts the brake holds."""
        return sum(number for number, _place in self.braked)


def effects(test: ImportRun) -> Effects:
    """Return what a final that follows this test would do."""
    planned: Counter[str] = Counter()
    held = conflicts = emailed = changed = 0
    groups = (
        test.results.order_by()
        .values_list("outcome", "state", "reason_code", "gets_invitation")
        .annotate(number=Count("pk"))
    )
    for outcome, state, reason, gets_invitation, number in groups:
        if state == State.HELD:
            held += number
        elif outcome == Outcome.CONFLICT:
            conflicts += number
        elif state == State.PLANNED:
            planned[outcome] += number
            changed += number if reason == CHANGES else 0
            emailed += number if gets_invitation else 0
    created = planned[Outcome.CREATED]
    unmailed = test.results.order_by().filter(
        outcome=Outcome.CREATED, state=State.PLANNED, details__has_key="unmailed"
    )
    return Effects(
        created=created,
        updated=changed + planned[Outcome.RELINK],
        unchanged=planned[Outcome.MATCHED] - changed,
        reactivated=planned[Outcome.REACTIVATED],
        inactive=planned[Outcome.INACTIVE],
        emailed=emailed,
        unmailed=unmailed.values("clever_id").distinct().count(),
        known=created - emailed - unmailed.count(),
        held=held,
        conflicts=conflicts,
        braked=_braked(test),
    )


def _braked(test: ImportRun) -> tuple[tuple[int, str], ...]:
    rows = test.results.filter(
        state=State.HELD, held_reason=ImportResult.HeldReason.BRAKE
    )
    groups = rows.order_by().values_list("school__name").annotate(number=Count("pk"))
    found = [(number, name or "the district level") for name, number in groups]
    return tuple(sorted(found, key=lambda group: (-group[0], group[1])))
