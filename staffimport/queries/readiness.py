"""The readiness report as its page shows it: the manual's lines, whom a check concerns.

What a line says stands in the core; here it meets what the newest pull found.
"""

from collections import Counter
from dataclasses import dataclass

from schools.models import District
from staffimport.core.readiness import (
    PARTS,
    Check,
    Concerned,
    Part,
    Standing,
    worst,
)
from staffimport.models import ImportRun
from staffimport.store import readiness
from staffimport.store.readiness import Report, Stored

PEOPLE_ON_PAGE = 50
PLURALS = {"person": "people"}

# What nobody is concerned by is no count of zero.
_UNCOUNTED = frozenset(
    ["district_admins_shared", "sso_unanswered", "zone_unrestricted"]
)
# Where on the console something is mended: words and the page's URL name.
_MATCH_SCHOOLS = ("Match Schools", "schools:match_schools")
_SETTINGS = ("Import Staff Data", "staffimport:settings")
_PAGES = {
    "clever_schools_unmatched": _MATCH_SCHOOLS,
    "at_unmatched_schools": _MATCH_SCHOOLS,
    "naviance_schools_unmatched": _MATCH_SCHOOLS,
    "teacher_fallback": _SETTINGS,
    "titles_without_keyword": _SETTINGS,
    "default_role": _SETTINGS,
    "not_in_clever": _SETTINGS,
    "sso_unanswered": _SETTINGS,
    "zone_unrestricted": _SETTINGS,
}


@dataclass(frozen=True, slots=True)
class CheckLook:
    """One check with what it found; `count` is None where nothing is counted."""

    check: Check
    found: Stored

    @property
    def count(self) -> int | None:
        """Return how many are concerned."""
        return None if self.check.code in _UNCOUNTED else self.found.count

    @property
    def noun(self) -> str:
        """Return the word for those concerned, in the number there are."""
        return noun(self.check, self.found.count)

    @property
    def page(self) -> tuple[str, str] | None:
        """Return words and URL name of the page on which to mend it."""
        return _PAGES.get(self.check.code)


@dataclass(frozen=True, slots=True)
class LineLook:
    """One line of the manual; it stands as the worst of its checks."""

    number: int
    text: str
    checks: tuple[CheckLook, ...]

    @property
    def standing(self) -> Standing:
        """Return the worst standing of the line's checks."""
        return worst(look.found.standing for look in self.checks)

    @property
    def due(self) -> list[CheckLook]:
        """Return the checks that are not in order, those to be mended first."""
        due = [look for look in self.checks if look.found.standing is not Standing.OK]
        return sorted(due, key=lambda look: look.found.standing is not Standing.MEND)

    @property
    def fine(self) -> list[CheckLook]:
        """Return the checks that are in order."""
        return [look for look in self.checks if look.found.standing is Standing.OK]


@dataclass(frozen=True, slots=True)
class PartLook:
    """One list of the manual."""

    ident: str
    title: str
    lines: tuple[LineLook, ...]

    @property
    def due(self) -> int:
        """Return how many lines need the admin."""
        return sum(line.standing is Standing.MEND for line in self.lines)


@dataclass(frozen=True, slots=True)
class Summary:
    """How many lines there are, need the admin, and are worth a look."""

    lines: int
    mend: int
    look: int

    @property
    def fine(self) -> int:
        """Return how many lines are in order."""
        return self.lines - self.mend - self.look


def looks(report: Report) -> tuple[PartLook, ...]:
    """Return the report in the manual's order.

    A check that is younger than the report is left out until the next pull.
    """
    return tuple(_part(part, report) for part in PARTS)


def summary(parts: tuple[PartLook, ...]) -> Summary:
    """Return the numbers a page begins with."""
    standings = Counter(line.standing for part in parts for line in part.lines)
    return Summary(
        standings.total(), standings[Standing.MEND], standings[Standing.LOOK]
    )


def noun(check: Check, count: int) -> str:
    """Return the word for what a check counts: "person", "people"."""
    return check.of if count == 1 else PLURALS.get(check.of, f"{check.of}s")


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of those a check concerns; `previous` and `next` are page numbers."""

    people: tuple[Concerned, ...]
    first: int
    last: int
    total: int
    previous: int | None
    next: int | None


def people_page(people: tuple[Concerned, ...], number: int) -> PeoplePage:
    """Return a page of people, counted from 1; beyond the end the last one."""
    pages = max(1, -(-len(people) // PEOPLE_ON_PAGE))
    number = min(max(number, 1), pages)
    start = (number - 1) * PEOPLE_ON_PAGE
    shown = people[start : start + PEOPLE_ON_PAGE]
    return PeoplePage(
        people=shown,
        first=start + 1,
        last=start + len(shown),
        total=len(people),
        previous=number - 1 if number > 1 else None,
        next=number + 1 if number < pages else None,
    )


def is_outdated(district: District, report: Report) -> bool:
    """Whether something the report depends on was saved since, Clever's data apart."""
    accounts = district.staff_accounts.filter(updated_at__gt=report.made_at)
    return readiness.basis(district) != report.basis or accounts.exists()


def check_under_way(district: District) -> ImportRun | None:
    """Return the queued or running check of the district, with its progress."""
    states = [ImportRun.State.QUEUED, ImportRun.State.RUNNING]
    return (
        district.import_runs.filter(kind=ImportRun.Kind.CHECK, state__in=states)
        .select_related("progress")
        .first()
    )


def failed_check(district: District, report: Report | None) -> ImportRun | None:
    """Return the newest check if it failed and nothing was judged since."""
    newest = district.import_runs.filter(kind=ImportRun.Kind.CHECK).first()
    if newest is None or newest.state != ImportRun.State.FAILED:
        return None
    is_past = report and newest.finished_at and report.made_at > newest.finished_at
    return None if is_past else newest


def _part(part: Part, report: Report) -> PartLook:
    lines = []
    for number, line in enumerate(part.lines, start=1):
        checks = tuple(
            CheckLook(check, report.findings[check.code])
            for check in line.checks
            if check.code in report.findings
        )
        lines.append(LineLook(number, line.text, checks))
    return PartLook(part.ident, part.title, tuple(lines))
