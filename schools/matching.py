"""Which Clever school is which Naviance school: matches, and ranked suggestions."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from enum import StrEnum

from schools.likeness import (
    LikelyPair,
    Profile,
    has_same_address,
    likely_pairs,
    place_likeness,
)
from schools.reasons import Reasons
from schools.sides import SchoolFacts, Side

__all__ = [
    "MOST_SUGGESTIONS",
    "FoundMatch",
    "MatchMethod",
    "SchoolFacts",
    "SchoolMatching",
    "Suggestion",
    "match_schools",
]

MOST_SUGGESTIONS = 5
"""No school, on either side, is in more suggestions than this."""

Pair = tuple[str, str]
"""A Naviance school's key and a Clever school's key."""


class MatchMethod(StrEnum):
    """What made a match by itself."""

    NCES_ID = "nces_id"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class FoundMatch:
    """A match that is certain enough to be made unasked; `reason` is a sentence."""

    naviance: str
    clever: str
    method: MatchMethod
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A match that a person may want to make; `reason` is one or more sentences.

    `rank` is its place among the suggestions of its Clever school, 1 the best. `score`
    is between 0 and 1 and compares suggestions of any schools.
    """

    naviance: str
    clever: str
    rank: int
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class SchoolMatching:
    """Matches in the order of the Naviance keys, and suggestions, best first.

    The suggestions for one school, on either side, are those with its key, in order.
    """

    matches: tuple[FoundMatch, ...]
    suggestions: tuple[Suggestion, ...]


def match_schools(
    naviance: Iterable[SchoolFacts],
    clever: Iterable[SchoolFacts],
    *,
    taken: Iterable[Pair] = (),
    refused: Iterable[Pair] = (),
) -> SchoolMatching:
    """Match Naviance schools to Clever schools, one to one, and suggest the rest.

    Equal NCES ids match first, then equal names where at least one of the two has no
    NCES id (manual, "Match Naviance Schools to Clever Schools"). Both sides are given
    whole: an id or name that two schools of one side share only suggests, even if one
    of the two is matched already. `taken` are the pairs matched already: neither
    school of such a pair is in the result. `refused` are the pairs reset by hand: they
    are never matched, and suggested last. The order in which schools and pairs are
    given is of no consequence.
    """
    ours, theirs = Side("Naviance", naviance), Side("Clever", clever)
    refused = frozenset(refused)
    for pair in taken:
        _take(ours, theirs, pair)
    matches = [*_match_by_id(ours, theirs, refused)]
    matches += _match_by_name(ours, theirs, refused)
    matches.sort(key=lambda match: match.naviance)
    return SchoolMatching(tuple(matches), tuple(_suggest(ours, theirs, refused)))


def _take(ours: Side, theirs: Side, pair: Pair) -> None:
    ours.free.pop(pair[0], None)
    theirs.free.pop(pair[1], None)


def _match_by_id(ours: Side, theirs: Side, refused: Set[Pair]) -> Iterator[FoundMatch]:
    reasons = Reasons(ours, theirs)
    for our, their in _sole_pairs(ours, theirs, lambda school: school.nces_id):
        if (our.key, their.key) not in refused:
            _take(ours, theirs, (our.key, their.key))
            reason = reasons.of_id_match(our, their)
            yield FoundMatch(our.key, their.key, MatchMethod.NCES_ID, reason)


def _match_by_name(
    ours: Side, theirs: Side, refused: Set[Pair]
) -> Iterator[FoundMatch]:
    reasons = Reasons(ours, theirs)
    for our, their in _sole_pairs(ours, theirs, lambda school: school.name):
        have_ids = our.nces_id != "" and their.nces_id != ""
        if not have_ids and (our.key, their.key) not in refused:
            _take(ours, theirs, (our.key, their.key))
            reason = reasons.of_name_match(our, their)
            yield FoundMatch(our.key, their.key, MatchMethod.NAME, reason)


def _sole_pairs(
    ours: Side, theirs: Side, fact_of: Callable[[Profile], str]
) -> Iterator[tuple[Profile, Profile]]:
    """Give the free pairs that have a fact no other school of either side has."""
    their_holders = theirs.sole_holders(fact_of)
    for fact, our in ours.sole_holders(fact_of).items():
        their = their_holders.get(fact)
        if their is None:
            continue
        if our.key in ours.free and their.key in theirs.free:
            yield our, their


def _suggest(ours: Side, theirs: Side, refused: Set[Pair]) -> Iterator[Suggestion]:
    """Give the best suggestions first, as long as both schools have few."""
    reasons = Reasons(ours, theirs)
    scored = []
    everyone = [*ours.profiles.values(), *theirs.profiles.values()]
    free = list(ours.free.values()), list(theirs.free.values())
    for pair in likely_pairs(*free, everyone):
        is_refused = (pair.ours.key, pair.theirs.key) in refused
        score = _score(pair, ours, theirs)
        if score:
            scored.append((score / 10 if is_refused else score, pair, is_refused))
    scored.sort(key=lambda entry: (-entry[0], *_tie_break(entry[1])))
    our_count: Counter[str] = Counter()
    their_count: Counter[str] = Counter()
    for score, pair, is_refused in scored:
        our, their = pair.ours.key, pair.theirs.key
        if max(our_count[our], their_count[their]) < MOST_SUGGESTIONS:
            our_count[our] += 1
            their_count[their] += 1
            reason = reasons.of_suggestion(pair, is_refused=is_refused)
            yield Suggestion(our, their, their_count[their], round(score, 4), reason)


def _score(pair: LikelyPair, ours: Side, theirs: Side) -> float:
    """Rate a pair: 0 for none, else by what it has in common, best kind first.

    An equal id gives 0.85 to 1, an equal name 0.7 to 0.85, or 0.55 to 0.7 where others
    have that name too; a similar name or an equal address alone 0.1 to 0.55.
    """
    our, their = pair.ours, pair.theirs
    likeness = 0.75 * pair.name_likeness + 0.25 * place_likeness(our, their)
    if our.nces_id == their.nces_id != "":
        return 0.85 + 0.15 * likeness
    if our.name == their.name != "":
        is_sole = ours.others_with_name(our) + theirs.others_with_name(their) == 0
        return (0.7 if is_sole else 0.55) + 0.15 * likeness
    if not pair.has_similar_name and not has_same_address(our, their):
        return 0.0
    ids_differ = our.nces_id != "" and their.nces_id != ""
    return 0.1 + 0.45 * likeness * (0.5 if ids_differ else 1)


def _tie_break(pair: LikelyPair) -> tuple[str, ...]:
    """Order equal scores by the schools, the same way if the sides are swapped."""
    our, their = pair.ours, pair.theirs
    first, second = sorted(((our.name, our.key), (their.name, their.key)))
    return (*first, *second, our.key)
