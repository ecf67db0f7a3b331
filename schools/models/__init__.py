"""Districts, the schools on both sides, their matches, and the audit trail."""

from schools.models.audit import AuditEntry
from schools.models.districts import (
    STATE_FACTS,
    District,
    Districts,
    DistrictState,
    place_on_the_way,
)
from schools.models.matches import (
    CleverSchool,
    School,
    SchoolMatch,
    SchoolMatchReset,
)

__all__ = [
    "STATE_FACTS",
    "AuditEntry",
    "CleverSchool",
    "District",
    "DistrictState",
    "Districts",
    "School",
    "SchoolMatch",
    "SchoolMatchReset",
    "place_on_the_way",
]
