"""Beginning and ending support's visits, each told in the district's audit trail."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import VISIT_LASTS, ConsoleVisit, User
from schools.audit import Actor, record
from schools.models import District

BEGAN = "began to view as admin"
ENDED = "ended to view as admin"


def begin_visit(
    district: District, visitor: User, reason: str, actor: Actor
) -> ConsoleVisit:
    """Let somebody of support look at a district's console for an hour.

    `actor` is the visitor with the address they come from. Whether they may is for
    `accounts.access.may_visit` to say.
    """
    now = timezone.now()
    with transaction.atomic():
        visit = ConsoleVisit.objects.create(
            district=district,
            visitor=visitor,
            reason=reason,
            begun_at=now,
            ends_at=now + VISIT_LASTS,
        )
        record(district, actor, BEGAN, note=reason)
    return visit


def end_visit(visit: ConsoleVisit, how: ConsoleVisit.End, actor: Actor) -> bool:
    """End a visit; return whether it was this call that ended it."""
    with transaction.atomic():
        ended = ConsoleVisit.objects.filter(pk=visit.pk, ended_at=None).update(
            ended_at=timezone.now(), ended_by=how
        )
        if ended:
            record(visit.district, actor, ENDED, note=f"{how.label}.")
    return bool(ended)


def end_overdue_visits(now: datetime) -> int:
    """End the visits whose time is up and whose visitor never came back."""
    overdue = ConsoleVisit.objects.filter(ended_at=None, ends_at__lte=now)
    ended = 0
    for visit in overdue.select_related("district", "visitor"):
        visitor = Actor(str(visit.visitor), visit.visitor)
        ended += end_visit(visit, ConsoleVisit.End.TIME_UP, visitor)
    return ended
