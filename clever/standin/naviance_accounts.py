"""Naviance staff accounts, as a district's administrators left them before Clever.

`derive` turns what Clever says of people into the accounts they might have: most agree,
some have an old title, a private e-mail or no employee id, some aren't there yet.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import msgspec

from clever.standin.district import Roster
from clever.standin.names import FIRST_NAMES, LAST_NAMES, address, ascii_letters
from clever.standin.views import SectionFacets
from clever.standin.wire import Record

DISTRICT = ""
"""Stands for the district level where a Clever school id is expected."""

PERSONAL_DOMAIN = "personal.example"


@dataclass(frozen=True, slots=True)
class Account:
    """One row of staff.csv; the fields are its columns, in their order."""

    level: str
    school_id: str
    first_name: str
    middle_name: str
    last_name: str
    job_title: str
    email: str
    employee_id: str
    job_function: str = "Other"
    user_role: str = ""
    teacher_list: str = "no"
    counselor_list: str = "no"
    zone: str = ""
    status: str = "active"


@dataclass(frozen=True, slots=True)
class Placement:
    """One Clever user at one school (a Clever id), or at the `DISTRICT`."""

    user: Record
    school: str
    title: str
    employee_id: str

    @property
    def number(self) -> int:
        """The running number in the user's id."""
        return int(self.user["id"][16:], 16)

    @property
    def name(self) -> tuple[str, str]:
        """First and last name as Clever has them, never None."""
        name = self.user["name"]
        return name["first"] or "", name["last"] or ""


class Fate(StrEnum):
    """How the account of a placement differs from what Clever says."""

    SAME = "same"
    NEW = "new"  # there is none yet
    TITLE = "title"
    FIRST_NAME = "first name"
    EMAIL_CASE = "e-mail in capitals"
    OTHER_EMAIL = "personal e-mail"
    NO_EMPLOYEE_ID = "no employee id"
    INACTIVE = "inactive"


def placements(roster: Roster) -> Iterator[Placement]:
    """Return who works where: each person once per school, and at the district.

    Staff at their schools, teachers at the schools of their sections (without sections:
    at the teacher's schools), district admins at the district. Uses the roster up.
    """
    taught: dict[str, set[str]] = {}
    for record in roster.sections:
        section = msgspec.convert(record, SectionFacets)
        for person in {section.teacher, *(section.teachers or [])}:
            if person and section.school:
                taught.setdefault(person, set()).add(section.school)
    for user in roster.users:
        yield from _placements_of(user, taught.get(user["id"], set()))


def _placements_of(user: Record, taught: set[str]) -> Iterator[Placement]:
    roles = user["roles"]
    staff, teacher = roles.get("staff"), roles.get("teacher")
    schools = set(taught)
    if teacher and not taught:
        schools.update(teacher["schools"])
    if staff:
        schools.update(staff["schools"])
    role = teacher or staff or {}
    title = role.get("title") or (staff or {}).get("title") or ""
    employee_id = role.get("teacher_number") or role.get("staff_id")
    for school in sorted(schools):
        fallback = role.get("sis_id") or ""
        yield Placement(user, school, title, employee_id or fallback)
    if roles.get("district_admin"):
        yield Placement(user, DISTRICT, roles["district_admin"]["title"] or "", "")


def derive(
    people: Iterable[Placement],
    school_ids: dict[str, str],
    domain: str,
    fate: Callable[[Placement], Fate],
) -> Iterator[Account]:
    """Return the accounts of these placements.

    `school_ids` gives the Naviance school id for a Clever id; placements elsewhere have
    no account. `domain` completes the addresses that Clever lost.
    """
    for placement in people:
        if placement.school != DISTRICT and placement.school not in school_ids:
            continue
        decided = fate(placement)
        if decided is not Fate.NEW:
            account = _account(placement, school_ids, domain)
            yield _altered(account, decided)


def _account(placement: Placement, school_ids: dict[str, str], domain: str) -> Account:
    first, last = (tidy(part) for part in placement.name)
    first = first or FIRST_NAMES[placement.number % len(FIRST_NAMES)]
    last = last or LAST_NAMES[placement.number % len(LAST_NAMES)]
    email = (placement.user.get("email") or "").strip().lower()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", email):
        email = address(first, last, domain)
    is_district = placement.school == DISTRICT
    has_middle = "teacher" in placement.user["roles"]
    return Account(
        level="district" if is_district else "school",
        school_id="" if is_district else school_ids[placement.school],
        first_name=first,
        middle_name=(placement.user["name"]["middle"] or "") if has_middle else "",
        last_name=last,
        job_title=tidy(placement.title)[:100],
        email=email,
        # Spreadsheets ate the leading zeros.
        employee_id=placement.employee_id.lstrip("0"),
    )


def tidy(text: str) -> str:
    """Return the text typed by hand: plain apostrophes, single spaces, no pictures."""
    plain = text.replace("\u2019", "'")
    kept = re.sub(r"[^\w\s'.,&()/-]", "", plain)
    return " ".join(kept.split())


def _altered(account: Account, fate: Fate) -> Account:
    head = account.job_title.partition(",")[0]
    private = ascii_letters(account.first_name + account.last_name)
    changes = {
        Fate.TITLE: {
            "job_title": f"{head} I" if head == account.job_title else head,
        },
        Fate.FIRST_NAME: {"first_name": account.first_name[:3]},
        Fate.EMAIL_CASE: {"email": account.email.title()},
        # Without an employee id nothing would tie such an account to its person.
        Fate.OTHER_EMAIL: {"email": f"{private}@{PERSONAL_DOMAIN}"}
        if account.employee_id
        else {},
        Fate.NO_EMPLOYEE_ID: {"employee_id": ""},
        Fate.INACTIVE: {"status": "inactive"},
    }
    return replace(account, **changes.get(fate, {}))
