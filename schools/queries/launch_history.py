"""What was done on a district's way to launch, as its history shows it."""

from dataclasses import dataclass
from datetime import date

from django.utils.dateparse import parse_date

from schools.models import AuditEntry, District
from schools.services import leaving, lifecycle, setting_up, wishes

# What each entry is called, newest words for people who were not there.
_WORDS = {
    "recorded request": "Requested in Clever",
    "created district": "Added by Support",
    lifecycle.ACTIVATED: "Activated, launch date",
    setting_up.SETUP_BEGUN: "Setup begun",
    setting_up.READY: "Ready for launch",
    setting_up.NOT_READY: "No longer ready for launch",
    lifecycle.MOVED_DATE: "Launch date moved",
    lifecycle.ASKED_FOR_DATE: "Asked for another launch date",
    lifecycle.REVIEWED: "Materials reviewed",
    lifecycle.REVIEW_TAKEN_BACK: "Materials review taken back",
    lifecycle.LAUNCHED: "Launched",
    lifecycle.PAUSED: "Paused",
    lifecycle.RESUMED: "Resumed",
    setting_up.SYNC_PAUSED: "Periodic sync paused",
    setting_up.SYNC_RESUMED: "Periodic sync resumed",
    wishes.ANOTHER_DATE.declined: "Another launch date declined",
    wishes.ANOTHER_DATE.taken_back: "Wish for another launch date taken back",
    leaving.ASKED_TO_LEAVE: "Asked to be disconnected",
    wishes.TO_LEAVE.declined: "Disconnection declined",
    wishes.TO_LEAVE.taken_back: "Wish to be disconnected taken back",
    leaving.DISCONNECTED: "Disconnected",
    leaving.RECONNECTED: "Connected again",
}


@dataclass(frozen=True, slots=True)
class LaunchEvent:
    """One deed: what, who, when and why; `was` and `to` where a date changed.

    `asks_early` tells of a wish to launch as soon as it can be, `confirmed_with` is
    whom support asked in the district before it activated.
    """

    entry: AuditEntry
    what: str
    was: date | None = None
    to: date | None = None
    asks_early: bool = False
    confirmed_with: str = ""


def launch_history(district: District) -> list[LaunchEvent]:
    """Return what was done on the district's way to launch, newest first."""
    entries = AuditEntry.objects.filter(district=district, verb__in=list(_WORDS))
    return [_event(entry) for entry in entries]


def activation(events: list[LaunchEvent]) -> LaunchEvent | None:
    """Return the activation of a launch history, None before it."""
    deeds = (event for event in events if event.entry.verb == lifecycle.ACTIVATED)
    return next(deeds, None)


def newest_pause(events: list[LaunchEvent]) -> LaunchEvent | None:
    """Return the newest pause of a launch history, None if there never was one."""
    pauses = (event for event in events if event.entry.verb == lifecycle.PAUSED)
    return next(pauses, None)


def wish_for_date(events: list[LaunchEvent]) -> LaunchEvent | None:
    """Return the district's wish for another date that support has not answered yet.

    `events` is a launch history.
    """
    wish = wishes.unanswered(wishes.ANOTHER_DATE, (event.entry for event in events))
    return next((event for event in events if event.entry == wish), None)


def refusal_of_date(events: list[LaunchEvent]) -> AuditEntry | None:
    """Return the entry by which support declined the newest wish for another date.

    `events` is a launch history; None as soon as something has followed.
    """
    return wishes.declined(wishes.ANOTHER_DATE, (event.entry for event in events))


def _event(entry: AuditEntry) -> LaunchEvent:
    what = _WORDS[entry.verb]
    if "wish" in entry.changes:
        what = f"{what} ({entry.changes['wish'][0]})"
    wish = entry.changes.get("wanted_launch_date")
    old, new = wish or entry.changes.get("launch_date") or (None, None)
    to = _day(new)
    asks_early = bool(wish) and to is None
    _nobody, asked = entry.changes.get("confirmed_with") or (None, "")
    return LaunchEvent(entry, what, _day(old), to, asks_early, str(asked))


def _day(text: object) -> date | None:
    try:
        return parse_date(text) if isinstance(text, str) else None
    except ValueError:
        return None
