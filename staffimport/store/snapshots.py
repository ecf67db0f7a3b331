"""Stored rosters: save one, read one, and what the last one counted."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from schools.models import District
from staffimport.core.people import Person, read_person
from staffimport.core.snapshot import Snapshot, decode, encode, find_people
from staffimport.core.source import norm
from staffimport.core.workbench import titles_in
from staffimport.models import ImportRun, RosterSnapshot


def save(
    district: District,
    snapshot: Snapshot,
    previous_counts: dict[str, int] | None = None,
) -> RosterSnapshot:
    """Store a snapshot as the district's newest and return its row.

    `previous_counts` are `latest_counts` before it.
    """
    counts = snapshot.counts()
    return RosterSnapshot.objects.create(
        district=district,
        blob=encode(snapshot),
        counts=counts,
        norm=norm(counts, previous_counts),
        titles=sorted(titles_in(snapshot)),
    )


def latest_counts(
    district: District, before: RosterSnapshot | None = None
) -> dict[str, int] | None:
    """Return what a pull is judged by: the counts before it, None at the first.

    Of a field that has gone blank it is the count from before, until a final import is
    applied all the same: then an admin has seen it. `before` looks at what was pulled
    before that snapshot only.
    """
    stored = district.snapshots.all()
    if before is not None:
        stored = stored.filter(taken_at__lt=before.taken_at)
    finals = ImportRun.objects.filter(
        snapshot=OuterRef("pk"), kind=ImportRun.Kind.FINAL, applied_at__isnull=False
    )
    newest = stored.values_list("counts", "norm", Exists(finals)).first()
    if newest is None:
        return None
    counts, usual, is_accepted = newest
    judged_by = counts if is_accepted or not usual else usual
    return {str(key): int(count) for key, count in judged_by.items()}


def latest_titles(district: District) -> frozenset[str] | None:
    """Return the titles of the district's newest snapshot, None before one."""
    newest = district.snapshots.values_list("titles", flat=True).first()
    return None if newest is None else frozenset(newest)


def people(run: ImportRun, clever_ids: Collection[str]) -> dict[str, Person]:
    """Return some people as a run pulled them; nobody if that is no longer kept."""
    kept = RosterSnapshot.objects.filter(runs=run.pk).values_list("blob", flat=True)
    blob = kept.first() if clever_ids else None
    if blob is None:
        return {}
    found = find_people(bytes(blob), clever_ids)
    return {clever_id: read_person(raw) for clever_id, raw in found.items()}


def load(row: RosterSnapshot) -> Snapshot:
    """Return the stored snapshot. Raises msgspec.DecodeError if its blob is broken."""
    return decode(bytes(row.blob))
