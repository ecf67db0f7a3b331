"""Build the JSON objects that Clever serves, from a few facts about each.

The shapes are those of dev.clever.com/docs/users, /schools, /sections and
/districts (API v3). Field names are Clever's own.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

# One JSON object as Clever sends it. This package is the JSON edge itself, so the
# values stay plain.
Record = dict[str, Any]

CREATED = "2024-07-30T08:11:02.113Z"
LAST_MODIFIED = "2026-08-18T05:02:44.901Z"

DISTRICT = 1
SCHOOL = 2
USER = 3
SECTION = 4
STUDENT = 5
LEGACY_TEACHER = 10
LEGACY_STAFF = 11
LEGACY_ADMIN = 12


def object_id(family: int, district: int, number: int) -> str:
    """Return a 24-hex id that ascends with the number within family and district."""
    return f"{_prefix(family, district)}{number:08x}"


@cache
def _prefix(family: int, district: int) -> str:
    return f"{0x60A00000 + family:08x}{district:08x}"


def timestamp(seconds: float) -> str:
    """Return Unix seconds the way Clever writes a moment, with milliseconds."""
    moment = datetime.fromtimestamp(seconds, tz=UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def teacher_role(schools: list[str], number: int, **fields: Any) -> Record:
    """Return `roles.teacher`; the first school is the primary one.

    Without schools, `school` is left out: Clever doesn't declare it nullable.
    """
    return {
        "legacy_id": object_id(LEGACY_TEACHER, 0, number),
        **({"school": schools[0]} if schools else {}),
        "schools": schools,
        "sis_id": f"T{number}",
        "teacher_number": None,
        "state_id": None,
        "title": None,
        **fields,
    }


def staff_role(schools: list[str], number: int, **fields: Any) -> Record:
    """Return `roles.staff`, which has `schools` but no `school` of its own."""
    return {
        "legacy_id": object_id(LEGACY_STAFF, 0, number),
        "staff_id": f"S{number}",
        "schools": schools,
        "title": None,
        "department": None,
        "roles": ["PortalOnly"],
        **fields,
    }


def admin_role(number: int, title: str | None) -> Record:
    """Return `roles.district_admin`, which has a title and nothing else."""
    return {"legacy_id": object_id(LEGACY_ADMIN, 0, number), "title": title}


@dataclass(slots=True)
class Maker:
    """Builds the objects of one district; `number` keeps its ids apart from others'."""

    number: int
    domain: str
    district_id: str = field(init=False)

    def __post_init__(self) -> None:
        """Derive the district's own id."""
        self.district_id = object_id(DISTRICT, self.number, 1)

    def school_id(self, number: int) -> str:
        """Return the id of the district's nth school."""
        return object_id(SCHOOL, self.number, number)

    def user_id(self, number: int) -> str:
        """Return the id of the district's nth user."""
        return object_id(USER, self.number, number)

    def section_id(self, number: int) -> str:
        """Return the id of the district's nth section."""
        return object_id(SECTION, self.number, number)

    def student_id(self, number: int) -> str:
        """Return the id of the district's nth student."""
        return object_id(STUDENT, self.number, number)

    def district(self, name: str, nces_id: str | None) -> Record:
        """Return the district itself, running and long launched."""
        return {
            "id": self.district_id,
            "name": name,
            "nces_id": nces_id,
            "mdr_number": None,
            "sis_type": "SFTP Sync",
            "state": "running",
            "launch_date": "2024-08-01",
            "last_sync": LAST_MODIFIED,
            "login_methods": ["Active Directory Authentication"],
            "portal_url": f"https://clever.com/in/{self.domain.split('.')[0]}",
            "district_contact": {
                "id": object_id(DISTRICT, self.number, 2),
                "district": self.district_id,
                "name": {"first": "Noor", "middle": "", "last": "Haddad"},
                "email": f"clever@{self.domain}",
                "title": "Clever Administrator",
            },
        }

    def school(self, number: int, name: str, **fields: Any) -> Record:
        """Return the nth school; fields override or add to what Clever guarantees."""
        return {
            "id": self.school_id(number),
            "district": self.district_id,
            "name": name,
            "sis_id": str(100 + number),
            "school_number": str(100 + number),
            "nces_id": None,
            "created": CREATED,
            "last_modified": LAST_MODIFIED,
            **fields,
        }

    def user(
        self, number: int, name: tuple[str | None, str | None], **fields: Any
    ) -> Record:
        """Return the nth user, named (first, last); pass `email`, `roles` and so on."""
        first, last = name
        return {
            "id": self.user_id(number),
            "district": self.district_id,
            "email": None,
            "name": {"first": first, "middle": None, "last": last},
            "created": CREATED,
            "last_modified": LAST_MODIFIED,
            "roles": {},
            **fields,
        }

    def section(
        self, number: int, name: str, school: str, teachers: list[str], **fields: Any
    ) -> Record:
        """Return the nth section; the first teacher is the primary one."""
        return {
            "id": self.section_id(number),
            "district": self.district_id,
            "school": school,
            "name": name,
            "sis_id": f"SEC{number}",
            "section_number": str(number),
            "subject": "",
            "grade": None,
            "period": None,
            "course": None,
            "term_id": None,
            "teacher": teachers[0] if teachers else None,
            "teachers": teachers,
            "students": [self.student_id(number)],
            "created": CREATED,
            "last_modified": LAST_MODIFIED,
            **fields,
        }
