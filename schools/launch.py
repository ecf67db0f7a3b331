"""The rules of a district's way to launch; pure: they ask no database and no clock.

Source: product.md, "The district's way through"; manual, "Launch the Clever
Integration". `today` is a day of the district's own calendar.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from schools.clock import day_in
from schools.models import District, DistrictState

DAYS_TO_LAUNCH = timedelta(days=28)
"""From activation to the launch date."""

LONGEST_WAY = timedelta(days=365)
"""A launch date further away is a slip of the pen."""

REMINDED_DAYS_BEFORE = (14, 7, 1)
"""A district's admins are reminded so many days before the launch date."""


def first_launch_date(district: District, activated_at: datetime) -> date:
    """Return the launch date a district gets that is activated then."""
    return day_in(district, activated_at) + DAYS_TO_LAUNCH


def is_on_its_way(district: District) -> bool:
    """Whether the district is activated and still to be launched."""
    return district.state in (
        DistrictState.ACTIVATED,
        DistrictState.SETTING_UP,
        DistrictState.READY,
    )


def launch_lacks(district: District) -> list[str]:
    """Return what still stands in the way of a launch, as sentences; empty if nothing.

    The date is none of it: support may launch before it.
    """
    return list(_lacking(district))


def _lacking(district: District) -> Iterator[str]:
    match district.state:
        case DistrictState.REQUESTED:
            yield f"{district} is not activated yet. Activate it first."
        case DistrictState.LAUNCHED:
            yield f"{district} is launched already."
        case DistrictState.DISCONNECTED:
            yield f"{district} was disconnected from Clever."
        case _:
            if district.first_final_at is None:
                yield (
                    f"No final import has run in {district}, so nobody could sign in "
                    "with Clever. The district starts it when its test is reviewed."
                )
            if district.materials_reviewed_at is None:
                yield (
                    f"The launch materials of {district} are not marked as reviewed. "
                    "Review them, then mark them."
                )
            if district.is_paused:
                yield f"{district} is paused. Resume it first."


def launches_by_itself(district: District, now: datetime) -> bool:
    """Whether the schedule launches the district at `now`.

    It does on the launch date, from midnight in the district on, as soon as nothing is
    lacking. When something was lacking that whole day, the date has passed and
    somebody at support decides; a schedule that stood still that day is made up for.
    That the district stood still over that day, which no fact of it tells, is asked by
    `schools.services.due_launches`.
    """
    end = district.launch_date
    if end is None or launch_lacks(district) or day_in(district, now) < end:
        return False
    facts = (district.first_final_at, district.materials_reviewed_at)
    return all(fact and day_in(district, fact) <= end for fact in facts)


def days_left(district: District, today: date) -> int | None:
    """Return the days to the launch date, below zero once it has passed.

    None where there is none to count to: launched, disconnected or not yet activated.
    """
    if district.launch_date is None or not is_on_its_way(district):
        return None
    return (district.launch_date - today).days


def has_passed(district: District, today: date) -> bool:
    """Whether the launch date is past and the district not launched."""
    left = days_left(district, today)
    return left is not None and left < 0


def reminder_due(district: District, today: date) -> int | None:
    """Return how many days before the launch a reminder is due today, None if none is.

    A paused district gets none: its admins can do nothing for the launch.
    """
    left = days_left(district, today)
    return left if left in REMINDED_DAYS_BEFORE and not district.is_paused else None
