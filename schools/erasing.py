"""Deletes a district at once, as only the demo's and the tests' own may be.

A real one leaves and is deleted when its retention time is over: `services.leaving`.
"""

from django.db.models import QuerySet
from django.utils import timezone

from schools.models import District


def erase(districts: QuerySet[District]) -> None:
    """Delete the districts with everything of theirs, also what says who did it.

    PostgreSQL lets a district's audit trail go only once its deletion has begun.
    """
    districts.update(deletion_begun_at=timezone.now())
    districts.delete()
