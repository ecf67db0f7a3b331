"""The plan of a run, whole."""

import msgspec

from staffimport.core.snapshot import Snapshot
from staffimport.core.values import (
    Account,
    Decision,
    Place,
    Plan,
    Removal,
    Settings,
)


class PlanInput(msgspec.Struct):
    """All a plan depends on.

    `kind` is "test", "final" or "sync". `places` are all the district's Naviance
    schools; `accounts` all its accounts at included schools and at the district.
    `reviewed` (a final only) are the change keys of the test's rows that the admin
    saw and that were to be applied. `approved` and `dismissed` are change keys of
    held rows decided earlier. `removals` are what runs archived in the last 24 hours.
    `asking_accounts` are the accounts of whoever asked for the run. `covered_roles`
    are the protected roles of the last final: a sync goes on protecting them.
    `previous_counts` is `Snapshot.counts()` of the pull before, None at the first.
    """

    district: str
    kind: str
    snapshot: Snapshot
    places: list[Place]
    accounts: list[Account]
    settings: Settings
    decisions: list[Decision] = []
    reviewed: frozenset[str] | None = None
    approved: frozenset[str] = frozenset()
    dismissed: frozenset[str] = frozenset()
    include_held: bool = False
    removals: list[Removal] = []
    asking_accounts: frozenset[str] = frozenset()
    covered_roles: frozenset[str] = frozenset()
    previous_counts: dict[str, int] | None = None


def plan(given: PlanInput) -> Plan:
    """Return the plan: one row per placement and per account nobody in Clever holds.

    The same input gives the same plan, whatever the order of its lists.
    """
    return Plan(rows=[], counts={}, notices=[])
