"""Takes runs away from workers that are silent, and finds runs nobody works on.

The same for what support asks about runs.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from schools.models import District
from staffimport.models import ImportRun, Inquiry
from staffimport.runs import EARLIER, MOST_ATTEMPTS

HEARTBEAT_LIMIT = timedelta(seconds=60)

ANSWER_LIMIT = timedelta(minutes=15)
"""An answer to support under way for so long will never come: its worker has died."""
_MESSAGE_LIMIT = timedelta(minutes=1)

State = ImportRun.State

WORKER_DIED = (
    "The program that carried out this import stopped in the middle, three times. "
    "Nothing was changed in any account. Start it again; if it stops again, give "
    "support the number of this run."
)
REPLACED = (
    "The program that carried out this import stopped in the middle. Nothing was "
    "changed in any account. Another import of the same kind is waiting already and "
    "takes its place."
)
UNANSWERED = (
    "The program that answered this stopped in the middle. Ask again; if it stops "
    "again, the log says more."
)


@dataclass(frozen=True, slots=True)
class Swept:
    """What the sweeper did, as primary keys of runs.

    `waiting` are the runs to send to a worker: the oldest queued run of each district
    in which nothing is running.
    """

    requeued: tuple[int, ...]
    failed: tuple[int, ...]
    waiting: tuple[int, ...]


def sweep(now: datetime, district: District | None = None) -> Swept:
    """Take runs away from workers that are silent, and find runs nobody works on.

    A silent worker's run is queued again, or fails at the third time; nothing of it
    can have been applied. `district` keeps to one district.
    """
    runs = ImportRun.objects.all() if district is None else district.import_runs.all()
    silent = runs.filter(
        Q(progress__heartbeat_at__lt=now - HEARTBEAT_LIMIT)
        | Q(progress__isnull=True, started_at__lt=now - HEARTBEAT_LIMIT),
        state=State.RUNNING,
    )
    requeued, failed = [], []
    for run in silent.order_by("pk"):
        if run.attempts < MOST_ATTEMPTS and _requeue(run, silent):
            requeued.append(run.pk)
        elif _give_up(run, silent, now):
            failed.append(run.pk)
    return Swept(tuple(requeued), tuple(failed), tuple(_waiting(runs)))


def sweep_inquiries(now: datetime) -> list[int]:
    """Fail the inquiries whose worker died; return those nobody has begun to answer."""
    silent = Inquiry.objects.filter(
        state=Inquiry.State.RUNNING, begun_at__lt=now - ANSWER_LIMIT
    )
    silent.update(state=Inquiry.State.FAILED, answered_at=now, error=UNANSWERED)
    waiting = Inquiry.objects.filter(
        state=Inquiry.State.WAITING, asked_at__lt=now - _MESSAGE_LIMIT
    )
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def next_queued(district_id: int) -> int | None:
    """Return the run to carry out next in a district, None while one is running."""
    waiting = _waiting(ImportRun.objects.filter(district_id=district_id))
    return waiting[0] if waiting else None


def _requeue(run: ImportRun, silent: QuerySet[ImportRun]) -> bool:
    """Queue a silent run again; False if it came to life or its place is taken."""
    try:
        with transaction.atomic():
            return bool(
                silent.filter(pk=run.pk, claim_token=run.claim_token).update(
                    state=State.QUEUED, claim_token=None
                )
            )
    except IntegrityError:
        return False


def _give_up(run: ImportRun, silent: QuerySet[ImportRun], now: datetime) -> bool:
    """Fail a silent run for good, and keep none of the rows it may have stored."""
    sentence = WORKER_DIED if run.attempts >= MOST_ATTEMPTS else REPLACED
    with transaction.atomic():
        failed = silent.filter(pk=run.pk, claim_token=run.claim_token).update(
            state=State.FAILED, error=sentence, finished_at=now, claim_token=None
        )
        if failed:
            run.results.all().delete()
    return bool(failed)


def _waiting(runs: QuerySet[ImportRun]) -> list[int]:
    """Return the oldest queued run of each district in which none is running."""
    of_district = ImportRun.objects.filter(district=OuterRef("district"))
    return list(
        runs.filter(
            ~Exists(of_district.filter(state=State.RUNNING)),
            ~Exists(EARLIER),
            state=State.QUEUED,
        )
        .order_by("pk")
        .values_list("pk", flat=True)
    )
