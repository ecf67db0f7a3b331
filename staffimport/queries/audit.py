"""The district's audit trail, newest first, page by page."""

import json
from dataclasses import dataclass

import msgspec
from django.db.models import QuerySet

from schools.models import AuditEntry, District
from staffimport.settings.changes import Change, stored_changes

ON_PAGE = 50
SETTINGS_SAVED = "saved import settings"
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One entry, with what changed part by part."""

    entry: AuditEntry
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One page of entries, and its neighbours' query strings ("" if none)."""

    lines: list[AuditLine]
    previous: str
    next: str
    last: str


def verbs(district: District) -> list[str]:
    """Return what has ever been done in the district."""
    entries = district.audit_entries.order_by("verb")
    return list(entries.values_list("verb", flat=True).distinct())


def audit_page(
    district: District, *, verb: str, before: int | None, after: int | None, last: bool
) -> AuditPage:
    """Return a page of entries with a verb ("" for all), newest first.

    `before` and `after` are entry numbers: the page older than one, or newer than
    one; `last` is the oldest page.
    """
    entries: QuerySet[AuditEntry] = district.audit_entries.all()
    if verb:
        entries = entries.filter(verb=verb)
    backwards = last or (before is None and after is not None)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    elif after is not None:
        entries = entries.filter(pk__gt=after)
    # Entries are only ever appended, so their numbers are in the order of time.
    found = list(entries.order_by("pk" if backwards else "-pk")[: ON_PAGE + 1])
    more, shown = len(found) > ON_PAGE, found[:ON_PAGE]
    if backwards:
        shown.reverse()
    has_older = bool(shown) and (not last if backwards else more)
    has_newer = bool(shown) and (more if backwards else before is not None)
    return AuditPage(
        lines=[AuditLine(entry, _changes(entry)) for entry in shown],
        previous=f"after={shown[0].pk}" if has_newer else "",
        next=f"before={shown[-1].pk}" if has_older else "",
        last="last=1",
    )


def _changes(entry: AuditEntry) -> list[Change]:
    """Return what an entry changed: settings in words, anything else as it is kept."""
    if entry.verb == SETTINGS_SAVED:
        try:
            return stored_changes(entry.changes)
        except msgspec.ValidationError:
            pass  # written by a version whose settings read differently
    return [
        Change(name.replace("_", " "), _text(pair, 0), _text(pair, 1))
        for name, pair in entry.changes.items()
    ]


def _text(pair: object, side: int) -> str:
    """Return one side of a change as text, cut where it would fill the page."""
    value = pair[side] if isinstance(pair, list) and side < len(pair) else pair
    if value is None or value == "":
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = ", ".join(value)  # such as the names of pinned fields
    words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
