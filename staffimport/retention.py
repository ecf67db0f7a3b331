"""How long what a pull returned, and what support was answered, is kept."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from staffimport.models import ImportRun, Inquiry, RosterSnapshot

KEPT_FOR = timedelta(days=30)
ANSWERS_KEPT_FOR = timedelta(days=7)


def remove_old_snapshots(now: datetime) -> int:
    """Delete snapshots older than 30 days that are no longer needed; return how many.

    Kept, whatever their age, are each district's newest, which the next pull is
    judged by, and those of its newest test and newest applied run, which can be
    planned again.
    """
    newer = RosterSnapshot.objects.filter(
        district=OuterRef("district"), taken_at__gt=OuterRef("taken_at")
    )
    old = RosterSnapshot.objects.filter(Exists(newer), taken_at__lt=now - KEPT_FOR)
    removed, _ = old.exclude(pk__in=_needed()).delete()
    return removed


def remove_old_inquiries(now: datetime) -> None:
    """Delete what support asked more than a week ago: answers hold people's data."""
    Inquiry.objects.filter(asked_at__lt=now - ANSWERS_KEPT_FOR).delete()


def _needed() -> list[int]:
    kinds = ImportRun.Kind
    needed: list[int | None] = []
    for group in ([kinds.TEST], [kinds.FINAL, kinds.SYNC]):
        succeeded = ImportRun.objects.filter(
            kind__in=group, state=ImportRun.State.SUCCEEDED, snapshot__isnull=False
        )
        newer = succeeded.filter(district=OuterRef("district"), pk__gt=OuterRef("pk"))
        newest = succeeded.filter(~Exists(newer)).order_by()
        needed.extend(newest.values_list("snapshot_id", flat=True))
    return [pk for pk in needed if pk is not None]
