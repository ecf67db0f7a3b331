"""Cancels a run that has not changed any account yet."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from schools.audit import Actor, record
from staffimport import runs, tasks
from staffimport.models import ImportRun


def cancel_run(run: ImportRun, actor: Actor) -> None:
    """Cancel a queued or running run; the district's next one then gets its turn.

    Its worker stops at the next heartbeat. Raises TooLate when the run has ended,
    which for a final or a sync means that it is applied.
    """
    with transaction.atomic():
        runs.cancel(run, timezone.now())
        record(run.district, actor, "cancelled", str(run))
        transaction.on_commit(partial(tasks.send_next, run.district_id))
    run.results.all().delete()  # its worker forgets those it was about to write
