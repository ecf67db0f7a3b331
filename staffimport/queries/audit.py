"""The district's audit trail, newest first, page by page."""

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta, tzinfo

import msgspec
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import QueryDict

from schools.clock import zone_of
from schools.models import AuditEntry, District
from staffimport.queries.audit_words import LONGEST, value_in_words, verb_in_words
from staffimport.settings.changes import Change, stored_changes

ON_PAGE = 50
SETTINGS_SAVED = "saved import settings"
_OF_THE_DATABASE = frozenset({"rows"})  # keys of rows, whose people stand beside them
# Some time zone or database has no day before or after these.
_EARLIEST, _LATEST = date(1970, 1, 1), date(9999, 12, 30)


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One entry, with what changed part by part."""

    entry: AuditEntry
    changes: list[Change]

    @property
    def what(self) -> str:
        """Return what was done, in words."""
        return verb_in_words(self.entry.verb)


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are looked for; "" and None narrow nothing.

    `q` is words of which each is part of who did it, whom or what it was about, the
    address it came from, the note or what changed; `since` and `until` are days in
    the district's time zone, both included.
    """

    verb: str = ""
    q: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, sent: QueryDict) -> "AuditFilter":
        """Return the filter of a query string; what is no date is left out."""
        return cls(
            _text_of(sent, "verb"),
            _text_of(sent, "q"),
            _day(sent.get("since", "")),
            _day(sent.get("until", "")),
        )

    def __bool__(self) -> bool:
        """Return whether it narrows anything."""
        return self != AuditFilter()

    def params(self) -> dict[str, str]:
        """Return what `read` makes the filter of again."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) for name, value in values.items() if value}

    def narrow(
        self, district: District, entries: QuerySet[AuditEntry]
    ) -> QuerySet[AuditEntry]:
        """Return those of the district's entries that fit."""
        if self.verb:
            entries = entries.filter(verb=self.verb)
        if self.q:
            entries = entries.alias(changed=Cast("changes", TextField()))
        for word in self.q.split():
            entries = entries.filter(
                Q(actor_name__icontains=word)
                | Q(changed__icontains=word)
                | Q(target__icontains=word)
                | Q(note__icontains=word)
                | Q(address__startswith=word)
            )
        if self.since:
            entries = entries.filter(at__gte=_midnight(district, self.since))
        if self.until:
            after = self.until + timedelta(days=1)
            entries = entries.filter(at__lt=_midnight(district, after))
        return entries


def _text_of(sent: QueryDict, name: str) -> str:
    # PostgreSQL refuses a text with NUL.
    return sent.get(name, "").replace("\x00", "").strip()[:LONGEST]


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _EARLIEST <= day <= _LATEST else None


def _midnight(district: District, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone_of(district))


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One page of entries, and its neighbours' query strings ("" if none)."""

    lines: list[AuditLine]
    previous: str
    next: str
    last: str


def verbs(district: District) -> list[tuple[str, str]]:
    """Return what has ever been done in the district: each verb, and its words."""
    entries = district.audit_entries.order_by("verb")
    found = entries.values_list("verb", flat=True).distinct()
    return [(verb, verb_in_words(verb)) for verb in found]


def audit_page(
    district: District,
    wanted: AuditFilter,
    *,
    before: int | None,
    after: int | None,
    last: bool,
) -> AuditPage:
    """Return a page of the entries that are wanted, newest first.

    `before` and `after` are entry numbers: the page older than one, or newer than
    one; `last` is the oldest page.
    """
    entries = wanted.narrow(district, district.audit_entries.all())
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
    zone = zone_of(district)
    has_older = bool(shown) and (not last if backwards else more)
    has_newer = bool(shown) and (more if backwards else before is not None)
    return AuditPage(
        lines=[AuditLine(entry, changes_of(entry, zone)) for entry in shown],
        previous=f"after={shown[0].pk}" if has_newer else "",
        next=f"before={shown[-1].pk}" if has_older else "",
        last="last=1",
    )


def changes_of(entry: AuditEntry, zone: tzinfo) -> list[Change]:
    """Return what an entry changed, part by part, with times of the zone."""
    if entry.verb == SETTINGS_SAVED:
        try:
            return stored_changes(entry.changes)
        except msgspec.ValidationError:
            pass  # written by a version whose settings read differently
    return [
        Change(
            name.replace("_", " "),
            value_in_words(_side(pair, 0), zone, name),
            value_in_words(_side(pair, 1), zone, name),
        )
        for name, pair in entry.changes.items()
        if name not in _OF_THE_DATABASE
    ]


def _side(pair: object, side: int) -> object:
    return pair[side] if isinstance(pair, list) and side < len(pair) else pair
