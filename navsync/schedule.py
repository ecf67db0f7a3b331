"""When beat starts the next sync."""

from datetime import datetime, timedelta

from celery.schedules import BaseSchedule, schedule
from django.conf import settings
from django_celery_beat.models import PeriodicTask

SYNC_TASK = "staffimport.tasks.sync_due_districts"


def next_sync(now: datetime) -> datetime | None:
    """Return when the periodic sync comes next; None while support has it stopped.

    Beat follows what stands in the database, where support may change it; before its
    first start nothing stands there, and the settings hold.
    """
    task = PeriodicTask.objects.filter(task=SYNC_TASK).first()
    if task is None:
        return _after(_planned(), now, now)
    if not task.enabled:
        return None
    when: BaseSchedule = task.schedule
    # An interval counts from the last time, a clock time from now.
    is_interval = isinstance(when, schedule)
    since = task.last_run_at if is_interval and task.last_run_at else now
    return _after(when, since, now)


def _planned() -> BaseSchedule:
    entries = settings.CELERY_BEAT_SCHEDULE.values()
    found = next(entry["schedule"] for entry in entries if entry["task"] == SYNC_TASK)
    if not isinstance(found, BaseSchedule):
        msg = f"CELERY_BEAT_SCHEDULE plans {SYNC_TASK} by {found!r}."
        raise TypeError(msg)
    return found


def _after(when: BaseSchedule, since: datetime, now: datetime) -> datetime:
    """Return the next time after `since`, to the minute; `now` if it is past."""
    left: timedelta = when.remaining_estimate(since)
    # It is counted from a moment that is a little later than `now`.
    at = now + max(left, timedelta()) + timedelta(seconds=30)
    return at.replace(second=0, microsecond=0)
