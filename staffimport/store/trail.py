"""What the audit trail tells of a run that was applied."""

from django.db.models import Count

from schools.audit import Actor, record
from staffimport.core.values import Outcome
from staffimport.models import ImportResult, ImportRun

APPLIED = "applied"
_WORDS = {
    Outcome.CREATED: "created",
    Outcome.MATCHED: "updated",
    Outcome.INACTIVE: "made inactive",
    Outcome.REACTIVATED: "reactivated",
    Outcome.RELINK: "relinked",
}


def requester(run: ImportRun) -> Actor:
    """Return who asked for a run, be it a person or the schedule."""
    return Actor(run.requested_by_name, run.requested_by, run.requested_from)


def tell_of_apply(run: ImportRun) -> None:
    """Keep that a run was applied, and what it did, inside its transaction.

    A sync that changed no account is not told of: there are several a day.
    """
    if run.kind == ImportRun.Kind.UNDO:
        note = f"{run.base_run} is taken back."
    else:
        note = _what_it_did(run)
        if run.kind == ImportRun.Kind.SYNC and not note:
            return
    record(
        run.district,
        requester(run),
        APPLIED,
        str(run),
        note=note or "No account changed.",
    )


def _what_it_did(run: ImportRun) -> str:
    """Return the accounts changed: "Accounts: 3 created, 1 updated.", "" if none."""
    rows = ImportResult.objects.filter(
        run=run, state=ImportResult.State.APPLIED, writes=True
    )
    of_outcome = rows.order_by().values_list("outcome").annotate(Count("pk"))
    counts: dict[str, int] = dict(of_outcome)
    told = [f"{counts[key]:,} {word}" for key, word in _WORDS.items() if key in counts]
    return f"Accounts: {', '.join(told)}." if told else ""
