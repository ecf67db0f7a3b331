"""Stored rosters: save one, read one, and what the last one counted."""

from schools.models import District
from staffimport.core.snapshot import Snapshot, decode, encode
from staffimport.core.workbench import titles_in
from staffimport.models import RosterSnapshot


def save(district: District, snapshot: Snapshot) -> RosterSnapshot:
    """Store a snapshot as the district's newest and return its row."""
    return RosterSnapshot.objects.create(
        district=district,
        blob=encode(snapshot),
        counts=snapshot.counts(),
        titles=sorted(titles_in(snapshot)),
    )


def latest_counts(
    district: District, before: RosterSnapshot | None = None
) -> dict[str, int] | None:
    """Return `Snapshot.counts()` of the district's newest snapshot, None before one.

    `before` looks at what was pulled before that snapshot only.
    """
    stored = district.snapshots.all()
    if before is not None:
        stored = stored.filter(taken_at__lt=before.taken_at)
    newest = stored.values_list("counts", flat=True).first()
    return None if newest is None else {str(k): int(v) for k, v in newest.items()}


def latest_titles(district: District) -> frozenset[str] | None:
    """Return the titles of the district's newest snapshot, None before one."""
    newest = district.snapshots.values_list("titles", flat=True).first()
    return None if newest is None else frozenset(newest)


def load(row: RosterSnapshot) -> Snapshot:
    """Return the stored snapshot. Raises msgspec.DecodeError if its blob is broken."""
    return decode(bytes(row.blob))
