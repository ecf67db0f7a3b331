"""Celery's entry points to the import; they carry ids, the sense is in the runner."""

import logging
from functools import partial

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from schools.audit import SCHEDULE
from staffimport import retention, runner, runs, sweeping
from staffimport.inquiries import answering
from staffimport.models import ImportRun

logger = logging.getLogger(__name__)

# The sweeper sends waiting runs again every minute; without an end its messages would
# pile up while all workers are busy.
_SENT_EXPIRES = 24 * 3600.0
_RESENT_EXPIRES = 50.0


@shared_task
def carry_out(run_id: int) -> None:
    """Carry out a queued run, then send the district's next one."""
    run = runner.carry_out(run_id)
    if run.has_ended:
        send_next(run.district_id)


@shared_task
def sync_due_districts() -> None:
    """Queue a sync for each district whose periodic sync is on."""
    for district in runs.districts_to_sync():
        asked = runs.request(district, ImportRun.Kind.SYNC, SCHEDULE, timezone.now())
        if asked.is_new:
            send(asked.run.pk)


@shared_task
def check_new_districts() -> None:
    """Queue a first check for each district that has just connected."""
    for district in runs.districts_to_check():
        asked = runs.request(district, ImportRun.Kind.CHECK, SCHEDULE, timezone.now())
        if asked.is_new:
            send(asked.run.pk)


@shared_task
def sweep_runs() -> None:
    """Take work away from workers that died, and send that whose message was lost."""
    now = timezone.now()
    swept = sweeping.sweep(now)
    if swept.requeued or swept.failed:
        logger.warning(
            "Workers died: runs %s queued again, runs %s failed.",
            swept.requeued,
            swept.failed,
        )
    for run_id in swept.waiting:
        send(run_id, expires=_RESENT_EXPIRES)
    for inquiry_id in sweeping.sweep_inquiries(now):
        send_inquiry(inquiry_id, expires=_RESENT_EXPIRES)


@shared_task
def clean_snapshots() -> None:
    """Remove snapshots that nothing needs any more, and old answers to support."""
    now = timezone.now()
    removed = retention.remove_old_snapshots(now)
    logger.info("Removed %s old snapshots.", removed)
    retention.remove_old_inquiries(now)


@shared_task
def answer_inquiry(inquiry_id: int) -> None:
    """Answer what support asked about a run."""
    answering.answer(inquiry_id)


def send_inquiry(inquiry_id: int, expires: float = _SENT_EXPIRES) -> None:
    """Ask a worker to answer an inquiry; without a broker the sweeper does it later."""
    try:
        answer_inquiry.apply_async((inquiry_id,), expires=expires)
    except OperationalError as error:
        logger.warning("Inquiry %s waits: no broker (%s).", inquiry_id, error)


def send(run_id: int, expires: float = _SENT_EXPIRES) -> None:
    """Ask a worker to carry out a queued run within `expires` seconds.

    A broker that can't be reached is no failure: the run stays queued, and the
    sweeper sends it again.
    """
    try:
        carry_out.apply_async((run_id,), expires=expires)
    except OperationalError as error:
        logger.warning("Run %s waits: no broker at the moment (%s).", run_id, error)


def send_next(district_id: int) -> None:
    """Ask a worker for the district's oldest queued run, unless one is running."""
    run_id = sweeping.next_queued(district_id)
    if run_id is not None:
        send(run_id)


def send_on_commit(run_id: int) -> None:
    """Send a run once the transaction that queued it is committed."""
    transaction.on_commit(partial(send, run_id))
