"""Keep what Clever last showed of a district's schools."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from clever.records import School as CleverRecord
from schools.clever_connection import open_client
from schools.columns import column_lengths
from schools.errors import RefusedError
from schools.models import CleverSchool, District
from schools.services.tokens import ask_with_token

_TEXTS = ("name", "nces_id", "address", "city", "state", "zip")
_LENGTHS = column_lengths(CleverSchool, _TEXTS)


def pull_clever_schools(district: District) -> None:
    """Ask Clever for the district's schools now, and store them.

    Raises NotConnectedError, CleverError, and RefusedError when Clever names no school
    but did before: then the source is sick, and nothing is stored.
    """

    def ask(token: str) -> list[CleverRecord]:
        with open_client(token) as client:
            return list(client.schools())

    schools = ask_with_token(district, ask)
    if not schools and district.clever_schools.filter(is_shared=True).exists():
        sentence = (
            f"Clever names no school of {district}, where it named some before. "
            "Nothing was changed. Check in the Clever Dashboard what the district "
            "shares, then try again."
        )
        raise RefusedError(sentence)
    record_clever_schools(district, schools, timezone.now())


def record_clever_schools(
    district: District,
    schools: Iterable[CleverRecord],
    seen_at: datetime,
    staff_counts: Mapping[str, int] | None = None,
) -> None:
    """Store the schools of a whole list from Clever, as they were at `seen_at`.

    Known ones are updated, new ones added, and those not in the list are kept as no
    longer shared. The list must have reached its end: what is missing counts as gone.
    Texts longer than their column are cut. `staff_counts` are the people at each Clever
    school id; without it the counts stay as they were.
    """
    rows = [_row(district, school, seen_at) for school in schools]
    updated = [*_TEXTS, "is_shared", "last_seen_at"]
    if staff_counts is not None:
        updated.append("staff_count")
        for row in rows:
            row.staff_count = staff_counts.get(row.clever_id, 0)
    seen = {row.clever_id for row in rows}
    with transaction.atomic():
        CleverSchool.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["district", "clever_id"],
            update_fields=updated,
            batch_size=50,
        )
        shared = district.clever_schools.filter(is_shared=True)
        gone = [
            pk
            for pk, clever_id in shared.values_list("pk", "clever_id")
            if clever_id not in seen
        ]
        for start in range(0, len(gone), 500):
            shared.filter(pk__in=gone[start : start + 500]).update(is_shared=False)


def _row(district: District, school: CleverRecord, seen_at: datetime) -> CleverSchool:
    return CleverSchool(
        district=district,
        clever_id=school.id,
        name=_fitted("name", school.name),
        nces_id=_fitted("nces_id", school.nces_id),
        address=_fitted("address", school.location.address),
        city=_fitted("city", school.location.city),
        state=_fitted("state", school.location.state),
        zip=_fitted("zip", school.location.zip),
        is_shared=True,
        last_seen_at=seen_at,
    )


def _fitted(column: str, text: str | None) -> str:
    """Return a text as the column takes it: no NUL (PostgreSQL), not too long."""
    return (text or "").replace("\0", "").strip()[: _LENGTHS[column]]
