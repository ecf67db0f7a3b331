"""The title workbench: who holds which title, and what keywords make of them.

Source: product.md, "Roles and lists". What doesn't depend on the keywords
(`count_titles`) is worked out once per roster and accounts; what does (`judge`) each
time a keyword is edited.
"""

from collections import Counter

import msgspec

from staffimport.core.decisions import Decided
from staffimport.core.fitting import Known, know
from staffimport.core.folding import clean
from staffimport.core.matching import match_place
from staffimport.core.people import NAME_LENGTH, Person, Roster, read_roster
from staffimport.core.placement import Placement, place_people
from staffimport.core.snapshot import Snapshot
from staffimport.core.titles import TitleDecision, TitleRules, counts_at
from staffimport.core.values import (
    Account,
    Decision,
    Keyword,
    Level,
    Place,
    Settings,
)

Holder = tuple[Level, tuple[str, ...]]
"""What keywords are tried on: a level and the titles, most telling first."""


class TitleCount(msgspec.Struct, frozen=True, array_like=True):
    """The people who hold the same titles at one level, each counted once.

    `created` would get at least one new account, `kept` have accounts only, `waiting`
    can't be told before a conflict, a relink or a missing last name is dealt with;
    the rest of `people` have no place in the import.
    """

    level: Level
    titles: tuple[str, ...]
    people: int
    created: int = 0
    kept: int = 0
    waiting: int = 0

    @property
    def outside(self) -> int:
        """Return how many have no place in the import."""
        return self.people - self.created - self.kept - self.waiting


class TitleLine(msgspec.Struct, frozen=True):
    """One title of the workbench: what the edited keywords make of it.

    `before` is what the saved ones do where that differs in what a new account gets
    or in the keyword that decides; None where it is the same.
    """

    count: TitleCount
    decision: TitleDecision
    before: TitleDecision | None = None

    @property
    def title(self) -> str:
        """Return the title, both where somebody holds two; "" for none."""
        return " / ".join(dict.fromkeys(self.count.titles))


class Bench(msgspec.Struct, frozen=True):
    """The workbench whole: lines in three groups, and people per keyword.

    Each group is in the order of how many people hold a title. `of_keyword` has the
    number of people each keyword of the settings decides, in the keywords' order.
    """

    changed: list[TitleLine]
    unmapped: list[TitleLine]
    decided: list[TitleLine]
    of_keyword: list[int]
    people: int

    @property
    def mapped_people(self) -> int:
        """Return how many people hold a title that a keyword decides."""
        return sum(self.of_keyword)


def titles_in(snapshot: Snapshot) -> frozenset[str]:
    """Return the distinct titles of a roster, cleaned."""
    # Raw ones first: a hundred thousand people share a few hundred.
    raw: set[str] = set()
    for person in snapshot.people:
        raw.update((person.teacher_title, person.staff_title, person.admin_title))
    return frozenset(clean(title, NAME_LENGTH) for title in raw) - {""}


def count_titles(
    snapshot: Snapshot,
    places: list[Place],
    accounts: list[Account],
    decisions: list[Decision],
    *,
    teacher_fallback: bool,
) -> list[TitleCount]:
    """Return who holds which titles, and what a test import would make of them.

    `places`, `accounts` and `decisions` are those of a plan (`PlanInput`).
    """
    roster = read_roster(snapshot)
    fates = _fates(snapshot, roster, places, accounts, decisions, teacher_fallback)
    people: Counter[Holder] = Counter()
    by_fate: dict[str, Counter[Holder]] = {name: Counter() for name in _FATES}
    for person in roster.people:
        for holder in _holders(person):
            people[holder] += 1
            fate = fates.get((person.clever_id, holder[0]))
            if fate is not None:
                by_fate[fate][holder] += 1
    return [
        TitleCount(*holder, number, *(by_fate[name][holder] for name in _FATES))
        for holder, number in sorted(people.items())
    ]


def judge(counts: list[TitleCount], saved: Settings, edited: Settings) -> Bench:
    """Return what edited settings make of the titles, beside what saved ones do."""
    before, after = TitleRules(saved), TitleRules(edited)
    places = _places_of(edited.keywords)
    of_keyword = [0] * len(edited.keywords)
    changed, unmapped, decided = [], [], []
    for count in sorted(counts, key=_by_people):
        decision = after.decide(count.level, count.titles)
        was = before.decide(count.level, count.titles)
        differs = (was.assignment, was.keyword) != (
            decision.assignment,
            decision.keyword,
        )
        line = TitleLine(count, decision, was if differs else None)
        if decision.keyword:
            of_keyword[places[count.level, decision.keyword]] += count.people
        if differs:
            changed.append(line)
        elif decision.keyword:
            decided.append(line)
        else:
            unmapped.append(line)
    people = sum(count.people for count in counts)
    return Bench(changed, unmapped, decided, of_keyword, people)


_FATES = ("created", "kept", "waiting")


def _holders(person: Person) -> list[Holder]:
    """Return what keywords are tried on for a person: as school and district staff."""
    holders: list[Holder] = []
    if person.is_teacher or person.is_staff:
        holders.append((Level.SCHOOL, Placement(person, 0, ()).titles))
    if person.is_district_admin:
        holders.append((Level.DISTRICT, Placement(person, None, ()).titles))
    return holders


def _fates(
    snapshot: Snapshot,
    roster: Roster,
    places: list[Place],
    accounts: list[Account],
    decisions: list[Decision],
    teacher_fallback: bool,  # noqa: FBT001 - passed on as it came
) -> dict[tuple[str, Level], str]:
    """Return what becomes of each placed person at each level."""
    placed = place_people(
        roster, snapshot, places, teacher_fallback=teacher_fallback, only_covered=False
    )
    known: dict[int | None, list[Known]] = {}
    for account in accounts:
        known.setdefault(account.school, []).append(know(account))
    decided = Decided(decisions)
    fates: dict[tuple[str, Level], str] = {}
    for school, placements in placed.at.items():
        level = Level.DISTRICT if school is None else Level.SCHOOL
        found = match_place(placements, known.get(school, []), roster, decided)
        for placement in found.new:
            fate = "created" if placement.person.last_key else "waiting"
            _note(fates, placement.person, level, fate)
        for match in found.matches:
            _note(fates, match.placement.person, level, "kept")
        undecided = [match.placement for match in found.relinks]
        undecided += [conflict.placement for conflict in found.conflicts]
        undecided += [second.placement for second in found.seconds]
        for placement in undecided:
            _note(fates, placement.person, level, "waiting")
    return fates


def _note(
    fates: dict[tuple[str, Level], str], person: Person, level: Level, fate: str
) -> None:
    """Keep what weighs most at any of a person's places: new, then waiting."""
    key = (person.clever_id, level)
    weight = ("kept", "waiting", "created")
    if key not in fates or weight.index(fate) > weight.index(fates[key]):
        fates[key] = fate


def _places_of(keywords: tuple[Keyword, ...]) -> dict[tuple[Level, str], int]:
    """Return the place of each keyword at each level, the first of equal ones."""
    places: dict[tuple[Level, str], int] = {}
    for place, keyword in enumerate(keywords):
        for level in Level:
            if counts_at(keyword, level):
                places.setdefault((level, keyword.keyword), place)
    return places


def _by_people(count: TitleCount) -> tuple[int, tuple[str, ...], Level]:
    return -count.people, count.titles, count.level
