"""A district's schools of both sides and their matches, read whole in three queries."""

import re
from dataclasses import dataclass
from datetime import datetime

from schools.matching import match_schools
from schools.models import (
    CleverSchool,
    District,
    School,
    SchoolMatch,
    SchoolMatchReset,
)
from schools.nces import normalise_nces_id
from schools.services.match_edits import MatchEdit
from schools.services.matches import facts_of

Pair = tuple[int, int]
"""Primary keys of a Clever school and a Naviance school."""


@dataclass(frozen=True, slots=True)
class Books:
    """Everything by primary key; matches and the newest resets by Clever school."""

    clever_schools: dict[int, CleverSchool]
    schools: dict[int, School]
    matches: dict[int, SchoolMatch]
    resets: dict[Pair, SchoolMatchReset]

    @property
    def read_at(self) -> datetime | None:
        """When the list last came from Clever, None if it never did."""
        seen = (school.last_seen_at for school in self.clever_schools.values())
        return max(seen, default=None)

    def after(self, edits: dict[int, MatchEdit]) -> dict[int, int]:
        """Return the Naviance school of each Clever school once edits are saved."""
        pairs = {pk: match.school_id for pk, match in self.matches.items()}
        pairs |= {pk: edit.wanted for pk, edit in edits.items()}
        return {pk: school for pk, school in pairs.items() if school}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A Naviance school that may be the one: how good it is, and why, in sentences."""

    school: School
    clever_school: CleverSchool
    label: str
    reason: str

    @property
    def sentences(self) -> list[tuple[str, str]]:
        """Return the reason's sentences, each with its class: same, differs or none."""
        return [(_tone(part), part) for part in re.split(r"(?<=\.) ", self.reason)]


def read_books(district: District) -> Books:
    """Read a district's books; schools are in the order of their names."""
    matches = district.school_matches.select_related("matched_by")
    resets = district.school_match_resets.select_related("reset_by")
    return Books(
        clever_schools={school.pk: school for school in district.clever_schools.all()},
        schools={school.pk: school for school in district.schools.all()},
        matches={match.clever_school_id: match for match in matches},
        resets={(r.clever_school_id, r.school_id): r for r in resets},
    )


def candidates(books: Books, edits: dict[int, MatchEdit]) -> list[Candidate]:
    """Return what may be matched once edits are saved, the best of each school first.

    What is certain comes first: it is matched by itself at the next test, unless it
    was reset by hand.
    """
    after = books.after(edits)
    apart = {
        (str(edit.base), books.clever_schools[pk].clever_id)
        for pk, edit in edits.items()
        if edit.base
    }
    refused = {
        (str(school), books.clever_schools[clever].clever_id)
        for clever, school in books.resets
    }
    theirs = {
        school.clever_id: school
        for school in books.clever_schools.values()
        if school.is_shared or school.pk in after
    }
    found = match_schools(
        (facts_of(str(school.pk), school) for school in books.schools.values()),
        (facts_of(key, school) for key, school in theirs.items()),
        taken=[
            (str(school), books.clever_schools[clever].clever_id)
            for clever, school in after.items()
        ],
        refused=refused | apart,
    )
    certain = [
        Candidate(books.schools[int(m.naviance)], theirs[m.clever], "Certain", m.reason)
        for m in found.matches
    ]
    likely = [
        Candidate(
            books.schools[int(s.naviance)],
            theirs[s.clever],
            _label(s.rank, s.score),
            s.reason,
        )
        for s in found.suggestions
    ]
    return certain + likely


def needs_a_look(match: SchoolMatch, clever: CleverSchool, school: School) -> str:
    """Return why a match should be looked at before a test, "" for an equal NCES id.

    Manual: "Match schools according to the NCES ID field, as school names and
    addresses may be different."
    """
    ours, theirs = normalise_nces_id(school.nces_id), normalise_nces_id(clever.nces_id)
    if ours.value and ours.value == theirs.value:
        return ""
    if ours.value and theirs.value:
        return "The NCES IDs differ."
    if match.method == SchoolMatch.Method.MANUAL:
        return "Matched by hand, and an NCES ID is missing."
    return "Matched by name, and an NCES ID is missing."


def is_private(school: School) -> bool:
    """Say if a school has the NCES id of a private school (8 characters)."""
    return len(normalise_nces_id(school.nces_id).value) == 8  # noqa: PLR2004 - its rule


def _tone(sentence: str) -> str:
    if "differ" in sentence:
        return "differs"
    return "same" if sentence.startswith("Same ") else ""


def _label(rank: int, score: float) -> str:
    if rank == 1:
        return "Best suggestion"
    return "Possible" if score >= 0.4 else "Weak"  # noqa: PLR2004 - a word's border
