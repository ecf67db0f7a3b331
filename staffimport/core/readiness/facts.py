"""What the checks look at, prepared once: people, accounts and a plan's rows."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cached_property

from staffimport.core.fitting import Known, know
from staffimport.core.people import Person, read_roster
from staffimport.core.placement import Placements, place_people
from staffimport.core.planning import PlanInput
from staffimport.core.readiness.values import Concerned
from staffimport.core.values import Account, Level, Outcome, Plan, PlannedRow

DISTRICT = "District"

# Rows of accounts that no person holds; a new account has an id as well.
_OF_ACCOUNTS = (Outcome.INACTIVE, Outcome.SKIPPED)

_COMMON_SHARE = 0.02
_COMMON_PEOPLE = 3
# Providers of personal mail: whole domains, and names with endings of many countries.
_PROVIDERS = frozenset(
    [
        *("aol.com", "att.net", "bellsouth.net", "charter.net", "comcast.net"),
        *("cox.net", "earthlink.net", "gmail.com", "googlemail.com", "icloud.com"),
        *("mac.com", "mail.com", "me.com", "msn.com", "optonline.net", "proton.me"),
        *("protonmail.com", "rocketmail.com", "sbcglobal.net", "verizon.net"),
    ]
)
_PROVIDER_NAMES = frozenset(["gmx", "hotmail", "live", "outlook", "yahoo", "ymail"])
_PROVIDER_PARTS = 3  # yahoo.co.uk; live.k12.ca.us is a school


class Facts:
    """One district at one moment.

    `made` is the plan of `given`; `uses_sso` is the district's answer, None before it.
    """

    def __init__(self, given: PlanInput, made: Plan, *, uses_sso: bool | None) -> None:
        """Prepare what most checks need; the rest is made when first asked for."""
        self.given = given
        self.settings = given.settings
        self.uses_sso = uses_sso
        self.rows = made.rows
        self.roster = given.roster or read_roster(given.snapshot)
        self.people = self.roster.people
        self.known = [know(account) for account in given.accounts if account.active]
        self._clever_names = {s.clever_id: s.name for s in given.snapshot.schools}
        self._names = {place.school: place.name for place in given.places}

    @cached_property
    def placed(self) -> Placements:
        """Return who belongs where by the import settings."""
        return place_people(
            self.roster,
            self.given.snapshot,
            self.given.places,
            teacher_fallback=self.settings.teacher_fallback,
            only_covered=False,
        )

    @cached_property
    def by_id(self) -> dict[str, Person]:
        """Return the people by Clever id."""
        return {person.clever_id: person for person in self.people}

    @cached_property
    def school_staff(self) -> list[Person]:
        """Return everybody with the user type Teacher or Staff."""
        return [p for p in self.people if p.is_teacher or p.is_staff]

    @cached_property
    def district_staff(self) -> list[Person]:
        """Return everybody with the user type District Admin."""
        return [person for person in self.people if person.is_district_admin]

    def accounts_at(self, level: Level) -> list[Known]:
        """Return the active accounts of one level."""
        at_school = level is Level.SCHOOL
        return [k for k in self.known if (k.account.school is not None) == at_school]

    def rows_of(
        self, outcome: Outcome, *codes: str, level: Level | None = None
    ) -> Iterator[PlannedRow]:
        """Yield the rows of an outcome, if codes are named only those with one."""
        for row in self.rows:
            if row.outcome is not outcome or (codes and row.reason_code not in codes):
                continue
            if level is None or row.level is level:
                yield row

    def schools_of(self, person: Person) -> dict[str, None]:
        """Return the Clever ids of the schools Clever names for a person, in order."""
        sections = self.given.snapshot.teaching.get(person.clever_id, ())
        staff = person.staff_schools if person.is_staff else ()
        teacher = person.teacher_schools if person.is_teacher else ()
        return dict.fromkeys((*staff, *sections, *teacher))

    def clever_school(self, clever_id: str) -> str:
        """Return the name of a Clever school; its id if it isn't shared."""
        return self._clever_names.get(clever_id) or clever_id

    def place(self, school: int | None) -> str:
        """Return the name of a Naviance school, "District" for the district."""
        return DISTRICT if school is None else self._names.get(school, "")

    def of_person(self, person: Person, value: str = "") -> Concerned:
        """Return a Clever user as a check names them."""
        where = [self.clever_school(school) for school in self.schools_of(person)]
        if person.is_district_admin:
            where.append(DISTRICT)
        return Concerned(
            _name(person.first, person.last),
            person.email,
            ", ".join(where),
            value,
            clever_id=person.clever_id,
        )

    def of_account(self, account: Account, value: str = "") -> Concerned:
        """Return an account as a check names it."""
        return Concerned(
            _name(account.first_name, account.last_name),
            account.email,
            self.place(account.school),
            value,
            account_id=account.id,
        )

    def of_row(self, row: PlannedRow, value: str = "") -> Concerned:
        """Return a row of an account, or of a person, as a check names it.

        Without a value it is why the row is as it is, a hold apart.
        """
        is_account = row.outcome in _OF_ACCOUNTS and row.account_id != ""
        where = row.details.clever_school or self.place(row.school)
        if row.school is None and row.level is Level.SCHOOL:
            where = row.details.clever_school
        return Concerned(
            _name(row.first_name, row.last_name),
            row.email,
            where,
            value or row.details.otherwise or row.reason,
            clever_id="" if is_account else row.clever_id,
            account_id=row.account_id if is_account else "",
        )

    @cached_property
    def common_domains(self) -> frozenset[str]:
        """Return the e-mail domains of the district, judged by Clever's addresses.

        The most frequent one, and those of three people and two percent or more.
        Providers of personal mail never count.
        """
        found = Counter(domain_of(person.email_key) for person in self.people)
        found.pop("", None)
        school_issued = Counter({d: n for d, n in found.items() if not is_personal(d)})
        least = max(_COMMON_PEOPLE, found.total() * _COMMON_SHARE)
        common = {domain for domain, count in school_issued.items() if count >= least}
        common.update(domain for domain, _ in school_issued.most_common(1))
        return frozenset(common)

    @cached_property
    def shared_account_emails(self) -> frozenset[str]:
        """Return e-mails that accounts of several people have.

        One person's accounts at several schools share theirs rightly.
        """
        names: dict[str, set[str]] = defaultdict(set)
        for known in self.known:
            if known.email_key:
                names[known.email_key].add(known.name_key or known.id)
        return frozenset(email for email, held in names.items() if len(held) > 1)


def domain_of(email_key: str) -> str:
    """Return the part after the "@", "" without one."""
    return email_key.rpartition("@")[2] if "@" in email_key else ""


def is_personal(domain: str) -> bool:
    """Whether a domain belongs to a provider of personal mail."""
    parts = domain.split(".")
    return domain in _PROVIDERS or (
        parts[0] in _PROVIDER_NAMES and 1 < len(parts) <= _PROVIDER_PARTS
    )


def titles_of(person: Person) -> list[tuple[Level, str]]:
    """Return the person's titles, each with the level at which keywords try it."""
    titles = [
        (Level.SCHOOL, person.teacher_title),
        (Level.SCHOOL, person.staff_title),
        (Level.DISTRICT, person.admin_title),
    ]
    return [pair for pair in dict.fromkeys(titles) if pair[1]]


def _name(first: str, last: str) -> str:
    """Return a name as tables write it: "Lee, Jordan"."""
    return ", ".join(filter(None, (last or "(no last name)", first)))
