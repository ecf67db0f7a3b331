"""The rows of the Match Schools page: order, filter, and what is said of each."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from schools.models import CleverSchool, School, SchoolMatch
from schools.queries.books import Books, Candidate, candidates, is_private
from schools.services.match_edits import Judged, MatchEdit, Obstacle


class Section(StrEnum):
    """The manual's order of the list."""

    UNMATCHED = "unmatched"
    MATCHED = "matched"
    NAVIANCE = "naviance"


class Show(StrEnum):
    """Which rows the list is narrowed to."""

    ALL = ""
    UNMATCHED = "unmatched"
    MATCHED = "matched"
    BY_NAME = "by_name"
    BY_HAND = "by_hand"
    UNSAVED = "unsaved"
    LOCKED = "locked"
    NAVIANCE = "naviance"


SHOW_WORDS = {
    Show.ALL: "All schools",
    Show.UNMATCHED: "Unmatched",
    Show.MATCHED: "Matched",
    Show.BY_NAME: "Matched by name",
    Show.BY_HAND: "Matched by hand",
    Show.UNSAVED: "Changed, not saved",
    Show.LOCKED: "Locked",
    Show.NAVIANCE: "Without Clever subscription",
}


SOMEBODY = "Somebody else"


@dataclass(frozen=True, slots=True)
class Clash:
    """An edit that can't be saved as it is: why, and what both sides say."""

    obstacle: Obstacle
    text: str
    theirs: str
    yours: str

    @property
    def may_insist(self) -> bool:
        """Whether the edit may be made again on top of what is stored now."""
        return self.obstacle == Obstacle.CHANGED


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a Clever school with or without a match, or a Naviance school alone.

    `held` is the primary key of the school it is matched with as stored, 0 for none;
    `edit` and `wanted` tell of a change that isn't saved, `was` what it changes.
    """

    section: Section
    clever_school: CleverSchool | None = None
    school: School | None = None
    match: SchoolMatch | None = None
    edit: MatchEdit | None = None
    wanted: School | None = None
    was: School | None = None
    clash: Clash | None = None
    suggestions: list[Candidate] = field(default_factory=list)
    note: str = ""

    @property
    def held(self) -> int:
        """Return what edits of this row are based on."""
        return self.match.school_id if self.match else 0

    @property
    def is_open(self) -> bool:
        """Whether nothing is matched with it, once edits are saved."""
        return self.wanted is None if self.edit else self.match is None

    @property
    def how(self) -> str:
        """Return what made the match, as short as it can be said."""
        if self.match is None or self.clever_school is None or self.school is None:
            return ""
        if self.match.method == SchoolMatch.Method.MANUAL:
            return "By hand"
        is_by_id = self.match.method == SchoolMatch.Method.NCES_ID
        if is_by_id and self.clever_school.nces_id == self.school.nces_id:
            return "NCES ID equal"
        return self.match.reason or self.match.get_method_display()

    def fits(self, words: list[str]) -> bool:
        """Say if each word is in a name, NCES id or address of the row."""
        texts = (_text(s) for s in (self.clever_school, self.school, self.wanted))
        text = " ".join(texts)
        return all(word in text for word in words)

    def shows(self, show: Show) -> bool:
        """Say if the row is one of those the list is narrowed to."""
        method = self.match.method if self.match else ""
        match show:
            case Show.ALL:
                return True
            case Show.UNSAVED:
                return self.edit is not None
            case Show.LOCKED:
                return self.match is not None and self.match.is_locked
            case Show.BY_NAME:
                return method == SchoolMatch.Method.NAME
            case Show.BY_HAND:
                return method == SchoolMatch.Method.MANUAL
        return self.section.value == show.value


def match_rows(books: Books, judged: Judged) -> list[Row]:
    """Return all rows in the manual's order: unmatched, matched, Naviance alone.

    Within a section they go by name, and stay in their section until edits are saved.
    """
    found = candidates(books, judged.open)
    of_clever: dict[int, list[Candidate]] = defaultdict(list)
    of_school: dict[int, list[Candidate]] = defaultdict(list)
    for candidate in found:
        of_clever[candidate.clever_school.pk].append(candidate)
        of_school[candidate.school.pk].append(candidate)
    unmatched, matched = [], []
    for pk, clever in books.clever_schools.items():
        row = _clever_row(books, judged, clever, of_clever[pk])
        if row.match is not None:
            matched.append(row)
        elif clever.is_shared or row.edit is not None:
            unmatched.append(row)
    return unmatched + matched + [*_naviance_rows(books, judged, of_school)]


def free_schools(books: Books, judged: Judged, clever_school: int) -> list[School]:
    """Return the Naviance schools that a Clever school could be matched with."""
    after = books.after(judged.open)
    taken = {school for clever, school in after.items() if clever != clever_school}
    return [school for pk, school in books.schools.items() if pk not in taken]


def fits(school: School, words: list[str]) -> bool:
    """Say if each word is in a school's name, NCES id or address."""
    text = _text(school)
    return all(word in text for word in words)


def _clever_row(
    books: Books, judged: Judged, clever: CleverSchool, found: list[Candidate]
) -> Row:
    match, edit = books.matches.get(clever.pk), judged.open.get(clever.pk)
    return Row(
        section=Section.MATCHED if match else Section.UNMATCHED,
        clever_school=clever,
        school=books.schools.get(match.school_id) if match else None,
        match=match,
        edit=edit,
        wanted=books.schools.get(edit.wanted) if edit else None,
        was=books.schools.get(edit.base) if edit else None,
        clash=_clash(books, judged, clever, edit) if edit else None,
        suggestions=found,
    )


def _naviance_rows(
    books: Books, judged: Judged, suggested: dict[int, list[Candidate]]
) -> Iterator[Row]:
    matched = {match.school_id for match in books.matches.values()}
    chosen = {edit.wanted: pk for pk, edit in judged.open.items() if edit.wanted}
    for pk, school in books.schools.items():
        if pk in matched:
            continue
        if pk in chosen:
            note = f"Chosen above for {books.clever_schools[chosen[pk]]}, not saved."
        elif suggested[pk]:
            names = dict.fromkeys(str(c.clever_school) for c in suggested[pk])
            note = f"Suggested above for {' and '.join(names)}."
        elif is_private(school):
            note = "Private school. Not shared by Clever."
        else:
            note = "Not shared by Clever."
        yield Row(section=Section.NAVIANCE, school=school, note=note)


def _clash(
    books: Books, judged: Judged, clever: CleverSchool, edit: MatchEdit
) -> Clash | None:
    obstacle = judged.obstacles.get(clever.pk)
    if obstacle is None:
        return None
    wanted = books.schools.get(edit.wanted)
    yours = f"Match with {wanted}" if wanted else "No match"
    match = books.matches.get(clever.pk)
    theirs = f"Matched with {books.schools[match.school_id]}" if match else "No match"
    match obstacle:
        case Obstacle.LOCKED:
            text = (
                "A final import has used this match meanwhile, so it is locked. "
                "Support can unlock it."
            )
        case Obstacle.CHANGED:
            text = _change(books, clever, edit)
        case Obstacle.SCHOOL_GONE:
            text = "The school you chose is gone from Naviance. Choose another one."
            yours = "A school that is gone"
        case Obstacle.NOT_SHARED:
            text = (
                "Clever no longer shares this school. Share it in the Clever "
                "Dashboard, then match it."
            )
        case Obstacle.TAKEN:
            holder = _holder(books, judged, clever, edit)
            text = (
                f"{wanted} is matched with {holder} meanwhile. Choose another school, "
                "or reset that match first."
            )
            theirs = f"{wanted} is matched with {holder}"
    return Clash(obstacle, text, theirs, yours)


def _change(books: Books, clever: CleverSchool, edit: MatchEdit) -> str:
    """Say who made the match that stands now, or took the earlier one apart."""
    match = books.matches.get(clever.pk)
    if match is None:
        reset = books.resets.get((clever.pk, edit.base))
        return f"{(reset and reset.reset_by) or SOMEBODY} reset this match meanwhile."
    if match.method != SchoolMatch.Method.MANUAL:
        return "It was matched by itself meanwhile, as an import read Clever."
    return f"{match.matched_by or SOMEBODY} changed this match meanwhile."


def _holder(
    books: Books, judged: Judged, clever: CleverSchool, edit: MatchEdit
) -> CleverSchool:
    after = books.after(judged.open)
    others = (pk for pk, s in after.items() if s == edit.wanted and pk != clever.pk)
    return books.clever_schools[next(others)]


def _text(school: School | CleverSchool | None) -> str:
    if school is None:
        return ""
    parts = (school.name, school.nces_id, school.address, school.city, school.zip)
    return " ".join(parts).casefold()
