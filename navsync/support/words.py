"""A district's line in words, as the board and its own page say it."""

from navsync.freshness import IN_STEP, LATE
from navsync.support.fleet import Line
from schools.clock import day_in, full_day
from staffimport.wording import age, counted


def left_in_words(line: Line) -> str:
    """Return the days to the launch: "in 9 days", "" where none is to come."""
    days = line.days_left
    if days is None:
        return ""
    if days < 0:
        return f"passed {counted(-days, 'day')} ago"
    return "today" if days == 0 else f"in {counted(days, 'day')}"


def freshness_in_words(line: Line) -> str:
    """Return how the accounts stand to Clever's last sync: "Late, 9 hours".

    Where there is no such sync to compare with, it is the day of the last import.
    """
    if line.lag is None:
        return _last_import_in_words(line)
    now = line.facts.now
    lag = age(now - line.lag, now)
    if line.standing_of_data == IN_STEP:
        return f"In step, {lag} after Clever"
    return f"{'Late' if line.standing_of_data == LATE else 'On its way'}, {lag}"


def _last_import_in_words(line: Line) -> str:
    if line.applied_at is not None:
        return f"Last import on {full_day(day_in(line.district, line.applied_at))}"
    return "–" if line.district.disconnected_at else "Nothing imported"


def quiet_in_words(line: Line) -> str:
    """Return that Clever itself has not synced for long, "" if it has."""
    if line.quiet is None:
        return ""
    now = line.facts.now
    return f"Clever’s last sync was {age(now - line.quiet, now)} ago"


def run_age_in_words(line: Line) -> str:
    """Return how long ago the newest run was asked for, "" if there is none."""
    return age(line.newest.requested_at, line.facts.now) if line.newest else ""
