"""The audit trail in words: what was done, and values as pages write them."""

import json
import re
from datetime import date, datetime, tzinfo

from accounts.services.visits import BEGAN, ENDED
from accounts.visiting import DOWNLOADED
from schools.models import DistrictState
from staffimport.queries.words import ACCOUNT_FIELDS

LONGEST = 300

_WORDS = {
    BEGAN: "began to look at the console",
    ENDED: "ended looking at the console",
    DOWNLOADED: "downloaded a file while looking at the console",
}
# Values that are names of the program's, by the field whose values they are.
_NAMES: dict[str, dict[str, str]] = {
    "state": {state.value: str(state.label) for state in DistrictState},
    "pinned_fields": ACCOUNT_FIELDS,
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d[^ ]*")


def verb_in_words(verb: str) -> str:
    """Return what was done as the district reads it; most verbs say it themselves."""
    return _WORDS.get(verb, verb)


def value_in_words(value: object, zone: tzinfo, name: str = "") -> str:
    """Return a kept value of a field as text, cut where it would fill the page.

    Times are those of the zone; a time that has none is left as it is.
    """
    words_of = _NAMES.get(name, {})
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value == "":
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        # Such as the names of pinned fields.
        value = ", ".join(words_of.get(str(item), str(item)) for item in value)
    if isinstance(value, str):
        value = words_of.get(value, value)
    words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    words = _as_day(words, zone)
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"


def _as_day(text: str, zone: tzinfo) -> str:
    """Return a date or time of a program's as pages write it, any other text as is."""
    try:
        if _DAY.fullmatch(text):
            return _day(date.fromisoformat(text))
        if _TIME.fullmatch(text):
            at = datetime.fromisoformat(text)
            return text if at.tzinfo is None else _moment(at.astimezone(zone))
    except (ValueError, OverflowError):
        pass  # it only looks like one
    return text


def _day(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def _moment(at: datetime) -> str:
    half, hour = ("AM", at.hour) if at.hour < 12 else ("PM", at.hour - 12)  # noqa: PLR2004 — noon
    return f"{_day(at)}, {hour or 12}:{at:%M} {half}"
