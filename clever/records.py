"""What Clever sends, as frozen values with only the fields we use.

Fields and names are those of https://dev.clever.com/docs/schema. Unknown fields are
ignored; an absent or null text is None, an absent or null list is empty. Times and
dates stay the text Clever sent: "2026-08-18T05:02:44.901Z". Only ids are promised.
"""

from typing import Annotated

from msgspec import Meta, Raw, Struct, field

Id = Annotated[str, Meta(min_length=1)]


class Name(Struct, frozen=True, gc=False):
    """A person's name as Clever has it; any part may be missing, empty or junk."""

    first: str | None = None
    middle: str | None = None
    last: str | None = None


class DistrictContact(Struct, frozen=True, gc=False):
    """Whom Clever names as the district's contact."""

    name: Name = Name()
    email: str | None = None
    title: str | None = None


class District(Struct, frozen=True, gc=False):
    """A district and the state of its data in Clever.

    `state` is one of running, pending, error, paused, success or empty; a paused or
    erroring district still serves its data, frozen. `error` is text for people.
    `pause_start` and `pause_end` are dates or times, `launch_date` is a date
    (https://dev.clever.com/docs/districts).
    """

    id: Id
    name: str | None = None
    nces_id: str | None = None
    state: str | None = None
    error: str | None = None
    last_sync: str | None = None
    pause_start: str | None = None
    pause_end: str | None = None
    launch_date: str | None = None
    district_contact: DistrictContact | None = None


class Location(Struct, frozen=True, gc=False):
    """Where a school is."""

    address: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None


class School(Struct, frozen=True, gc=False):
    """A school; `nces_id` is whatever the source had, unchecked and not unique."""

    id: Id
    name: str | None = None
    nces_id: str | None = None
    school_number: str | None = None
    sis_id: str | None = None
    state_id: str | None = None
    low_grade: str | None = None
    high_grade: str | None = None
    location: Location = Location()


class TeacherRole(Struct, frozen=True, gc=False):
    """A teacher: `school` is the primary one; `legacy_id` is no key for anything."""

    school: str | None = None
    schools: tuple[str, ...] = ()
    sis_id: str | None = None
    teacher_number: str | None = None
    state_id: str | None = None
    title: str | None = None
    legacy_id: str | None = None


class StaffRole(Struct, frozen=True, gc=False):
    """Any employee who isn't rostered; there is no primary school.

    `roles` holds Clever's own words such as "PortalOnly" and "SchoolTechLead".
    """

    staff_id: str | None = None
    schools: tuple[str, ...] = ()
    title: str | None = None
    department: str | None = None
    roles: tuple[str, ...] = ()


class DistrictAdminRole(Struct, frozen=True, gc=False):
    """A district administrator; Clever names no school for one."""

    title: str | None = None


class Roles(Struct, frozen=True, gc=False):
    """The roles one person holds, at most one of each; None is not held."""

    teacher: TeacherRole | None = None
    staff: StaffRole | None = None
    district_admin: DistrictAdminRole | None = None


class User(Struct, frozen=True, gc=False):
    """A person under one Clever id, whatever roles they hold.

    `email` may be missing, shared or malformed; nobody verified it.
    """

    id: Id
    email: str | None = None
    name: Name = Name()
    roles: Roles = Roles()
    created: str | None = None
    last_modified: str | None = None


class Me(Struct, frozen=True, gc=False):
    """Whose sign-in token it is; both are Clever ids. Roles stand with the user.

    Source: https://dev.clever.com/docs/classroom-rostering.
    """

    id: Id
    district: Id


class Section(Struct, frozen=True, gc=False):
    """A class, for who teaches where; its students are never decoded."""

    id: Id
    school: str | None = None
    teacher: str | None = None
    teachers: tuple[str, ...] = ()

    @property
    def teacher_ids(self) -> tuple[str, ...]:
        """Clever ids of all who teach the section, primary teacher first, each once."""
        if self.teacher is None or self.teacher in self.teachers:
            return self.teachers
        return (self.teacher, *self.teachers)


class EventData(Struct, frozen=True, gc=False):
    """What an event carries: the whole record, also when it was deleted."""

    previous_attributes: dict[str, object] | None = None
    object: Raw = field(default_factory=lambda: Raw(b"null"))


class Event(Struct, frozen=True, gc=False):
    """A change in Clever; its id is the place to go on from.

    `type` is "users.updated" and the like. `clever.decoding.record_of` turns an event
    into its record (https://dev.clever.com/docs/events-api).
    """

    id: Id
    type: str
    created: str | None = None
    data: EventData = field(default_factory=EventData)
    # Clever's Swagger has it beside `data`, Clever's recorded answers inside `data`.
    outer_attributes: dict[str, object] | None = field(
        default=None, name="previous_attributes"
    )

    @property
    def subject(self) -> str:
        """The kind of record: "users", "schools", "sections", "districts", …."""
        return self.type.partition(".")[0]

    @property
    def verb(self) -> str:
        """What happened to it: "created", "updated" or "deleted"."""
        return self.type.partition(".")[2]

    @property
    def previous_attributes(self) -> dict[str, object]:
        """Old values of the fields that changed; empty unless updated."""
        return self.data.previous_attributes or self.outer_attributes or {}

    @property
    def object(self) -> Raw:
        """The record as the JSON text Clever sent."""
        return self.data.object


Record = District | School | User | Section
