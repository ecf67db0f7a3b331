"""The rules of a district's leaving; pure: they ask no database and no clock.

A district that is disconnected is kept for RETENTION_DAYS, so that it can take its
data along or come back; then everything of it is deleted (product.md, "After the
final"). Until then its people sign in by e-mail, and look; with Clever nobody does.
"""

from datetime import date, datetime, timedelta

from django.conf import settings

from schools.clock import day_in
from schools.models import District


def retention_time() -> timedelta:
    """Return how long a disconnected district is kept."""
    return timedelta(days=settings.RETENTION_DAYS)


def deletion_due_at(district: District) -> datetime | None:
    """Return when a disconnected district is deleted, None for any other."""
    if district.disconnected_at is None:
        return None
    return district.disconnected_at + retention_time()


def deletion_day(district: District) -> date | None:
    """Return that day by the district's own calendar, None if it isn't leaving."""
    due = deletion_due_at(district)
    return None if due is None else day_in(district, due)


def disconnected_before(now: datetime) -> datetime:
    """Return the moment: whoever was disconnected before it is to be deleted by now."""
    return now - retention_time()
