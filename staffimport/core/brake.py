"""The brake: removals, and in a sync updates, that look like an accident are held.

Source: product.md, "The brake". Only the rows concerned are held; creations and
ordinary updates go on. Small districts are guarded too: per school, per role, the
last District Site Manager, whoever asked.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from staffimport.core.rows import hold
from staffimport.core.values import (
    Account,
    HeldReason,
    Outcome,
    PlannedRow,
    Removal,
    RowState,
    Settings,
)

ARCHIVED_BY_DECISION = "archived_by_decision"
_Held = Iterator[tuple[PlannedRow, str]]


class Brake:
    """Judges the rows of one plan."""

    def __init__(
        self,
        accounts: Iterable[Account],
        removals: Iterable[Removal],
        settings: Settings,
        asking: frozenset[str],
        place_names: dict[int, str],
        dismissed_lately: frozenset[str] = frozenset(),
    ) -> None:
        """Take the accounts in scope and what was removed in the last 24 hours.

        `asking` are the account ids of whoever asked for the run, `dismissed_lately`
        the change keys of what was dismissed in the last 24 hours.
        """
        self._active = [account for account in accounts if account.active]
        now_active = {account.id for account in self._active}
        # Whoever is active again was not removed after all.
        self._recent = [r for r in removals if r.account_id not in now_active]
        self._settings = settings
        self._asking = asking
        self._names = place_names
        self._dismissed_lately = dismissed_lately

    def hold_removals(self, rows: list[PlannedRow], may_hold: list[PlannedRow]) -> None:
        """Hold the planned removals that break a limit, with the nearest reason.

        All of `rows` count, `may_hold` are held: an approved removal goes through. A
        dismissed one counts as if it went: who dismisses one of those that are held
        together has said nothing about the others.
        """
        inactive = [row for row in rows if row.outcome is Outcome.INACTIVE]
        leaving = [row for row in inactive if row.state is RowState.PLANNED]
        if not leaving:
            return
        stays = [row for row in inactive if row.state is RowState.DISMISSED]
        going = [row for row in leaving if row.reason_code != ARCHIVED_BY_DECISION]
        arrived = Counter((r.school, r.user_role) for r in rows if _is_arrival(r))
        # All are judged before any is held: a held removal still counts.
        found = [
            # These two also beside a decision to keep somebody's other account.
            *self._whoever_asked(leaving),
            *self._site_managers(rows, leaving, stays),
            *self._whole_schools(going, stays),
            *self._whole_roles(going, stays, arrived),
            *self._too_many(going, stays),
        ]
        holdable = {id(row) for row in may_hold}
        for row, why in found:
            if row.state is RowState.PLANNED and id(row) in holdable:
                hold(row, HeldReason.BRAKE, f"Held by the brake: {why}")

    def hold_updates(self, rows: list[PlannedRow]) -> None:
        """Hold a sync's updates when too many accounts lose a value for another."""
        losing = [row for row in rows if _loses_a_value(row)]
        limit = self._settings.limits.update_percent
        if not self._active or len(losing) * 100 <= limit * len(self._active):
            return
        why = (
            f"{len(losing):,} of {len(self._active):,} accounts would lose a value for "
            f"another, more than {limit:g} %. Is the data in Clever right?"
        )
        for row in losing:
            hold(row, HeldReason.BRAKE, f"Held by the brake: {why}")

    def _whoever_asked(self, going: list[PlannedRow]) -> _Held:
        for row in going:
            if row.account_id in self._asking:
                yield row, "this is the account of the admin who asked for the run."

    def _site_managers(
        self, rows: list[PlannedRow], going: list[PlannedRow], stays: list[PlannedRow]
    ) -> _Held:
        managers = [row for row in (*going, *stays) if self._manages(row)]
        there = sum(map(self._manages, self._active))
        come = sum(_is_arrival(row) and self._manages(row) for row in rows)
        if managers and there - len(managers) + come <= 0:
            role = self._settings.site_manager_role
            why = f"the district would have no active {role} with full access left."
            for row in managers:
                yield row, why

    def _manages(self, somebody: Account | PlannedRow) -> bool:
        """Return whether it is a District Site Manager whom no zone restricts."""
        is_open = somebody.school is None and not somebody.zone
        return is_open and somebody.user_role == self._settings.site_manager_role

    def _whole_schools(self, going: list[PlannedRow], stays: list[PlannedRow]) -> _Held:
        active = Counter(account.school for account in self._active)
        leaving = Counter(row.school for row in (*going, *stays))
        recent = Counter(removal.school for removal in self._recent)
        for row in going:
            school = row.school
            if school is not None and leaving[school] == active[school]:
                count = active[school] + recent[school]
                name = self._names.get(school, "this school")
                who = "the only account" if count == 1 else f"all {count} accounts"
                why = f"{who} of {name} would become inactive."
                yield row, f"{why} Is the school still shared in Clever?"

    def _whole_roles(
        self,
        going: list[PlannedRow],
        stays: list[PlannedRow],
        arrived: Counter[tuple[int | None, str]],
    ) -> _Held:
        active = Counter((a.school, a.user_role) for a in self._active)
        leaving = Counter((row.school, row.user_role) for row in (*going, *stays))
        recent = Counter((r.school, r.user_role) for r in self._recent)
        for row in going:
            key = (row.school, row.user_role)
            if row.school is None or not row.user_role:
                continue
            held = active[key] + recent[key]
            guarded = held > 1 or row.user_role in self._settings.essential_roles
            if guarded and active[key] - leaving[key] + arrived[key] <= 0:
                yield row, _whole_role(held, row, self._names)

    def _too_many(self, going: list[PlannedRow], stays: list[PlannedRow]) -> _Held:
        limits = self._settings.limits
        # One that was dismissed long ago is no part of what happens in a day.
        lately = [row for row in stays if row.change_key in self._dismissed_lately]
        counted = [*going, *lately]
        everybody = len(self._active) + len(self._recent)
        removed = len(counted) + len(self._recent)
        # One person may have an account at each of many schools.
        people = {row.clever_id or row.account_id for row in counted}
        people |= {each.clever_id or each.account_id for each in self._recent}
        enough = len(people) >= limits.removal_people or removed * 2 >= everybody
        if going and enough and removed * 100 > limits.removal_percent * everybody:
            for row in going:
                yield (
                    row,
                    (
                        f"{removed:,} of {everybody:,} active accounts would become "
                        f"inactive in a day, more than {limits.removal_percent:g} %."
                    ),
                )


def _whole_role(held: int, row: PlannedRow, names: dict[int, str]) -> str:
    where = names.get(row.school or 0, "this school")
    if held == 1:
        return f"the only {row.user_role} of {where} would become inactive."
    return (
        f"all {held} accounts with the role {row.user_role} at {where} would become "
        "inactive."
    )


def _is_arrival(row: PlannedRow) -> bool:
    comes = row.outcome in (Outcome.CREATED, Outcome.REACTIVATED)
    return comes and row.state is RowState.PLANNED


def _loses_a_value(row: PlannedRow) -> bool:
    if row.outcome is not Outcome.MATCHED or row.state is not RowState.PLANNED:
        return False
    return any(old for old, _ in row.changes.values())
