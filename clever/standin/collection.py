"""One kind of record of one district, kept as encoded JSON and served in id order."""

from bisect import insort
from collections.abc import Iterable

import msgspec

from clever.standin.views import Filter, SchoolFacets, SectionFacets, UserFacets
from clever.standin.wire import Record

Facets = UserFacets | SchoolFacets | SectionFacets

FACETS: dict[str, type[Facets]] = {
    "users": UserFacets,
    "schools": SchoolFacets,
    "sections": SectionFacets,
}


class Collection:
    """The records of one kind ("users", "schools", "sections") by id.

    Each record is encoded once, so that a page of ten thousand is joined, not encoded.
    Not thread-safe by itself: its district's lock guards it.
    """

    def __init__(self, kind: str, records: Iterable[Record]) -> None:
        """Encode the records, in whatever order they come."""
        self.kind = kind
        encode = msgspec.json.Encoder().encode
        self._bodies = {record["id"]: encode(record) for record in records}
        self._ids = sorted(self._bodies)
        self._facets = msgspec.json.Decoder(FACETS[kind])
        self._views: dict[Filter, list[str]] = {}

    def __contains__(self, record_id: str) -> bool:
        """Tell whether a record of this id exists, shared or not."""
        return record_id in self._bodies

    def __len__(self) -> int:
        """Return how many records exist, shared or not."""
        return len(self._ids)

    def ids(self) -> list[str]:
        """Return the ids of all records, ascending, shared or not."""
        return list(self._ids)

    def body(self, record_id: str) -> bytes:
        """Return the encoded record; KeyError if there is none."""
        return self._bodies[record_id]

    def get(self, record_id: str) -> Record:
        """Return a copy of the record; KeyError if there is none."""
        record: Record = msgspec.json.decode(self._bodies[record_id])
        return record

    def facets(self, record_id: str) -> Facets:
        """Return what decides the visibility of the record; KeyError if none."""
        return self._facets.decode(self._bodies[record_id])

    def select(self, wanted: Filter) -> list[str]:
        """Return the ids, ascending, of the records the filter lets through.

        The list is remembered until a record changes; callers don't alter it.
        """
        if wanted not in self._views:
            decode = self._facets.decode
            self._views[wanted] = [
                record_id
                for record_id in self._ids
                if decode(self._bodies[record_id]).passes(wanted)
            ]
        return self._views[wanted]

    def put(self, record: Record) -> None:
        """Add the record, or replace the one of the same id.

        Raises msgspec.ValidationError for one that no list could be made of.
        """
        body = msgspec.json.encode(record)
        self._facets.decode(body)
        if record["id"] not in self._bodies:
            insort(self._ids, record["id"])
        self._bodies[record["id"]] = body
        self._views = {}

    def remove(self, record_id: str) -> None:
        """Forget the record; KeyError if there is none."""
        del self._bodies[record_id]
        self._ids.remove(record_id)
        self._views = {}
