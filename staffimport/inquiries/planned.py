"""A run's input as it would be now, for whoever plans it once more."""

from copy import copy

from staffimport import repeat
from staffimport.core.planning import PlanInput
from staffimport.core.snapshot import Snapshot
from staffimport.errors import NotReady
from staffimport.models import ImportRun
from staffimport.store import load, snapshots

SNAPSHOT_GONE = (
    "What this run pulled from Clever is no longer kept, so it can't be planned again. "
    "Pulls are kept for 30 days, those of a district's newest runs longer."
)
Kind = ImportRun.Kind


def input_now(run: ImportRun) -> PlanInput:
    """Return what a plan of the run depends on: its pull, and all else as it is now.

    What the run itself was told stays, such as the test that a final followed. Raises
    NotReady where the pull is no longer kept.
    """
    if run.snapshot is None:
        raise NotReady(SNAPSHOT_GONE)
    return input_with(run, snapshots.load(run.snapshot))


def input_with(run: ImportRun, snapshot: Snapshot) -> PlanInput:
    """Return the same with the roster given."""
    now = copy(run)  # never saved
    now.started_at = None  # removals count from now
    if run.kind == Kind.CHECK:
        now.kind = Kind.TEST  # a check has no rows of its own
    return load.plan_input(now, snapshot, repeat.counts_before(run))
