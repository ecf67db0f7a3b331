"""Launches by the schedule, and what keeps it from one whose date is here."""

import logging
from dataclasses import dataclass
from datetime import date, datetime

from schools.audit import SCHEDULE
from schools.clock import day_in
from schools.errors import RefusedError
from schools.launch import launches_by_itself
from schools.models import District
from schools.services.facts import read_facts
from schools.services.leaving import RECONNECTED
from schools.services.lifecycle import RESUMED, launch_district

logger = logging.getLogger(__name__)

DATE_IS_HERE = "The launch date is here and the materials are reviewed."

_STOPS = {RESUMED: "paused", RECONNECTED: "disconnected"}


@dataclass(frozen=True, slots=True)
class Stop:
    """What a district was ("paused", "disconnected") over its launch date; its end."""

    what: str
    until: date


def launch_due_districts(now: datetime) -> list[District]:
    """Launch the districts whose date is here and who lack nothing; return them.

    Each is read again when it is its turn: support may have stopped it meanwhile.
    """
    waiting = District.objects.filter(
        launch_date__isnull=False, launched_at=None, first_final_at__isnull=False
    ).defer("clever_token")
    launched = []
    for district in [each for each in waiting if _is_due(each, now)]:
        read_facts(district)
        if _is_due(district, now) and _launch(district):
            launched.append(district)
    return launched


def _is_due(district: District, now: datetime) -> bool:
    return launches_by_itself(district, now) and not stop_over_date(district)


def _launch(district: District) -> bool:
    """Launch a district; return False if somebody was faster than the schedule."""
    try:
        launch_district(district, SCHEDULE, DATE_IS_HERE)
    except RefusedError as error:
        logger.warning("%s is not launched: %s", district.slug, error)
        return False
    return True


def stop_over_date(district: District) -> Stop | None:
    """Return the pause or disconnection that ended after the launch date, if any.

    What it missed by that is no matter of the schedule any more: support decides.
    """
    ends = district.audit_entries.filter(verb__in=list(_STOPS))
    newest = ends.first()
    if newest is None or district.launch_date is None:
        return None
    until = day_in(district, newest.at)
    return Stop(_STOPS[newest.verb], until) if until > district.launch_date else None
