"""Shows what undoing the last applied run would do, and starts it."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from schools.audit import Actor
from schools.models import District, SchoolMatch
from staffimport import runs, tasks
from staffimport.core.values import PlannedRow
from staffimport.models import ImportRun
from staffimport.store import taking_back
from staffimport.store.undo import (
    check_undoable,
    last_changing,
    losing_invitations,
    plan_undo,
)


@dataclass(frozen=True, slots=True)
class Left:
    """One account of which something stays as it is, and why.

    `account_id` is its id, `name` its person's name, `reason` a sentence.
    """

    account_id: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """What undoing `run` would do, in numbers of accounts.

    `restored` get values back, `untied` lose the Clever id the run tied them to or
    get the one before, `archived` were created by the run and used since, or brought
    back by it; `removed` were created and never used; `reactivated` were archived by
    it. `left` are the accounts of which something stays. `unlocks_matches` counts the
    school matches that can be edited again, `invitations` those that were sent and
    whose links work no more, since their accounts are removed. The periodic sync is
    paused in any case.
    """

    run: ImportRun
    restored: int
    untied: int
    archived: int
    removed: int
    reactivated: int
    left: tuple[Left, ...]
    unlocks_matches: int
    invitations: int


def undoable_run(district: District) -> ImportRun | None:
    """Return the run an undo would take back: the last that changed accounts."""
    return last_changing(district)


def preview_undo(run: ImportRun) -> UndoPreview:
    """Return what undoing the run would do now.

    Raises NotReady or TooLate, with a sentence, if it can't be undone.
    """
    rows = plan_undo(run).rows
    codes = [row.reason_code for row in rows]
    return UndoPreview(
        run=run,
        restored=sum(_gets_values_back(row) for row in rows),
        untied=sum(row.clever_id != row.previous_clever_id for row in rows),
        archived=codes.count(taking_back.ARCHIVED) + codes.count(taking_back.AGAIN),
        removed=codes.count(taking_back.REMOVED),
        reactivated=codes.count(taking_back.REACTIVATED),
        left=tuple(
            Left(row.account_id, f"{row.first_name} {row.last_name}".strip(), note)
            for row in rows
            for note in row.details.notes
        ),
        unlocks_matches=SchoolMatch.objects.filter(
            district=run.district_id, imported_at=run.applied_at
        ).count(),
        invitations=len(losing_invitations(run, rows)),
    )


def start_undo(run: ImportRun, actor: Actor, *, send: bool = True) -> ImportRun:
    """Queue a run of kind undo that takes `run` back, and return it.

    A worker carries it out; `send` False leaves it to the caller to have it carried
    out. Raises NotReady or TooLate, with a sentence, if `run` can't be undone.
    """
    check_undoable(run)
    with transaction.atomic():
        asked = runs.request(
            run.district,
            ImportRun.Kind.UNDO,
            actor,
            timezone.now(),
            base_run=run,
        )
        if asked.is_new and send:
            tasks.send_on_commit(asked.run.pk)
    return asked.run


def _gets_values_back(row: PlannedRow) -> bool:
    return any(field != "status" for field in row.changes)
