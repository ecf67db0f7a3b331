"""The life of a run: asked for, claimed, alive, ended; the database keeps its promises.

Every step is one conditional UPDATE, so that of two who try it at once one wins. A
worker holds a run by its claim token: whoever cancels or sweeps the run takes the token
away, and the worker learns it at its next heartbeat or at the fence before the apply.
"""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from schools.audit import Actor, record
from schools.models import District
from staffimport.errors import ClaimLost, TooLate
from staffimport.models import ImportRun, RunProgress

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 3

Kind = ImportRun.Kind
State = ImportRun.State

BUSY = (
    "Imports of this kind are being started and ended at this moment by somebody "
    "else. Look at the list of runs, then try again."
)


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for: `is_new` is False when such a run was under way already."""

    run: ImportRun
    is_new: bool


def request(  # noqa: PLR0913 - what a run is asked for with
    district: District,
    kind: str,
    actor: Actor,
    now: datetime,
    *,
    base_run: ImportRun | None = None,
    include_held: bool = False,
    why: str = "",
) -> Request:
    """Queue a run, or return the one of this kind that is queued or running already.

    So a double click gives the same run twice. `base_run` is the test that a final
    follows, `include_held` releases what the brake would hold, `why` is for the audit
    trail.
    """
    for _attempt in range(MOST_ATTEMPTS):
        existing = under_way(district, kind)
        if existing is None and kind == Kind.TEST:
            existing = _pull_instead(district, actor, now, why)
        if existing is not None:
            return Request(existing, is_new=False)
        try:
            with transaction.atomic():
                run = ImportRun.objects.create(
                    district=district,
                    kind=kind,
                    base_run=base_run,
                    include_held=include_held,
                    **_asked_by(actor, now),
                )
                record(district, actor, "started", str(run), note=why)
        except IntegrityError:
            continue  # somebody was faster: theirs is there now, or has just ended
        return Request(run, is_new=True)
    raise TooLate(BUSY)


def request_repeat(test: ImportRun, actor: Actor, now: datetime) -> Request:
    """Queue a plan of a test from what it pulled, or return the test that is queued.

    Whatever the caller's transaction has written is in that plan: until it ends nobody
    can claim the run. One that is running may have begun before, so it is none.
    """
    queued = test.district.import_runs.filter(kind=Kind.TEST, state=State.QUEUED)
    for _attempt in range(MOST_ATTEMPTS):
        if queued.update(state=State.QUEUED):  # holds the row, so that it stays queued
            return Request(queued.get(), is_new=False)
        try:
            with transaction.atomic():
                run = ImportRun.objects.create(
                    district=test.district,
                    kind=Kind.TEST,
                    base_run=test.base_run or test,
                    **_asked_by(actor, now),
                )
        except IntegrityError:
            continue
        return Request(run, is_new=True)
    raise TooLate(BUSY)


def under_way(district: District, kind: str) -> ImportRun | None:
    """Return the district's queued run of this kind, else the running one.

    A test that only plans an earlier one again doesn't count: it doesn't ask Clever.
    """
    runs = district.import_runs.filter(kind=kind)
    if kind == Kind.TEST:
        runs = runs.filter(base_run=None)
    return (
        runs.filter(state__in=[State.QUEUED, State.RUNNING]).order_by("state").first()
    )


def _pull_instead(
    district: District, actor: Actor, now: datetime, why: str
) -> ImportRun | None:
    """Let a queued repeat of a test ask Clever, which serves its purpose as well."""
    queued = district.import_runs.filter(kind=Kind.TEST, state=State.QUEUED)
    with transaction.atomic():
        if not queued.update(base_run=None, **_asked_by(actor, now)):
            return None
        run = queued.get()
        record(district, actor, "started", str(run), note=why)
    return run


def _asked_by(actor: Actor, now: datetime) -> dict[str, Any]:
    return {
        "requested_by_id": actor.user_id,
        "requested_by_name": actor.name,
        "requested_from": actor.address,
        "requested_at": now,
    }


def claim(run_id: int, now: datetime) -> ImportRun | None:
    """Take a queued run for this worker and return it, set to running.

    None when it isn't queued (any more), or while another run of the district is
    running or was asked for earlier; it then stays where it is. So runs are carried
    out in the order of their numbers, and a later one has seen what an earlier did.
    """
    token = uuid.uuid4()
    queued = ImportRun.objects.filter(pk=run_id, state=State.QUEUED)
    try:
        with transaction.atomic():
            claimed = queued.filter(~Exists(EARLIER)).update(
                state=State.RUNNING, claim_token=token, started_at=now, error=""
            )
            if not claimed:
                return None
            RunProgress.objects.update_or_create(
                run_id=run_id, defaults={**_FRESH_PROGRESS, "heartbeat_at": now}
            )
            run = load(run_id)
            run.attempts += 1
            run.save(update_fields=["attempts"])
    except IntegrityError:
        return None
    logger.info("Run %s of %s claimed.", run.pk, run.district.slug)
    return run


def load(run_id: int) -> ImportRun:
    """Return a run with its district, whose token is read only where it is needed.

    So a token that can't be decrypted fails a run instead of everything about it.
    """
    runs = ImportRun.objects.select_related("district", "base_run")
    return runs.defer("district__clever_token").get(pk=run_id)


def still_claimed(run: ImportRun) -> bool:
    """Tell whether the run is still running under the claim `run` was given."""
    return _held_by(run).exists()


def fence(run: ImportRun, **fields: object) -> None:
    """Write fields of a run this worker holds; raises ClaimLost if it does no more."""
    if not _held_by(run).update(**(fields or {"state": State.RUNNING})):
        raise ClaimLost
    for name, value in fields.items():
        setattr(run, name, value)


def hold_still(run: ImportRun) -> None:
    """Let others who call this wait until the caller's transaction ends."""
    ImportRun.objects.filter(pk=run.pk).update(state=F("state"))


def beat(run: ImportRun, now: datetime, **progress: object) -> None:
    """Say that the worker lives, and write how far it is into the progress row.

    `progress` are fields of RunProgress. Raises ClaimLost.
    """
    alive = RunProgress.objects.filter(
        run__in=_held_by(run).values("pk"), run_id=run.pk
    )
    if not alive.update(heartbeat_at=now, **progress):
        raise ClaimLost


def succeed(run: ImportRun, now: datetime, **fields: object) -> None:
    """End a run that changes no account. Raises ClaimLost."""
    fence(run, state=State.SUCCEEDED, finished_at=now, claim_token=None, **fields)


def annotate(run: ImportRun, **fields: object) -> None:
    """Write fields of a run that has ended, such as its proof."""
    ImportRun.objects.filter(pk=run.pk).update(**fields)


def fail(
    run: ImportRun, sentence: str, now: datetime, *, unexpected: bool = False
) -> bool:
    """End a run this worker holds as failed; False if it was no longer its own.

    `sentence` tells the admin what is wrong and what to do.
    """
    failed = _held_by(run).update(
        state=State.FAILED,
        error=sentence,
        error_is_unexpected=unexpected,
        finished_at=now,
        claim_token=None,
    )
    return bool(failed)


def cancel(run: ImportRun, now: datetime) -> None:
    """End a queued or running run; its worker learns it at the next heartbeat.

    Raises TooLate when the run has ended.
    """
    cancelled = ImportRun.objects.filter(
        pk=run.pk, state__in=[State.QUEUED, State.RUNNING]
    ).update(state=State.CANCELLED, finished_at=now, claim_token=None)
    run.refresh_from_db()
    if not cancelled:
        raise TooLate(_too_late(run))


def districts_to_sync() -> QuerySet[District]:
    """Return the districts whose periodic sync is on.

    From the first final import, unless the district, Clever or an undo stopped it
    (product.md, "The district's way through" and "Undo").
    """
    return District.objects.filter(
        first_final_at__isnull=False,
        paused_at__isnull=True,
        sync_paused_at__isnull=True,
        disconnected_at__isnull=True,
    ).exclude(clever_token="")


def districts_to_check() -> QuerySet[District]:
    """Return the districts that are activated and connected, but have no run yet.

    Whichever way they were activated or given their token, a first check tells how
    ready their data is.
    """
    of_district = ImportRun.objects.filter(district=OuterRef("pk"))
    return District.objects.filter(
        ~Exists(of_district),
        activated_at__isnull=False,
        clever_id__isnull=False,
        disconnected_at__isnull=True,
    ).exclude(clever_token="")


# Runs of the same district that wait for their turn before a run.
EARLIER = ImportRun.objects.filter(
    district=OuterRef("district"), state=State.QUEUED, pk__lt=OuterRef("pk")
)
_FRESH_PROGRESS: dict[str, object] = {
    "step": "",
    "step_started_at": None,
    "done": 0,
    "total": None,
    "parts": [],
    "resumes_at": None,
}


def _held_by(run: ImportRun) -> QuerySet[ImportRun]:
    return ImportRun.objects.filter(
        pk=run.pk, state=State.RUNNING, claim_token=run.claim_token
    )


def _too_late(run: ImportRun) -> str:
    if run.state == State.SUCCEEDED and run.applies:
        return (
            f"{run} is applied already, so it can't be cancelled. It can be undone as "
            "long as it is the last import that changed accounts."
        )
    return f"{run} has ended already: {run.get_state_display().lower()}."
