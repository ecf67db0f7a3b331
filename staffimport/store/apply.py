"""Applies a run's stored rows to the accounts: all of them or none, in one go."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.services.invitations import send_soon
from schools.models import District, SchoolMatch
from schools.services.facts import take_turns
from schools.services.setting_up import note_final
from staffimport.errors import ClaimLost, TooLate
from staffimport.models import ImportResult, ImportRun
from staffimport.store import statements
from staffimport.store.invitations import note_unmailed
from staffimport.store.parts import parts
from staffimport.store.settings import make_settings
from staffimport.store.trail import requester, tell_of_apply

EDITED = (
    "Edited in Naviance during the run, so nothing was overwritten. The run would have "
    "done this: "
)
RENAMED = (
    "The role, job function or zone was renamed or deleted during the run, so no "
    "account was created. The next run does it. The run would have done this: "
)

State = ImportResult.State


def apply_run(run: ImportRun, claim_token: UUID, now: datetime) -> dict[str, int]:
    """Write the run's rows to the accounts and set the run succeeded.

    One transaction: all rows or none. A row whose account somebody has edited since
    the plan is held, never written. A final also locks the school matches it used,
    and older open held rows of the district are superseded. Returns how many rows
    were "applied", "edited" and "superseded".

    Raises ClaimLost, and writes nothing, when the run is no longer this worker's.
    """
    with transaction.atomic():
        if run.kind == ImportRun.Kind.FINAL:
            # Before the accounts, as whoever edits them does, or both wait for ever.
            take_turns(run.district)
        fence(run, claim_token, now)
        done = write_accounts(run, str(run), now, State.APPLIED)
        done["superseded"] = supersede_before(run, now)
        if run.kind == ImportRun.Kind.FINAL:
            _cover(run.district, now)
        finish(run, done, now)
        if run.kind == ImportRun.Kind.FINAL:
            note_final(run.district, requester(run), str(run), now)
    return done


def fence(run: ImportRun, claim_token: UUID, now: datetime) -> None:
    """Begin an apply: whoever cancels or sweeps the run from now on comes too late.

    Raises ClaimLost when the run is no longer this worker's.
    """
    if not ImportRun.objects.filter(
        pk=run.pk, claim_token=claim_token, state=ImportRun.State.RUNNING
    ).update(applied_at=now):
        raise ClaimLost


def finish(run: ImportRun, done: dict[str, int], now: datetime) -> None:
    """End an apply: the run has succeeded, its counts and the trail tell what it did.

    Call it inside the transaction of the apply.
    """
    run.refresh_from_db(fields=["counts", "applied_at"])
    run.counts = _counts(run, done)
    run.state, run.finished_at = ImportRun.State.SUCCEEDED, now
    run.claim_token = None
    run.save(update_fields=["state", "finished_at", "claim_token", "counts"])
    tell_of_apply(run)


def apply_rows(
    run: ImportRun, row_ids: list[int], actor_name: str, now: datetime
) -> dict[str, int]:
    """Apply held or dismissed rows of an applied run, with the same statements.

    A row whose account has changed since the plan is held as edited. Returns how many
    rows were "applied" and "edited"; rows in any other state are neither.
    Raises TooLate when the run was never applied, or was undone.
    """
    with transaction.atomic():
        # The write makes an undo of the run wait for this, and the other way round.
        if not _standing(run).update(error=""):
            sentence = (
                f"{run} was undone or never applied, so its rows can't be approved. "
                "Look at the newest run."
            )
            raise TooLate(sentence)
        for part in parts(row_ids):
            ImportResult.objects.filter(
                run=run,
                pk__in=part,
                state__in=[State.HELD, State.DISMISSED],
            ).update(state=State.PLANNED, resolved_at=now, resolved_by=actor_name)
        label = f"{run}, approved by {actor_name}"
        return write_accounts(run, label, now, State.PLANNED)


def write_accounts(
    run: ImportRun, label: str, now: datetime, state: str
) -> dict[str, int]:
    """Write the run's rows of one state to the accounts, inside a transaction.

    `label` is who an archived account says it was archived by. `state` is APPLIED for
    the whole of a run, whose rows are stored so, PLANNED for those approved later.
    Returns how many rows were "applied" and how many are held as "edited".
    """
    moment = connection.ops.adapt_datetimefield_value
    given = {
        "run": run.pk,
        "district": run.district_id,
        "now": moment(now),
        "since": moment(run.started_at or run.requested_at),
        "label": label[:255],
        "edited": EDITED,
        "renamed": RENAMED,
        "state": state,
    }
    with connection.cursor() as cursor:

        def execute(statement: str) -> int:
            cursor.execute(statement, given)
            return int(cursor.rowcount)

        if connection.vendor == "postgresql":
            execute(statements.JOIN_BY_HASH)
        edited = sum(map(execute, statements.HOLD_EDITED))
        edited += execute(statements.HOLD_UNKNOWN)
        if sum(map(execute, statements.CUT_TIES)):
            execute(statements.NOTE_CUT_TIES)
            execute(statements.FIT_WAITING)
        applied = execute(statements.UPDATE) + execute(statements.INSERT)
        if applied:
            ImportRun.objects.filter(pk=run.pk).update(changed_at=now)
        invited = execute(statements.INVITE)
        note_unmailed(run, state, now)
        if state != State.APPLIED:
            execute(statements.MARK_APPLIED)
        if connection.vendor == "postgresql":
            execute(statements.JOIN_AS_USUAL)
    if invited:
        send_soon(run.district_id)
    return {"applied": applied, "edited": edited}


def supersede_before(run: ImportRun, now: datetime) -> int:
    """Let the run replace older open held rows of the district; return how many."""
    older = run.district.import_runs.filter(applied_at__isnull=False, pk__lt=run.pk)
    return ImportResult.objects.filter(
        run__in=older.order_by().values("pk"), state=State.HELD
    ).update(state=State.SUPERSEDED, resolved_at=now)


def _counts(run: ImportRun, done: dict[str, int]) -> dict[str, int]:
    """Return the run's counts as they are after its apply.

    Rows a sync does not store have nothing to change; they count as applied, as such
    rows of a final do.
    """
    counts = {str(key): int(count) for key, count in run.counts.items()}
    if "rows" not in counts:
        return counts
    counts["held"] = counts.get("held", 0) + done["edited"]
    counts["writes"] = done["applied"]
    # Nothing can be applied of these two.
    counts["planned"] = counts.get("conflict", 0) + counts.get("skipped", 0)
    counts["applied"] = counts["rows"] - sum(
        counts.get(state, 0) for state in ("held", "dismissed", "planned")
    )
    if done["edited"]:
        invited = ImportResult.objects.filter(run=run, gets_invitation=True)
        counts["invitations"] = invited.count()
    return counts


def _cover(district: District, now: datetime) -> None:
    """Lock the matches a final has used, and keep which roles it protected."""
    settings = make_settings(district)
    matches = SchoolMatch.objects.filter(district=district, imported_at__isnull=True)
    if not settings.all_schools:
        matches = matches.filter(school__in=settings.schools.values("pk"))
    matches.update(imported_at=now)
    settings.covered_roles = sorted(
        settings.protected_roles.values_list("name", flat=True)
    )
    settings.save(update_fields=["covered_roles"])


def _standing(run: ImportRun) -> QuerySet[ImportRun]:
    return ImportRun.objects.filter(
        pk=run.pk, applied_at__isnull=False, undone_at__isnull=True
    )
