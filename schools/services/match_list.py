"""The list of school matches, as the page and the command show it."""

from collections import defaultdict
from dataclasses import dataclass

from schools.models import CleverSchool, District, School, SchoolMatch
from schools.services.matches import find_matches


@dataclass(frozen=True, slots=True)
class SuggestedPair:
    """A pair somebody may want to match, with its rank (1 is best) and the reason."""

    school: School
    clever_school: CleverSchool
    rank: int
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class MatchEntry:
    """One line of the list: a match, or a school of one side without one.

    Exactly one of `school` and `clever_school` is None when there is no match.
    """

    school: School | None
    clever_school: CleverSchool | None
    match: SchoolMatch | None = None
    suggestions: tuple[SuggestedPair, ...] = ()


@dataclass(frozen=True, slots=True)
class MatchList:
    """The manual's order: Clever schools unmatched, matches, Naviance schools alone."""

    unmatched: tuple[MatchEntry, ...]
    matched: tuple[MatchEntry, ...]
    without_clever: tuple[MatchEntry, ...]


def list_matches(district: District) -> MatchList:
    """Return a district's matches and open schools, each with its suggestions.

    Unmatched Clever schools that are no longer shared are left out.
    """
    ours = list(district.schools.filter(match__isnull=True))
    theirs = list(district.clever_schools.filter(match__isnull=True, is_shared=True))
    suggested = _suggested(district, ours, theirs)
    matches = district.school_matches.select_related(
        "school", "clever_school", "matched_by"
    ).order_by("school__name", "school__school_id")
    return MatchList(
        unmatched=tuple(
            MatchEntry(None, their, None, tuple(suggested[their])) for their in theirs
        ),
        matched=tuple(
            MatchEntry(match.school, match.clever_school, match) for match in matches
        ),
        without_clever=tuple(
            MatchEntry(our, None, None, tuple(suggested[our])) for our in ours
        ),
    )


def _suggested(
    district: District, ours: list[School], theirs: list[CleverSchool]
) -> defaultdict[School | CleverSchool, list[SuggestedPair]]:
    """Return the suggestions of each open school of either side, best first."""
    schools = {str(school.pk): school for school in ours}
    clever_schools = {school.clever_id: school for school in theirs}
    suggested: defaultdict[School | CleverSchool, list[SuggestedPair]]
    suggested = defaultdict(list)
    for found in find_matches(district).suggestions:
        our, their = schools[found.naviance], clever_schools[found.clever]
        pair = SuggestedPair(our, their, found.rank, found.score, found.reason)
        suggested[our].append(pair)
        suggested[their].append(pair)
    return suggested
