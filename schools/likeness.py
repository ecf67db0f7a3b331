"""How alike schools of two sides are, without comparing each with each."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from schools.names import levels_of, numbers_of, traits_of

# A name, address or piece of a name that more pairs of schools share says nothing.
_MOST_PAIRS = 900

_SIMILAR = 0.35
_WHOLE_WEIGHT = 1000


@dataclass(frozen=True, slots=True)
class Profile:
    """One school in the folded form in which schools are compared; "" is unknown."""

    key: str
    nces_id: str
    name: str
    address: str
    city: str
    zip: str


@dataclass(frozen=True, slots=True)
class LikelyPair:
    """Two schools with something in common; `name_likeness` is between 0 and 1."""

    ours: Profile
    theirs: Profile
    name_likeness: float

    @property
    def has_similar_name(self) -> bool:
        """Whether the names are alike enough to be worth a look."""
        return self.name_likeness >= _SIMILAR


def likely_pairs(
    ours: Sequence[Profile], theirs: Sequence[Profile], everyone: Sequence[Profile]
) -> Iterator[LikelyPair]:
    """Find the pairs that share an NCES id, a name, an address or pieces of a name.

    What more than 30 schools of each side share finds no pair, so the work grows with
    the number of schools rather than with its square. Names count as alike by the
    pieces they share, the rarer the piece among `everyone` (all schools of both sides)
    the more: "Cedar Ridge" tells little where most schools are called so.
    """
    holders = Counter(piece for school in everyone for piece in traits_of(school.name))
    shared: defaultdict[tuple[int, int], int] = defaultdict(int)
    our_total, their_total = [0] * len(ours), [0] * len(theirs)
    for piece, our_group, their_group in _telling_groups(ours, theirs, _pieces):
        weight = _weight(holders[piece], len(everyone))
        for position in our_group:
            our_total[position] += weight
        for position in their_group:
            their_total[position] += weight
        for pair in product(our_group, their_group):
            shared[pair] += weight
    for _, our_group, their_group in _telling_groups(ours, theirs, _whole_facts):
        for pair in product(our_group, their_group):
            shared[pair] += 0
    for (our_position, their_position), weight in shared.items():
        total = our_total[our_position] + their_total[their_position]
        one, other = ours[our_position], theirs[their_position]
        overlap = 2 * weight / total if total else 0.0
        yield LikelyPair(one, other, overlap * _level_factor(one.name, other.name))


def has_same_address(one: Profile, other: Profile) -> bool:
    """Say if both have one street address, and no city or ZIP code denies it."""
    return (
        one.address == other.address != ""
        and not _differ(one.city, other.city)
        and not _differ(one.zip, other.zip)
    )


def place_likeness(one: Profile, other: Profile) -> float:
    """Rate how near two schools are: 1 the same address, 0 nothing in common."""
    if has_same_address(one, other):
        return 1.0
    if one.zip == other.zip != "":
        return 0.6
    return 0.4 if one.city == other.city != "" else 0.0


def _telling_groups(
    ours: Sequence[Profile],
    theirs: Sequence[Profile],
    facts_of: Callable[[Profile], Iterable[str]],
) -> Iterator[tuple[str, list[int], list[int]]]:
    """Give each fact that is not too common, and the positions of its schools."""
    groups: defaultdict[str, tuple[list[int], list[int]]]
    groups = defaultdict(lambda: ([], []))
    for side, schools in enumerate((ours, theirs)):
        for position, school in enumerate(schools):
            for fact in facts_of(school):
                groups[fact][side].append(position)
    for fact, (our_group, their_group) in groups.items():
        if len(our_group) * len(their_group) <= _MOST_PAIRS:
            yield fact, our_group, their_group


def _pieces(school: Profile) -> Iterable[str]:
    return traits_of(school.name)


def _whole_facts(school: Profile) -> Iterator[str]:
    facts = {"id": school.nces_id, "name": school.name, "address": school.address}
    return (f"{field} {value}" for field, value in facts.items() if value)


def _weight(holders: int, schools: int) -> int:
    """Weigh a piece of a name by its rarity, in whole numbers: sums stay exact.

    A piece that both schools of a pair have is as rare as one that a single school has.
    """
    return round(_WHOLE_WEIGHT * math.log(1 + schools / max(holders, 2)))


def _level_factor(one: str, other: str) -> float:
    """Lower the likeness of Lincoln Elementary and Lincoln High, or PS 12 and PS 13."""
    our_numbers, their_numbers = numbers_of(one), numbers_of(other)
    if our_numbers and their_numbers and our_numbers.isdisjoint(their_numbers):
        return 0.0
    levels, other_levels = levels_of(one), levels_of(other)
    if not levels or not other_levels:
        return 1.0
    return 0.5 + len(levels & other_levels) / len(levels | other_levels) / 2


def _differ(one: str, other: str) -> bool:
    """Say if both are known and not the same."""
    return bool(one and other) and one != other
