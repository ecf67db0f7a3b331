"""The plan of a run, whole: places one after the other, then what holds rows back."""

from collections import defaultdict

import msgspec

from staffimport.core import explain
from staffimport.core.brake import ARCHIVED_BY_DECISION, Brake
from staffimport.core.decisions import Decided
from staffimport.core.fitting import Fits, Known, know, same_but_for_zeros
from staffimport.core.leaving import PROTECTED_BY_UNDECIDED, Leavers, Undecided
from staffimport.core.matching import PlaceMatches, match_place
from staffimport.core.nearness import NearAccounts, NearPeople, near_account
from staffimport.core.people import Roster, read_roster
from staffimport.core.placement import Absence, Placement, Placements, place_people
from staffimport.core.review import finish
from staffimport.core.rows import RowMaker, hold
from staffimport.core.snapshot import Snapshot
from staffimport.core.source import find_doubts, hold_doubtful
from staffimport.core.values import (
    Account,
    Decision,
    HeldReason,
    Near,
    Outcome,
    Place,
    Plan,
    PlannedRow,
    Removal,
    RowState,
    Settings,
)


class PlanInput(msgspec.Struct):
    """All a plan depends on.

    `kind` is "test", "final" or "sync". `places` are all the district's Naviance
    schools; `accounts` all its accounts at included schools and at the district.
    `reviewed` (a final only) are the change keys of the test's rows that the admin
    saw and that were to be applied, `braked` those the test's brake held: with
    `include_held` they count as approved. `approved` and `dismissed` are change keys
    of held rows decided earlier, `dismissed_lately` those dismissed in the last 24
    hours. `removals` are what runs archived in the last 24
    hours. `waiting` maps the change keys of rows that an applied run holds, and whose
    cause may be past, to held reason and sentence: they wait for the admin all the
    same. `asking_accounts` are the accounts of whoever asked for the run.
    `covered_roles` are the protected roles of the last final: a sync goes on
    protecting them. `previous_counts` is `Snapshot.counts()` of the pull before, None
    at the first. `roster` are the snapshot's people for whoever has read them already.
    """

    district: str
    kind: str
    snapshot: Snapshot
    places: list[Place]
    accounts: list[Account]
    settings: Settings
    decisions: list[Decision] = []
    reviewed: frozenset[str] | None = None
    braked: frozenset[str] = frozenset()
    approved: frozenset[str] = frozenset()
    dismissed: frozenset[str] = frozenset()
    dismissed_lately: frozenset[str] = frozenset()
    waiting: dict[str, tuple[str, str]] = {}
    include_held: bool = False
    removals: list[Removal] = []
    asking_accounts: frozenset[str] = frozenset()
    covered_roles: frozenset[str] = frozenset()
    previous_counts: dict[str, int] | None = None
    roster: Roster | None = None


def plan(given: PlanInput) -> Plan:
    """Return the plan: one row per placement and per account nobody in Clever holds.

    The same input gives the same plan, whatever the order of its lists.
    """
    planner = _Planner(given)
    rows, in_scope = planner.rows()
    doubts = find_doubts(given.snapshot, given.places, given.previous_counts)
    hold_doubtful(rows, doubts)
    names = {place.school: place.name for place in given.places}
    removals = [one for one in given.removals if planner.covers(one.school)]
    brake = Brake(
        in_scope,
        removals,
        given.settings,
        given.asking_accounts,
        names,
        given.dismissed_lately,
    )
    approved = given.approved
    if given.kind == "final" and given.include_held:
        approved |= given.braked
    return finish(
        rows,
        brake,
        doubts.notices,
        names,
        is_sync=given.kind == "sync",
        approved=approved,
        dismissed=given.dismissed,
        reviewed=given.reviewed,
        braked=given.braked,
        waiting=given.waiting,
    )


def _protected(given: PlanInput) -> frozenset[str]:
    """Return the roles that are never made inactive.

    What the settings protect no more goes by a test and a final, before a sync.
    """
    protected = given.settings.protected_roles
    return protected | given.covered_roles if given.kind == "sync" else protected


class _Planner:
    """Turns the input into rows, place by place."""

    def __init__(self, given: PlanInput) -> None:
        self._given = given
        self._roster = given.roster or read_roster(given.snapshot)
        self._decided = Decided(given.decisions)
        self._placed: Placements = place_people(
            self._roster,
            given.snapshot,
            given.places,
            teacher_fallback=given.settings.teacher_fallback,
            only_covered=given.kind == "sync",
        )
        self._maker = RowMaker(
            given.district,
            given.settings,
            self._roster.shared_emails,
            {account.id for account in given.accounts},
        )
        self._names = {place.school: place.name for place in given.places}
        self._leavers = Leavers(
            self._maker,
            self._decided,
            _protected(given),
            NearPeople(self._roster, self._placed.at, self._names),
            self._placed,
        )

    def covers(self, school: int | None) -> bool:
        """Whether the accounts there are in scope; None stands for the district."""
        return school in self._placed.at

    def rows(self) -> tuple[list[PlannedRow], list[Account]]:
        """Return all rows, and the accounts in scope."""
        accounts: dict[int | None, list[Known]] = defaultdict(list)
        for account in self._given.accounts:
            if self.covers(account.school):
                accounts[account.school].append(know(account))
        rows = [self._maker.elsewhere(absent) for absent in self._placed.elsewhere]
        nowhere = Undecided()
        for absent in self._placed.elsewhere:
            # Clever doesn't say where: their accounts wait everywhere.
            if absent.why is Absence.NOWHERE:
                nowhere.add(absent.person)
        for school, placements in self._placed.at.items():
            here = accounts.get(school, [])
            found = match_place(placements, here, self._roster, self._decided)
            rows.extend(self._rows_at(school, found, nowhere))
        return rows, [known.account for here in accounts.values() for known in here]

    def _rows_at(
        self, school: int | None, found: PlaceMatches, nowhere: Undecided
    ) -> list[PlannedRow]:
        undecided = Undecided()
        rows = [self._maker.matched(match) for match in found.matches]
        rows.extend(self._maker.relink(match) for match in found.relinks)
        matches = [*found.matches, *found.relinks]
        for match, row in zip(matches, rows, strict=True):
            if row.outcome is Outcome.SKIPPED:
                undecided.add(match.placement.person)
            else:
                _tell_of_zeros(row, match.placement, match.known, found.fits)
        for conflict in found.conflicts:
            undecided.add(conflict.placement.person)
            rows.append(self._maker.conflict(conflict))
        for second in found.seconds:
            undecided.add(second.placement.person)
            rows.append(self._maker.second_user(second))
        for known, decision in found.archived:
            rows.append(self._archived(known, decision))
        newcomers = []
        for placement in found.new:
            if placement.person.last_key:
                newcomers.append(placement)
            else:
                undecided.add(placement.person)
                rows.append(self._maker.no_last_name(placement))
        here = self._names.get(school or 0, "the district")
        leaving = {
            known.id: self._leavers.row(known, here, undecided, nowhere)
            for known in found.left
            if known.account.active
        }
        rows.extend(self._newcomers(newcomers, found, leaving))
        rows.extend(leaving.values())
        return rows

    def _archived(self, known: Known, decision: Decision) -> PlannedRow:
        reason = explain.archived_by_decision(decision.by)
        row = self._maker.of_account(
            known.account, Outcome.INACTIVE, ARCHIVED_BY_DECISION, reason
        )
        row.matched_by = "decision"
        return row

    def _newcomers(
        self,
        newcomers: list[Placement],
        found: PlaceMatches,
        leaving: dict[str, PlannedRow],
    ) -> list[PlannedRow]:
        """Return rows of new people; one whom a leaver resembles is held with it."""
        near = NearAccounts(found.left, self._roster, self._decided)
        rows = []
        for placement in newcomers:
            row = self._maker.created(placement)
            rows.append(row)
            nearest = near.of(placement)
            if not nearest:
                continue
            row.details.near = tuple(near_account(*pair) for pair in nearest)
            _hold_with_leavers(row, placement, nearest, leaving)
            for known, agrees in nearest:
                if "loose_id" in agrees:
                    _tell_of_zeros(row, placement, known, found.fits)
        return rows


def _hold_with_leavers(
    row: PlannedRow,
    placement: Placement,
    nearest: list[tuple[Known, tuple[str, ...]]],
    leaving: dict[str, PlannedRow],
) -> None:
    for known, agrees in nearest:
        partner = leaving.get(known.id)
        if partner is None:
            continue
        if partner.outcome is Outcome.INACTIVE:
            _hold_pair(row, partner, known, placement, agrees)
        elif partner.reason_code == PROTECTED_BY_UNDECIDED:
            # Would go, but for a person who may be this one: nothing is clear.
            _hold_created(row, known, agrees)


def _tell_of_zeros(
    row: PlannedRow, placement: Placement, known: Known, fits: Fits
) -> None:
    """Say in the row if only leading zeros part the ids of a person and an account."""
    if placement.school is None or known.id_key in placement.person.id_keys:
        return
    in_clever = same_but_for_zeros(placement.person, known)
    if in_clever:
        ambiguous = fits.is_ambiguous(known.loose_id)
        told = explain.zeros(in_clever, known.account, ambiguous=ambiguous)
        row.reason = f"{row.reason} {told}"


def _hold_pair(
    row: PlannedRow,
    partner: PlannedRow,
    known: Known,
    placement: Placement,
    agrees: tuple[str, ...],
) -> None:
    """Hold a created and an inactive row of perhaps one person."""
    _hold_created(row, known, agrees)
    person = placement.person
    near = Near(person.name, agrees, clever_id=person.clever_id)
    partner.details.pair += (person.clever_id,)
    if all(other.clever_id != person.clever_id for other in partner.details.near):
        partner.details.near += (near,)
    if partner.state is RowState.PLANNED:
        hold(partner, HeldReason.PAIR, explain.pair(near, of_account=True))


def _hold_created(row: PlannedRow, known: Known, agrees: tuple[str, ...]) -> None:
    row.details.pair += (known.id,)
    if row.state is RowState.PLANNED:
        near = near_account(known, agrees)
        hold(row, HeldReason.PAIR, explain.pair(near, of_account=False))
