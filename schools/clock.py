"""A district's own clock: its time zone, and which day it is there."""

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from schools.models import District


def zone_of(district: District) -> ZoneInfo:
    """Return the district's time zone, UTC if its name is none we know."""
    try:
        return ZoneInfo(district.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


def day_in(district: District, at: datetime) -> date:
    """Return which day it is in the district at that moment."""
    return at.astimezone(zone_of(district)).date()


def full_day(day: date) -> str:
    """Return a day with its year as sentences have it: "October 19, 2026"."""
    return f"{day:%B} {day.day}, {day.year}"
