"""The schools of one side of a matching, and who there shares which id or name."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from schools.likeness import Profile
from schools.names import fold_address, fold_name, fold_zip
from schools.nces import normalise_nces_id


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """What is known of one school on either side, as typed; the unknown is empty.

    `key` is our school's primary key as text, or the Clever school id, and is unique
    within its side.
    """

    key: str
    name: str
    nces_id: str = ""
    address: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""


class Side:
    """All schools of one side; `label` is what people call it: Naviance or Clever."""

    def __init__(self, label: str, schools: Iterable[SchoolFacts]) -> None:
        self.label = label
        # Sorted, so that nothing depends on the order in which schools are given.
        self.facts = {s.key: s for s in sorted(schools, key=lambda s: s.key)}
        self.ids = {key: normalise_nces_id(s.nces_id) for key, s in self.facts.items()}
        self.profiles = {key: self._profile(s) for key, s in self.facts.items()}
        self.free = dict(self.profiles)
        """The schools that are in no match, by key."""
        self._id_holders = Counter(p.nces_id for p in self.profiles.values())
        self._name_holders = Counter(p.name for p in self.profiles.values())

    def sole_holders(self, fact_of: Callable[[Profile], str]) -> dict[str, Profile]:
        """Give the schools, free or not, that alone have a fact, by that fact."""
        holders: defaultdict[str, list[Profile]] = defaultdict(list)
        for profile in self.profiles.values():
            holders[fact_of(profile)].append(profile)
        # What nobody knows is nothing in common.
        holders.pop("", None)
        return {fact: held[0] for fact, held in holders.items() if len(held) == 1}

    def others_with_id(self, school: Profile) -> int:
        """Count the other schools of this side that have a school's NCES id."""
        return self._id_holders[school.nces_id] - 1

    def others_with_name(self, school: Profile) -> int:
        """Count the other schools of this side whose folded name is the same."""
        return self._name_holders[school.name] - 1

    def _profile(self, school: SchoolFacts) -> Profile:
        return Profile(
            key=school.key,
            nces_id=self.ids[school.key].value,
            name=fold_name(school.name),
            address=fold_address(school.address),
            city=fold_address(school.city),
            zip=fold_zip(school.zip),
        )
