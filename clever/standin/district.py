"""A served district: its records, what is shared of them, its events and its token."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from threading import RLock

import msgspec

from clever.standin.collection import Collection
from clever.standin.views import Filter, SchoolFacets, SectionFacets, UserFacets
from clever.standin.wire import Record, timestamp

EVENTS_KEPT_SECONDS = 30 * 24 * 3600
"""Clever drops events after 30 days (dev.clever.com/docs/events-api)."""

EVENT_ERA = 0x66F00000
"""The leading half of every event's id."""


@dataclass(slots=True)
class Roster:
    """A generated district, to be served once: the iterables may be generators."""

    district: Record
    schools: Iterable[Record]
    users: Iterable[Record]
    sections: Iterable[Record]


class Event(msgspec.Struct, frozen=True):
    """One entry of the events feed; `schools` are those it concerns."""

    id: str
    type: str
    created: float
    object: Record
    previous: Record | None
    schools: frozenset[str]


class District:
    """One district as Clever holds it, with the token that reads it.

    Every access from a request happens under `lock`, so a page never shows half of a
    change. `token` is the district-app token (40 hex digits, never in a repr).
    """

    def __init__(self, roster: Roster, now: float) -> None:
        """Load the roster, last synced at `now` (Unix seconds)."""
        self.lock = RLock()
        self.record: Record = {**roster.district, "last_sync": timestamp(now)}
        self.id: str = self.record["id"]
        self.connected_at = timestamp(now)
        self.schools = Collection("schools", roster.schools)
        self.users = Collection("users", roster.users)
        self.sections = Collection("sections", roster.sections)
        self.hidden: frozenset[str] = frozenset()
        self.events: list[Event] = []
        self._token_number = 0
        self._event_number = 0
        self._record_number = 0

    def __repr__(self) -> str:
        """Name the district without its token."""
        return f"<District {self.id} {self.record['name']!r}>"

    @property
    def token(self) -> str:
        """The bearer token that reads this district now."""
        seed = f"standin token {self.id} {self._token_number}"
        return sha256(seed.encode()).hexdigest()[:40]

    def rotate_token(self) -> str:
        """Make the present token worthless and return the new one."""
        self._token_number += 1
        return self.token

    def collection(self, kind: str) -> Collection:
        """Return the collection named "users", "schools" or "sections"."""
        return {
            "users": self.users,
            "schools": self.schools,
            "sections": self.sections,
        }[kind]

    def is_visible(
        self, kind: str, record_id: str, hidden: frozenset[str] = frozenset()
    ) -> bool:
        """Tell whether the record exists and is shared, with `hidden` also unshared."""
        records = self.collection(kind)
        return record_id in records and records.facets(record_id).passes(
            Filter(hidden=self.hidden | hidden)
        )

    def visible_of(
        self, kind: str, ids: Iterable[str], hidden: frozenset[str] = frozenset()
    ) -> list[str]:
        """Return those of the ids that exist and are shared, ascending, each once."""
        return [i for i in sorted(set(ids)) if self.is_visible(kind, i, hidden)]

    def new_record_id(self, now: float) -> str:
        """Return an id for a record born at `now`; it sorts after all earlier ones."""
        self._record_number += 1
        return f"{int(now):08x}{self.id[8:16]}{self._record_number:08x}"

    def emit(
        self, event_type: str, record: Record, previous: Record | None, now: float
    ) -> None:
        """Append an event; its id sorts after all earlier ones."""
        self._event_number += 1
        self.events.append(
            Event(
                # The running number keeps the order even where the clock goes back.
                id=f"{EVENT_ERA:08x}{self.id[8:16]}{self._event_number:08x}",
                type=event_type,
                created=now,
                object=record,
                previous=previous,
                schools=schools_of(event_type.split(".", maxsplit=1)[0], record),
            )
        )

    def events_since(self, now: float) -> list[Event]:
        """Return the events Clever would still have at `now`, oldest first."""
        return [e for e in self.events if e.created > now - EVENTS_KEPT_SECONDS]


def schools_of(kind: str, record: Record) -> frozenset[str]:
    """Return the ids of the schools a record of this kind belongs to."""
    if kind == "users":
        return frozenset(msgspec.convert(record, UserFacets).places())
    if kind == "sections":
        school = msgspec.convert(record, SectionFacets).school
        return frozenset([school] if school else [])
    if kind == "schools":
        return frozenset([msgspec.convert(record, SchoolFacets).id])
    return frozenset()
