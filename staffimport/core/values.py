"""The values that go into a plan and come out of it.

Structs without garbage-collector tracking: a large district makes hundreds of
thousands of them. Schools are named by the primary key of `schools.School`; a
district placement or account has school None.
"""

import hashlib
from enum import StrEnum
from operator import attrgetter

import msgspec


class Outcome(StrEnum):
    """What becomes of a placement or account (product.md, "Words")."""

    CREATED = "created"
    MATCHED = "matched"
    INACTIVE = "inactive"
    REACTIVATED = "reactivated"
    RELINK = "relink"
    CONFLICT = "conflict"
    SKIPPED = "skipped"


class RowState(StrEnum):
    """How far a row has come; a plan makes planned, held and dismissed ones."""

    PLANNED = "planned"
    APPLIED = "applied"
    HELD = "held"
    DISMISSED = "dismissed"
    SUPERSEDED = "superseded"


class HeldReason(StrEnum):
    """Why a row waits for the admin."""

    CHANGED = "changed_since_test"
    BRAKE = "brake"
    SOURCE = "source"
    RELINK = "relink"
    PAIR = "pair"
    ROLLOVER = "rollover"
    EDITED = "edited"


class MatchedBy(StrEnum):
    """What decided a match."""

    DECISION = "decision"
    CLEVER_ID = "clever_id"
    EMAIL_AND_ID = "email_and_employee_id"
    EMAIL = "email"
    EMPLOYEE_ID = "employee_id"
    LOOSE_ID = "employee_id_without_zeros"


class Level(StrEnum):
    """Where a placement or account is."""

    SCHOOL = "school"
    DISTRICT = "district"


class InactiveCause(StrEnum):
    """Why an account is inactive."""

    NONE = ""
    RUN = "run"
    LOADED = "loaded"
    MANUAL = "manual"


class DecisionKind(StrEnum):
    """What an admin decided about a person and an account."""

    SAME_PERSON = "same_person"
    NOT_SAME = "not_same"
    LEAVE_ALONE = "leave_alone"
    IN_CLEVER = "in_clever"
    KEEP_ONE = "keep_one"


class AppliesTo(StrEnum):
    """Which placements a title keyword is for."""

    SCHOOL = "school"
    DISTRICT = "district"
    BOTH = "both"


class Account(msgspec.Struct, gc=False):
    """A staff account as the planner needs it; role, function and zone by name.

    `inactive_by` and `inactive_on` are words for the sentence "deactivated by N on D".
    `has_sign_in` says whether its person has set up a Naviance ID.
    """

    id: str
    school: int | None
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    job_title: str = ""
    email: str = ""
    employee_id: str = ""
    clever_id: str = ""
    job_function: str = ""
    user_role: str = ""
    teacher_list: bool = False
    counselor_list: bool = False
    zone: str = ""
    active: bool = True
    inactive_cause: str = ""
    inactive_by: str = ""
    inactive_on: str = ""
    added_by_hand: bool = False
    pinned: tuple[str, ...] = ()
    revision: int = 1
    has_sign_in: bool = False


class Decision(msgspec.Struct, frozen=True):
    """One standing decision. `others` are the accounts a "keep one" archives."""

    kind: DecisionKind
    account_id: str
    clever_id: str = ""
    others: tuple[str, ...] = ()
    by: str = ""


class Assignment(msgspec.Struct, frozen=True):
    """What a new account gets: by a title keyword or as the default of its level."""

    job_function: str = ""
    user_role: str = ""
    teacher_list: bool = False
    counselor_list: bool = False


class Keyword(msgspec.Struct, frozen=True):
    """One title keyword; the list's order decides.

    `role_level` is set where the keyword applies to more than the one level its role
    is for: it counts there alone.
    """

    keyword: str
    applies_to: AppliesTo = AppliesTo.BOTH
    assignment: Assignment = Assignment()
    role_level: Level | msgspec.UnsetType = msgspec.UNSET


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The brake's limits (product.md, "The brake"); percentages from 0 to 100."""

    removal_percent: float = 10.0
    removal_people: int = 5
    update_percent: float = 75.0


class Settings(msgspec.Struct, frozen=True):
    """A district's import settings. `essential_roles` and others are role names.

    `role_ids` tell by name what stays the same when it is renamed, `district_zone_id`
    the same of the zone.
    """

    keywords: tuple[Keyword, ...] = ()
    school_default: Assignment = Assignment(user_role="Other School Staff")
    district_default: Assignment = Assignment(user_role="Other District Staff")
    district_zone: str = ""
    protected_roles: frozenset[str] = frozenset()
    essential_roles: frozenset[str] = frozenset()
    site_manager_role: str = "District Site Manager"
    teacher_fallback: bool = True
    sends_invitations: bool = False
    limits: Limits = Limits()
    role_ids: dict[str, int] = {}
    district_zone_id: int = 0


class Place(msgspec.Struct, frozen=True):
    """One Naviance school with its match.

    `included`: chosen in the import settings; `covered`: a final has imported it.
    """

    school: int
    name: str
    clever_id: str = ""
    included: bool = True
    covered: bool = False


class Removal(msgspec.Struct, frozen=True):
    """One account a run archived in the last 24 hours: where, in which role, whose.

    `clever_id` is that of its person, empty if nobody in Clever was tied to it.
    """

    account_id: str
    school: int | None
    user_role: str = ""
    clever_id: str = ""


class Near(msgspec.Struct, frozen=True):
    """Something close on the other side of an unmatched row, and in what it agrees.

    On a row of a person it names an account, on a row of an account a person.
    `agrees` holds field names such as "last_name", "email", "employee_id".
    """

    name: str
    agrees: tuple[str, ...]
    account_id: str = ""
    clever_id: str = ""
    where: str = ""


class Details(msgspec.Struct, gc=False, omit_defaults=True, rename={"bases": "as"}):
    """What else there is to tell of a row; stored as JSON, defaults left out.

    `bases` say why the person is at the place; `also` are further keywords that fit;
    `near` comes close on the other side; `notes` tell of unusable data; `drift` holds
    pinned fields with Clever's value; `pair` names who or what it is held with;
    `otherwise` is the reason without the hold; `clever_school` the school's name in
    Clever where it is none of ours; `invites` says that the address could get an
    invitation, whatever holds the row, `unmailed` why it could not; `loses_tie` that
    another row gives the account's Clever id to another account.
    """

    bases: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    near: tuple[Near, ...] = ()
    notes: tuple[str, ...] = ()
    drift: tuple[tuple[str, str], ...] = ()
    pair: tuple[str, ...] = ()
    otherwise: str = ""
    other_people: tuple[Near, ...] = ()
    clever_school: str = ""
    invites: bool = False
    unmailed: str = ""
    loses_tie: bool = False


# The fields of a row that hold an account's values, in the order people read them.
VALUES = (
    "first_name",
    "middle_name",
    "last_name",
    "job_title",
    "email",
    "employee_id",
    "job_function",
    "user_role",
    "teacher_list",
    "counselor_list",
    "zone",
)


class PlannedRow(msgspec.Struct, gc=False):
    """One row of a plan; the stored `ImportResult` has the same fields.

    Values are as they are or would be after the run. `changes` maps a field to
    [old, new]. `writes` says whether applying the row changes an account;
    `reason_code` is the machine's word for `reason`, the sentence. `role_id` and
    `zone_id` belong to the role and zone of a new account; they are not stored.
    """

    outcome: Outcome
    level: Level
    school: int | None = None
    state: RowState = RowState.PLANNED
    held_reason: str = ""
    reason_code: str = ""
    reason: str = ""
    clever_id: str = ""
    account_id: str = ""
    candidates: tuple[str, ...] = ()
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    job_title: str = ""
    email: str = ""
    employee_id: str = ""
    job_function: str = ""
    user_role: str = ""
    teacher_list: bool = False
    counselor_list: bool = False
    zone: str = ""
    matched_by: str = ""
    keyword: str = ""
    changes: dict[str, list[str | bool | None]] = {}
    details: Details = msgspec.field(default_factory=Details)
    writes: bool = False
    gets_invitation: bool = False
    account_revision: int = 0
    previous_clever_id: str = ""
    role_id: int = 0
    zone_id: int = 0

    @property
    def change_key(self) -> str:
        """Return a digest of what the row would do: equal in two runs for one change.

        Empty where it would do nothing.
        """
        if not self.writes:
            return ""
        if self.outcome is Outcome.CREATED:
            # A role or zone that is renamed stays the same one.
            role, zone = self.role_id or self.user_role, self.zone_id or self.zone
            what: object = (*_given_to_a_new_account(self), role, zone)
        else:
            what = self.account_id, self.changes
        # A removal is of the account, whoever it was tied to.
        person = "" if self.outcome is Outcome.INACTIVE else self.clever_id
        change = _encode((self.outcome, self.level, self.school, person, what))
        return hashlib.blake2b(change, digest_size=16).hexdigest()


_encode = msgspec.msgpack.Encoder(order="sorted").encode
_given_to_a_new_account = attrgetter(
    "first_name",
    "middle_name",
    "last_name",
    "job_title",
    "email",
    "employee_id",
    "job_function",
    "teacher_list",
    "counselor_list",
)


class Notice(msgspec.Struct, frozen=True):
    """A sentence about the whole run: `kind` is a code, `count` how many it touches."""

    kind: str
    text: str
    count: int = 0


class Plan(msgspec.Struct):
    """What a run would do, whole: rows in the order a page shows them.

    `counts` has one key per outcome, one per state that occurs, and "rows",
    "writes" (rows that change an account), "changed" (matched rows that do) and
    "invitations" (people who would be e-mailed).
    """

    rows: list[PlannedRow]
    counts: dict[str, int]
    notices: list[Notice]
